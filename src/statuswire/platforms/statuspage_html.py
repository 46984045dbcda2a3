"""The start page of Atlassian Statuspage as people see it, for where nothing better can be had (checked 2026-11).

It shows every component with its level, unresolved incidents and planned maintenances with their updates, and the
incidents of the last fortnight. Times have no year, updates no ids, components no stamps. What it does not show says
nothing: pages hide sound components and fold groups by the owner's choice, so it covers nothing.

Login forms, the vendor's own site and error pages are served by the same hosts with status 200. None of them has a
component, an incident or the page's level where these stand, and so none is mistaken for a page in perfect order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Document, PageFacts, Problem, Snapshot, Status
from statuswire.platforms.reading import choose, load_html, moment, text
from statuswire.platforms.sight import LARGEST_PAGE_BYTES
from statuswire.platforms.statuspage_html_incidents import Sheet, read_blocks
from statuswire.platforms.statuspage_html_tree import by_class, has_class, line_of, strings
from statuswire.platforms.statuspage_json import INDICATORS
from statuswire.platforms.statuspage_terms import read_level

_ROW = "component-inner-container"
_LEVEL = "page-status"
_BLOCKS = frozenset({"unresolved-incident", "scheduled-maintenance", "incident-container"})
_MARKS = _BLOCKS | {_ROW, _LEVEL}
_GROUP_DEPTH = 3
"""How far above a row the element of its group stands: the row, a container of children, the group."""

_PAGE_CODE = re.compile(r"[?&]page_code=([0-9a-z]{12})\b")
_STATUS_CLASS = re.compile(r"(?:^|\s)status-(none|minor|major|critical|maintenance)(?:\s|$)")
_TITLE_TAIL = re.compile(r" Status$")


def is_start_page(root: etree._Element) -> bool:
    """Whether a component, an incident or the page's level stands where Statuspage puts them."""
    return _is_start_page(list(by_class(root, _MARKS)))


def read_start_page(document: Document) -> Snapshot:
    """The Snapshot of a rendered start page; raises ParseError for every other page."""
    root = _tree(document)
    marked = list(by_class(root, _MARKS))
    if not _is_start_page(marked):
        raise ParseError(ParseReason.HTML, f"not a Statuspage start page but {_title(root) or 'a page'!r}")
    problems: list[Problem] = []
    made_at = moment(_first(root, "//meta[@name='issued']/@content"))
    page = _page(root, marked, document, problems)
    sheet = Sheet(made_at or document.received_at, document.time_zone, page.url or "", problems)
    return Snapshot(
        platform="statuspage",
        page=page,
        as_of=made_at,
        components=tuple(_components([element for name, element in marked if name == _ROW], problems)),
        incidents=tuple(read_blocks([(name, element) for name, element in marked if name in _BLOCKS], sheet)),
        problems=tuple(problems),
    )


def _tree(document: Document) -> etree._Element:
    if len(document.body) > LARGEST_PAGE_BYTES:
        raise ParseError(ParseReason.TOO_LARGE, f"a web page of {len(document.body)} bytes")
    root: etree._Element = load_html(document)
    return root


def _is_start_page(marked: Sequence[tuple[str, etree._Element]]) -> bool:
    """Past incidents alone do not count: other sites use that class too."""
    return any(
        element.get("data-component-id") if name == _ROW else name in (_LEVEL, "unresolved-incident")
        for name, element in marked
    )


# --- the page --------------------------------------------------------------------------------------------------


def _page(
    root: etree._Element,
    marked: Sequence[tuple[str, etree._Element]],
    document: Document,
    problems: list[Problem],
) -> PageFacts:
    level = _STATUS_CLASS.search(_first(root, "//body/@class"))
    told = next((element for name, element in marked if name == _LEVEL), None)
    words = next(by_class(told, {"status"}), None) if told is not None else None
    return PageFacts(
        id=_page_id(root),
        name=_TITLE_TAIL.sub("", _title(root)) or None,
        url=_page_url(root, document),
        status=choose(level.group(1), INDICATORS, Status.UNKNOWN, "body", problems) if level else None,
        status_text=line_of(words[1]) if words else "",
    )


def _page_id(root: etree._Element) -> str | None:
    """The code in the link of the Slack subscription, which most pages offer."""
    found = (_PAGE_CODE.search(link) for link in strings(root, "//a[contains(@href, 'page_code=')]/@href"))
    return next((match.group(1) for match in found if match), None)


def _page_url(root: etree._Element, document: Document) -> str | None:
    """The canonical address, else where the page's feed lies, else where the page was fetched."""
    feed = _first(root, "//link[@rel='alternate'][contains(@href, '/history.')]/@href")
    for link in (_first(root, "//link[@rel='canonical']/@href"), feed.rpartition("/history.")[0], document.url):
        if link.startswith(("https://", "http://")):
            return link.rstrip("/")
    return None


def _title(root: etree._Element) -> str:
    return " ".join(_first(root, "//head/title/text()").split())


def _first(root: etree._Element, path: str) -> str:
    return next(iter(strings(root, path)), "")


# --- components ------------------------------------------------------------------------------------------------


def _components(rows: Sequence[etree._Element], problems: list[Problem]) -> Iterator[Component]:
    """In the order of the page. The row that opens a group is none, but stands before its children and names them."""
    groups: dict[etree._Element, str] = {}
    seen: set[str] = set()
    for position, row in enumerate(rows):
        component_id = text(row.get("data-component-id")).strip()
        group = _group_of(row)
        if row.get("data-js-hook") == "component-group-opener":
            if group is not None:
                groups[group] = _name_of(row)
        elif component_id and component_id not in seen:
            seen.add(component_id)
            word = text(row.get("data-component-status")).strip()
            yield Component(
                id=component_id,
                name=_name_of(row),
                group=groups.get(group) or None if group is not None else None,
                status=read_level(word, "components", position, problems),
                raw_status=word,
                position=position,
            )


def _group_of(row: etree._Element) -> etree._Element | None:
    for depth, parent in enumerate(row.iterancestors()):
        if depth >= _GROUP_DEPTH:
            break
        if has_class(parent, "is-group"):
            return parent
    return None


def _name_of(row: etree._Element) -> str:
    return next((line_of(child) for child in row if has_class(child, "name")), "")
