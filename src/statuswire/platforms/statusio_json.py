"""The public status document of Status.io: roll-up, components, what is open and what is planned.

    {"result": {"status_overall": {"updated", "status", "status_code"},
                "status": [{"id", "name", "status", "status_code", "updated",
                            "containers": [{"id", "name", "status", "status_code", "updated"}]}],
                "incidents": [{"_id", "name", "datetime_open", "datetime_closed"?,
                               "components_affected": [{"_id", "name"}], "containers_affected": [{"_id", "name"}],
                               "messages": [{"_id"?, "details", "state", "status", "datetime"}]}],
                "maintenance": {"active": [...], "upcoming": [...]}}}

Maintenances are as incidents, with `datetime_planned_start` and `datetime_planned_end`. Checked 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Final

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
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.parts import is_list, object_of
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    ident,
    item_parts,
    items,
    moment,
    plain,
    text,
    title,
    url_path_tail,
)
from statuswire.platforms.remembering import remembered, remembered_list
from statuswire.platforms.statusio_terms import (
    IMPACTS,
    LEVELS,
    MAINTENANCE_STATES,
    NAME,
    OWN_ID,
    STATES,
    made_at,
)
from statuswire.platforms.words import IMPACT_ORDER

Fields = Mapping[str, object]
ByContainer = Mapping[str, Mapping[str, Component]]
"""The rows by component and container."""

AFFECTED_LIMIT: Final = 500
"""Rows of one incident that are told: components and containers multiply."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds an incident: the page's id, the zone of times without one, the rows by component and container."""

    page_id: str = ""
    zone: str | None = None
    problems: list[Problem] = field(default_factory=list)
    rows: ByContainer = field(default_factory=dict)


def is_page_document(fields: Fields) -> bool:
    """Whether the keys are those of the document; nobody else has a code beside `status_overall`."""
    result = object_of(fields.get("result"))
    return "status_code" in as_mapping(result.get("status_overall")) and is_list(result.get("status"))


