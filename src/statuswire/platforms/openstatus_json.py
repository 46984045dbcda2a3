"""`/feed/json` of an OpenStatus page: all of it, with the ids that hooks and feeds use too.

    {"title", "status", "updatedAt", "monitors": [{"id", "name", "status"}],
     "pageComponents": [{"id", "name", "monitorId", "order", "groupId", "groupOrder"}],
     "pageComponentGroups": [{"id", "name"}],
     "maintenances": [{"id", "name", "message", "maintenanceUpdates"?: [{"id", "message", "date", "updatedAt"}],
                       "from", "to", "updatedAt", "pageComponents": [id]}],
     "statusReports": [{"id", "title", "status", "updatedAt", "pageComponents": [id],
                        "statusReportUpdates": [{"id", "status", "message", "date", "updatedAt"}]}]}

From the vendor's source, checked 2026-11. `updatedAt` at the top is the moment of the answer and says nothing. A
component has no level of its own: it has that of its monitor, and one without a monitor follows what is open on it, as
on the page itself: in maintenance while one is under way, degraded while a report is open. Pages of before components
have monitors in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from statuswire.platforms.derived import is_whole, oldest_first, worst_impact
from statuswire.platforms.openstatus_terms import (
    LEVELS,
    NAME,
    PHASES,
    Fields,
    maintenance_id,
    maintenance_url,
    planned_phase,
    report_url,
)
from statuswire.platforms.parts import is_list
from statuswire.platforms.reading import choose, ident, items, moment, normalise_url, plain, text, title
from statuswire.platforms.remembering import Now, remembered

PATH = "/feed/json"


@dataclass(frozen=True, slots=True)
class _Setting:
    """What surrounds a report: the page's address, when the document was made, the components by id."""

    base: str
    now: Now
    problems: list[Problem]
    rows: Mapping[str, AffectedComponent]


def is_page_document(fields: Fields) -> bool:
    """Whether the keys are those of the document, of today or of before components."""
    lists = ("statusReports", "maintenances", "monitors")
    has_lists = all(is_list(fields.get(key)) for key in lists) or "pageComponents" in fields
    return has_lists and "statusReports" in fields and "updatedAt" in fields and "title" in fields


