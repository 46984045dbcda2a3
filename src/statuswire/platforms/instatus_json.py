"""The public JSON of an Instatus page (instatus.com/help/api/public-data; captured 2026-09, checked 2026-11).

`/summary.json`, the same bytes at `/v2/summary.json`, `/v3/summary.json` and on Statuspage's path:

    {"page": {"name", "url", "status": "UP" | "HASISSUES" | "UNDERMAINTENANCE"},
     "activeIncidents": [...], "activeMaintenances": [...]}

A list that is empty is not there at all. Some clients expect a `status` of `{"type", "text"}` and a `page.updated`; the
one is read, the other says nothing of when anything changed.

`/v3/components.json`, `/v2/components.json` (there also as a bare array, with a group's name in the place of a group):

    {"components": [{"id", "name", "description", "status", "group": null | {"id", "name"}}]}

Groups are rows too, known by being the group of another row, and may stand in groups themselves; their level is that of
their children. `description` is whatever somebody wrote once, and no state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, Kind, PageFacts, Problem, Snapshot
from statuswire.platforms.derived import is_whole
from statuswire.platforms.instatus_incidents import listed_incident, said
from statuswire.platforms.instatus_terms import (
    NAME,
    PAGE_WORDS,
    Fields,
    is_own_id,
    is_own_level,
    level_of,
    link_of,
)
from statuswire.platforms.parts import Part, is_list, whole
from statuswire.platforms.reading import as_mapping, ident, item_parts, text, title
from statuswire.platforms.remembering import remembered

ACTIVE: Final[Mapping[str, tuple[Cover, Kind]]] = {
    "activeIncidents": (Cover.OPEN_INCIDENTS, Kind.INCIDENT),
    "activeMaintenances": (Cover.OPEN_MAINTENANCES, Kind.MAINTENANCE),
}


def is_summary(fields: Fields) -> bool:
    """Whether the page's status is one of their words; Statuspage has a roll-up beside the page and an id in it."""
    page = as_mapping(fields.get("page"))
    return page.get("status") in PAGE_WORDS and "id" not in page and not _is_hook(fields)


def _is_hook(fields: Fields) -> bool:
    return bool(fields.keys() & {"incident", "maintenance", "component", "component_update"})


def is_components(loaded: object) -> bool:
    """Whether each row of the list has an id and a level as they write them, and a place for a group."""
    rows = component_rows(loaded)
    return (
        isinstance(rows, list)
        and bool(rows)
        and all(
            isinstance(row, dict) and is_own_level(row.get("status")) and is_own_id(row.get("id")) and "group" in row
            for row in rows
        )
    )


def component_rows(loaded: object) -> object:
    """The list of components, which in v2 may be the whole document."""
    return as_mapping(loaded).get("components") if isinstance(loaded, dict) else loaded


def read_summary(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of a summary; raises ParseError where the shape is another one."""
    page, status = as_mapping(fields.get("page")), fields.get("status")
    word = page.get("status") or as_mapping(status).get("type")
    if not page or not isinstance(word, str):
        raise ParseError(ParseReason.SHAPE, "not an Instatus summary: no page with a status", where="page.status")
    problems: list[Problem] = []
    return Snapshot(
        platform=NAME,
        page=PageFacts(
            name=title(page.get("name")) or None,
            url=link_of(page.get("url")).rstrip("/") or None,
            status_text=title(as_mapping(status).get("text")) or title(word),
        ),
        incidents=tuple(
            incident
            for key, (_, kind) in ACTIVE.items()
            for incident in listed_incident.each(fields.get(key), key, problems, kind, document.time_zone, {}).found
        ),
        covers=frozenset(
            cover for key, (cover, _) in ACTIVE.items() if key not in fields or is_whole(fields[key], key, problems)
        ),
        problems=tuple(problems),
    )


def read_components(loaded: object) -> Snapshot:
    """The Snapshot of a list of components; raises ParseError where the shape is another one."""
    rows = component_rows(loaded)
    if not is_list(rows):
        raise ParseError(ParseReason.SHAPE, "not an Instatus document: neither a page with a status nor components")
    problems: list[Problem] = []
    components = component_list(rows, "components", problems)
    if not components and _has_no_group(whole(rows)):
        raise ParseError(ParseReason.SHAPE, "a list, but none of its items is a component")
    return Snapshot(
        platform=NAME,
        components=components,
        covers=frozenset({Cover.COMPONENTS}) if components and is_whole(rows, "components", problems) else frozenset(),
        problems=tuple(problems),
    )


def _has_no_group(rows: object) -> bool:
    """Whether there are rows, and none of them names a group."""
    return isinstance(rows, list) and bool(rows) and not any(as_mapping(row).get("group") for row in rows)


def component_list(listed: object, where: str, problems: list[Problem]) -> tuple[Component, ...]:
    """The components in document order, without the groups."""
    flat = list(_flattened(listed, where, None, problems))
    parents = {row.group_id for _, _, row, _ in flat} - {""}
    found: dict[str, Component] = {}
    for place, part, row, parent in flat:
        if row.id in parents or row.is_none:
            continue
        component = _component(part, place, problems, parent)
        if component is not None:
            found.setdefault(component.id, component)
    return tuple(found.values())


class _Row(NamedTuple):
    """What decides whether a row is a component: its id, that of its group, and whether it is a group or put away."""

    id: str
    group_id: str
    is_none: bool
    name: str
    children: list[object]


@remembered
def _row(row: Fields, _where: str, _problems: list[Problem]) -> _Row:
    children = row.get("children")
    inner = children if isinstance(children, list) else []
    group_id = ident(as_mapping(row.get("group")).get("id"))
    is_none = bool(inner or row.get("archivedAt"))
    return _Row(ident(row.get("id")), group_id, is_none, said(row.get("name")), inner)


@remembered
def _component(row: Fields, where: str, problems: list[Problem], parent: str | None) -> Component | None:
    row_id, name = ident(row.get("id")), said(row.get("name"))
    if not row_id and not name:
        problems.append(Problem(where, "a component without id and name"))
        return None
    word = row.get("status")
    return Component(
        id=row_id or name,
        name=name or row_id,
        group=_group(row.get("group")) or parent,
        status=level_of(word, f"{where}.status", problems),
        raw_status=text(word, 200),
        position=_place(row.get("order")),
    )


def _flattened(
    listed: object, where: str, parent: str | None, problems: list[Problem], depth: int = 0
) -> list[tuple[str, Part | Fields, _Row, str | None]]:
    """Every row with its place and the name of the row that it stands in: web pages nest them."""
    found: list[tuple[str, Part | Fields, _Row, str | None]] = []
    for index, part in item_parts(listed, where, problems):
        place = f"{where}[{index}]"
        row = _row(part, place, [])
        found.append((place, part, row, parent))
        if row.children and depth < _DEEPEST:
            found += _flattened(row.children, f"{place}.children", row.name or parent, problems, depth + 1)
    return found


_DEEPEST: Final = 8


def _group(value: object) -> str | None:
    """The group's name, whether it stands there itself or in an object."""
    return (said(as_mapping(value).get("name")) if isinstance(value, dict) else title(value)) or None


def _place(value: object) -> int:
    return value if isinstance(value, int) and abs(value) < 2**31 else 0
