"""Pulsetic status pages: the public API by the name of the page's host, which answers only to POST.

From a public client of 2026 (checked 2026-11); no documentation was found. The answer is
`{"data": {"monitors": [...], "incidents": [...], "live_maintenances": [...], "upcoming_maintenances": [...]}}`. The
words of incidents were never seen; what has an end is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.addresses import host_of, path_of
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import is_list, load_parts, object_of
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    ident,
    items,
    moment,
    require_mapping,
    text,
    title,
)
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import PHASE_WORDS

NAME: Final = "pulsetic"
API: Final = "https://api.pulsetic.com/public/status/"
BODY: Final = '{"password":null}'

LEVELS: Final[Mapping[str, Status]] = {
    "online": Status.OPERATIONAL,
    "up": Status.OPERATIONAL,
    "operational": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "partial": Status.DEGRADED,
    "offline": Status.MAJOR_OUTAGE,
    "down": Status.MAJOR_OUTAGE,
    "outage": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
    "paused": Status.UNKNOWN,
}

PHASES: Final[Mapping[Kind, Mapping[str, Phase]]] = {
    Kind.INCIDENT: {**PHASE_WORDS, "inprogress": Phase.INVESTIGATING, "completed": Phase.RESOLVED},
    Kind.MAINTENANCE: {**PHASE_WORDS, "resolved": Phase.COMPLETED},
}

LISTS: Final = {
    "incidents": (Kind.INCIDENT, Phase.INVESTIGATING),
    "live_maintenances": (Kind.MAINTENANCE, Phase.IN_PROGRESS),
    "upcoming_maintenances": (Kind.MAINTENANCE, Phase.SCHEDULED),
}
"""The kind of each list, and the phase of what states none."""

Fields = Mapping[str, object]


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The API's answer about the host, or the address of the API itself; none for what is no address."""
    host = host_of(page_url)
    if host == "api.pulsetic.com" and path_of(page_url).startswith("/public/status/"):
        return (FeedSpec(page_url, post=BODY),)
    return (FeedSpec(f"{API}{host}", post=BODY),) if host else ()


def parse(document: Document) -> Snapshot:
    """Monitors, incidents and maintenances. Raises ParseError."""
    page = object_of(require_mapping(load_parts(document), "the document").get("data"))
    if not is_list(page.get("monitors")):
        raise ParseError(ParseReason.SHAPE, "no data.monitors: not a document of Pulsetic")
    problems: list[Problem] = []
    components = _components(page["monitors"], "monitors", problems)
    incidents: dict[str, Incident] = {}
    for key, (kind, phase) in LISTS.items():
        around = (kind, phase, document.time_zone, Now(document.received_at))
        for incident in _incident.each(page.get(key), key, problems, *around).found:
            incidents.setdefault(incident.id, incident)
    covers = {Cover.COMPONENTS} if is_whole(page["monitors"], "monitors", problems) else set()
    if all(is_whole(page.get(key), key, problems) for key in ("live_maintenances", "upcoming_maintenances")):
        covers.add(Cover.OPEN_MAINTENANCES)
    return Snapshot(
        NAME,
        page=PageFacts(id=ident(page.get("id")) or None, name=title(page.get("title")) or None),
        covers=frozenset(covers),
        components=components,
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


@remembered
def _components(listed: object, where: str, problems: list[Problem]) -> tuple[Component, ...]:
    """Monitors that are not disabled: those are not on the page."""
    found: dict[str, Component] = {}
    for place, row in items(listed, where, problems):
        own_id, name = ident(row.get("id")), title(row.get("name"))
        if flag(row.get("disabled")):
            continue
        if not own_id or not name:
            problems.append(Problem(f"{where}[{place}]", "a monitor without id or name"))
            continue
        level = choose(row.get("status"), LEVELS, Status.UNKNOWN, f"{where}[{place}].status", problems)
        found.setdefault(own_id, Component(own_id, name, None, level, text(row.get("status"), 200)))
    return tuple(found.values())


@remembered
def _incident(
    row: Fields, where: str, problems: list[Problem], kind: Kind, phase: Phase, zone: str | None, now: Now
) -> Incident | None:
    own_id, name = ident(row.get("id")), title(row.get("title")) or title(row.get("name"))
    if not own_id or not name:
        problems.append(Problem(where, "an incident without id or title"))
        return None
    begins = moment(row.get("started_at"), zone) or moment(row.get("starts_at"), zone)
    ends = moment(row.get("resolved_at"), zone) or moment(row.get("ends_at"), zone)
    word = text(row.get("status"), 200)
    stated = choose(word, PHASES[kind], Phase.UNKNOWN, f"{where}.status", problems) if word else phase
    is_planned = kind is Kind.MAINTENANCE
    over = ends if ends is not None and now.has_come(ends) else None
    return Incident(
        own_id if kind is Kind.INCIDENT else f"maintenance/{own_id}",
        name,
        kind,
        _ended(stated, over, is_planned=is_planned),
        Impact.MAINTENANCE if is_planned else Impact.UNKNOWN,
        started_at=None if is_planned else begins,
        resolved_at=over,
        scheduled_for=begins if is_planned else None,
        scheduled_until=ends if is_planned else None,
        raw_phase=word,
    )


def _ended(phase: Phase, over: datetime | None, *, is_planned: bool) -> Phase:
    if over is None or phase.is_closed:
        return phase
    return Phase.COMPLETED if is_planned else Phase.RESOLVED


def recognize(sight: Sight) -> bool:
    page = as_mapping(sight.fields.get("data"))
    return isinstance(page.get("monitors"), list) and "live_maintenances" in page


PLATFORM: Final = Platform(
    name=NAME,
    title="Pulsetic",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    marks=("api.pulsetic.com",),
    coverage=Coverage(
        components=True,
        incidents=True,
        maintenances=True,
        identity="numbers of monitors, incidents and maintenances",
        absence="a monitor that is missing is gone, a maintenance over; incidents may be history",
        confidence=Confidence.LOW,
    ),
)
