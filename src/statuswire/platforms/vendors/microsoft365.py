"""Microsoft 365 and Power Platform: the public page <https://status.cloud.microsoft>, and Microsoft Graph for a tenant.

The public page is not documented; its posts were observed in 2026 and say only how the admin portals and the consumer
services are. They are read as components: a post replaces the one before it without a word of it, so that nothing would
ever end an incident made of one. Its feeds say the same as an item with a non-standard `<status>`.

The real incidents are those of a tenant, in Graph (documented: learn.microsoft.com, `serviceHealth` and
`serviceHealthIssue`; checked 2026-11). They need an application token with `ServiceHealth.Read.All`, given as the
bearer token of the page; watch `https://graph.microsoft.com/v1.0/admin/serviceAnnouncement`.

Quirks: an unknown address under `/api/posts` is refused, but `/api/posts` itself answers with the page; times of the
year 1 mean none; `LastUpdatedTime` is the server's clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Document,
    FeedSpec,
    PageFacts,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feeds import FeedDocument, read_feed
from statuswire.platforms.reading import as_mapping, choose, ident, items, load_json, split_url, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.microsoft365_graph import is_graph, read_graph

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "microsoft365"
PAGE_URL: Final = "https://status.cloud.microsoft"
GRAPH: Final = "/v1.0/admin/serviceAnnouncement"
_PACE: Final = timedelta(minutes=5)
"""Posts are made anew about every ten minutes."""

PORTALS: Final[dict[str, str]] = {
    "mac": "Microsoft 365 admin center",
    "ppac": "Power Platform admin center",
    "azure": "Azure portal",
}
_CONSUMER: Final = "m365Consumer"
_CONSUMER_GROUP: Final = "Consumer services"

LEVELS: Final[dict[str, Status]] = {
    "available": Status.OPERATIONAL,
    "operational": Status.OPERATIONAL,
    "servicerestored": Status.OPERATIONAL,
    "advisory": Status.DEGRADED,
    "investigation": Status.DEGRADED,
    "servicedegradation": Status.DEGRADED,
    "serviceinterruption": Status.MAJOR_OUTAGE,
    "unknown": Status.UNKNOWN,
}

Fields = Mapping[str, object]

# --- what is polled ----------------------------------------------------------------------------------------------


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The posts of the public page, with the two feeds where they cannot be read; for an address of Graph the health
    and the issues of the tenant; or the one document that is named."""
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    base = f"{address.scheme}://{address.netloc}"
    if address.hostname and address.hostname.startswith("graph.microsoft"):
        return _graph_feeds(page_url, f"{base}{GRAPH}", address.path)
    if address.path.startswith("/api/feed/"):
        return (FeedSpec(page_url, Role.ENTRIES, 0, "application/rss+xml", _PACE),)
    if address.path.startswith("/api/posts/"):
        return (FeedSpec(page_url, every=_PACE),)
    posts = (FeedSpec(f"{base}/api/posts/{leaf}", every=_PACE) for leaf in (*PORTALS, _CONSUMER))
    spare = (
        FeedSpec(f"{base}/api/feed/{leaf}", Role.ENTRIES, 1, "application/rss+xml", _PACE) for leaf in ("mac", "ppac")
    )
    return (*posts, *spare)


def _graph_feeds(page_url: str, base: str, path: str) -> tuple[FeedSpec, ...]:
    if path.endswith("/healthOverviews"):
        return (FeedSpec(page_url),)
    if path.endswith("/issues"):
        return (FeedSpec(page_url, Role.ENTRIES),)
    return (FeedSpec(f"{base}/healthOverviews"), FeedSpec(f"{base}/issues", Role.ENTRIES))


