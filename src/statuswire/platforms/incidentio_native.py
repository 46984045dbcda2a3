"""incident.io's native documents, those that its own pages are drawn from: `/proxy/<host>` and below.

Undocumented and tolerantly read. Shapes (from captured pages and public clients, checked 2026-11):

- `{"summary": {...}}`: components, structure, what is not operational, ongoing incidents, maintenances;
- `{"incidents": [...]}`: the history with every update; `{"incident": {...}}`: one of them;
- `{"component_impacts": [...]}`: intervals for uptime charts, which tell nothing that the others do not.

`affected_components` lists only what is not operational. Order of updates is not promised. Impact is never sent: it is
the worst level that a component reached. A ULID begins with the milliseconds of its making.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
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
from statuswire.platforms.incidentio_terms import (
    NAME,
    incident_url,
    kind_of,
    phase_of,
    status_of,
    worst_impact,
)
from statuswire.platforms.parts import is_list
from statuswire.platforms.reading import as_mapping, flag, ident, items, moment, plain, text, title, ulid_time
from statuswire.platforms.remembering import remembered

_LISTS: tuple[tuple[str, Cover], ...] = (
    ("ongoing_incidents", Cover.OPEN_INCIDENTS),
    ("in_progress_maintenances", Cover.OPEN_MAINTENANCES),
    ("scheduled_maintenances", Cover.OPEN_MAINTENANCES),
)
_STARTS = ("starts_at", "scheduled_for", "scheduled_start_at", "start_at", "started_at")
_ENDS = ("ends_at", "scheduled_until", "scheduled_end_at", "end_at")
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_RICH_DEPTH = 64
_LINE_BREAKS = frozenset({"hardBreak", "lineBreak"})
_BLOCKS = frozenset({"paragraph", "heading", "listItem", "codeBlock", "blockquote"})


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page: a component with the group it stands in."""

    id: str
    name: str
    group: str | None = None
    is_hidden: bool = False


Rows = Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Interval:
    """How bad one component was, and when; `end` None: it still is."""

    status: Status
    start: datetime | None
    end: datetime | None


# --- documents -------------------------------------------------------------------------------------------------


