"""Documents of Cachet 3: `{"data": [{"id", "type", "attributes", "relationships"}], "included", "links", "meta"}`.

Read from the vendor's source (cachethq/core, checked 2026-11). `links.next` is null on the last page; nothing states
how many there are. With `include=` the related rows stand in `included`, each once:

    components  {name, status: {value, human} (a bare number in early releases), order, enabled, updated: {string}}
                with `pivot.component_status`, the level that an incident gave it
    incidents   {id, guid, name, message, status (the latest), occurred, created, updated: {human, string}}
    schedules   {id, name, message, status, scheduled, completed: {human, string}}; `completed` is also the planned end
    updates     {id, updateable_id, updateable_type, message, status (of incidents only), created}

An incident's `guid` is its id; its number, by which webhooks know it, is an alias.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
from statuswire.platforms.cachet_snapshot import covers_of, snapshot_of
from statuswire.platforms.cachet_terms import (
    LEVELS_3,
    NAME,
    PHASES_3,
    ROLL_UPS,
    SCHEDULE_PHASES,
    base_of,
    is_disabled,
    level,
    opening,
    phase,
    stamp,
    update,
)
from statuswire.platforms.derived import oldest_first, worst_impact
from statuswire.platforms.reading import as_mapping, choose, ident, items, normalise_url, text, title

Fields = Mapping[str, object]
_Key = tuple[str, str]

SIGNS: Final[Mapping[str, frozenset[str]]] = {
    "components": frozenset({"name", "status", "order", "enabled", "created"}),
    "incidents": frozenset({"guid", "status", "stickied", "occurred"}),
    "schedules": frozenset({"name", "status", "scheduled", "completed"}),
    "updates": frozenset({"message", "updateable_id", "created"}),
}
"""The attributes by which rows of a type are known to be Cachet's."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A document with its related rows by type and id, and how many rows refer to each."""

    document: Document
    included: Mapping[_Key, Fields]
    references: Counter[_Key]
    problems: list[Problem] = field(default_factory=list)

    def at(self, value: object) -> datetime | None:
        return stamp(value, self.document.time_zone)


def kind_of(fields: Fields) -> str:
    """What the rows of a document are; empty where they show nothing of Cachet 3."""
    data = fields.get("data")
    row = as_mapping(data[0] if isinstance(data, list) and data else data)
    kind = row.get("type")
    signs = SIGNS.get(kind) if isinstance(kind, str) else None
    return str(kind) if signs and signs <= as_mapping(row.get("attributes")).keys() else ""


