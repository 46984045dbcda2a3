"""StatusPal's page for people: tiles of services, and the incidents in a script. For where the API cannot be reached.

    <div id="service-311" class="service-status status-type-minor"> ... <span class="service-status--name">API</span>
        <span class="service-status--status">Degraded</span> ... </div>
    <script>window.incidents = [{"id", "title", "starts_at", "ends_at", "i_type": {"key", "is_maintenance"}}];</script>

A tile around other tiles is a group. Known from a working client, checked 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import lxml.html
from lxml import etree

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, PageFacts, Problem, Snapshot, Status
from statuswire.platforms.derived import is_whole
from statuswire.platforms.reading import choose, decode, load_html, load_json, one_line, text, title
from statuswire.platforms.remembering import Now
from statuswire.platforms.statuspal_incidents import Setting, read_incidents
from statuswire.platforms.statuspal_terms import LABELS, NAME, TYPES, name_in, name_in_source

TILE_MARK: Final = "service-status status-type-"

_TILE: Final = re.compile(r"service-(\d{1,20})")
_TYPE_CLASS: Final = "status-type-"
_NAME_CLASS: Final = "service-status--name"
_STATUS_CLASS: Final = "service-status--status"
_INCIDENTS: Final = re.compile(r"window\.incidents\s{0,9}=\s{0,9}(?=\[)")
_MOST_ENDS: Final = 20
_DEEPEST: Final = 20


def read_page(document: Document) -> Snapshot:
    """The services and incidents of a page for people. Raises ParseError, also for another page."""
    root = load_html(document)
    problems: list[Problem] = []
    components = tuple(_components(root, problems))
    listed = _incidents_in(root, document)
    if not components and listed is None:
        raise ParseError(ParseReason.HTML, "a web page without StatusPal's services")
    setting = Setting(Now(document.served_at), document.time_zone, problems, {row.id: row for row in components})
    incidents = tuple(read_incidents(listed, "incidents", setting))
    covers = {Cover.COMPONENTS} if components else set()
    if is_whole(listed, "incidents", problems):
        covers.add(Cover.OPEN_INCIDENTS)
    return Snapshot(
        platform=NAME,
        page=_facts(root, document),
        covers=frozenset(covers),
        components=components,
        incidents=incidents,
        problems=tuple(problems),
    )


def _facts(root: lxml.html.HtmlElement, document: Document) -> PageFacts:
    named = root.find(".//title")
    own_name = name_in(document.url) or name_in_source(decode(document))
    return PageFacts(id=own_name or None, name=title(named.text) or None if named is not None else None)


# --- services ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tile:
    """A tile while the walk is inside of it, with the parts of its text as they come."""

    id: str
    type: str
    groups: tuple[str, ...]
    name: str = ""
    label: str = ""
    has_tiles: bool = False


def _components(root: lxml.html.HtmlElement, problems: list[Problem]) -> Iterator[Component]:
    """The tiles that hold no others, in the order of the page, each once."""
    tiles = {tile.id: tile for tile in reversed(_tiles(root)) if tile.name and not tile.has_tiles}
    for place, tile in enumerate(reversed(tiles.values())):
        where = f"service-{tile.id}"
        table = LABELS if tile.label else TYPES
        yield Component(
            id=tile.id,
            name=tile.name,
            group=" / ".join(filter(None, tile.groups)) or None,
            status=choose(tile.label or tile.type, table, Status.UNKNOWN, where, problems),
            raw_status=tile.label or tile.type,
            position=place,
        )


def _tiles(root: lxml.html.HtmlElement) -> list[_Tile]:
    """Every tile, in one walk: names and labels belong to the innermost tile that is open."""
    found: list[_Tile] = []
    opened: list[tuple[etree._Element, _Tile]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            if opened and opened[-1][0] is element:
                opened.pop()
        elif (tile := _tile(element, [one for _, one in opened])) is not None:
            found.append(tile)
            opened.append((element, tile))
        elif opened:
            _fill(opened[-1][1], element)
    return found


def _tile(element: etree._Element, around: list[_Tile]) -> _Tile | None:
    named = _TILE.fullmatch(element.get("id") or "")
    classes = (element.get("class") or "").split() if named else []
    if named is None or "service-status" not in classes or len(around) > _DEEPEST:
        return None
    kind = next((one.removeprefix(_TYPE_CLASS) for one in classes if one.startswith(_TYPE_CLASS)), "")
    for outer in around:
        outer.has_tiles = True
    return _Tile(named[1], kind, tuple(outer.name for outer in around))


def _fill(tile: _Tile, element: etree._Element) -> None:
    classes = element.get("class") or ""
    if _NAME_CLASS in classes.split():
        tile.name = tile.name or _words(element)
    elif _STATUS_CLASS in classes.split():
        tile.label = tile.label or _words(element)


def _words(element: etree._Element) -> str:
    return one_line(text("".join(str(part) for part in element.itertext()), 1_000))


# --- incidents ---------------------------------------------------------------------------------------------------


def _incidents_in(root: lxml.html.HtmlElement, document: Document) -> object:
    """The list that a script gives the page; None where there is none."""
    for script in root.iter("script"):
        source = script.text or ""
        begin = _INCIDENTS.search(source)
        if begin:
            return _first_list(source[begin.end() :], document)
    return None


def _first_list(source: str, document: Document) -> object:
    """The JSON list at the beginning of some JavaScript: up to the first `]` at which it is one. Raises ParseError."""
    end = 0
    for _ in range(_MOST_ENDS):
        end = source.find("];", end) + 1
        if not end:
            break
        try:
            return load_json(replace(document, body=source[:end].encode("utf-8", "replace"), headers={}))
        except ParseError:
            continue  # a text inside has the same two characters
    whole = source[: source.rfind("]") + 1]
    return load_json(replace(document, body=whole.encode("utf-8", "replace"), headers={}))
