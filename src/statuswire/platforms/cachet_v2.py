"""Documents of Cachet 2.3 and 2.4: `{"meta": {"pagination": {...}}, "data": [...]}` (checked 2026-11).

    component {id, name, status, group_id, enabled, order, created_at, updated_at, deleted_at}
    group     {id, name, order, enabled_components: [component]}
    incident  {id, component_id (0: none), name, message, status, latest_status, permalink, occurred_at, created_at,
               updated_at, scheduled_at, deleted_at, updates: [{id, incident_id, status, message, created_at}]}
    schedule  {id, name, message, status, scheduled_at, completed_at, components}

The vendor's documents are known from a capture of its demo (2026-09) and from a client's tests (2015 to 2018); there
the updates stand inside the incident, newest first, which older releases leave out. `meta` may be an empty list. A
component tells only the number of its group; the groups' own document has the name, and not the components without one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.cachet_snapshot import covers_of, snapshot_of
from statuswire.platforms.cachet_terms import (
    LEVELS_2,
    NAME,
    PHASES_2,
    ROLL_UPS,
    SCHEDULE_PHASES,
    is_disabled,
    level,
    opening,
    phase,
    stamp,
    update,
    web_address,
)
from statuswire.platforms.derived import oldest_first, worst_impact
from statuswire.platforms.reading import as_mapping, choose, ident, items, normalise_url, text, title

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Reading:
    document: Document
    problems: list[Problem]

    @property
    def zone(self) -> str | None:
        return self.document.time_zone

    def at(self, value: object) -> datetime | None:
        return stamp(value, self.zone)


def is_document(fields: Fields) -> bool:
    """Whether the shape is that of version 2: rows of a known kind, or no rows under its own pagination."""
    return kind_of(fields) != "" or _is_empty_list(fields)


def _is_empty_list(fields: Fields) -> bool:
    links = as_mapping(as_mapping(as_mapping(fields.get("meta")).get("pagination")).get("links"))
    return fields.get("data") == [] and {"next_page", "previous_page"} <= links.keys()


_SIGNS: tuple[tuple[str, frozenset[str]], ...] = (
    ("updates", frozenset({"incident_id", "human_status", "message"})),
    ("incidents", frozenset({"latest_human_status", "message", "status"})),
    ("incidents", frozenset({"component_id", "human_status", "message"})),
    ("schedules", frozenset({"scheduled_at", "completed_at", "human_status"})),
    ("components", frozenset({"group_id", "status_name", "status"})),
    ("groups", frozenset({"enabled_components", "lowest_human_status"})),
)
"""The keys by which a row shows what it is of, first match first."""


def kind_of(fields: Fields) -> str:
    """What the rows of a document are; empty where they show nothing of Cachet 2."""
    data = fields.get("data")
    row = as_mapping(data[0] if isinstance(data, list) and data else data)
    return next((kind for kind, keys in _SIGNS if keys <= row.keys()), "")


def read(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of any document of version 2; raises ParseError where it is none."""
    reading = _Reading(document, [])
    data = fields.get("data")
    if isinstance(data, dict) and "message" in data and not kind_of(fields):
        return _roll_up(data, reading)
    kind = kind_of(fields) or _kind_of_url(document.url)
    if kind not in _READERS and _is_empty_list(fields):
        return snapshot_of(reading.document, reading.problems)
    if kind not in _READERS or not isinstance(data, list | dict):
        raise ParseError(ParseReason.SHAPE, "not a Cachet document: no components, incidents or schedules in `data`")
    return _READERS[kind]([data] if isinstance(data, dict) else data, reading, _is_one_page(fields))


def _kind_of_url(url: str) -> str:
    """For a list without rows, which shows nothing."""
    path = url.partition("?")[0].rstrip("/")
    return path.rpartition("/")[2] if "/api/v1/" in path else ""


def _is_one_page(fields: Fields) -> bool:
    """Whether the document says that all there is fits on this one page."""
    pages = as_mapping(as_mapping(fields.get("meta")).get("pagination"))
    links = as_mapping(pages.get("links"))
    return text(pages.get("total_pages")) in ("0", "1") and not any(links.values())


# --- roll-up and components ------------------------------------------------------------------------------------


def _roll_up(data: Fields, reading: _Reading) -> Snapshot:
    word = data.get("status")
    page = PageFacts(
        status=choose(word, ROLL_UPS, Status.UNKNOWN, "data.status", reading.problems),
        status_text=title(data.get("message")),
    )
    return Snapshot(platform=NAME, page=page, problems=tuple(reading.problems))


def _components(rows: list[object], reading: _Reading, is_last: bool) -> Snapshot:
    found = _component_rows(rows, "data", None, reading)
    return snapshot_of(
        reading.document,
        reading.problems,
        components=tuple(found.values()),
        covers=covers_of(Cover.COMPONENTS, rows, reading.problems, is_last=is_last),
    )