def read(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of any document of version 3; raises ParseError where it is none."""
    data = fields.get("data")
    status = as_mapping(data).get("status") or as_mapping(as_mapping(data).get("attributes")).get("status")
    if isinstance(status, str):
        return _roll_up(status, as_mapping(data))
    kind = kind_of(fields) or _kind_of_url(document.url)
    if kind not in _READERS or not isinstance(data, list | dict):
        raise ParseError(ParseReason.SHAPE, "not a Cachet document: no components, incidents or schedules in `data`")
    rows = [data] if isinstance(data, dict) else data
    return _READERS[kind](rows, _reading(fields, rows, document), isinstance(data, list) and _is_one_page(fields))


def _reading(fields: Fields, rows: list[object], document: Document) -> _Reading:
    problems: list[Problem] = []
    included = {_key(row): row for _, row in items(fields.get("included"), "included", problems)}
    references: Counter[_Key] = Counter()
    for row in rows:
        references.update(_related(as_mapping(row), "components"))
    return _Reading(document, included, references, problems)


def _key(row: Fields) -> _Key:
    return text(row.get("type"), 100), ident(row.get("id"))


def _related(row: Fields, name: str) -> list[_Key]:
    """The references of a relationship to one or to many."""
    listed = as_mapping(as_mapping(row.get("relationships")).get(name)).get("data")
    rows = listed if isinstance(listed, list) else [listed]
    return [_key(one) for one in rows if isinstance(one, dict)]


def _has(row: Fields, name: str) -> bool:
    return "data" in as_mapping(as_mapping(row.get("relationships")).get(name))


def _kind_of_url(url: str) -> str:
    """For a list without rows, which shows nothing."""
    path = url.partition("?")[0].rstrip("/")
    return path.rpartition("/")[2] if "/api/" in path else ""


def _is_one_page(fields: Fields) -> bool:
    """Whether this is the first page and no other follows."""
    links, meta = as_mapping(fields.get("links")), as_mapping(fields.get("meta"))
    is_last = "next" in links and not links["next"]
    return is_last and not links.get("prev") and text(meta.get("current_page")) in ("", "1")


# --- roll-up and components ------------------------------------------------------------------------------------


def _roll_up(word: str, data: Fields) -> Snapshot:
    """`{"status", "message"}`, or the same as a JSON:API row with `label` and the page's `name`."""
    problems: list[Problem] = []
    attributes = as_mapping(data.get("attributes")) or data
    page = PageFacts(
        name=title(attributes.get("name")) or None,
        status=choose(word, ROLL_UPS, Status.UNKNOWN, "data.status", problems),
        status_text=title(attributes.get("message")) or title(attributes.get("label")),
    )
    return Snapshot(platform=NAME, page=page, problems=tuple(problems))


def _rows(rows: list[object], what: str, reading: _Reading) -> Iterator[tuple[str, Fields, Fields]]:
    """Where each row stands, the row, and its attributes; one without id or attributes is named."""
    for index, row in items(rows, "data", reading.problems):
        attributes = as_mapping(row.get("attributes"))
        if attributes and ident(row.get("id")):
            yield f"data[{index}]", row, attributes
        else:
            reading.problems.append(Problem(f"data[{index}]", f"{what} without id or attributes"))


def _components(rows: list[object], reading: _Reading, is_last: bool) -> Snapshot:
    found: dict[str, Component] = {}
    for where, row, attributes in _rows(rows, "a component", reading):
        if is_disabled(attributes):
            continue
        if title(attributes.get("name")):
            found[ident(row.get("id"))] = _component(where, row, attributes, reading)
        else:
            reading.problems.append(Problem(where, "a component without name"))
    return snapshot_of(
        reading.document,
        reading.problems,
        components=tuple(found.values()),
        covers=covers_of(Cover.COMPONENTS, rows, reading.problems, is_last=is_last),
    )


def _component(where: str, row: Fields, attributes: Fields, reading: _Reading) -> Component:
    status, word = level(attributes.get("status"), LEVELS_3, f"{where}.status", reading.problems)
    groups = (as_mapping(reading.included.get(key, {}).get("attributes")) for key in _related(row, "group"))
    order = attributes.get("order")
    return Component(
        id=ident(row.get("id")),
        name=title(attributes.get("name")),
        group=next((title(group.get("name")) for group in groups if group.get("name")), None),
        status=status,
        raw_status=word,
        updated_at=reading.at(attributes.get("updated")) if reading.document.time_zone else None,
        position=order if isinstance(order, int) and 0 <= order < 2**31 else 0,
    )


# --- incidents -------------------------------------------------------------------------------------------------


def _incidents(rows: list[object], reading: _Reading, is_last: bool) -> Snapshot:
    """A whole list covers what is open: what is not in it was deleted. One that is cut covers nothing."""
    found = tuple(_incident(*row, reading) for row in _rows(rows, "an incident", reading))
    return snapshot_of(
        reading.document,
        reading.problems,
        incidents=found,
        covers=covers_of(Cover.OPEN_INCIDENTS, rows, reading.problems, is_last=is_last),
    )


def _incident(where: str, row: Fields, attributes: Fields, reading: _Reading) -> Incident:
    now, word = phase(attributes.get("status"), PHASES_3, f"{where}.status", reading.problems)
    created_at = reading.at(attributes.get("created"))
    began = reading.at(attributes.get("occurred")) or created_at
    updates = _updates(row, where, reading)
    names = incident_names(ident(row.get("id")), attributes, base_of(reading.document.url))
    is_over = now is not None and now.is_closed
    affected, levels = _affected(row, where, reading, is_over=is_over)
    stamps = (reading.at(attributes.get("updated")), *(one.at for one in updates))
    return Incident(
        id=names[0],
        title=title(attributes.get("name")),
        phase=now,
        impact=worst_impact(levels),
        url=incident_url(base_of(reading.document.url), attributes),
        created_at=created_at,
        started_at=began,
        resolved_at=_fixed_at(updates) if now is Phase.RESOLVED else None,
        updated_at=max((one for one in stamps if one), default=None),
        components=affected,
        updates=oldest_first((*opening(None, "", attributes.get("message"), began), *updates)),
        aliases=names[1:],
        raw_phase=word,
    )


def incident_names(number: str, attributes: Fields, base: str) -> tuple[str, ...]:
    """The guid, else the number; then the other one, and the address of its page."""
    names = (ident(attributes.get("guid")), number, normalise_url(incident_url(base, attributes)))
    return tuple(dict.fromkeys(name for name in names if name))


def incident_url(base: str, attributes: Fields) -> str:
    guid = ident(attributes.get("guid"))
    return f"{base}/incidents/{guid}" if base and guid else ""


def _fixed_at(updates: tuple[IncidentUpdate, ...]) -> datetime | None:
    return next((one.at for one in reversed(updates) if one.phase is Phase.RESOLVED), None)


def _affected(
    row: Fields, where: str, reading: _Reading, *, is_over: bool = False
) -> tuple[tuple[AffectedComponent, ...] | None, list[Status]]:
    """The components with their present levels, and the levels from which the impact follows.

    Those are what the incident itself says of them, which is known only where no other incident refers to the same row,
    as each related row is sent once; else the present ones, as long as it is not over.
    """
    if not _has(row, "components"):
        return None, []
    affected, levels = [], []
    for key in _related(row, "components"):
        attributes = as_mapping(reading.included.get(key, {}).get("attributes"))
        pivot = as_mapping(attributes.get("pivot")).get("component_status")
        place = f"{where}.components"
        status = level(attributes.get("status"), LEVELS_3, place, reading.problems)[0]
        affected.append(AffectedComponent(key[1], title(attributes.get("name")), None, status))
        if pivot is not None and reading.references[key] == 1:
            levels.append(level(pivot, LEVELS_3, place, reading.problems)[0])
        elif not is_over:
            levels.append(status)
    return tuple(affected), levels


def _updates(row: Fields, where: str, reading: _Reading) -> tuple[IncidentUpdate, ...]:
    rows = (reading.included[key] for key in _related(row, "updates") if key in reading.included)
    return oldest_first(one for found in rows if (one := _update(found, f"{where}.updates", reading)))


def _update(row: Fields, where: str, reading: _Reading) -> IncidentUpdate | None:
    attributes = as_mapping(row.get("attributes"))
    if not ident(row.get("id")) or not attributes:
        reading.problems.append(Problem(where, "an update without id or attributes"))
        return None
    told = phase(attributes.get("status"), PHASES_3, f"{where}.status", reading.problems)
    return update(ident(row.get("id")), *told, attributes.get("message"), reading.at(attributes.get("created")))


def _updates_alone(rows: list[object], reading: _Reading, _: bool) -> Snapshot:
    """The updates of one incident or schedule, from `/incidents/<id>/updates`."""
    by_owner: dict[str, list[IncidentUpdate]] = {}
    for where, row, attributes in _rows(rows, "an update", reading):
        owner = ident(attributes.get("updateable_id"))
        is_schedule = "schedule" in text(attributes.get("updateable_type"), 200).lower()
        one = _update(row, where, reading)
        if owner and one:
            by_owner.setdefault(f"schedule/{owner}" if is_schedule else owner, []).append(one)
    incidents = (
        Incident(
            id=owner,
            title="",
            kind=Kind.MAINTENANCE if owner.startswith("schedule/") else Kind.INCIDENT,
            updates=oldest_first(updates),
        )
        for owner, updates in by_owner.items()
    )
    return snapshot_of(reading.document, reading.problems, incidents=tuple(incidents))


# --- schedules -------------------------------------------------------------------------------------------------


def _schedules(rows: list[object], reading: _Reading, is_last: bool) -> Snapshot:
    found = tuple(_schedule(*row, reading) for row in _rows(rows, "a schedule", reading))
    return snapshot_of(
        reading.document,
        reading.problems,
        incidents=found,
        covers=covers_of(Cover.OPEN_MAINTENANCES, rows, reading.problems, is_last=is_last),
    )


def _schedule(where: str, row: Fields, attributes: Fields, reading: _Reading) -> Incident:
    now, word = phase(attributes.get("status"), SCHEDULE_PHASES, f"{where}.status", reading.problems)
    created_at = reading.at(attributes.get("created"))
    begins, ends = reading.at(attributes.get("scheduled")), reading.at(attributes.get("completed"))
    updates = _updates(row, where, reading)
    stamps = (reading.at(attributes.get("updated")), *(one.at for one in updates))
    return Incident(
        id=f"schedule/{ident(row.get('id'))}",
        title=title(attributes.get("name")),
        kind=Kind.MAINTENANCE,
        phase=now,
        impact=Impact.MAINTENANCE,
        created_at=created_at,
        resolved_at=ends if now is Phase.COMPLETED else None,
        updated_at=max((one for one in stamps if one), default=None),
        scheduled_for=begins,
        scheduled_until=ends if begins and ends and ends >= begins else None,
        components=_affected(row, where, reading)[0],
        updates=oldest_first((*opening(None, "", attributes.get("message"), created_at), *updates)),
        raw_phase=word,
    )


# --- all -------------------------------------------------------------------------------------------------------

_READERS: dict[str, Callable[[list[object], _Reading, bool], Snapshot]] = {
    "components": _components,
    "incidents": _incidents,
    "schedules": _schedules,
    "updates": _updates_alone,
}


def wanted_updates(fields: Fields) -> tuple[str, ...]:
    """The numbers of incidents that go on and whose updates the document only points to."""
    data = fields.get("data")
    if kind_of(fields) != "incidents" or not isinstance(data, list):
        return ()
    return tuple(
        ident(row["id"])
        for row in map(as_mapping, data)
        if ident(row.get("id")) and not _has(row, "updates") and _is_open(as_mapping(row.get("attributes")))
    )


def _is_open(attributes: Fields) -> bool:
    now = phase(attributes.get("status"), PHASES_3, "", [])[0]
    return now is not None and not now.is_closed
