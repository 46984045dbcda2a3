"""OneUptime, hosted and self-hosted: the public API of a status page, by the page's UUID.

Documentation: <https://oneuptime.com/docs/status-pages/public-api>, whose editions ask with POST or GET and name the
list of maintenances differently (checked 2026-11). Objects are rows of the product's database; ids and moments may be
wrapped as `{"_type": "ObjectID", "value": "..."}`. All states are rows of the owner's, so they are read by their flags
and never by their names. Updates are public notes and rows of the timeline of states, merged by time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
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
    Kind,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.addresses import base_of, host_of, is_host_of, path_of, root_of
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.reading import (
    as_mapping,
    flag,
    ident,
    items,
    load_json,
    moment,
    plain,
    require_mapping,
    text,
    title,
)
from statuswire.platforms.sight import Sight

NAME: Final = "oneuptime"
VENDOR: Final = "oneuptime.com"
API: Final = "/status-page-api"

_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_IN_PATH: Final = re.compile(rf"/(?:status-page(?:-api/[a-z-]+)?)/({_UUID})(?:/|$)", re.IGNORECASE)
_IN_PAGE: Final = re.compile(
    rf'(?:status-page(?:-api/[a-z-]+)?/|"?statusPageId"?\s*[:=]\s*["\'])({_UUID})', re.IGNORECASE
)

LEVEL_FLAGS: Final = (("isOperationalState", Status.OPERATIONAL), ("isOfflineState", Status.MAJOR_OUTAGE))
"""A state with neither flag is in between."""

INCIDENT_FLAGS: Final = (
    ("isResolvedState", Phase.RESOLVED),
    ("isAcknowledgedState", Phase.IDENTIFIED),
    ("isCreatedState", Phase.INVESTIGATING),
)
MAINTENANCE_FLAGS: Final = (
    ("isResolvedState", Phase.COMPLETED),
    ("isEndedState", Phase.COMPLETED),
    ("isOngoingState", Phase.IN_PROGRESS),
    ("isScheduledState", Phase.SCHEDULED),
)
IMPACTS: Final = (Impact.CRITICAL, Impact.MAJOR, Impact.MINOR)
"""By the order of the owner's severities, the first the worst."""

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Lists:
    """Where the documents keep what belongs to one kind."""

    kind: Kind
    rows: tuple[str, ...]
    notes: str
    timelines: str
    link: str
    """The field by which a note or a row of the timeline names its incident."""
    state: str
    flags: tuple[tuple[str, Phase], ...]


INCIDENTS: Final = _Lists(
    Kind.INCIDENT,
    ("activeIncidents", "incidents"),
    "incidentPublicNotes",
    "incidentStateTimelines",
    "incidentId",
    "incidentState",
    INCIDENT_FLAGS,
)
MAINTENANCES: Final = _Lists(
    Kind.MAINTENANCE,
    ("scheduledMaintenanceEvents",),
    "scheduledMaintenanceEventsPublicNotes",
    "scheduledMaintenanceStateTimelines",
    "scheduledMaintenanceId",
    "currentScheduledMaintenanceState",
    MAINTENANCE_FLAGS,
)


# --- addresses -------------------------------------------------------------------------------------------------------


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The overview by GET, in reserve by POST as former releases want it, and the history; nothing without the UUID.

    An address of the API itself is polled alone.
    """
    if API in path_of(page_url) and base_of(page_url):
        return (FeedSpec(page_url),)
    named = _IN_PATH.search(path_of(page_url))
    uuid = named[1] if named else page_id
    root = root_of(page_url)
    if not uuid or not root:
        return ()
    api = f"https://{VENDOR}{API}" if is_host_of(host_of(page_url), VENDOR) else f"{root}{API}"
    return (
        FeedSpec(f"{api}/overview/{uuid}"),
        FeedSpec(f"{api}/overview/{uuid}", tier=1, post="{}"),
        FeedSpec(f"{api}/incidents/{uuid}", Role.HISTORY),
    )


def page_id(document: Document) -> str | None:
    """The page's UUID, in its address or in the source of the page for people."""
    page = Sight(document).page
    found = _IN_PATH.search(path_of(document.url)) or (_IN_PAGE.search(page) if "oneuptime" in page.lower() else None)
    return found[1].lower() if found else None


# --- values ----------------------------------------------------------------------------------------------------------


def _bare(value: object) -> object:
    """A value without the wrapping of its type."""
    fields = as_mapping(value)
    return fields["value"] if "_type" in fields and "value" in fields else value


def _id(value: object) -> str:
    """An id, plain, wrapped, or of an object that is there in full."""
    bare = _bare(value)
    return ident(bare) or ident(_bare(as_mapping(bare).get("_id"))) or ident(_bare(as_mapping(bare).get("id")))


def _own_id(row: Fields) -> str:
    return _id(row.get("_id")) or _id(row.get("id"))


def _moment(value: object) -> datetime | None:
    return moment(_bare(value))


def _state(row: Fields, name: str) -> Fields:
    """The state that a row names, as an object that is there in full."""
    key = name[0].upper() + name[1:]
    return next((found for one in (name, f"current{key}") if (found := as_mapping(row.get(one)))), {})