def _groups(rows: list[object], reading: _Reading, _: bool) -> Snapshot:
    """Covers nothing: what stands in no group is not here. Of a component it is asked for the name of its group alone:
    how it is says the list of components, which is read more often."""
    found: dict[str, Component] = {}
    for index, group in items(rows, "data", reading.problems):
        listed = group.get("enabled_components")
        place = f"data[{index}].enabled_components"
        if isinstance(listed, list):
            found |= _component_rows(listed, place, title(group.get("name")) or None, reading)
    grouped = tuple(replace(one, lacks_status=True, lacks_group=False, updated_at=None) for one in found.values())
    return snapshot_of(reading.document, reading.problems, components=grouped)


def _component_rows(rows: list[object], where: str, group: str | None, reading: _Reading) -> dict[str, Component]:
    """The components by id, without those that the page does not show."""
    found: dict[str, Component] = {}
    for index, row in items(rows, where, reading.problems):
        component_id, name = ident(row.get("id")), title(row.get("name"))
        if row.get("deleted_at") or is_disabled(row):
            continue
        if component_id and name:
            found[component_id] = _component(component_id, name, row, group, f"{where}[{index}]", reading)
        else:
            reading.problems.append(Problem(f"{where}[{index}]", "a component without id or name"))
    return found


def _component(
    component_id: str, name: str, row: Fields, group: str | None, where: str, reading: _Reading
) -> Component:
    status, word = level(row.get("status"), LEVELS_2, f"{where}.status", reading.problems)
    order = row.get("order")
    return Component(
        id=component_id,
        name=name,
        group=group,
        lacks_group=ident(row.get("group_id")) not in ("", "0"),
        status=status,
        raw_status=word,
        updated_at=reading.at(row.get("updated_at")) if reading.zone else None,
        position=order if isinstance(order, int) and 0 <= order < 2**31 else 0,
    )


# --- incidents -------------------------------------------------------------------------------------------------


def _incidents(rows: list[object], reading: _Reading, is_last: bool) -> Snapshot:
    """A whole list covers what is open: what is not in it was deleted. One that is cut covers nothing."""
    found: list[Incident] = []
    for index, row in items(rows, "data", reading.problems):
        if row.get("deleted_at"):
            continue
        if ident(row.get("id")):
            found.append(_incident(row, f"data[{index}]", reading))
        else:
            reading.problems.append(Problem(f"data[{index}]", "an incident without id"))
    return snapshot_of(
        reading.document,
        reading.problems,
        incidents=tuple(found),
        covers=covers_of(Cover.OPEN_INCIDENTS, rows, reading.problems, is_last=is_last),
    )


def _incident(row: Fields, where: str, reading: _Reading) -> Incident:
    first, first_word = phase(row.get("status"), PHASES_2, f"{where}.status", reading.problems)
    latest, latest_word = phase(row.get("latest_status"), PHASES_2, f"{where}.latest_status", reading.problems)
    now, word = (latest, latest_word) if latest_word else (first, first_word)
    kind = Kind.MAINTENANCE if now is Phase.SCHEDULED else Kind.INCIDENT
    created_at = reading.at(row.get("created_at"))
    began = reading.at(row.get("occurred_at")) or created_at
    updates = _updates(row.get("updates"), f"{where}.updates", reading)
    # Posting an update may also move the status of the incident itself: then nothing tells what it was at first.
    own = (first, first_word) if updates and first is not now else (None, "")
    told = (*opening(*own, row.get("message"), began), *updates)
    url = web_address(row.get("permalink"))
    affected = _affected(row, where, reading)
    return Incident(
        id=ident(row.get("id")),
        title=title(row.get("name")),
        kind=kind,
        phase=now,
        impact=Impact.MAINTENANCE if kind is Kind.MAINTENANCE else worst_impact(one.status for one in affected),
        url=url,
        created_at=created_at,
        started_at=began if kind is Kind.INCIDENT else None,
        resolved_at=_fixed_at(updates) if now is Phase.RESOLVED else None,
        updated_at=_newest(reading.at(row.get("updated_at")), updates),
        scheduled_for=reading.at(row.get("scheduled_at")),
        components=affected,
        updates=oldest_first(told),
        aliases=(normalise_url(url),) if url else (),
        raw_phase=word,
    )


def _newest(updated_at: datetime | None, updates: tuple[IncidentUpdate, ...]) -> datetime | None:
    """A new update may leave the incident's own stamp where it was."""
    stamps = [updated_at, *(one.at for one in updates)]
    return max((one for one in stamps if one), default=None)


def _fixed_at(updates: tuple[IncidentUpdate, ...]) -> datetime | None:
    return next((one.at for one in reversed(updates) if one.phase is Phase.RESOLVED), None)


