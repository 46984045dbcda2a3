"""Better Stack (formerly Better Uptime): a hosted status page over monitors.

`index.json` has everything, updates included (<https://betterstack.com/docs/uptime/>, checked 2026-11). Every address
that a page does not have is sent to its start page or answers 200 with it, so that only the shape of a document proves
anything; a web page is refused here. The feeds, in which much must be taken from prose, are read where `index.json`
cannot be.

Quirks: an incident has no phase, its level decides whether it is over, and a manual one may keep `ends_at` empty for
ever. A page whose components are all unmonitored rolls up to `operational`; that is told as unknown. Text may be
Markdown. Webhooks carry neither level nor phase.
"""

from __future__ import annotations

import re
from typing import Final

from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.betterstack_feed import is_our_feed, read_our_feed
from statuswire.platforms.betterstack_hooks import is_hook_body, read_hook
from statuswire.platforms.betterstack_json import is_index, read_index
from statuswire.platforms.betterstack_terms import NAME
from statuswire.platforms.feeds import is_feed
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import as_mapping, load_json, split_url
from statuswire.platforms.sight import Sight

JSON: Final = "application/json"
RSS: Final = "application/rss+xml"
ATOM: Final = "application/atom+xml"

SINGLE_FEEDS: Final[tuple[tuple[str, Role, str], ...]] = (
    ("/index.json", Role.STATE, JSON),
    ("/feed.atom", Role.ENTRIES, ATOM),
    ("/feed.rss", Role.ENTRIES, RSS),
    ("/feed", Role.ENTRIES, RSS),
)
"""What one document is for where its own address is watched instead of the page's: how the path ends, role, type."""

_INSIDE: Final = re.compile(r"/(?:incidents?(?:/.*)?|maintenance(?:/.*)?)/?$")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The one document of a page, its feeds where that cannot be read; or the document that `page_url` itself names."""
    address = split_url(page_url)
    if address is None:
        return ()
    for ending, role, accept in SINGLE_FEEDS:
        if address.path.rstrip("/").endswith(ending):
            return (FeedSpec(page_url, role, 0, accept),)
    base = f"{address.scheme}://{address.netloc}{_INSIDE.sub('', address.path).rstrip('/')}"
    return (
        FeedSpec(f"{base}/index.json", Role.STATE, 0, JSON),
        FeedSpec(f"{base}/feed.rss", Role.ENTRIES, 1, RSS),
        FeedSpec(f"{base}/feed.atom", Role.ENTRIES, 2, ATOM),
    )


def parse(document: Document) -> Snapshot:
    """Read `index.json`, a feed or a webhook body, told by content. Raises ParseError."""
    if is_feed(document):
        return read_our_feed(document)
    fields = as_mapping(load_parts(document))
    if is_hook_body(fields) and not is_index(fields):
        return read_hook(as_mapping(load_json(document)), document)
    return read_index(fields, document)


def parse_hook(document: Document) -> Snapshot:
    """Read a subscriber's webhook body. Raises ParseError."""
    return read_hook(as_mapping(load_json(document)), document)


def recognize(sight: Sight) -> bool:
    """The page as JSON:API, a feed of theirs, or one of their hooks."""
    if sight.is_markup:
        return sight.feed is not None and is_our_feed(sight.feed)
    return is_index(sight.fields) or is_hook_body(sight.fields)


PLATFORM = Platform(
    name=NAME,
    title="Better Stack",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    hosts=("betteruptime.com", "betterstack.com"),
    marks=("status-pages-v2--", "//uptime.betterstack.com/"),
    probes=("/index.json",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the report's number in JSON, hook and link of a feed; updates by ids, in feeds by time and text",
        absence="what is missing from the document is over or was removed; feeds cover nothing",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