# --- documents -------------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """The overview or one of the lists. Raises ParseError."""
    fields = require_mapping(load_json(document), "the document")
    if not any(isinstance(fields.get(key), list) for key in _KEYS):
        raise ParseError(ParseReason.SHAPE, "neither resources nor incidents: not a document of OneUptime")
    problems: list[Problem] = []
    resources = _resources(fields, problems)
    incidents = [
        one for lists in (INCIDENTS, MAINTENANCES) for one in _incidents(fields, lists, resources, document, problems)
    ]
    return Snapshot(
        NAME,
        page=_page(fields),
        covers=_covers(fields, problems),
        components=tuple(resources.values()) if _has_levels(fields) else (),
        incidents=tuple({one.id: one for one in incidents}.values()),
        problems=tuple(problems),
    )


_KEYS: Final = ("statusPageResources", *INCIDENTS.rows, *MAINTENANCES.rows)


def _page(fields: Fields) -> PageFacts:
    page, overall = as_mapping(fields.get("statusPage")), as_mapping(fields.get("overallStatus"))
    return PageFacts(
        id=_own_id(page) or None,
        name=title(page.get("pageTitle") or page.get("name")) or None,
        status=_level(overall) if overall else None,
        status_text=title(overall.get("name")),
    )


def _covers(fields: Fields, problems: list[Problem]) -> frozenset[Cover]:
    """Only the overview lists what is open; the other lists are history."""
    covers = set()
    if _has_levels(fields) and is_whole(fields.get("statusPageResources"), "statusPageResources", problems):
        covers.add(Cover.COMPONENTS)
    if is_whole(fields.get("activeIncidents"), "activeIncidents", problems):
        covers.add(Cover.OPEN_INCIDENTS)
        if is_whole(fields.get("scheduledMaintenanceEvents"), "scheduledMaintenanceEvents", problems):
            covers.add(Cover.OPEN_MAINTENANCES)
    return frozenset(covers)


def _has_levels(fields: Fields) -> bool:
    """Whether the document says how its resources are: the lists of history name them only."""
    return isinstance(fields.get("monitorStatuses"), list) or any(
        as_mapping(as_mapping(row.get("monitor")).get("currentMonitorStatus"))
        for _, row in items(fields.get("statusPageResources"), "", [])
    )


def _level(state: Fields) -> Status:
    return next((level for name, level in LEVEL_FLAGS if flag(state.get(name))), Status.DEGRADED)


def _resources(fields: Fields, problems: list[Problem]) -> dict[str, Component]:
    """Components by their own id. What stands in `monitorGroupCurrentStatuses` is the level of a group of monitors."""
    states = {_own_id(row): row for _, row in items(fields.get("monitorStatuses"), "monitorStatuses", problems)}
    groups = {
        _own_id(row): title(row.get("name"))
        for _, row in items(fields.get("resourceGroups"), "resourceGroups", problems)
    }
    of_groups = as_mapping(fields.get("monitorGroupCurrentStatuses"))
    found: dict[str, Component] = {}
    for place, row in items(fields.get("statusPageResources"), "statusPageResources", problems):
        where = f"statusPageResources[{place}]"
        own_id, name = _own_id(row), _resource_name(row)
        if not own_id or not name:
            problems.append(Problem(where, "a resource without id or name"))
            continue
        state = _resource_state(row, states, of_groups)
        group = groups.get(_id(row.get("statusPageGroupId")) or _id(row.get("statusPageGroup")))
        if not state and isinstance(fields.get("monitorStatuses"), list):
            problems.append(Problem(f"{where}.monitor", "no present state of the monitor"))
        level = _level(state) if state else Status.UNKNOWN
        found[own_id] = Component(own_id, name, group or None, level, title(state.get("name")))
    return found


def _resource_name(row: Fields) -> str:
    inner = as_mapping(row.get("monitor")) or as_mapping(row.get("monitorGroup"))
    return title(row.get("displayName")) or title(inner.get("name"))


def _resource_state(row: Fields, states: Mapping[str, Fields], of_groups: Fields) -> Fields:
    monitor = as_mapping(row.get("monitor"))
    named = _id(monitor.get("currentMonitorStatusId")) or _id(monitor.get("currentMonitorStatus"))
    group = _id(row.get("monitorGroupId")) or _id(row.get("monitorGroup"))
    named = named or _id(of_groups.get(group))
    return states.get(named) or as_mapping(monitor.get("currentMonitorStatus")) or as_mapping(of_groups.get(group))


# --- incidents -------------------------------------------------------------------------------------------------------


def _incidents(
    fields: Fields, lists: _Lists, resources: Mapping[str, Component], document: Document, problems: list[Problem]
) -> Iterator[Incident]:
    updates = _updates_by_incident(fields, lists, problems)
    by_monitor = _by_monitor(fields, resources)
    for key in lists.rows:
        for place, row in items(fields.get(key), key, problems):
            own_id = _own_id(row)
            if not own_id:
                problems.append(Problem(f"{key}[{place}]", "an incident without id"))
                continue
            yield _incident(row, own_id, lists, updates.get(own_id, []), by_monitor, document)


