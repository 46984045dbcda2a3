"""OpenStatus: a status page over monitors, hosted and self-hosted, with its source open.

Read from that source, github.com/openstatusHQ/openstatus, and from the documents of one vendor's page; checked 2026-11.
`/feed/json` has everything with ids and is what is polled. Where it cannot be read there are the open incidents of the
imitation of Statuspage under `/api/status/`, and the feeds. Pages behind a password answer 401.

Quirks: `updatedAt` at the top of `/feed/json` is the moment of the answer, so that each answer differs from the last; a
component without a monitor has no level of its own; the imitation knows components by name only, and its
`page.updated_at` tells of the settings; reports and maintenances are numbered apart, so that the id of a maintenance is
`maintenance/<number>`.
"""

from __future__ import annotations

import re
from typing import Final

from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feeds import is_feed
from statuswire.platforms.openstatus_compat import is_imitation, read_imitation
from statuswire.platforms.openstatus_feed import is_our_feed, read_our_feed
from statuswire.platforms.openstatus_hooks import is_hook_body, read_hook
from statuswire.platforms.openstatus_json import is_page_document, read_page_document
from statuswire.platforms.openstatus_terms import NAME, TITLE
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import as_mapping, load_json, split_url
from statuswire.platforms.sight import Sight

JSON: Final = "application/json"
ATOM: Final = "application/atom+xml"
RSS: Final = "application/rss+xml"

SINGLE_FEEDS: Final[tuple[tuple[str, Role, str], ...]] = (
    ("/feed/json", Role.STATE, JSON),
    ("/feed/atom", Role.ENTRIES, ATOM),
    ("/feed/rss", Role.ENTRIES, RSS),
    (".json", Role.STATE, JSON),
)
"""What one document is for where its own address is watched instead of the page's: how the path ends, role, type."""

_INSIDE: Final = re.compile(r"/(?:events|monitors|manage|unsubscribe|verify|feed|api/status)(?:/.*)?$")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The one document of a page, and what is left where that cannot be read; or the document that is named."""
    address = split_url(page_url)
    if address is None:
        return ()
    for ending, role, accept in SINGLE_FEEDS:
        if address.path.endswith(ending):
            return (FeedSpec(page_url, role, 0, accept),)
    base = f"{address.scheme}://{address.netloc}{_INSIDE.sub('', address.path).rstrip('/')}"
    return (
        FeedSpec(f"{base}/feed/json", Role.STATE, 0, JSON),
        FeedSpec(f"{base}/api/status/incidents.json", Role.STATE, 1, JSON),
        FeedSpec(f"{base}/feed/atom", Role.ENTRIES, 1, ATOM),
    )


def parse(document: Document) -> Snapshot:
    """Read JSON of both kinds, a feed or a webhook body, told by content. Raises ParseError."""
    if is_feed(document):
        return read_our_feed(document)
    fields = as_mapping(load_parts(document))
    if "page" not in fields and not is_hook_body(fields):
        return read_page_document(fields, document)
    fields = as_mapping(load_json(document))
    return read_hook(fields, document) if is_hook_body(fields) else read_imitation(fields)


def parse_hook(document: Document) -> Snapshot:
    """Read a subscriber's webhook body. Raises ParseError."""
    return read_hook(as_mapping(load_json(document)), document)


def recognize(sight: Sight) -> bool:
    """The lists of `/feed/json`, the bare rows of the imitation, a feed that names the product, or one of its hooks."""
    if sight.is_markup:
        return sight.feed is not None and is_our_feed(sight.feed)
    fields = sight.fields
    return is_page_document(fields) or is_imitation(fields) or is_hook_body(fields)


PLATFORM = Platform(
    name=NAME,
    title=TITLE,
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    hosts=("openstatus.dev",),
    marks=('/feed/json"', "//www.openstatus.dev"),
    probes=("/api/status/summary.json",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the report's number in JSON, hook and link of a feed, a maintenance's after `maintenance/`; updates "
        "by ids, in feeds by their text",
        absence="open reports and maintenances are always shown: what is missing is over or was removed; feeds cover "
        "nothing",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
