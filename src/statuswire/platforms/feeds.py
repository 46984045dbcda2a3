"""Feeds of every format, read into one shape; what an entry means for an incident is the adapters' part.

Formats: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 (`feed_xml`), JSON Feed (`feed_json`).

The `ttl` of RSS is a wish, which `core.schedule` follows for some minutes only. Left alone on purpose: `skipHours`,
`skipDays` and `sy:updatePeriod` (trouble keeps to no hours, and generators write a fixed hour or day; `max-age` and
`Retry-After` are obeyed), older pages of a JSON Feed (`next_url`: all history, which is kept silently), and WebSub hubs
(no status page was seen to name one); checked 2026-11.
"""

from __future__ import annotations

import re
from typing import Final

from statuswire.errors import ParseError
from statuswire.model import Document
from statuswire.platforms.feed_json import read_json_feed
from statuswire.platforms.feed_parts import ENTRY_LIMIT, Entry, FeedDocument
from statuswire.platforms.feed_xml import XML_FORMATS, read_xml_feed
from statuswire.platforms.reading import decode

__all__ = ["ENTRY_LIMIT", "Entry", "FeedDocument", "feed_format", "is_feed", "read_feed"]

_PROLOG: Final = re.compile(
    r"(?>\s+|<!--.{0,8000}?-->|<\?.{0,400}?\?>|<!DOCTYPE[^>\[]{0,400}>)*+", re.DOTALL | re.IGNORECASE
)
_ROOT: Final = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(rss|feed|RDF)[\s>/]")
_JSON_FEED: Final = re.compile(r'"version"\s*:\s*"https?:(?:\\?/){2}jsonfeed\.org(?:\\?/)version(?:\\?/)')
_HEAD: Final = 20_000


def feed_format(document: Document) -> str:
    """The format that the first characters show (`rss`, `rdf`, `atom`, `jsonfeed`); empty for no feed; never raises."""
    head = Document(document.body[:_HEAD], document.received_at, headers=document.headers)
    try:
        begin = decode(head)
    except ParseError:
        return ""
    prolog = _PROLOG.match(begin)
    markup = begin[prolog.end() :] if prolog else begin
    root = _ROOT.match(markup)
    if root:
        return XML_FORMATS[root[1].lower()]
    return "jsonfeed" if markup[:1] == "{" and _JSON_FEED.search(begin) else ""


def is_feed(document: Document) -> bool:
    """Whether the first characters are those of a feed; never raises."""
    return bool(feed_format(document))


def read_feed(document: Document) -> FeedDocument:
    """The feed in a document. Raises ParseError; SHAPE where it is something else than a feed."""
    is_json = document.body[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] in (b"{", b"[")
    return read_json_feed(document) if is_json else read_xml_feed(document)
