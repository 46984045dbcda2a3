"""Instatus: a hosted status page, spread over three small documents.

`/v3/components.json` has the components and their levels, `/summary.json` what is open and planned with its impact, and
only `/history.atom` the text of updates, so all three are polled, the feed less often
(<https://instatus.com/help/api/public-data>, captured documents; checked 2026-11). Where one of them is missing, older
addresses of the same are tried, and at last the page for people, which has its data inside.

Quirks: the summary is served on Statuspage's path too, and told by `page.status`, a word. That roll-up may say `UP`
beside an open incident, and decides nothing. Hosts that nobody has claimed send to the vendor's site. A page that has
moved elsewhere may go on answering; its `page.url` names the host it thinks it is.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feeds import is_feed
from statuswire.platforms.instatus_feed import is_our_feed, read_our_feed
from statuswire.platforms.instatus_hooks import is_hook_body, read_hook
from statuswire.platforms.instatus_html import is_page, read_page
from statuswire.platforms.instatus_json import is_components, is_summary, read_components, read_summary
from statuswire.platforms.instatus_terms import NAME, TITLE
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import as_mapping, load_json, split_url
from statuswire.platforms.sight import Sight

JSON: Final = "application/json"
ATOM: Final = "application/atom+xml"
RSS: Final = "application/rss+xml"
HTML: Final = "text/html"

SINGLE_FEEDS: Final[tuple[tuple[str, Role, str], ...]] = (
    (".json", Role.STATE, JSON),
    (".atom", Role.ENTRIES, ATOM),
    (".rss", Role.ENTRIES, RSS),
)
"""What one document is for where its own address is watched instead of the page's: how the path ends, role, type."""

_INSIDE: Final = re.compile(r"/(?:(?:incident|maintenance|history|subscribe)(?:/.*)?|c[0-9a-z]{20,30})/?$")
_FEED_PACE: Final = timedelta(minutes=15)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The three documents of a page, and what is tried where one cannot be read; or the document that is named."""
    address = split_url(page_url)
    if address is None:
        return ()
    for ending, role, accept in SINGLE_FEEDS:
        if address.path.endswith(ending):
            return (FeedSpec(page_url, role, 0, accept),)
    base = f"{address.scheme}://{address.netloc}{_INSIDE.sub('', address.path).rstrip('/')}"
    return (
        FeedSpec(f"{base}/v3/components.json", Role.STATE, 0, JSON),
        FeedSpec(f"{base}/summary.json", Role.STATE, 0, JSON),
        FeedSpec(f"{base}/history.atom", Role.ENTRIES, 0, ATOM, every=_FEED_PACE),
        FeedSpec(f"{base}/v2/components.json", Role.STATE, 1, JSON),
        FeedSpec(f"{base}/v3/summary.json", Role.STATE, 1, JSON),
        FeedSpec(f"{base}/history.rss", Role.ENTRIES, 1, RSS, every=_FEED_PACE),
        FeedSpec(f"{base}/", Role.STATE, 2, HTML),
    )


def parse(document: Document) -> Snapshot:
    """Read any document of the platform, told by content: JSON, feed, web page or webhook body. Raises ParseError."""
    if Sight(document).is_markup:
        return read_our_feed(document) if is_feed(document) else read_page(document)
    loaded = load_parts(document)
    fields = as_mapping(loaded)
    if is_hook_body(fields):
        return read_hook(as_mapping(load_json(document)), document)
    return read_summary(fields, document) if "page" in fields else read_components(loaded)


def parse_hook(document: Document) -> Snapshot:
    """Read a subscriber's webhook body. Raises ParseError."""
    return read_hook(as_mapping(load_json(document)), document)


def recognize(sight: Sight) -> bool:
    """Their words in capitals in JSON, their ids in a feed, the data inside a web page, or one of their hooks."""
    if sight.is_markup:
        return is_our_feed(sight.feed) if sight.feed is not None else is_page(sight.page)
    return is_summary(sight.fields) or is_components(sight.json) or is_hook_body(sight.fields)


PLATFORM = Platform(
    name=NAME,
    title=TITLE,
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    hosts=("instatus.com",),
    marks=("instatus.com",),
    probes=("/v3/summary.json", "/summary.json"),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the incident's own id in JSON, hook, page and feed; updates by the ids of hooks and pages, in feeds "
        "by second and text",
        absence="what is missing from the summary is over or was removed; the feed tells how it ended",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