def read_page_document(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of the document; raises ParseError where the shape is another one."""
    if not is_page_document(fields):
        raise ParseError(ParseReason.SHAPE, "not an OpenStatus document: no title with statusReports and maintenances")
    base = document.url.partition(PATH)[0] if PATH in document.url else ""
    problems: list[Problem] = []
    key = "pageComponents" if is_list(fields.get("pageComponents")) else "monitors"
    lists = (fields.get("monitors"), fields.get("pageComponentGroups"))
    listed, affected = _components(fields.get(key), key, problems, *lists)
    around = (key, base, Now(document.served_at), affected)
    planned = _listed_maintenance.each(fields.get("maintenances"), "maintenances", problems, *around)
    reports = _listed_report.each(fields.get("statusReports"), "statusReports", problems, *around)
    incidents = [*planned.found, *reports.found]
    rows = _levelled(listed, incidents)
    levels = _as_affected(rows.values())
    return Snapshot(
        platform=NAME,
        page=_page(fields, base, problems),
        covers=_covers(fields, key, problems),
        components=tuple(rows.values()),
        incidents=tuple(_with_levels(incident, levels) for incident in incidents),
        problems=tuple(problems),
    )


def _page(fields: Fields, base: str, problems: list[Problem]) -> PageFacts:
    word = text(fields.get("status"), 200)
    return PageFacts(
        name=title(fields.get("title")) or None,
        url=base or None,
        status=choose(word, LEVELS, Status.UNKNOWN, "status", problems) if word else None,
        status_text=word,
    )


def _covers(fields: Fields, components: str, problems: Sequence[Problem]) -> frozenset[Cover]:
    lists = (
        (Cover.COMPONENTS, components),
        (Cover.OPEN_INCIDENTS, "statusReports"),
        (Cover.OPEN_MAINTENANCES, "maintenances"),
    )
    return frozenset(cover for cover, key in lists if is_whole(fields.get(key), key, problems))


# --- components ------------------------------------------------------------------------------------------------


@remembered
def _components(
    listed: object, key: str, problems: list[Problem], monitors: object, listed_groups: object
) -> tuple[dict[str, Component], dict[str, AffectedComponent]]:
    """By id, in document order, and as reports name them. `lacks_status` marks those that neither have a level nor a
    monitor with one."""
    words = {ident(row.get("id")): row.get("status") for _, row in items(monitors, "monitors", problems)}
    groups = {
        ident(row.get("id")): title(row.get("name")) for _, row in items(listed_groups, "pageComponentGroups", problems)
    }
    found: dict[str, Component] = {}
    for index, row in items(listed, key, problems):
        row_id = ident(row.get("id"))
        if not row_id:
            problems.append(Problem(f"{key}[{index}]", "a component without an id"))
            continue
        word = text(row.get("status"), 200) or text(words.get(ident(row.get("monitorId"))), 200)
        found.setdefault(
            row_id,
            Component(
                id=row_id,
                name=title(row.get("name")) or row_id,
                group=groups.get(ident(row.get("groupId"))) or None,
                status=choose(word, LEVELS, Status.UNKNOWN, f"{key}[{index}].status", problems),
                raw_status=word,
                position=_place(row.get("groupOrder")) if row.get("groupId") else _place(row.get("order")),
                lacks_status=not word,
            ),
        )
    return found, _as_affected(found.values())


def _place(value: object) -> int:
    return value if isinstance(value, int) and abs(value) < 2**31 else 0


def _levelled(rows: Mapping[str, Component], incidents: Sequence[Incident]) -> dict[str, Component]:
    """The components, each with a level: that of its own, else that which follows from what is open on it."""
    derived: dict[str, Status] = {}
    for incident in incidents:
        level = _level_of(incident)
        for touched in incident.components or ():
            if derived.get(touched.id) is not Status.MAINTENANCE and level is not Status.OPERATIONAL:
                derived[touched.id] = level
    return {
        row_id: replace(row, status=derived.get(row_id, Status.OPERATIONAL), lacks_status=False)
        if row.lacks_status
        else row
        for row_id, row in rows.items()
    }


def _level_of(incident: Incident) -> Status:
    if incident.kind is Kind.MAINTENANCE:
        return Status.MAINTENANCE if incident.phase is Phase.IN_PROGRESS else Status.OPERATIONAL
    return Status.DEGRADED if _is_open(incident) else Status.OPERATIONAL


def _is_open(incident: Incident) -> bool:
    return incident.phase is not None and not incident.phase.is_closed


def _with_levels(incident: Incident, rows: Mapping[str, AffectedComponent]) -> Incident:
    """The incident with the present level of its components, and from these its impact while it is open."""
    if not incident.components:
        return incident
    affected = tuple(rows.get(one.id, one) for one in incident.components)
    impact = incident.impact
    if incident.kind is Kind.INCIDENT and _is_open(incident):
        impact = worst_impact({one.status for one in affected})
    return replace(incident, components=affected, impact=impact)


# --- reports and maintenances ----------------------------------------------------------------------------------


@remembered
def _listed_report(
    row: Fields,
    where: str,
    problems: list[Problem],
    key: str,
    base: str,
    now: Now,
    rows: Mapping[str, AffectedComponent],
) -> Incident | None:
    own_id = ident(row.get("id"))
    if own_id:
        return _report(own_id, row, where, key, _Setting(base, now, problems, rows))
    problems.append(Problem(where, "a report without an id"))
    return None


def _report(own_id: str, row: Fields, where: str, key: str, setting: _Setting) -> Incident:
    word = text(row.get("status"), 200)
    updates = oldest_first(_updates(row.get("statusReportUpdates"), f"{where}.statusReportUpdates", setting.problems))
    phase = choose(word, PHASES, Phase.UNKNOWN, f"{where}.status", setting.problems) if word else None
    begun = updates[0].at if updates else None
    url = report_url(setting.base, own_id)
    return Incident(
        id=own_id,
        title=title(row.get("title")) or own_id,
        phase=phase,
        url=url,
        created_at=begun,
        started_at=begun,
        resolved_at=updates[-1].at if phase is Phase.RESOLVED and updates else None,
        updated_at=moment(row.get("updatedAt")),
        components=_affected(row.get(key), setting.rows),
        updates=updates,
        aliases=(normalise_url(url),) if url else (),
        raw_phase=word,
    )


def _updates(listed: object, where: str, problems: list[Problem]) -> Iterator[IncidentUpdate]:
    """In any order. The updates of a maintenance have no status: its window says where it stands."""
    for index, row in items(listed, where, problems):
        word = text(row.get("status"), 200)
        body, raw = plain(text(row.get("message")))
        yield IncidentUpdate(
            id=ident(row.get("id")),
            phase=choose(word, PHASES, Phase.UNKNOWN, f"{where}[{index}].status", problems) if word else None,
            text=body,
            at=moment(row.get("date")),
            updated_at=moment(row.get("updatedAt")),
            raw=raw,
            raw_phase=word,
        )


@remembered
def _listed_maintenance(
    row: Fields,
    where: str,
    problems: list[Problem],
    key: str,
    base: str,
    now: Now,
    rows: Mapping[str, AffectedComponent],
) -> Incident | None:
    own_id = ident(row.get("id"))
    if own_id:
        return _maintenance(own_id, row, where, key, _Setting(base, now, problems, rows))
    problems.append(Problem(where, "a maintenance without an id"))
    return None


def _maintenance(own_id: str, row: Fields, where: str, key: str, setting: _Setting) -> Incident:
    begins, ends = moment(row.get("from")), moment(row.get("to"))
    updated_at = moment(row.get("updatedAt"))
    updates = oldest_first(_updates(row.get("maintenanceUpdates"), f"{where}.maintenanceUpdates", setting.problems))
    url = maintenance_url(setting.base, own_id)
    return Incident(
        id=maintenance_id(own_id),
        title=title(row.get("name")) or own_id,
        kind=Kind.MAINTENANCE,
        phase=planned_phase(begins, ends, setting.now),
        impact=Impact.MAINTENANCE,
        url=url,
        created_at=updates[0].at if updates else None,
        updated_at=updated_at,
        scheduled_for=begins,
        scheduled_until=ends,
        components=_affected(row.get(key), setting.rows),
        updates=updates or _only_message(own_id, row, updated_at),
        aliases=(normalise_url(url),) if url else (),
    )


def _only_message(own_id: str, row: Fields, updated_at: datetime | None) -> tuple[IncidentUpdate, ...]:
    """The message of a maintenance without updates: one, that is edited in place and so needs a lasting id."""
    body, raw = plain(text(row.get("message")))
    if not body:
        return ()
    return (IncidentUpdate(maintenance_id(own_id), None, body, updated_at, updated_at=updated_at, raw=raw),)


def _affected(listed: object, rows: Mapping[str, AffectedComponent]) -> tuple[AffectedComponent, ...] | None:
    """The components that a report names by id, each once; None where it names no list."""
    if not isinstance(listed, list):
        return None
    named = dict.fromkeys(value for value in listed if isinstance(value, int | str))
    found = (rows.get(str(value)) or AffectedComponent(ident(value), "") for value in named)
    return tuple(one for one in found if one.id)


def _as_affected(rows: Iterable[Component]) -> dict[str, AffectedComponent]:
    """The components as reports name them, made once: thousands of reports may name them all."""
    return {row.id: AffectedComponent(row.id, row.name, row.group, row.status) for row in rows}
