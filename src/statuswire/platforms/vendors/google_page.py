"""Google's status pages for people: a table with a row for each product and, on Google Cloud, a column for each place.

    <psd-regional-table><table><thead><th>Products</th><th><span class="x__location-id">us-central1</span>...</thead>
    <tbody><tr><th class="x__product">Cloud Build</th><td><psd-status-icon><svg class="x__status-icon x__available">...

The beginnings of the class names are made anew at every release, their ends are not. An empty cell means that the
product is not offered there. There are no ids: a component is known by its name here. Captured in 2022; not polled,
because `incidents.json` says the same with ids and texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lxml.html import HtmlElement

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Problem, Status
from statuswire.platforms.reading import choose, title

ICONS: Final[dict[str, Status]] = {
    "available": Status.OPERATIONAL,
    "information": Status.OPERATIONAL,
    "disruption": Status.DEGRADED,
    "outage": Status.MAJOR_OUTAGE,
}
_ICON: Final = "__status-icon"
MARKS: Final = ("<psd-dashboard-top-bar", "<psd-regional-table", "<psd-status-icon")


def is_our_page(source: str) -> bool:
    return any(mark in source for mark in MARKS)


def read_page(root: HtmlElement, problems: list[Problem]) -> tuple[Component, ...]:
    """The components of all tables. Raises ParseError(SHAPE) where there is none."""
    found: dict[str, Component] = {}
    for table in root.iter("table"):
        places = _places(table)
        for row in table.iter("tr"):
            for component in _row(row, places, problems):
                found.setdefault(component.id, component)
    if not found:
        raise ParseError(ParseReason.SHAPE, "a web page without the table of products")
    return tuple(found.values())


def _places(table: HtmlElement) -> list[str]:
    """The ids of the places, in the order of the columns; empty for a table of products alone."""
    spans = (span for head in table.iter("thead") for span in head.iter("span"))
    return [_words(span) for span in spans if span.get("class", "").endswith("__location-id")]


def _row(row: HtmlElement, places: Sequence[str], problems: list[Problem]) -> Iterator[Component]:
    name = next((_words(head) for head in row.iter("th") if head.get("class", "").endswith("__product")), "")
    if not name or row.find("td") is None:
        return
    for column, cell in enumerate(row.iter("td")):
        word = _icon(cell)
        if not word:
            continue
        place = places[column] if column < len(places) else ""
        level = choose(word, ICONS, Status.UNKNOWN, f"table.{name[:60]}", problems)
        yield Component(f"{name}/{place}" if place else name, name, place or None, level, word)


def _icon(cell: HtmlElement) -> str:
    """The end of the class that says how it is; empty for a cell without an icon."""
    for icon in cell.iter("svg", "span", "psd-status-icon"):
        names = str(icon.get("class", "")).split()
        words = [name.rpartition("__")[2] for name in names if "__" in name and not name.endswith(_ICON)]
        if words and any(name.endswith(_ICON) for name in names):
            return words[0]
    return ""


def _words(element: HtmlElement) -> str:
    return title(str(element.text_content()))
