"""Meta's page for businesses (WhatsApp Business, Ads, Graph API ...), <https://metastatus.com>, not documented.

Known from working clients, checked 2026-11.

- `/data/orgs.json`: `[{"id", "name", "services": [{"id", "name", "status", "time"}], "rss_file_paths": [...]}]`;
- `/data/outages/<org>.json`, what is open, and `/data/outages/<org>.history.json`, what is over:
  `[{"service_id", "status", "time", "posts": [{"description", "time"}]}]`;
- `/outage-events-feed-<org>.rss`, normally empty, is asked where the outages of one organisation cannot be read.

Quirks: an outage has neither id nor title, so it is known by its service and the time of its first post, and called by
that post's first line; other paths answer 200 with the HTML of the page. A survey of 2026-09 found no JSON. The
consumer services (WhatsApp, Instagram, Facebook) have no page, and `metastatuspage.com` is that of Statuspage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import as_mapping, choose, ident, item_parts, items, moment, plain, text, title
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin, path_of
from statuswire.platforms.words import STATUS_IMPACT

__all__ = ["NAME", "PLATFORM", "feeds", "more", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "meta"
HOME: Final = "https://metastatus.com"
RSS: Final = "application/rss+xml"
MOST_MORE: Final = 10

LEVELS: Final[dict[str, Status]] = {
    "noknownissues": Status.OPERATIONAL,
    "lowdisruptions": Status.DEGRADED,
    "mediumdisruptions": Status.PARTIAL_OUTAGE,
    "highdisruptions": Status.MAJOR_OUTAGE,
    "resolved": Status.OPERATIONAL,
}

# --- what is polled ----------------------------------------------------------------------------------------------

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/orgs.json", FeedSpec("", Role.STATE)),
    (".json", FeedSpec("", Role.ENTRIES)),
    (".rss", FeedSpec("", Role.ENTRIES, accept=RSS)),
)
_ORG: Final = re.compile(r"/([a-z0-9][a-z0-9-]{0,60})")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The levels of all services, and the outages of one organisation where the address names it."""
    named, base = named_document(page_url, _DOCUMENTS), origin(page_url)
    if named or not base:
        return named
    levels = FeedSpec(f"{base}/data/orgs.json")
    org = _ORG.fullmatch(path_of(page_url))
    if org is None:
        return (levels,)
    outages = f"{base}/data/outages/{org[1]}"
    return (
        levels,
        FeedSpec(f"{outages}.json", Role.ENTRIES),
        FeedSpec(f"{outages}.history.json", Role.HISTORY),
        FeedSpec(f"{base}/outage-events-feed-{org[1]}.rss", Role.ENTRIES, 1, RSS, timedelta(minutes=5)),
    )


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The outages of each organisation of which a service is not well."""
    base, loaded = origin(document.url), Sight(document).json
    if not base or not isinstance(loaded, list) or not _are_orgs(loaded):
        return ()
    names = [ident(as_mapping(org).get("id")) for org in loaded if _is_troubled(as_mapping(org))]
    known = [name for name in names if _ORG.fullmatch(f"/{name}")]
    return tuple(FeedSpec(f"{base}/data/outages/{name}.json", Role.ENTRIES) for name in known[:MOST_MORE])


def _is_troubled(org: Fields) -> bool:
    levels = (
        choose(row.get("status"), LEVELS, Status.UNKNOWN, "", []) for _, row in items(org.get("services"), "", [])
    )
    return any(level is not Status.OPERATIONAL for level in levels)


# --- documents ---------------------------------------------------------------------------------------------------

_PAGE: Final = PageFacts(name="Meta for Business", url=HOME)
_OUTAGES: Final = re.compile(r"/outages/([a-z0-9][a-z0-9-]{0,60}?)(?:\.history)?\.json")


def parse(document: Document) -> Snapshot:
    """Read organisations, outages or the feed; outages are of the organisation in their address. Raises ParseError."""
    if is_feed(document):
        return feed_snapshot(NAME, read_feed(document), document)
    loaded = load_parts(document)
    problems: list[Problem] = []
    if not isinstance(loaded, list):
        raise ParseError(ParseReason.SHAPE, "not a document of Meta's page: no list")
    if _are_orgs(loaded):
        return _read_orgs(loaded, problems)
    place = _OUTAGES.search(document.url.partition("?")[0])
    if any("service_id" in as_mapping(row) for row in loaded) or (not loaded and place):
        org = place[1] if place else ""
        return Snapshot(NAME, _PAGE, incidents=_outages(loaded, org, problems), problems=tuple(problems))
    raise ParseError(ParseReason.SHAPE, "neither organisations nor outages of Meta")


def _are_orgs(loaded: list[object]) -> bool:
    return any(as_mapping(row).keys() >= {"id", "services"} for row in loaded)


def _read_orgs(loaded: list[object], problems: list[Problem]) -> Snapshot:
    """Where every service is well nothing is open, for each outage moves the level of its service."""
    rows: dict[str, Component] = {}
    for place, org in item_parts(loaded, "orgs", problems):
        for row in _services(org, f"orgs[{place}]", problems, len(rows)):
            rows.setdefault(row.id, row)
    is_all = bool(rows) and is_whole(loaded, "orgs", problems) and is_whole(loaded, "orgs.services", problems)
    covers = {Cover.COMPONENTS} if is_all else set()
    if is_all and all(row.status is Status.OPERATIONAL for row in rows.values()):
        covers.add(Cover.OPEN_INCIDENTS)
    return Snapshot(NAME, _PAGE, covers=frozenset(covers), components=tuple(rows.values()), problems=tuple(problems))


@remembered
def _services(org: Fields, where: str, problems: list[Problem], position: int) -> tuple[Component, ...]:
    org_id, rows = ident(org.get("id")), list[Component]()
    if not org_id or not isinstance(org.get("services"), list):
        problems.append(Problem(where, "an organisation without id or services"))
        return ()
    for place, fields in items(org.get("services"), f"{where}.services", problems):
        own_id, word = ident(fields.get("id")), fields.get("status")
        at = f"{where}.services[{place}]"
        if not own_id:
            problems.append(Problem(at, "a service without id"))
            continue
        rows.append(
            Component(
                id=f"{org_id}/{own_id}",
                name=title(fields.get("name")) or own_id,
                group=title(org.get("name")) or org_id,
                status=choose(word, LEVELS, Status.UNKNOWN, f"{at}.status", problems),
                raw_status=text(word, 60),
                position=position + len(rows),
            )
        )
    return tuple(rows)


# --- outages -----------------------------------------------------------------------------------------------------


def _outages(loaded: list[object], org: str, problems: list[Problem]) -> tuple[Incident, ...]:
    told = _outage.each(loaded, "outages", problems, org).found
    return tuple({incident.id: incident for incident in told}.values())


@remembered
def _outage(fields: Fields, where: str, problems: list[Problem], org: str) -> Incident | None:
    """None, and a problem, for one without service or time."""
    posts = _posts(fields.get("posts"), f"{where}.posts", problems)
    began = next((post.at for post in posts if post.at), None) or moment(fields.get("time"))
    service = ident(fields.get("service_id"))
    if not service or began is None:
        problems.append(Problem(where, "an outage without service or time"))
        return None
    word = fields.get("status")
    level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    is_over = level is Status.OPERATIONAL
    part = f"{org}/{service}" if org else service
    return Incident(
        id=f"{part}/{int(began.timestamp())}",
        title=title(posts[0].text.partition("\n")[0], 160) if posts else "Disruption",
        phase=Phase.RESOLVED if is_over else Phase.INVESTIGATING,
        impact=Impact.UNKNOWN if is_over else STATUS_IMPACT.get(level, Impact.UNKNOWN),
        url=f"{HOME}/{org}" if org else HOME,
        created_at=began,
        started_at=began,
        resolved_at=(posts[-1].at if posts else moment(fields.get("time"))) if is_over else None,
        components=(AffectedComponent(part, "", status=level),) if org else None,
        updates=_with_phases(posts, is_over=is_over),
        raw_phase=text(word, 60),
        raw_impact=text(word, 60),
    )


def _posts(listed: object, where: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    posts = []
    for _, fields in items(listed, where, problems):
        at = moment(fields.get("time"))
        words, raw = plain(text(fields.get("description")))
        own_id = str(int(at.timestamp())) if at else ""
        posts.append(IncidentUpdate(own_id, None, words, at, raw=raw))
    return oldest_first(posts)


def _with_phases(posts: tuple[IncidentUpdate, ...], *, is_over: bool) -> tuple[IncidentUpdate, ...]:
    """Only the newest post tells where the outage stands now."""
    if not posts:
        return ()
    last = posts[-1]
    phase = Phase.RESOLVED if is_over else Phase.INVESTIGATING
    return (*posts[:-1], IncidentUpdate(last.id, phase, last.text, last.at, raw=last.raw))


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Organisations with their feeds, or outages of a service with posts."""
    if sight.is_markup or not isinstance(sight.json, list) or not sight.json:
        return False
    first = as_mapping(sight.json[0])
    return first.keys() >= {"id", "services", "rss_file_paths"} or first.keys() >= {"service_id", "status", "posts"}


PLATFORM = Platform(
    name=NAME,
    title="Meta for Business",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("metastatus.com",),
    probes=("/data/orgs.json",),
    more=more,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=False,
        identity="an outage is known by organisation, service and the time of its first post, a post by its time; a "
        "service by organisation and number",
        absence="a service that is no longer listed is gone; nothing is open once every service is well",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
