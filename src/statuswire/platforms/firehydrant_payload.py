"""`/data/payload.json` of a FireHydrant page: what the page itself is drawn from, with the whole history.

    {"components": [{"id", "name"}], "conditions": {"Slow": "DEGRADED", "Gone": "OFFLINE", "Fine": "OPERATIONAL"},
     "incidents": [{"id", "title", "severitySlug": "SEV2", "components": [{"id", "name", "condition": "Slow"}],
       "timestamps": {"detected", "started", "resolved"},
       "timeline": [{"occurredAt", "time", "details": {"note": "..."} or {"note": {"note": "..."}}}]}]}

Known from a working client of 2026-07, which checked it on two pages; checked 2026-11. Conditions have names of the
owner's own, which the table `conditions` explains. A component has no level of its own: it is the worst that the open
incidents say. An incident goes on while it has no `resolved`; nothing else tells its phase. Severities may be the
owner's own too; `MAINTENANCE` is one that makes a maintenance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.derived import is_whole, oldest_first, worst_impact
from statuswire.platforms.reading import as_mapping, choose, fold_word, ident, items, moment, plain, text, title
from statuswire.platforms.vendors.rows import worst_rows

Fields = Mapping[str, object]

LEVELS: Final[Mapping[str, Status]] = {
    "operational": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "offline": Status.MAJOR_OUTAGE,
}
SEVERITIES: Final[Mapping[str, Impact]] = {
    "sev1": Impact.CRITICAL,
    "sev2": Impact.MAJOR,
    "sev3": Impact.MINOR,
    "sev4": Impact.MINOR,
    "maintenance": Impact.MAINTENANCE,
    "unset": Impact.UNKNOWN,
}
_KEYS: Final = frozenset({"components", "conditions", "incidents"})


@dataclass(frozen=True, slots=True)
class _Reading:
    platform: str
    conditions: Fields
    now: datetime
    problems: list[Problem]


def is_payload(fields: Fields) -> bool:
    return fields.keys() >= _KEYS and isinstance(fields["conditions"], dict) and isinstance(fields["incidents"], list)


def read_payload(platform: str, fields: Fields, document: Document) -> Snapshot:
    """All components and incidents. The caller has seen that it is a payload."""
    reading = _Reading(platform, as_mapping(fields["conditions"]), document.served_at, [])
    problems = reading.problems
    told = [
        _incident(row, f"incidents[{place}]", reading)
        for place, row in items(fields["incidents"], "incidents", problems)
    ]
    incidents = {one.id: one for one in told if one is not None}
    rows = _rows(fields["components"], incidents.values(), problems)
    is_all = is_whole(fields["incidents"], "incidents", problems) and is_whole(
        fields["components"], "components", problems
    )
    covers = frozenset({Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}) if is_all else frozenset()
    return Snapshot(
        platform, covers=covers, components=rows, incidents=tuple(incidents.values()), problems=tuple(problems)
    )


# --- components --------------------------------------------------------------------------------------------------


def _rows(listed: object, incidents: Iterable[Incident], problems: list[Problem]) -> tuple[Component, ...]:
    """Each at the worst that what goes on says of it."""
    rows = []
    for place, row in items(listed, "components", problems):
        own_id, name = ident(row.get("id")), title(row.get("name"))
        if own_id and name:
            rows.append(Component(own_id, name, status=Status.OPERATIONAL, position=place))
        else:
            problems.append(Problem(f"components[{place}]", "a component without id or name"))
    known = {row.id: row for row in rows}
    hit = [
        Component(one.id, known[one.id].name, status=one.status, position=known[one.id].position)
        for incident in incidents
        if incident.phase in (Phase.INVESTIGATING, Phase.IN_PROGRESS)
        for one in incident.components or ()
        if one.id in known
    ]
    return worst_rows([*rows, *hit])


def _affected(row: Fields, where: str, reading: _Reading, *, is_maintenance: bool) -> tuple[AffectedComponent, ...]:
    found = []
    for place, part in items(row.get("components"), where, reading.problems):
        word = text(part.get("condition"), 100)
        canonical = text(reading.conditions.get(word), 60) or word
        level = choose(canonical, LEVELS, Status.UNKNOWN, f"{where}[{place}].condition", reading.problems)
        status = Status.MAINTENANCE if is_maintenance else level
        found.append(AffectedComponent(ident(part.get("id")), title(part.get("name")), None, status))
    return tuple(found)


# --- incidents ---------------------------------------------------------------------------------------------------


def _incident(row: Fields, where: str, reading: _Reading) -> Incident | None:
    own_id = ident(row.get("id"))
    if not own_id:
        reading.problems.append(Problem(where, "an incident without id"))
        return None
    stamps = as_mapping(row.get("timestamps"))
    began = moment(stamps.get("started")) or moment(stamps.get("detected"))
    ended = moment(stamps.get("resolved"))
    word = text(row.get("severitySlug"), 60)
    is_maintenance = fold_word(word) == "maintenance"
    if ended is not None:
        # Its words may be of a table that is no longer there, and tell nothing of the present.
        reading = replace(reading, problems=[])
    parts = _affected(row, f"{where}.components", reading, is_maintenance=is_maintenance)
    impact = choose(word, SEVERITIES, Impact.UNKNOWN, f"{where}.severitySlug", reading.problems)
    return Incident(
        id=own_id,
        title=title(row.get("title")),
        kind=Kind.MAINTENANCE if is_maintenance else Kind.INCIDENT,
        phase=_phase(began, ended, reading.now, is_maintenance=is_maintenance),
        impact=worst_impact(one.status for one in parts) if impact is Impact.UNKNOWN else impact,
        created_at=moment(stamps.get("detected")) or (None if is_maintenance else began),
        started_at=None if is_maintenance else began,
        resolved_at=ended,
        scheduled_for=began if is_maintenance else None,
        components=parts,
        updates=_updates(row.get("timeline"), f"{where}.timeline", reading),
        raw_impact=word,
    )


def _phase(began: datetime | None, ended: datetime | None, now: datetime, *, is_maintenance: bool) -> Phase:
    if not is_maintenance:
        return Phase.INVESTIGATING if ended is None else Phase.RESOLVED
    if ended is not None:
        return Phase.COMPLETED
    return Phase.SCHEDULED if began is not None and began > now else Phase.IN_PROGRESS


def _updates(listed: object, where: str, reading: _Reading) -> tuple[IncidentUpdate, ...]:
    """The entries with a note; the others are marks of the owner's own."""
    told = []
    for _, entry in items(listed, where, reading.problems):
        note = as_mapping(entry.get("details")).get("note")
        said, raw = plain(text(as_mapping(note).get("note") if isinstance(note, dict) else note))
        if said:
            at = moment(entry.get("occurredAt")) or moment(entry.get("time"))
            told.append(IncidentUpdate(ident(entry.get("id")), None, said, at, raw=raw))
    return oldest_first(told)