def _incident(
    row: Fields,
    own_id: str,
    lists: _Lists,
    told: list[IncidentUpdate],
    by_monitor: Mapping[str, Component],
    document: Document,
) -> Incident:
    is_planned = lists.kind is Kind.MAINTENANCE
    updates = oldest_first(told)
    state = _state(row, lists.state)
    last = next((one for one in reversed(updates) if one.phase), None)
    phase = _phase(state, lists) or (last.phase if last else None)
    begins, ends = _moment(row.get("startsAt")), _moment(row.get("endsAt"))
    is_over = phase is not None and phase.is_closed
    return Incident(
        own_id,
        title(row.get("title")) or "Incident",
        lists.kind,
        phase,
        Impact.MAINTENANCE if is_planned else _impact(row),
        created_at=_moment(row.get("createdAt")),
        started_at=None if is_planned else _moment(row.get("declaredAt")) or _moment(row.get("createdAt")),
        resolved_at=last.at if is_over and last else None,
        scheduled_for=begins if is_planned else None,
        scheduled_until=ends if is_planned else None,
        components=_affected(row, by_monitor),
        updates=(*_opening(row, document), *updates),
        raw_phase=title(state.get("name")),
        raw_impact=title(as_mapping(row.get("incidentSeverity")).get("name")),
    )


def _opening(row: Fields, document: Document) -> tuple[IncidentUpdate, ...]:
    """The description, which is what was written first."""
    words, raw = plain(text(row.get("description")))
    at = _moment(row.get("createdAt"))
    is_past = at is not None and at <= document.received_at
    return (IncidentUpdate("description", None, words, at, raw=raw),) if words and is_past else ()


def _phase(state: Fields, lists: _Lists) -> Phase | None:
    """By the flags; an owner's own state between the first and the last changes nothing."""
    return next((phase for name, phase in lists.flags if flag(state.get(name))), None)


def _impact(row: Fields) -> Impact:
    order = as_mapping(row.get("incidentSeverity")).get("order")
    if not isinstance(order, int) or isinstance(order, bool) or order < 1:
        return Impact.UNKNOWN
    return IMPACTS[min(order, len(IMPACTS)) - 1]


def _by_monitor(fields: Fields, resources: Mapping[str, Component]) -> dict[str, Component]:
    found: dict[str, Component] = {}
    for _, row in items(fields.get("statusPageResources"), "", []):
        monitor, component = _id(row.get("monitorId")) or _id(row.get("monitor")), resources.get(_own_id(row))
        if monitor and component:
            found.setdefault(monitor, component)
    return found


def _affected(row: Fields, by_monitor: Mapping[str, Component]) -> tuple[AffectedComponent, ...] | None:
    """The components of this page whose monitors the incident names."""
    listed = row.get("monitors")
    if not isinstance(listed, list):
        return None
    known = dict.fromkeys(by_monitor[_id(one)] for one in listed[:1_000] if _id(one) in by_monitor)
    return tuple(AffectedComponent(one.id, one.name, one.group) for one in known)


def _updates_by_incident(fields: Fields, lists: _Lists, problems: list[Problem]) -> dict[str, list[IncidentUpdate]]:
    """Public notes, and what of the timeline changes the phase."""
    found: dict[str, list[IncidentUpdate]] = {}
    for place, row in items(fields.get(lists.notes), lists.notes, problems):
        owner = _id(row.get(lists.link)) or _id(row.get(lists.link.removesuffix("Id")))
        words, raw = plain(text(row.get("note")))
        if not owner or not words:
            problems.append(Problem(f"{lists.notes}[{place}]", "a note without text, or of no incident"))
            continue
        at = _moment(row.get("postedAt")) or _moment(row.get("createdAt"))
        found.setdefault(owner, []).append(IncidentUpdate(_own_id(row), None, words, at, raw=raw))
    for _, row in items(fields.get(lists.timelines), lists.timelines, problems):
        owner = _id(row.get(lists.link)) or _id(row.get(lists.link.removesuffix("Id")))
        state = _state(row, lists.state) or _state(row, "scheduledMaintenanceState")
        at = _moment(row.get("startsAt")) or _moment(row.get("createdAt"))
        if owner and state:
            update = IncidentUpdate(_own_id(row), _phase(state, lists), "", at, raw_phase=title(state.get("name")))
            found.setdefault(owner, []).append(update)
    return found


# --- recognising -----------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """The keys of the overview, or those of one list with its timelines."""
    fields = sight.fields
    if "statusPageResources" not in fields:
        return False
    return bool(fields.keys() & {"monitorStatuses", "activeIncidents", INCIDENTS.timelines, MAINTENANCES.timelines})


PLATFORM: Final = Platform(
    name=NAME,
    title="OneUptime",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=(VENDOR,),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="UUIDs of incidents, notes, rows of the timeline and resources",
        absence="what is missing from the overview is over; a resource missing from it is gone",
        confidence=Confidence.LOW,
    ),
)
