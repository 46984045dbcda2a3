"""The tables of Azure's status page for people: services in rows, regions in columns, one table for each zone.

    <table class="region-status-table" data-zone-name="americas"><thead><tr><th>Products</th><th>East US</th>...
    <tbody><tr class="status-category">...<tr><td>Virtual Machines</td><td class="status-cell"><span data-label="Good">

Rows of class `status-category` and `capability-row` are headings. Known from working clients of 2024; checked 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lxml.html import HtmlElement

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Problem, Status
from statuswire.platforms.reading import choose, fold_word, title
from statuswire.platforms.vendors.azure_regions import is_global

TABLE: Final = "region-status-table"
LABELS: Final[dict[str, Status]] = {
    "good": Status.OPERATIONAL,
    "information": Status.OPERATIONAL,
    "warning": Status.DEGRADED,
    "critical": Status.MAJOR_OUTAGE,
}
_ICONS: Final = {
    "#svg-check": "Good",
    "#svg-health-information": "Information",
    "#svg-health-warning": "Warning",
    "#svg-health-error": "Critical",
}
_NOT_OFFERED: Final = "notavailable"
_HEADINGS: Final = frozenset({"status-category", "capability-row"})


def pair_id(service: str, region: str | None) -> str:
    """The id of a service in a region, the same in tables and feed; of one that is in none, its name."""
    return f"{service}/{region}" if region else service


def read_grid(root: HtmlElement, problems: list[Problem]) -> tuple[Component, ...]:
    """The components of all tables. Raises ParseError(SHAPE) where there is none."""
    found: dict[str, Component] = {}
    for table in root.iter("table"):
        if TABLE not in _classes(table):
            continue
        columns = _columns(table)
        for row in table.iter("tr"):
            for component in _row(row, columns, problems):
                found.setdefault(component.id, component)
    if not found:
        raise ParseError(ParseReason.SHAPE, "a web page without the tables of Azure's services")
    return tuple(found.values())


def _classes(element: HtmlElement) -> frozenset[str]:
    return frozenset(str(element.get("class", "")).split())


def _columns(table: HtmlElement) -> list[str]:
    head = next(table.iter("thead"), None)
    row = next((head if head is not None else table).iter("tr"), None)
    return [_words(cell) for cell in row] if row is not None else []


def _row(row: HtmlElement, columns: Sequence[str], problems: list[Problem]) -> Iterator[Component]:
    cells = list(row)
    if not cells or _classes(row) & _HEADINGS or "status-cell" in _classes(cells[0]):
        return
    name = _words(cells[0])
    for place, cell in enumerate(cells):
        word = _label(cell) if "status-cell" in _classes(cell) else ""
        if not name or not word or fold_word(word) == _NOT_OFFERED or place >= len(columns):
            continue
        region = None if is_global(columns[place]) else columns[place].strip("*") or None
        level = choose(word, LABELS, Status.UNKNOWN, f"table.{name[:60]}", problems)
        yield Component(pair_id(name, region), name, region, level, word)


def _label(cell: HtmlElement) -> str:
    """By the label, else by the picture."""
    for span in cell.iter("span"):
        if span.get("data-label"):
            return title(span.get("data-label"))
    for use in cell.iter("use"):
        linked = str(use.get("href") or use.get("xlink:href") or "")
        word = next((word for icon, word in _ICONS.items() if linked.endswith(icon)), "")
        if word:
            return word
    return ""


def _words(element: HtmlElement) -> str:
    return title(str(element.text_content()))
