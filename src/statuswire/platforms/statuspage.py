"""Atlassian Statuspage: the most common hosted status page, and the shape that others imitate.

Public documents and webhooks are described at <https://metastatuspage.com/api> and
<https://support.atlassian.com/statuspage/> (checked 2026-11). `summary.json` has everything that is open and is what
we poll; what has ended is looked up in `incidents.json`. The same documents lie on `<page id>.statuspage.io`, which
still answers where a custom domain stands behind a bot filter, and as a last resort there are the history feeds.

Quirks: group rows repeat their children; absence of a list means nothing, absence from a list a lot; a page that has
moved elsewhere stays up, frozen; hosts without a page answer 200 with the vendor's site. Look-alikes are told by
`page.id`: twelve characters of base 36 here, a ULID at incident.io, none at Instatus (where `page.status` is a word)
and in imitations, which are read without assuming ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feeds import is_feed
from statuswire.platforms.parts import load_parts, opened
from statuswire.platforms.reading import as_mapping, load_json, split_url, text
from statuswire.platforms.sight import Sight
from statuswire.platforms.statuspage_feed import is_history, read_history
from statuswire.platforms.statuspage_hooks import is_hook_body, read_hook
from statuswire.platforms.statuspage_html import is_start_page, read_start_page
from statuswire.platforms.statuspage_json import is_page_document, only_item, read_page_document
from statuswire.platforms.statuspage_terms import OWN_ID, OWN_PHASES, is_own_id, is_ulid

JSON = "application/json"
ATOM = "application/atom+xml"
RSS = "application/rss+xml"

SINGLE_FEEDS: tuple[tuple[str, Role, str], ...] = (
    ("/api/v2/incidents.json", Role.ENTRIES, JSON),
    ("/api/v2/scheduled-maintenances.json", Role.ENTRIES, JSON),
    (".json", Role.STATE, JSON),
    (".atom", Role.ENTRIES, ATOM),
    (".rss", Role.ENTRIES, RSS),
)
"""What one document is for where its own address is watched instead of the page's: how the path ends, role, type."""

_INSIDE = re.compile(r"/(?:api(?:/.*)?|incidents/.*|history|uptime(?:/.*)?|subscribe)/?$")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The URLs to poll for a page, or the one document that `page_url` itself names; none for what is no address."""
    address = split_url(page_url)
    if address is None:
        return ()
    for ending, role, accept in SINGLE_FEEDS:
        if address.path.endswith(ending):
            return (FeedSpec(page_url, role, 0, accept),)
    base = f"{address.scheme}://{address.netloc}{_INSIDE.sub('', address.path).rstrip('/')}"
    found = [
        FeedSpec(f"{base}/api/v2/summary.json", Role.STATE, 0, JSON),
        FeedSpec(f"{base}/api/v2/incidents.json", Role.HISTORY, 0, JSON),
        FeedSpec(f"{base}/api/v2/scheduled-maintenances.json", Role.HISTORY, 0, JSON),
        FeedSpec(f"{base}/history.atom", Role.ENTRIES, 2, ATOM),
    ]
    if page_id and OWN_ID.fullmatch(page_id) and address.hostname != f"{page_id}.statuspage.io":
        spare = FeedSpec(f"https://{page_id}.statuspage.io/api/v2/summary.json", Role.STATE, 1, JSON)
        found.insert(3, spare)
    return tuple(found)


def parse(document: Document) -> Snapshot:
    """Read any document of the platform, told by content: JSON, feed, start page or webhook body.

    Raises ParseError.
    """
    if Sight(document).is_markup:
        return read_history(document) if is_feed(document) else read_start_page(document)
    loaded = load_parts(document)
    if is_page_document(opened(only_item(loaded))):
        return read_page_document(loaded, document)
    body = load_json(document)
    return read_hook(body, document) if is_hook_body(body) else read_page_document(loaded, document)


def parse_hook(document: Document) -> Snapshot:
    """Read a subscriber's webhook body; raises ParseError."""
    return read_hook(load_json(document), document)


def recognize(sight: Sight) -> bool:
    """Whether the content proves Statuspage, or an imitation of its JSON that no other platform claims."""
    if sight.feed is not None:
        return is_history(sight.feed)
    if sight.is_markup:
        return sight.tree is not None and is_start_page(sight.tree)
    return _is_ours(sight.json)


def page_id(document: Document) -> str | None:
    """The page's id in a JSON document."""
    found = as_mapping(Sight(document).fields.get("page")).get("id")
    return found if isinstance(found, str) and is_own_id(found) else None


def _is_ours(loaded: object) -> bool:
    fields = as_mapping(only_item(loaded))
    page = as_mapping(fields.get("page"))
    page_id = page.get("id")
    if isinstance(page.get("status"), str) or is_ulid(page_id):
        return False
    if is_page_document(fields):
        return is_own_id(page_id) or "indicator" in as_mapping(fields.get("status"))
    return is_hook_body(fields) and _is_our_hook(fields, page)


def _is_our_hook(fields: Mapping[str, object], page: Mapping[str, object]) -> bool:
    """Instatus and Better Stack send the same shape: theirs is told by other ids, addresses and capitals."""
    incident, component = as_mapping(fields.get("incident")), as_mapping(fields.get("component"))
    if any(is_own_id(row.get("id")) for row in (page, incident, component)):
        return True
    is_plain = "url" not in page and "url" not in incident and not fields.keys() & {"event_type", "data"}
    return is_plain and text(incident.get("status")) in OWN_PHASES


PLATFORM = Platform(
    name="statuspage",
    title="Atlassian Statuspage",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    hosts=("statuspage.io", "status.atlassian.com"),
    headers=(("x-statuspage-version", ""),),
    probes=("/api/v2/summary.json",),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the incident's own id in JSON and hooks, the code in the link of a feed; updates have ids, in feeds "
        "minute and text tell them",
        absence="what is missing from the summary is over; the history is asked once how it ended",
        confidence=Confidence.HIGH,
    ),
)
