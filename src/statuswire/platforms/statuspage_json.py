"""The polled JSON of Atlassian Statuspage and of pages that imitate it: `/api/v2/*.json`.

Every document is `{"page": {...}}` beside one or more of `status`, `components`, `incidents` and
`scheduled_maintenances`; `summary.json` has them all (<https://metastatuspage.com/api>, checked 2026-11). The same
lists mean different things in different documents: `incidents` are all open ones in `summary.json` and the fifty
newest in `incidents.json`, so what absence means is read from the address, and from the shape where that is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, Incident, PageFacts, Problem, Snapshot, Status
from statuswire.platforms.parts import Part, is_list, is_object, object_of, opened
from statuswire.platforms.reading import as_mapping, choose, flag, ident, item_parts, moment, text, title
from statuswire.platforms.remembering import remembered, remembered_in_parts, remembered_list
from statuswire.platforms.statuspage_incidents import Place, Setting, read_incident
from statuswire.platforms.statuspage_terms import LEVELS, Fields, is_ulid, read_id, read_name, read_stamp
from statuswire.platforms.words import COMPONENT_WORDS

INDICATORS: dict[str, Status] = {
    "none": Status.OPERATIONAL,
    "minor": Status.DEGRADED,
    "major": Status.PARTIAL_OUTAGE,
    "critical": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}
"""The page's roll-up: `none` reads "All Systems Operational", `critical` "Major System Outage"."""

PLANNED = "scheduled_maintenances"
LIST_COVERS: dict[str, Cover] = {
    "components": Cover.COMPONENTS,
    "incidents": Cover.OPEN_INCIDENTS,
    PLANNED: Cover.OPEN_MAINTENANCES,
}

_EVERYTHING = frozenset(LIST_COVERS.values())
PATH_COVERS: tuple[tuple[str, frozenset[Cover]], ...] = (
    ("/summary.json", _EVERYTHING),
    ("/incidents/unresolved.json", frozenset({Cover.OPEN_INCIDENTS})),
    ("/incidents.json", frozenset()),
    ("/scheduled-maintenances/upcoming.json", frozenset()),
    ("/scheduled-maintenances/active.json", frozenset()),
    ("/scheduled-maintenances.json", frozenset()),
    ("/components.json", frozenset({Cover.COMPONENTS})),
    ("/status.json", frozenset()),
)
"""What the documents at these addresses may cover. `upcoming` and `active` show one state of maintenance each, from
which absence says only that the state has changed."""


def read_page_document(loaded: object, document: Document) -> Snapshot:
    """The Snapshot of any polled document; raises ParseError where the shape is another one.

    So it does for a page that has moved to incident.io, which serves this shape too: with all ids changed, everything
    known under the old ones would seem to have ended.
    """
    fields = page_fields(loaded)
    page_row = as_mapping(fields.get("page"))
    problems: list[Problem] = []
    page = read_page(page_row, as_mapping(fields.get("status")), problems)
    if is_ulid(page.id):
        raise ParseError(ParseReason.SHAPE, "an id of incident.io: the page has moved there", where="page.id")
    zone = page.time_zone or document.time_zone
    tree = _components(fields.get("components"), "components", problems, zone)
    incidents, planned = (
        _incident.each(fields.get(name), name, problems, page.url or "", zone, tree.names, name == PLANNED)
        for name in ("incidents", PLANNED)
    )
    are_whole = {"components": tree.is_whole, "incidents": incidents.is_whole, PLANNED: planned.is_whole}
    return Snapshot(
        platform="statuspage",
        page=page,
        as_of=moment(page_row.get("updated_at"), zone),
        covers=_covers(fields, are_whole, document.url),
        components=tree.components,
        incidents=(*incidents.found, *planned.found),
        problems=tuple(problems),
    )


def page_fields(loaded: object) -> Fields:
    """The top-level object, also out of a list of one; raises ParseError where it is none of ours."""
    loaded = opened(only_item(loaded))
    if not isinstance(loaded, dict):
        raise ParseError(ParseReason.SHAPE, "not a Statuspage document: the top level is no object")
    if is_page_document(loaded):
        return loaded
    raise ParseError(ParseReason.SHAPE, "not a Statuspage document: no page with status, components or incidents")


def only_item(loaded: object) -> object:
    """What a list of one holds, anything else as it is: proxies and exporters wrap documents so."""
    return loaded[0] if isinstance(loaded, list) and len(loaded) == 1 else loaded


def is_page_document(fields: object) -> bool:
    """Whether the keys are those of a polled document: a roll-up, or a page beside one of the lists."""
    if not isinstance(fields, dict):
        return False
    if "indicator" in object_of(fields.get("status")):
        return True
    return is_object(fields.get("page")) and any(is_list(fields.get(key)) for key in LIST_COVERS)