def read_summary(summary: Mapping[str, object]) -> Snapshot:
    """The present state of a page, its object opened one level or more. Covers each list that is there and whose every
    item could be read."""
    problems: list[Problem] = []
    rows = read_rows(summary, problems)
    page_url = text(summary.get("public_url")).rstrip("/")
    incidents: dict[str, Incident] = {}
    covers: set[Cover] = set()
    spoiled: set[Cover] = set()
    for key, cover in _LISTS:
        listed = summary.get(key)
        read = read_listed.each(listed, key, problems, page_url, rows)
        incidents |= {one.id: one for one in read.found if one.id not in incidents}
        if is_list(listed):
            covers.add(cover)
            if not read.is_whole:
                spoiled.add(cover)
    components = _components(summary.get("affected_components"), "affected_components", problems, rows)
    if components and is_list(summary.get("affected_components")):
        covers.add(Cover.COMPONENTS)
    return Snapshot(
        platform=NAME,
        page=PageFacts(
            id=ident(summary.get("id")) or None, name=title(summary.get("name")) or None, url=page_url or None
        ),
        covers=frozenset(covers - spoiled),
        components=components,
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


@remembered
def read_listed(
    item: Mapping[str, object], where: str, problems: list[Problem], page_url: str, rows: Rows
) -> Incident | None:
    """One incident of a list; None, and a Problem, for one without an id."""
    if ident(item.get("id")):
        return read_incident(item, where, problems, page_url, rows)
    problems.append(Problem(where, "an incident without an id"))
    return None


def read_incident(
    item: Mapping[str, object], where: str, problems: list[Problem], page_url: str, rows: Rows
) -> Incident:
    """Without `rows` the names of components are not known, so they are left unsaid."""
    incident_id = ident(item.get("id"))
    phase = phase_of(item.get("status"), f"{where}.status", problems)
    is_maintenance = text(item.get("type")) == "maintenance" or kind_of(phase) is Kind.MAINTENANCE
    updates = _updates(item, incident_id, rows, where, problems)
    intervals = _intervals(item, where, problems)
    moments = [update.at for update in updates if update.at is not None]
    published = moment(item.get("published_at"))
    start, end = _span(intervals)
    facts = Incident(
        id=incident_id,
        title=title(item.get("name")),
        kind=Kind.MAINTENANCE if is_maintenance else Kind.INCIDENT,
        phase=phase,
        impact=Impact.MAINTENANCE if is_maintenance else _impact(item, intervals, where, problems),
        url=text(item.get("permalink")) or incident_url(page_url, incident_id),
        created_at=ulid_time(incident_id) or published,
        started_at=start or min(moments, default=published),
        resolved_at=_resolved_at(phase, intervals, end, updates),
        updated_at=max(moments, default=published),
        components=_affected(item.get("affected_components"), "current_status", rows, where, problems),
        updates=updates,
        raw_phase=text(item.get("status")),
    )
    return _scheduled(facts, item, start, end) if is_maintenance else facts


# --- the page --------------------------------------------------------------------------------------------------


def read_rows(summary: Mapping[str, object], problems: list[Problem]) -> dict[str, Row]:
    """Every component by id, in the order of the page. What the structure does not place comes last."""
    return _rows(summary.get("structure"), "structure", problems, summary.get("components"))


@remembered
def _rows(structure: object, where: str, problems: list[Problem], components: object) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for index, item in items(as_mapping(structure).get("items"), f"{where}.items", problems):
        place = f"{where}.items[{index}]"
        if isinstance(item.get("component"), dict):
            _add_row(rows, as_mapping(item["component"]), "component_id", None, False)
        for key in ("group", "sub_page"):
            _add_group(rows, as_mapping(item.get(key)), f"{place}.{key}", problems)
    for _, item in items(components, "components", problems):
        _add_row(rows, item, "id", None, False)
    return rows


def _add_group(rows: dict[str, Row], group: Mapping[str, object], where: str, problems: list[Problem]) -> None:
    name = title(group.get("name")) or None
    for _, item in items(group.get("components"), f"{where}.components", problems):
        _add_row(rows, item, "component_id", name, flag(group.get("hidden")))


def _add_row(rows: dict[str, Row], item: Mapping[str, object], key: str, group: str | None, is_hidden: bool) -> None:
    row_id = ident(item.get(key)) or ident(item.get("id"))
    if row_id and row_id not in rows:
        rows[row_id] = Row(row_id, title(item.get("name")) or row_id, group, is_hidden or flag(item.get("hidden")))


@remembered
def _components(affected: object, where: str, problems: list[Problem], rows: Rows) -> tuple[Component, ...]:
    words: dict[str, str] = {}
    for _, item in items(affected, where, problems):
        words[ident(item.get("component_id"))] = text(item.get("current_status")) or text(item.get("status"))
    shown = [row for row in rows.values() if not row.is_hidden]
    return tuple(
        Component(
            id=row.id,
            name=row.name,
            group=row.group,
            status=status_of(words.get(row.id, "operational"), f"{where}/{row.id}", problems),
            raw_status=words.get(row.id, "operational"),
            position=position,
        )
        for position, row in enumerate(shown)
    )


# --- one incident ----------------------------------------------------------------------------------------------


def _updates(
    item: Mapping[str, object], incident_id: str, rows: Rows, where: str, problems: list[Problem]
) -> tuple[IncidentUpdate, ...]:
    """Oldest first, as published; ULIDs settle ties. A published write-up comes last, as the postmortem."""
    updates = []
    for index, one in items(item.get("updates"), f"{where}.updates", problems):
        updates.append(read_update(one, rows, f"{where}.updates[{index}]", problems))
    updates.sort(key=lambda update: (update.at or _EARLIEST, update.id))
    written = message_text(item.get("write_up_contents")) or text(item.get("write_up_url"))
    if written:
        updates.append(IncidentUpdate(f"{incident_id}:write-up", Phase.POSTMORTEM, written, None))
    return tuple(updates)


def read_update(one: Mapping[str, object], rows: Rows, where: str, problems: list[Problem]) -> IncidentUpdate:
    update_id = ident(one.get("id"))
    said, raw = plain(text(one.get("message_string")) or message_text(one.get("message")))
    word = one.get("to_status") or one.get("incident_status")
    return IncidentUpdate(
        id=update_id,
        phase=phase_of(word, f"{where}.to_status", problems),
        text=said,
        at=moment(one.get("published_at")) or ulid_time(update_id),
        raw=raw,
        raw_phase=text(word),
        components=_affected(one.get("component_statuses"), "component_status", rows, where, problems) or (),
    )


def _affected(
    listed: object, present_key: str, rows: Rows, where: str, problems: list[Problem]
) -> tuple[AffectedComponent, ...] | None:
    """The components of a list of ids, at their present level; None where it cannot be said which they are.

    Hidden ones are left out: the page does not show them either.
    """
    if not isinstance(listed, list) or (listed and not rows):
        return None
    found = []
    for index, item in items(listed, f"{where}.components", problems):
        row = rows.get(ident(item.get("component_id")))
        if row is not None and not row.is_hidden:
            word = item.get(present_key) or item.get("status")
            status = status_of(word, f"{where}.components[{index}]", problems)
            found.append(AffectedComponent(row.id, row.name, row.group, status))
    return tuple(found)


def _intervals(item: Mapping[str, object], where: str, problems: list[Problem]) -> tuple[Interval, ...]:
    found = []
    for index, one in items(item.get("component_impacts"), f"{where}.component_impacts", problems):
        word = one.get("status") or one.get("component_status")
        status = status_of(word, f"{where}.component_impacts[{index}]", problems)
        found.append(Interval(status, moment(one.get("start_at")), moment(one.get("end_at"))))
    return tuple(found)


def _impact(item: Mapping[str, object], intervals: tuple[Interval, ...], where: str, problems: list[Problem]) -> Impact:
    """The worst level that any component reached; `none` where the list of
    impacts says that no component was touched."""
    levels = [interval.status for interval in intervals]
    for key, field in (("affected_components", "status"), ("status_summaries", "worst_component_status")):
        for index, one in items(item.get(key), f"{where}.{key}", problems):
            levels.append(status_of(one.get(field), f"{where}.{key}[{index}]", problems))
    if not levels and not isinstance(item.get("component_impacts"), list):
        return Impact.UNKNOWN
    return worst_impact(levels) if levels else Impact.NONE


def _span(intervals: tuple[Interval, ...]) -> tuple[datetime | None, datetime | None]:
    """When the first component was touched and when the last one recovered, as far as that is said."""
    starts = [interval.start for interval in intervals if interval.start]
    ends = [interval.end for interval in intervals if interval.end]
    return min(starts, default=None), max(ends, default=None)


def _resolved_at(
    phase: Phase | None,
    intervals: tuple[Interval, ...],
    end: datetime | None,
    updates: tuple[IncidentUpdate, ...],
) -> datetime | None:
    """The end of the last impact where all have one: updates are often posted later than things were mended."""
    if phase is None or not phase.is_closed:
        return None
    if end is not None and all(interval.end for interval in intervals):
        return end
    closing = [update.at for update in updates if update.phase is not None and update.phase.is_closed and update.at]
    return min(closing, default=None)


def _scheduled(facts: Incident, item: Mapping[str, object], start: datetime | None, end: datetime | None) -> Incident:
    """A maintenance with its window: as stated, else that of the components' intervals."""
    begins = _first_moment(item, _STARTS) or start
    ends = _first_moment(item, _ENDS) or end
    started = None if facts.phase is Phase.SCHEDULED else begins
    return replace(facts, scheduled_for=begins, scheduled_until=ends, started_at=started)


def _first_moment(item: Mapping[str, object], keys: tuple[str, ...]) -> datetime | None:
    return next((found for key in keys if (found := moment(item.get(key)))), None)


# --- text ------------------------------------------------------------------------------------------------------


def message_text(message: object) -> str:
    """The text of a message: as it is, its Markdown, or the words of a rich document."""
    if not isinstance(message, dict):
        return text(message)
    return text(message.get("markdown")) or text(message.get("text_content")) or _rich_text(message).strip()


def _rich_text(node: object, depth: int = 0) -> str:
    """The words of a rich document: blocks end with an empty line, breaks with a line."""
    if not isinstance(node, dict) or depth > _RICH_DEPTH:
        return ""
    kind = text(node.get("type"))
    if kind in _LINE_BREAKS:
        return "\n"
    inner = node.get("content")
    parts = [text(node.get("text"))]
    parts += [_rich_text(child, depth + 1) for child in inner] if isinstance(inner, list) else []
    return "".join(parts) + ("\n\n" if kind in _BLOCKS else "")
