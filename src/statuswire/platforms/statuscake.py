"""StatusCake public status pages, which have a page for people only.

From a public client of 2026 (checked 2026-11); no documentation of the markup was found. A banner (`#status-bar`) sums
up, tiles (`.singleton-parent`, `.singleton-with-parent`) hold services with a tag each, `.box.event` the events of the
last days with their present phase. The colours of tags and banner are classes (`is-success` ... `is-danger`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from lxml.html import HtmlElement

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, Incident, PageFacts, Phase, Problem, Snapshot, Status
from statuswire.platforms.addresses import base_of, root_of
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import choose, fold_word, load_html, moment, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

NAME: Final = "statuscake"

LEVELS: Final[Mapping[str, Status]] = {
    **COMPONENT_WORDS,
    "goodservice": Status.OPERATIONAL,
    "allsystemsareonline": Status.OPERATIONAL,
    "allsystemsoperational": Status.OPERATIONAL,
    "intermittent": Status.DEGRADED,
    "servicedisruption": Status.PARTIAL_OUTAGE,
}

CLASSES: Final[Mapping[str, Status]] = {
    "is-success": Status.OPERATIONAL,
    "is-warning": Status.DEGRADED,
    "is-info": Status.MAINTENANCE,
    "is-danger": Status.MAJOR_OUTAGE,
}

BANNER_CLASSES: Final[Mapping[str, Status]] = {**CLASSES, "is-danger": Status.PARTIAL_OUTAGE}
"""A red banner says that something is out, not that all is."""

PHASES: Final[Mapping[str, Phase]] = {**PHASE_WORDS, "completed": Phase.RESOLVED, "inprogress": Phase.INVESTIGATING}

_PARENT: Final = "singleton-parent"
_CHILD: Final = "singleton-with-parent"


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page itself; none for what is no address."""
    base = base_of(page_url)
    return (FeedSpec(f"{base}/" if base == root_of(page_url) else base, accept="text/html"),) if base else ()


def parse(document: Document) -> Snapshot:
    """Services and events of the page. Raises ParseError."""
    root = load_html(document)
    problems: list[Problem] = []
    components = _components(root, problems)
    banner = root.get_element_by_id("status-bar", None)
    if not components and banner is None:
        raise ParseError(ParseReason.HTML, "a web page without the banner and the tiles of StatusCake")
    incidents = [_incident(box, f"events[{place}]", document, problems) for place, box in enumerate(_events(root))]
    is_complete = components and not any(one.where.startswith("tiles[") and one.where[-1] == "]" for one in problems)
    return Snapshot(
        NAME,
        page=_page(banner),
        covers=frozenset({Cover.COMPONENTS}) if is_complete else frozenset(),
        components=components,
        incidents=tuple({one.id: one for one in incidents if one}.values()),
        problems=tuple(problems),
    )


def _page(banner: HtmlElement | None) -> PageFacts:
    if banner is None:
        return PageFacts()
    words = title(banner.text_content())
    level = LEVELS.get(fold_word(words)) or _by_class(banner, BANNER_CLASSES)
    return PageFacts(status=level, status_text=words)


def _by_class(element: HtmlElement, table: Mapping[str, Status]) -> Status:
    names = str(element.get("class", ""))[:500].split()
    return next((table[name] for name in names if name in table), Status.UNKNOWN)


# --- services --------------------------------------------------------------------------------------------------------


def _components(root: HtmlElement, problems: list[Problem]) -> tuple[Component, ...]:
    """A parent with tiles below it is their group; the id is group and name."""
    tiles = [one for one in root.iter("div") if _kind(one)]
    found: dict[str, Component] = {}
    parent = ""
    for place, tile in enumerate(tiles):
        name = _name(tile)
        if not name:
            problems.append(Problem(f"tiles[{place}]", "a service without a name"))
            continue
        is_parent = _kind(tile) == _PARENT
        parent = name if is_parent else parent
        is_group = is_parent and place + 1 < len(tiles) and _kind(tiles[place + 1]) == _CHILD
        if not is_group:
            group = None if is_parent else parent or None
            component = _component(tile, name, group, f"tiles[{place}]", problems)
            found.setdefault(component.id, component)
    return tuple(found.values())


def _kind(tile: HtmlElement) -> str:
    names = str(tile.get("class", ""))[:500].split()
    return next((name for name in (_PARENT, _CHILD) if name in names), "")


def _name(tile: HtmlElement) -> str:
    left = next(iter(tile.find_class("level-left")), None)
    return title(left.text_content()).removeprefix("- ").strip() if left is not None else ""


def _component(tile: HtmlElement, name: str, group: str | None, where: str, problems: list[Problem]) -> Component:
    tag = next(iter(tile.find_class("tag")), None)
    word = title(tag.text_content(), 200) if tag is not None else ""
    level = LEVELS.get(fold_word(word))
    if level is None and tag is not None:
        level = _by_class(tag, CLASSES)
    if level is None or level is Status.UNKNOWN:
        level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    return Component(f"{group}/{name}" if group else name, name, group, level, word)


# --- events ----------------------------------------------------------------------------------------------------------


def _events(root: HtmlElement) -> list[HtmlElement]:
    return [one for one in root.find_class("event") if "box" in str(one.get("class", "")).split()]


def _incident(box: HtmlElement, where: str, document: Document, problems: list[Problem]) -> Incident | None:
    links = (str(link.get("href", "")) for link in box.iter("a"))
    path = next((link for link in links if link.startswith("/details/")), "")
    name = title(next((one.text_content() for one in box.iter("h3")), ""))
    own_id = title(path.removeprefix("/details/").strip("/"))
    if not own_id or not name:
        problems.append(Problem(where, "an event without a link and a title"))
        return None
    word = title(next((one.text_content() for one in box.iter("strong")), ""), 200)
    phase = choose(word, PHASES, Phase.UNKNOWN, f"{where}.phase", problems) if word else None
    created, posted = _stamp(box, "created", document), _stamp(box, "posted", document)
    root = root_of(document.url)
    return Incident(
        own_id,
        name,
        phase=phase,
        url=f"{root}{path}" if root else "",
        created_at=created,
        started_at=created,
        resolved_at=posted if phase is not None and phase.is_closed else None,
        raw_phase=word,
    )


def _stamp(box: HtmlElement, label: str, document: Document) -> datetime | None:
    """The moment behind `Created` or `Posted:`."""
    for stamp in box.find_class("timestamp"):
        before = stamp.getprevious()
        parent = stamp.getparent()
        words = (before.tail if before is not None else parent.text if parent is not None else "") or ""
        if words.strip().rstrip(":").lower().endswith(label):
            return moment(title(stamp.text_content()), document.time_zone)
    return None


def recognize(sight: Sight) -> bool:
    """The banner with one of the kinds of tiles."""
    return 'id="status-bar"' in sight.page and (_PARENT in sight.page or _CHILD in sight.page)


PLATFORM: Final = Platform(
    name=NAME,
    title="StatusCake",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("statuscake.com",),
    marks=(_CHILD,),
    coverage=Coverage(
        components=True,
        incidents=True,
        identity="the end of an event's link; services by group and name",
        absence="a service that is missing from the page is gone; events fall off after some days",
        confidence=Confidence.LOW,
    ),
)