def parse(document: Document) -> Snapshot:
    """Read a post, the list of consumer posts, a feed, or a document of Graph, told by content. Raises ParseError."""
    problems: list[Problem] = []
    if Sight(document).is_markup:
        components = tuple(_of_feed(read_feed(document), document, problems))
        return Snapshot(NAME, _PAGE, components=components, problems=tuple(problems))
    loaded = load_json(document)
    if is_graph(loaded):
        return read_graph(as_mapping(loaded), NAME)
    listed = loaded if isinstance(loaded, list) else [loaded]
    components = tuple(_posts(listed, _leaf(document.url), problems))
    if not components:
        raise ParseError(ParseReason.SHAPE, "neither posts of the page nor a document of Graph")
    return Snapshot(NAME, _PAGE, components=components, problems=tuple(problems))


_PAGE: Final = PageFacts(name="Microsoft 365", url=PAGE_URL)

# --- posts -------------------------------------------------------------------------------------------------------


def _leaf(url: str) -> str:
    """What a post is about, by the last part of its address; empty for another address."""
    address = split_url(url)
    leaf = address.path.rstrip("/").rpartition("/")[2] if address else ""
    return leaf if leaf in PORTALS or leaf == _CONSUMER else ""


def _posts(listed: list[object], leaf: str, problems: list[Problem]) -> Iterator[Component]:
    seen: set[str] = set()
    for place, fields in items(listed, "posts", problems):
        if "Status" not in fields:
            problems.append(Problem(f"posts[{place}]", "a post without Status"))
            continue
        row = _post(fields, leaf, place, problems)
        if row.id and row.id not in seen:
            seen.add(row.id)
            yield row
        else:
            problems.append(Problem(f"posts[{place}]", "a post without a name, or the same again"))


def _post(fields: Fields, leaf: str, place: int, problems: list[Problem]) -> Component:
    """`{"Id", "Title", "Message", "Status", "ServiceDisplayName", "ServiceWorkloadName", ...}`"""
    word = text(fields.get("Status"), 100)
    level = choose(word, LEVELS, Status.UNKNOWN, f"posts[{place}].Status", problems)
    workload = ident(fields.get("ServiceWorkloadName"))
    if workload:
        name = title(fields.get("ServiceDisplayName")) or workload
        return Component(workload, name, _CONSUMER_GROUP, level, word, position=place)
    own = leaf if leaf in PORTALS else title(fields.get("Title"))
    return Component(own, PORTALS.get(own, own), None, level, word)


def _of_feed(feed: FeedDocument, document: Document, problems: list[Problem]) -> Iterator[Component]:
    """The level in the one item of a feed. Raises ParseError(SHAPE) where no item has one."""
    told = next((entry for entry in feed.entries if entry.extra.get("status")), None)
    if told is None:
        raise ParseError(ParseReason.SHAPE, "a feed without the status of a portal")
    word = told.extra["status"]
    own = _leaf(document.url) or told.title
    yield Component(
        own, PORTALS.get(own, own), None, choose(word, LEVELS, Status.UNKNOWN, "entry[0].status", problems), word
    )


# --- recognising -------------------------------------------------------------------------------------------------

_POST_KEYS: Final = frozenset({"Id", "Status", "AuthoredDateTime", "LastUpdatedTime"})


def recognize(sight: Sight) -> bool:
    """A post by its keys, a document of Graph by its context, a feed by the status of a portal on their site."""
    if sight.is_markup:
        feed = sight.feed
        is_theirs = feed is not None and "status.cloud.microsoft" in f"{feed.link} {feed.self_link}"
        return is_theirs and feed is not None and any("status" in entry.extra for entry in feed.entries)
    first = sight.json[0] if isinstance(sight.json, list) and sight.json else sight.json
    return as_mapping(first).keys() >= _POST_KEYS or is_graph(sight.json)


PLATFORM = Platform(
    name=NAME,
    title="Microsoft 365",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.cloud.microsoft", "graph.microsoft.com"),
    probes=("/api/posts/mac",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=False,
        identity="the public page has components only: a portal, or the workload of a consumer service. Incidents are "
        "those of a tenant, by their own ids, from Microsoft Graph with a bearer token for the page; a post is known "
        "by its time",
        absence="the health of a tenant lists all its services; posts and issues cover nothing, an issue says when it "
        "is resolved",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
