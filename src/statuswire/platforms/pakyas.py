"""Pakyas, a monitor of cron jobs with public pages at `https://pakyas.com/status/<slug>`.

Documented at <https://pakyas.com> (checked 2026-11): `status.json` below the page has the shape of Statuspage and says
what is now; `rss.xml` tells what happened in the last 90 days, at most 50 items, titled `[Major] ...`. That the feed
lies below the page too is inferred.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.platforms.addresses import base_of, host_of, is_host_of, single_feed
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import as_mapping, text
from statuswire.platforms.sight import Sight
from statuswire.platforms.statuspage_json import is_page_document, read_page_document

NAME: Final = "pakyas"
DOMAIN: Final = "pakyas.com"
_RSS: Final = "application/rss+xml"
_DOCUMENTS: Final = (
    ("/status.json", FeedSpec("")),
    ("/rss.xml", FeedSpec("", Role.ENTRIES, accept=_RSS)),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The state of the page and its feed, or the one of them that `page_url` itself is."""
    alone, base = single_feed(page_url, _DOCUMENTS), base_of(page_url)
    if alone or not base:
        return alone
    return tuple(replace(spec, url=f"{base}{path}") for path, spec in _DOCUMENTS)


def parse(document: Document) -> Snapshot:
    """The state, in the shape of Statuspage, or the feed. Raises ParseError."""
    if is_feed(document):
        return feed_snapshot(NAME, read_feed(document), document)
    return replace(read_page_document(load_parts(document), document), platform=NAME)


def recognize(sight: Sight) -> bool:
    """A document in the shape of Statuspage, or a feed, whose page is at their domain."""
    if sight.feed is not None:
        return is_host_of(host_of(sight.feed.link), DOMAIN)
    page = as_mapping(sight.fields.get("page"))
    return is_page_document(sight.fields) and is_host_of(host_of(text(page.get("url"), 500)), DOMAIN)


PLATFORM: Final = Platform(
    name=NAME,
    title="Pakyas",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=(DOMAIN,),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the id in the document, in the feed that of its entry",
        confidence=Confidence.LOW,
    ),
)