def read_page_document(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of the document; raises ParseError where the shape is another one."""
    if not is_page_document(fields):
        raise ParseError(ParseReason.SHAPE, "not a Status.io document: no result with a status and its code")
    result = object_of(fields.get("result"))
    problems: list[Problem] = []
    page_id, zone = _page_id(document), document.time_zone
    rows, by_container = _components(result.get("status"), "status", problems, zone)
    planned = object_of(result.get("maintenance"))
    lists = (
        (result.get("incidents"), "incidents", None),
        (planned.get("active"), "maintenance.active", Phase.IN_PROGRESS),
        (planned.get("upcoming"), "maintenance.upcoming", Phase.SCHEDULED),
    )
    incidents = [
        one
        for listed, where, phase in lists
        for one in _listed_incident.each(listed, where, problems, phase, page_id, zone, by_container).found
    ]
    return Snapshot(
        platform=NAME,
        page=_page(as_mapping(result.get("status_overall")), page_id, problems),
        covers=_covers(result, problems),
        components=rows,
        incidents=tuple(incidents),
        problems=tuple(problems),
    )


def _page_id(document: Document) -> str:
    tail = url_path_tail(document.url)
    return tail if OWN_ID.fullmatch(tail) else ""


def _page(overall: Fields, page_id: str, problems: list[Problem]) -> PageFacts:
    code = overall.get("status_code")
    return PageFacts(
        id=page_id or None,
        status=choose(code, LEVELS, Status.UNKNOWN, "status_overall.status_code", problems),
        status_text=title(overall.get("status")),
    )


_LISTS: tuple[tuple[Cover, tuple[str, ...]], ...] = (
    (Cover.COMPONENTS, ("status",)),
    (Cover.OPEN_INCIDENTS, ("incidents",)),
    (Cover.OPEN_MAINTENANCES, ("maintenance.active", "maintenance.upcoming")),
)


def _covers(result: Fields, problems: Sequence[Problem]) -> frozenset[Cover]:
    """The lists that are there and were read to the last item."""
    covered = {
        cover for cover, places in _LISTS if all(is_whole(_listed(result, place), place, problems) for place in places)
    }
    if any(_CONTAINER.fullmatch(problem.where) for problem in problems):
        covered.discard(Cover.COMPONENTS)
    return frozenset(covered)


_CONTAINER: Final = re.compile(r"status\[\d+\]\.containers(?:\[\d+\])?")


def _listed(result: Fields, place: str) -> object:
    name, _, inner = place.partition(".")
    return object_of(result.get(name)).get(inner) if inner else result.get(name)


# --- components ------------------------------------------------------------------------------------------------


@remembered_list
def _components(
    listed: object, where: str, problems: list[Problem], zone: str | None
) -> tuple[tuple[Component, ...], ByContainer]:
    """One for each component in each of its containers, in document order; without containers the component itself."""
    found: dict[str, Component] = {}
    for index, row in item_parts(listed, where, problems):
        for component in _rows_of(row, f"{where}[{index}]", problems, len(found), zone):
            if component.id in found:
                problems.append(Problem(f"{where}[{index}].id", "the same row again"))
            found.setdefault(component.id, component)
    return tuple(found.values()), _by_container(found.values())


@remembered
def _rows_of(
    row: Fields, where: str, problems: list[Problem], position: int, zone: str | None
) -> tuple[Component, ...]:
    return tuple(_each_row(row, where, position, problems, zone))


def _each_row(row: Fields, where: str, position: int, problems: list[Problem], zone: str | None) -> Iterator[Component]:
    component_id, name = ident(row.get("id")), title(row.get("name"))
    if not component_id:
        problems.append(Problem(where, "a component without an id"))
        return
    containers = list(items(row.get("containers"), f"{where}.containers", problems))
    if not containers:
        yield _row(component_id, name, None, row, where, position, problems, zone)
    for index, container in containers:
        place = f"{where}.containers[{index}]"
        container_id = ident(container.get("id"))
        if not container_id:
            problems.append(Problem(place, "a container without an id"))
            continue
        group = title(container.get("name")) or None
        yield _row(f"{component_id}/{container_id}", name, group, container, place, position + index, problems, zone)


def _row(
    row_id: str,
    name: str,
    group: str | None,
    fields: Fields,
    where: str,
    position: int,
    problems: list[Problem],
    zone: str | None,
) -> Component:
    code = fields.get("status_code")
    return Component(
        id=row_id,
        name=name or row_id,
        group=group,
        status=choose(code, LEVELS, Status.UNKNOWN, f"{where}.status_code", problems),
        raw_status=title(fields.get("status")) or text(code, 40),
        updated_at=moment(fields.get("updated"), zone),
        position=position,
    )


# --- incidents -------------------------------------------------------------------------------------------------


@remembered
def _listed_incident(
    fields: Fields,
    where: str,
    problems: list[Problem],
    planned: Phase | None,
    page_id: str,
    zone: str | None,
    rows: ByContainer,
) -> Incident | None:
    """One bad incident never hides the others; `planned` is the phase of the maintenances of this list."""
    incident_id = ident(fields.get("_id")) or ident(fields.get("id"))
    if incident_id:
        return _incident(incident_id, fields, where, planned, Setting(page_id, zone, problems, rows))
    problems.append(Problem(where, "an incident without an id"))
    return None


def _incident(incident_id: str, fields: Fields, where: str, planned: Phase | None, setting: Setting) -> Incident:
    kind = Kind.INCIDENT if planned is None else Kind.MAINTENANCE
    opened_at = moment(fields.get("datetime_open"), setting.zone)
    closed_at = moment(fields.get("datetime_closed"), setting.zone)
    updates, codes = _messages(fields.get("messages"), where, kind, setting)
    if closed_at is not None:
        updates = _ended(updates, kind)
    path = "incident" if planned is None else "maintenance"
    return Incident(
        id=incident_id,
        title=title(fields.get("name")) or incident_id,
        kind=kind,
        phase=_phase(planned, closed_at is not None, updates),
        impact=_impact(kind, codes, f"{where}.messages", setting.problems),
        url=f"https://status.io/pages/{path}/{setting.page_id}/{incident_id}" if setting.page_id else "",
        created_at=opened_at or made_at(incident_id),
        started_at=opened_at if planned is None else None,
        resolved_at=closed_at,
        updated_at=updates[-1].at if updates else None,
        scheduled_for=moment(fields.get("datetime_planned_start"), setting.zone),
        scheduled_until=moment(fields.get("datetime_planned_end"), setting.zone),
        components=_affected(fields, where, setting),
        updates=updates,
        raw_phase=updates[-1].raw_phase if updates else "",
        raw_impact=max(codes, default=""),
    )


def _phase(planned: Phase | None, is_closed: bool, updates: Sequence[IncidentUpdate]) -> Phase | None:
    """A closing moment ends it; a maintenance is where its list says, an incident where its last message says."""
    if is_closed:
        return Phase.RESOLVED if planned is None else Phase.COMPLETED
    return planned or next((update.phase for update in reversed(updates) if update.phase), None)


def _ended(updates: tuple[IncidentUpdate, ...], kind: Kind) -> tuple[IncidentUpdate, ...]:
    """The last message of what is closed told of its end, whatever its state: feed and hook call it so."""
    phase = Phase.RESOLVED if kind is Kind.INCIDENT else Phase.COMPLETED
    return (*updates[:-1], *(replace(update, phase=phase) for update in updates[-1:]))


def _impact(kind: Kind, codes: Sequence[str], where: str, problems: list[Problem]) -> Impact:
    """The worst that any message told."""
    if kind is Kind.MAINTENANCE:
        return Impact.MAINTENANCE
    impacts = [choose(code, IMPACTS, Impact.UNKNOWN, f"{where}.status", problems) for code in dict.fromkeys(codes)]
    return max(impacts, key=IMPACT_ORDER.index, default=Impact.UNKNOWN)


def _messages(
    listed: object, where: str, kind: Kind, setting: Setting
) -> tuple[tuple[IncidentUpdate, ...], tuple[str, ...]]:
    """The messages, oldest first, and their status codes."""
    table = STATES if kind is Kind.INCIDENT else MAINTENANCE_STATES
    updates, codes = [], []
    for index, row in items(listed, f"{where}.messages", setting.problems):
        place = f"{where}.messages[{index}]"
        state, code = text(row.get("state"), 40), text(row.get("status"), 40)
        body, raw = plain(text(row.get("details")))
        phase = choose(state, table, Phase.UNKNOWN, f"{place}.state", setting.problems) if state else None
        at = moment(row.get("datetime"), setting.zone)
        updates.append(IncidentUpdate(ident(row.get("_id")), phase, body, at, raw=raw, raw_phase=state))
        codes += [code] if code else []
    return oldest_first(updates), tuple(codes)


def _affected(fields: Fields, where: str, setting: Setting) -> tuple[AffectedComponent, ...] | None:
    """The rows of the affected components in the affected containers; None where the incident speaks of neither."""
    if not isinstance(fields.get("components_affected"), list):
        return None
    place = f"{where}.components_affected"
    containers = items(fields.get("containers_affected"), f"{where}.containers_affected", setting.problems)
    held = {ident(row.get("_id")) for _, row in containers} | {""}
    found: dict[str, AffectedComponent] = {}
    for _, row in items(fields["components_affected"], place, setting.problems):
        found |= {one.id or one.name: one for one in _rows_in(row, held, setting)}
        if len(found) > AFFECTED_LIMIT:
            setting.problems.append(
                Problem(f"{place}.count", f"more than {AFFECTED_LIMIT} rows, the others are left out")
            )
            break
    return tuple(found.values())[:AFFECTED_LIMIT]


def _rows_in(component: Fields, held: Set[str], setting: Setting) -> Iterator[AffectedComponent]:
    """The rows of a component in the containers held; one that the page does not show so is told by its own id."""
    component_id, name = ident(component.get("_id")), title(component.get("name"))
    rows = setting.rows.get(component_id, {})
    shown = sorted((rows[container] for container in rows.keys() & held), key=lambda row: row.position)
    for row in shown:
        yield AffectedComponent(row.id, row.name, row.group, row.status)
    if not shown and (component_id or name):
        yield AffectedComponent(component_id, name or component_id)


def _by_container(rows: Iterable[Component]) -> dict[str, dict[str, Component]]:
    """The rows of each component by their container; the empty one is the component itself."""
    found: dict[str, dict[str, Component]] = {}
    for row in rows:
        component_id, _, container_id = row.id.partition("/")
        found.setdefault(component_id, {})[container_id] = row
    return found