def _affected(row: Fields, where: str, reading: _Reading) -> tuple[AffectedComponent, ...]:
    """The one component an incident of version 2 can name, by its id; its name stands in another document."""
    shown = as_mapping(row.get("component"))
    component_id = ident(row.get("component_id")) or ident(shown.get("id"))
    if component_id in ("", "0"):
        return ()
    value = row.get("component_status") or shown.get("status")
    status = level(value, LEVELS_2, f"{where}.component_status", reading.problems)[0]
    return (AffectedComponent(component_id, title(shown.get("name")), None, status),)


def _updates(listed: object, where: str, reading: _Reading) -> tuple[IncidentUpdate, ...]:
    """Oldest first; listed newest first, which decides between equal times."""
    found = []
    for index, row in items(listed, where, reading.problems):
        if not ident(row.get("id")):
            reading.problems.append(Problem(f"{where}[{index}]", "an update without id"))
            continue
        told = phase(row.get("status"), PHASES_2, f"{where}[{index}].status", reading.problems)
        found.append(update(ident(row.get("id")), *told, row.get("message"), reading.at(row.get("created_at"))))
    return oldest_first(reversed(found))


def _updates_alone(rows: list[object], reading: _Reading, _: bool) -> Snapshot:
    """The updates of one incident, from `/incidents/<id>/updates`."""
    by_incident: dict[str, list[object]] = {}
    for index, row in items(rows, "data", reading.problems):
        incident_id = ident(row.get("incident_id"))
        if incident_id:
            by_incident.setdefault(incident_id, []).append(row)
        else:
            reading.problems.append(Problem(f"data[{index}]", "an update of no incident"))
    incidents = (
        Incident(id=incident_id, title="", updates=_updates(listed, "data", reading))
        for incident_id, listed in by_incident.items()
    )
    return snapshot_of(reading.document, reading.problems, incidents=tuple(incidents))


# --- schedules -------------------------------------------------------------------------------------------------


def _schedules(rows: list[object], reading: _Reading, _: bool) -> Snapshot:
    """Covers nothing: old releases keep their maintenances among the incidents."""
    found = []
    for index, row in items(rows, "data", reading.problems):
        if ident(row.get("id")) and not row.get("deleted_at"):
            found.append(_schedule(row, f"data[{index}]", reading))
        elif not row.get("deleted_at"):
            reading.problems.append(Problem(f"data[{index}]", "a schedule without id"))
    return snapshot_of(reading.document, reading.problems, incidents=tuple(found))


def _schedule(row: Fields, where: str, reading: _Reading) -> Incident:
    now, word = phase(row.get("status"), SCHEDULE_PHASES, f"{where}.status", reading.problems)
    created_at, begins = reading.at(row.get("created_at")), reading.at(row.get("scheduled_at"))
    ends = reading.at(row.get("completed_at"))
    return Incident(
        id=f"schedule/{ident(row.get('id'))}",
        title=title(row.get("name")),
        kind=Kind.MAINTENANCE,
        phase=now,
        impact=Impact.MAINTENANCE,
        created_at=created_at,
        resolved_at=ends if now is Phase.COMPLETED else None,
        updated_at=reading.at(row.get("updated_at")),
        scheduled_for=begins,
        scheduled_until=ends if begins and ends and ends >= begins else None,
        components=_scheduled_components(row.get("components"), f"{where}.components", reading),
        updates=opening(None, "", row.get("message"), created_at),
        raw_phase=word,
    )


def _scheduled_components(listed: object, where: str, reading: _Reading) -> tuple[AffectedComponent, ...] | None:
    """Rows are components, or links to them by `component_id`."""
    if not isinstance(listed, list):
        return None
    rows = items(listed, where, reading.problems)
    named = ((ident(row.get("component_id")) or ident(row.get("id")), title(row.get("name"))) for _, row in rows)
    return tuple(AffectedComponent(component_id, name) for component_id, name in named if component_id)


# --- all -------------------------------------------------------------------------------------------------------

_READERS: dict[str, Callable[[list[object], _Reading, bool], Snapshot]] = {
    "components": _components,
    "groups": _groups,
    "incidents": _incidents,
    "updates": _updates_alone,
    "schedules": _schedules,
}


def wanted_updates(fields: Fields) -> tuple[str, ...]:
    """The ids of incidents that go on and whose updates stand in a document of their own (old releases)."""
    data = fields.get("data")
    if kind_of(fields) != "incidents" or not isinstance(data, list):
        return ()
    rows = [as_mapping(row) for row in data]
    open_ones = (row for row in rows if text(row.get("latest_status") or row.get("status")) not in ("4", "0"))
    return tuple(ident(row.get("id")) for row in open_ones if "updates" not in row and ident(row.get("id")))
