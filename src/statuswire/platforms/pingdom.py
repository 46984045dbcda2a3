"""Pingdom public reports: a table of checks, as JSON for the page's script or as HTML without scripts.

From a public client of September 2026 (checked 2026-11); no documentation was found. `/checks` answers
`{"aaData": [[<status as HTML>, <name as HTML>, ...]]}`, `/noscript` has the same as a table. There are no incidents, no
maintenances and no times; a check is named by the number in its link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, Problem, Role, Snapshot, Status
from statuswire.platforms.addresses import base_of, single_feed
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import choose, html_text, load_html, load_json, require_mapping, text, title
from statuswire.platforms.sight import Sight

NAME: Final = "pingdom"
CHECKS: Final = "/checks?sEcho=1&iDisplayStart=0&iDisplayLength=100"
NOSCRIPT: Final = "/noscript"
_PAGE_LENGTH: Final = 100
_KINDS: Final = (("/checks", FeedSpec("")), (NOSCRIPT, FeedSpec("", accept="text/html")))

LEVELS: Final[Mapping[str, Status]] = {
    "up": Status.OPERATIONAL,
    "operational": Status.OPERATIONAL,
    "down": Status.MAJOR_OUTAGE,
    "unknown": Status.UNKNOWN,
    "unmonitored": Status.UNKNOWN,
    "paused": Status.UNKNOWN,
}

_STATUS: Final = re.compile(r"""class=["']status\s+([a-z_-]{1,40})""", re.IGNORECASE)
_LINK: Final = re.compile(r"""href=["'][^"'<>]{0,200}?/(\d{1,20})/?["'][^<>]{0,200}>(.{1,400}?)</a>""", re.DOTALL)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The list of checks, the table without scripts in reserve; a document that `page_url` names is polled alone."""
    alone, base = single_feed(page_url, _KINDS), base_of(page_url)
    if alone or not base:
        return alone
    return (FeedSpec(f"{base}{CHECKS}"), FeedSpec(f"{base}{NOSCRIPT}", Role.STATE, 1, "text/html"))


def parse(document: Document) -> Snapshot:
    """The checks in either document. Raises ParseError."""
    problems: list[Problem] = []
    rows = _table_rows(document) if Sight(document).is_markup else _json_rows(document, problems)
    found: dict[str, Component] = {}
    for place, (state, named) in enumerate(rows):
        component = _component(state, named, f"checks[{place}]", problems)
        if component:
            found.setdefault(component.id, component)
    is_cut = len(found) >= _PAGE_LENGTH or any(not problem.where.endswith(".status") for problem in problems)
    covers = frozenset({Cover.COMPONENTS}) if found and not is_cut else frozenset()
    return Snapshot(NAME, covers=covers, components=tuple(found.values()), problems=tuple(problems))


def _json_rows(document: Document, problems: list[Problem]) -> list[tuple[str, str]]:
    fields = require_mapping(load_json(document), "the document")
    listed = fields.get("aaData")
    if not isinstance(listed, list):
        raise ParseError(ParseReason.SHAPE, "no aaData: not the checks of a Pingdom report")
    rows = []
    for place, row in enumerate(listed):
        if isinstance(row, list) and len(row) > 1:
            rows.append((text(row[0], 2_000), text(row[1], 2_000)))
        else:
            problems.append(Problem(f"aaData[{place}]", "a row without status and name"))
    return rows


def _table_rows(document: Document) -> list[tuple[str, str]]:
    rows = list(_marked_rows(document))
    if not rows:
        raise ParseError(ParseReason.HTML, "a web page without the checks of a Pingdom report")
    return rows


def _marked_rows(document: Document) -> Iterator[tuple[str, str]]:
    for cell in load_html(document).find_class("check-status"):
        row = cell.getparent()
        states = (str(one.get("class", "")) for one in cell.find_class("status"))
        links = (one for named in (row.find_class("check-name") if row is not None else ()) for one in named.iter("a"))
        link = next(links, None)
        if link is not None:
            # The same spelling as in JSON, so that one reader serves both.
            name = title(link.text_content())
            yield f'class="{next(states, "")}"', f'href="{link.get("href", "")}">{name}</a>'


def _component(state: str, named: str, where: str, problems: list[Problem]) -> Component | None:
    link = _LINK.search(named)
    name = title(html_text(link[2])) if link else ""
    if link is None or not name:
        problems.append(Problem(where, "a check without a link and a name"))
        return None
    word = _STATUS.search(state)
    level = choose(word[1] if word else "", LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    return Component(link[1], name, None, level, word[1] if word else "")


def recognize(sight: Sight) -> bool:
    """Rows with Pingdom's own markup inside, or the table without scripts."""
    rows = sight.fields.get("aaData")
    if isinstance(rows, list):
        first = rows[0] if rows and isinstance(rows[0], list) and rows[0] else [""]
        return _STATUS.search(text(first[0], 2_000)) is not None
    return 'class="check-status"' in sight.page and 'class="check-name"' in sight.page


PLATFORM: Final = Platform(
    name=NAME,
    title="Pingdom public reports",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("stats.pingdom.com",),
    marks=("Pingdom Public Reports",),
    probes=(NOSCRIPT,),
    coverage=Coverage(
        components=True,
        identity="the number of a check in its link",
        absence="a check that is missing from the list is gone; of a hundred and more the list proves nothing",
        confidence=Confidence.LOW,
    ),
)