def read_page(page: Fields, status: Fields, problems: list[Problem]) -> PageFacts:
    """What a document says of its page; hooks put the roll-up into the page itself."""
    word = status.get("indicator") or page.get("status_indicator")
    told = status.get("description") or page.get("status_description")
    return PageFacts(
        id=ident(page.get("id")) or None,
        name=title(page.get("name")) or None,
        url=_page_url(page.get("url")),
        time_zone=ident(page.get("time_zone")) or None,
        status=choose(word, INDICATORS, Status.UNKNOWN, "status.indicator", problems) if word else None,
        status_text=title(told),
    )


def _page_url(value: object) -> str | None:
    """The page's own address without the slash at the end; None unless it is http(s)."""
    url = text(value).strip().rstrip("/")
    return url if url.startswith(("https://", "http://")) else None


# --- components ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tree:
    """The components in document order, name and group of each by id, and whether every row was read."""

    components: tuple[Component, ...] = ()
    names: Mapping[str, Place] = field(default_factory=dict)
    is_whole: bool = False


class _Row(NamedTuple):
    """What decides where a row belongs: its id (empty where nothing names it), that of its group, whether it is one."""

    id: str
    group_id: str
    is_group: bool
    name: str


@remembered_list
def _components(listed: object, where: str, problems: list[Problem], zone: str | None) -> Tree:
    """A group row repeats the worst level of its children. Old pages lack `group`; there a row that others name as
    theirs is one."""
    listed = opened(listed)
    rows = [(index, part, _row(part, where, problems)) for index, part in item_parts(listed, where, problems)]
    parents = {row.group_id for _, _, row in rows if row.group_id}
    group_names: dict[str, str] = {}
    found: dict[str, tuple[int, Part | Fields, _Row]] = {}
    for index, part, row in rows:
        if not row.id:
            problems.append(Problem(f"{where}[{index}]", "a component without id and name"))
        elif row.id in parents or row.is_group:
            group_names[row.id] = row.name
        elif row.id in found:
            problems.append(Problem(f"{where}[{index}]", "the same component again"))
        else:
            found[row.id] = (index, part, row)
    components = tuple(
        _component(part, f"{where}[{index}]", problems, group_names.get(row.group_id) or None, zone)
        for index, part, row in found.values()
    )
    return Tree(
        components,
        {one.id: Place(one.name, one.group) for one in components},
        isinstance(listed, list) and len(components) + len(group_names) == len(listed),
    )


@remembered
def _row(row: Fields, where: str, problems: list[Problem]) -> _Row:
    name = read_name(row.get("name"))
    group_id = read_id(row["group_id"]) if row.get("group_id") else ""
    return _Row(read_id(row.get("id")) or name, group_id, flag(row.get("group")), name)


@remembered
def _component(row: Fields, where: str, problems: list[Problem], group: str | None, zone: str | None) -> Component:
    word, name = row.get("status"), read_name(row.get("name"))
    level = LEVELS.get(word) if isinstance(word, str) else None
    return Component(
        id=read_id(row.get("id")) or name,
        name=name,
        group=group,
        status=level or choose(word, COMPONENT_WORDS, Status.UNKNOWN, f"{where}.status", problems),
        raw_status=str(word) if level else text(word, 200),
        updated_at=read_stamp(row.get("updated_at"), zone),
        position=read_position(row.get("position")),
    )


def read_position(value: object) -> int:
    """The place of a row within its group; 0 where that is no number."""
    return value if isinstance(value, int) and abs(value) < 2**31 else 0


# --- incidents and covers --------------------------------------------------------------------------------------


@remembered_in_parts
def _incident(
    fields: Fields,
    where: str,
    problems: list[Problem],
    page_url: str,
    zone: str | None,
    names: Mapping[str, Place],
    is_maintenance: bool,
) -> Incident | None:
    """One bad incident never hides the others."""
    return read_incident(fields, where, Setting(problems, page_url, zone, names, is_maintenance))


def _covers(fields: Fields, are_whole: Mapping[str, bool], url: str) -> frozenset[Cover]:
    """The lists that are whole: as the address allows, present, and read to the last item.

    An item that was skipped may be the very one whose absence would be believed.
    """
    allowed = _covers_of_path(url)
    if allowed is None:
        allowed = _covers_of_shape(fields)
    return frozenset(cover for key, cover in LIST_COVERS.items() if cover in allowed and are_whole[key])


def _covers_of_path(url: str) -> frozenset[Cover] | None:
    """None where the address is unknown or none of Statuspage's."""
    path = url.partition("?")[0].partition("#")[0].rstrip("/").lower()
    return next((covers for tail, covers in PATH_COVERS if path.endswith(tail)), None)


def _covers_of_shape(fields: Fields) -> frozenset[Cover]:
    """All for the keys of `summary.json`, the components for those of `components.json`, else nothing."""
    lists = LIST_COVERS.keys() & fields.keys()
    if len(lists) == len(LIST_COVERS) and is_object(fields.get("status")):
        return _EVERYTHING
    return frozenset({Cover.COMPONENTS}) if lists == {"components"} else frozenset()
