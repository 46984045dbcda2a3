"""Admin Labs status pages, which have a page for people only.

From a public client of 2026 (checked 2026-11); no documentation was found. A monitor is a `block-item-sub` with its
name in `h3` and its level as words and class of `h4.status-title`; a region is a `block-item-has-block-item-sub` around
such. Events link to `/status/incident/id/<id>`, followed by `p.update-time` with phase and time
(`<b>Resolved</b> | ...`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml.html import HtmlElement

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, Incident, PageFacts, Phase, Problem, Snapshot, Status
from statuswire.platforms.addresses import base_of, root_of
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import choose, fold_word, load_html, moment, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

NAME: Final = "adminlabs"

LEVELS: Final[Mapping[str, Status]] = {
    **COMPONENT_WORDS,
    "allsystemsoperational": Status.OPERATIONAL,
    "notice": Status.OPERATIONAL,
    "info": Status.OPERATIONAL,
    "partial": Status.PARTIAL_OUTAGE,
    "error": Status.MAJOR_OUTAGE,
    "critical": Status.MAJOR_OUTAGE,
}
PHASES: Final[Mapping[str, Phase]] = {**PHASE_WORDS, "completed": Phase.RESOLVED, "inprogress": Phase.INVESTIGATING}

_TILE: Final = "block-item-sub"
_ID: Final = re.compile(r"^#component_(.{1,100})$")
_EVENT: Final = re.compile(r"/status/incident/id/([^/?#]{1,100})")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page itself; none for what is no address."""
    base = base_of(page_url)
    return (FeedSpec(f"{base}/" if base == root_of(page_url) else base, accept="text/html"),) if base else ()


def parse(document: Document) -> Snapshot:
    """Monitors and events of the page. Raises ParseError."""
    root = load_html(document)
    problems: list[Problem] = []
    tiles = root.find_class(_TILE)
    read = [_component(tile, f"tiles[{place}]", problems) for place, tile in enumerate(tiles)]
    if not any(read):
        raise ParseError(ParseReason.HTML, "a web page without the tiles of Admin Labs")
    incidents = (_incident(link, document, problems) for link in root.iter("a"))
    overall = next(iter(root.find_class("overall-status")), None)
    return Snapshot(
        NAME,
        page=_page(overall),
        covers=frozenset({Cover.COMPONENTS}) if all(read) else frozenset(),
        components=tuple({one.id: one for one in read if one}.values()),
        incidents=tuple({one.id: one for one in incidents if one}.values()),
        problems=tuple(problems),
    )


def _words(element: HtmlElement | None) -> str:
    return title(element.text_content()) if element is not None else ""


def _page(overall: HtmlElement | None) -> PageFacts:
    if overall is None:
        return PageFacts()
    level = _by_class(overall)
    return PageFacts(status=level, status_text=_words(next(overall.iter("h1"), None)))


def _by_class(element: HtmlElement) -> Status:
    names = map(fold_word, str(element.get("class", ""))[:500].split())
    return next((LEVELS[name] for name in names if name in LEVELS), Status.UNKNOWN)


def _component(tile: HtmlElement, where: str, problems: list[Problem]) -> Component | None:
    """The id is that of its tooltip, else group and name."""
    name = _words(next(tile.iter("h3"), None)).removesuffix("?").strip()
    if not name:
        problems.append(Problem(where, "a monitor without a name"))
        return None
    group = _group(tile)
    tips = (_ID.match(str(one.get("data-tooltip-content", ""))) for one in tile.iter())
    own_id = next((found[1] for found in tips if found), f"{group}/{name}" if group else name)
    label = next(iter(tile.find_class("status-title")), None)
    word = _words(label)
    level = LEVELS.get(fold_word(word)) or (_by_class(label) if label is not None else Status.UNKNOWN)
    if level is Status.UNKNOWN:
        level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    return Component(own_id, name, group or None, level, word)


def _group(tile: HtmlElement) -> str:
    """The heading of the region around a monitor."""
    for around in tile.iterancestors("div"):
        if "block-item-has-block-item-sub" in str(around.get("class", "")).split():
            return _words(next(around.iter("h3"), None)).removesuffix("?").strip()
    return ""


def _incident(link: HtmlElement, document: Document, problems: list[Problem]) -> Incident | None:
    found = _EVENT.search(str(link.get("href", "")))
    heading = link.getparent()
    if found is None or heading is None or heading.tag not in ("h3", "h5"):
        return None
    name = title(heading.text or "")
    if not name:
        problems.append(Problem(f"incidents[{found[1]}]", "an event without a title"))
        return None
    line = next((one for one in heading.itersiblings() if "update-time" in str(one.get("class", ""))), None)
    word = _words(next(line.iter("b"), None)) if line is not None else ""
    phase = choose(word, PHASES, Phase.UNKNOWN, f"incidents[{found[1]}].phase", problems) if word else None
    stamp = _words(line).removeprefix(word).strip(" |").replace("|", " ") if line is not None else ""
    at = moment(stamp, document.time_zone)
    is_over = phase is not None and phase.is_closed
    root = root_of(document.url)
    return Incident(
        found[1],
        name,
        phase=phase,
        url=f"{root}{found[0]}" if root else "",
        resolved_at=at if is_over else None,
        updated_at=at,
        raw_phase=word,
    )


def recognize(sight: Sight) -> bool:
    return _TILE in sight.page and "status-title" in sight.page and "overall-status" in sight.page


PLATFORM: Final = Platform(
    name=NAME,
    title="Admin Labs",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    marks=("block-item-has-block-item-sub",),
    coverage=Coverage(
        components=True,
        incidents=True,
        identity="the id in an event's link; monitors by their tooltip, else by group and name",
        absence="a monitor that is missing from the page is gone",
        confidence=Confidence.LOW,
    ),
)
