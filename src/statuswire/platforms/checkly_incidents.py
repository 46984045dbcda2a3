"""The incidents and maintenances of Checkly, in the spellings of its two generations of pages.

    older: {"id", "name", "impact", "startedAt", "stoppedAt", "created_at",
            "incidentUpdates": [{"id", "status", "description"}]}
    newer: {"id", "name", "severity", "lastUpdateStatus", "services": [{"id", "name"}], "created_at", "updated_at",
            "incidentUpdates": [{"id", "status", "description", "publicIncidentUpdateDate"}]}
    summary: {"id", "name", "status", "severity", "startedAt", "updatedAt", "affectedServices", "url"}

Updates stand newest first; those of the older pages show no time. Checked 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from statuswire.model import (
    AffectedComponent,
    Component,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    Phase,
    Problem,
    Status,
)
from statuswire.platforms.addresses import web_url
from statuswire.platforms.checkly_terms import PHASES, SEVERITY_IMPACTS, SEVERITY_LEVELS, Fields, worst
from statuswire.platforms.derived import oldest_first
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    fold_word,
    ident,
    items,
    moment,
    normalise_url,
    plain,
    text,
    title,
)

_CREATED: Final = ("created_at", "createdAt")
_UPDATED: Final = ("updated_at", "updatedAt")
_STARTS: Final = ("startsAt", "starts_at", "startDate", "start", "startedAt")
_ENDS: Final = ("endsAt", "ends_at", "endDate", "end")
_UPDATE_TIMES: Final = ("publicIncidentUpdateDate", *_CREATED)


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the incidents of a document. `url` is the beginning of their addresses, empty where unknown."""

    problems: list[Problem]
    url: str = ""
    groups: Mapping[str, str | None] = field(default_factory=dict)
    """The group of a service by the service's id."""


def first_of(fields: Fields, names: Iterable[str]) -> object:
    """The first of several spellings that has a value."""
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def read_incidents(listed: object, where: str, setting: Setting, *, is_planned: bool = False) -> Iterator[Incident]:
    """One bad incident never hides the others. `is_planned`: they are windows of maintenance."""
    for place, fields in items(listed, where, setting.problems):
        if ident(fields.get("id")):
            yield _incident(fields, f"{where}[{place}]", setting, is_planned=is_planned)
        else:
            setting.problems.append(Problem(f"{where}[{place}]", "an incident without id"))


def read_windows(listed: object, where: str, phase: Phase, setting: Setting) -> Iterator[Incident]:
    """Planned maintenances, whose list tells how far they are."""
    for told in read_incidents(listed, where, setting, is_planned=True):
        yield replace(told, phase=phase, started_at=None if phase is Phase.SCHEDULED else told.scheduled_for)


def _incident(fields: Fields, here: str, setting: Setting, *, is_planned: bool) -> Incident:
    own_id = ident(fields.get("id"))
    severity = text(first_of(fields, ("severity", "impact")), 200)
    impact = choose(severity, SEVERITY_IMPACTS, Impact.UNKNOWN, f"{here}.severity", setting.problems)
    updates = _updates(fields, here, setting.problems)
    word = text(first_of(fields, ("lastUpdateStatus", "status")), 200)
    stopped = moment(fields.get("stoppedAt"))
    is_planned = is_planned or impact is Impact.MAINTENANCE
    created = moment(first_of(fields, _CREATED))
    starts = moment(first_of(fields, _STARTS))
    phase = _phase(word, updates, here, setting.problems, is_planned=is_planned, is_over=stopped is not None)
    url = web_url(fields.get("url")) or (f"{setting.url}/{own_id}" if setting.url else "")
    return Incident(
        id=own_id,
        title=title(first_of(fields, ("name", "title"))),
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase=phase,
        impact=Impact.MAINTENANCE if is_planned else impact,
        url=url,
        created_at=created,
        started_at=starts or created,
        resolved_at=stopped,
        updated_at=moment(first_of(fields, _UPDATED)),
        scheduled_for=starts if is_planned else None,
        scheduled_until=moment(first_of(fields, _ENDS)) if is_planned else None,
        components=_affected(fields, _level(severity, phase, is_planned=is_planned), setting),
        updates=updates,
        aliases=(normalise_url(url),) if url else (),
        raw_phase=word or (updates[-1].raw_phase if updates else ""),
        raw_impact=severity,
    )


def _phase(
    word: str,
    updates: tuple[IncidentUpdate, ...],
    here: str,
    problems: list[Problem],
    *,
    is_planned: bool,
    is_over: bool,
) -> Phase:
    """That it was stopped; else its word, else that of the newest update, else it has just begun."""
    over = Phase.COMPLETED if is_planned else Phase.RESOLVED
    if is_over:
        return over
    told = choose(word, PHASES, Phase.UNKNOWN, f"{here}.status", problems) if word else None
    told = told or next((update.phase for update in reversed(updates) if update.phase), None)
    if is_planned and told in (None, Phase.RESOLVED):
        return Phase.IN_PROGRESS if told is None else over
    return told or Phase.INVESTIGATING


def _level(severity: str, phase: Phase, *, is_planned: bool) -> Status:
    """What the severity means for the services named, as long as it goes on."""
    if phase.is_closed:
        return Status.UNKNOWN
    return Status.MAINTENANCE if is_planned else SEVERITY_LEVELS.get(fold_word(severity), Status.UNKNOWN)


def _affected(fields: Fields, level: Status, setting: Setting) -> tuple[AffectedComponent, ...] | None:
    """The services that it names, all at one level; None where it does not speak of services."""
    listed = first_of(fields, ("services", "affectedServices"))
    if not isinstance(listed, list):
        return None
    found = ((ident(row.get("id")), title(row.get("name")), row) for row in map(as_mapping, listed))
    return tuple(
        AffectedComponent(own_id, name, setting.groups.get(own_id) or title(row.get("group")) or None, level)
        for own_id, name, row in found
        if own_id or name
    )


def _updates(fields: Fields, here: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    where = f"{here}.incidentUpdates"
    rows = list(items(fields.get("incidentUpdates"), where, problems))
    return oldest_first(_update(row, f"{where}[{place}]", problems) for place, row in reversed(rows))


def _update(fields: Fields, here: str, problems: list[Problem]) -> IncidentUpdate:
    word = text(fields.get("status"), 200)
    said, raw = plain(text(fields.get("description")))
    return IncidentUpdate(
        id=ident(fields.get("id")),
        phase=choose(word, PHASES, Phase.UNKNOWN, f"{here}.status", problems) if word else None,
        text=said,
        at=moment(first_of(fields, _UPDATE_TIMES)),
        updated_at=moment(first_of(fields, _UPDATED)),
        raw=raw,
        raw_phase=word,
    )


# --- levels ------------------------------------------------------------------------------------------------------


def with_levels(rows: Iterable[Component], incidents: Iterable[Incident]) -> tuple[Component, ...]:
    """The services at the worst level of what goes on and names them: a service has no level of its own here."""
    levels: dict[str, list[Status]] = {}
    for incident in incidents:
        for named in incident.components or () if _goes_on(incident) else ():
            levels.setdefault(named.id, []).append(named.status)
    return tuple(replace(row, status=worst(levels.get(row.id, ()))) for row in rows)


def _goes_on(incident: Incident) -> bool:
    return incident.phase is not None and not incident.phase.is_closed and incident.phase is not Phase.SCHEDULED
