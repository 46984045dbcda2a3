"""Cachet, self-hosted; generations 2 (2.3, 2.4) and 3, whose documents have nothing in common but the numbers.

Documented at <https://docs.cachethq.io>; what is here is read from the vendor's source (cachethq/cachet,
cachethq/core) and from a capture of its demo, checked 2026-11. Version 3 answers below `/api`, version 2 below
`/api/v1`; either may lie under a base path (`https://host/status`). The API may be switched off or protected: then the
feed is what remains.

Quirks: lists have 15 or 20 rows unless more are asked for, 100 at most, and no more than the newest 100 incidents are
asked for. Times are without a zone. Texts are Markdown, labels in the site's language: numbers count. The phase of an
incident is that of its newest update, which is sent beside the older one of the incident itself (`latest_status`, or
`status` in version 3). In version 2 the names of
groups stand in a document of their own. The page's roll-up (`/status`) is coarser than what the components say
(version 2 has three words for it) and is read where its address is given, but not polled beside them.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.platforms import cachet_feed, cachet_v2, cachet_v3
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.cachet_hooks import is_hook_body, read_hook
from statuswire.platforms.cachet_terms import NAME, base_of
from statuswire.platforms.feeds import is_feed
from statuswire.platforms.reading import as_mapping, load_json, split_url
from statuswire.platforms.sight import Sight

RSS: Final = "application/rss+xml"
ATOM: Final = "application/atom+xml"
JSON: Final = "application/json"
SELDOM: Final = timedelta(minutes=5)
HOURLY: Final = timedelta(hours=1)
"""For what hardly ever changes."""

VERSION_2: Final = "v2"
VERSION_3: Final = "v3"

_LISTS_3: Final = (
    ("/api/components?per_page=100&include=group", None),
    ("/api/incidents?per_page=100&include=components,updates", None),
    ("/api/schedules?per_page=100&sort=-id&include=components,updates", SELDOM),
)
_LISTS_2: Final = (
    ("/api/v1/components?per_page=100", None),
    ("/api/v1/components/groups?per_page=100", HOURLY),
    ("/api/v1/incidents?per_page=100&sort=id&order=desc", None),
    ("/api/v1/schedules?per_page=100&sort=id&order=desc", SELDOM),
)
_ENTRY_FEEDS: Final = re.compile(r"/(?:rss|atom(?:/[^/]+)?)/?$")
_API: Final = re.compile(r"/api(?:/v1)?/(?:components(?:/groups)?|incidents(?:/[^/]+/updates)?|schedules|status)/?$")
_INSIDE: Final = re.compile(r"/(?:incidents?/[^/]*|schedules?/[^/]*|subscribe|dashboard(?:/.*)?|api(?:/v1)?)/?$")

MOST_MORE: Final = 10
PONG: Final = "Pong!"


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The URLs to poll; `page_id` is the generation (`v2`, `v3`) where it is known, else both are tried."""
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    if _API.search(address.path):
        return (FeedSpec(page_url, Role.STATE, 0, JSON),)
    if _ENTRY_FEEDS.search(address.path):
        return (FeedSpec(page_url, Role.ENTRIES, 0, ATOM if "/atom" in address.path else RSS),)
    base = f"{address.scheme}://{address.netloc}{_INSIDE.sub('', address.path).rstrip('/')}"
    if page_id == VERSION_2:
        return (*_lists(base, _LISTS_2, 0), FeedSpec(f"{base}/atom", Role.ENTRIES, 1, ATOM))
    spare = FeedSpec(f"{base}/rss", Role.ENTRIES, 1, RSS)
    if page_id == VERSION_3:
        return (*_lists(base, _LISTS_3, 0), spare)
    return (*_lists(base, _LISTS_3, 0), *_lists(base, _LISTS_2, 1), FeedSpec(spare.url, Role.ENTRIES, 2, RSS))


def _lists(base: str, lists: tuple[tuple[str, timedelta | None], ...], tier: int) -> tuple[FeedSpec, ...]:
    return tuple(FeedSpec(base + path, Role.STATE, tier, JSON, every) for path, every in lists)


def parse(document: Document) -> Snapshot:
    """Read any document of either generation; raises ParseError."""
    if is_feed(document):
        return cachet_feed.read(document)
    fields = as_mapping(load_json(document))
    if is_hook_body(fields):
        return read_hook(document)
    if fields.get("data") == PONG:
        return Snapshot(platform=NAME)
    if "data" not in fields:
        raise ParseError(ParseReason.SHAPE, "not a Cachet document: no `data`")
    return cachet_v2.read(fields, document) if _is_2(fields, document) else cachet_v3.read(fields, document)


def _is_2(fields: dict[str, object], document: Document) -> bool:
    """By content, and by the address where a document shows no more than a word or an empty list."""
    if cachet_v3.kind_of(fields):
        return False
    return cachet_v2.is_document(fields) or "/api/v1/" in document.url


def recognize(sight: Sight) -> bool:
    """Rows of either generation, their pagination, the answer to a ping, or a webhook; feeds prove nothing."""
    fields = sight.fields
    if fields.get("data") == PONG or is_hook_body(fields):
        return True
    return "data" in fields and (bool(cachet_v3.kind_of(fields)) or cachet_v2.is_document(fields))


def page_id(document: Document) -> str | None:
    """The generation, which decides the addresses: by a document's content or, for a ping, by where it was asked."""
    fields = Sight(document).fields
    if "data" not in fields:
        return None
    if cachet_v3.kind_of(fields):
        return VERSION_3
    if cachet_v2.is_document(fields):
        return VERSION_2
    if fields.get("data") == PONG:
        return VERSION_2 if "/api/v1/" in document.url else VERSION_3 if "/api/ping" in document.url else None
    return None


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The updates of what goes on, where the list of incidents does not hold them."""
    base, fields = base_of(document.url), Sight(document).fields
    if not base or "data" not in fields:
        return ()
    if cachet_v3.kind_of(fields):
        api, wanted = "/api", cachet_v3.wanted_updates(fields)
    else:
        api, wanted = "/api/v1", cachet_v2.wanted_updates(fields)
    return tuple(
        FeedSpec(f"{base}{api}/incidents/{one}/updates?per_page=100", Role.ENTRIES) for one in wanted[:MOST_MORE]
    )


PLATFORM = Platform(
    name=NAME,
    title="Cachet",
    feeds=feeds,
    parse=parse,
    parse_hook=read_hook,
    recognize=recognize,
    probes=("/api/ping", "/api/v1/ping"),
    page_id=page_id,
    more=more,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="version 3: the guid, with the number that webhooks carry as a second name; version 2: the number; "
        "updates have numbers, and feeds know an incident by its link",
        absence="a list that fits on one page is whole: what is missing from it was deleted; from a longer one "
        "absence says nothing, nor from the schedules of version 2",
        confidence=Confidence.HIGH,
    ),
)
