"""SignalWire's own status page, <https://status.signalwire.com>, by `/api/components`; not documented.

    [{"name": "Voice", "status": "Operational"}]

Known from a working client, checked 2026-11: components alone, known by their names.
"""

from __future__ import annotations

from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, PageFacts, Problem, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import as_mapping, choose, fold_word, item_parts, text, title
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.words import COMPONENT_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "signalwire"
HOME: Final = "https://status.signalwire.com"

_WORDS: Final = ("operational", "undermaintenance", "degradedperformance", "partialoutage", "majoroutage")
LEVELS: Final = {word: COMPONENT_WORDS[word] for word in _WORDS}


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The components."""
    base = origin(page_url)
    url = page_url if path_of(page_url).endswith("/api/components") else f"{base}/api/components"
    return (FeedSpec(url),) if base else ()


def parse(document: Document) -> Snapshot:
    """Read the components. Raises ParseError; SHAPE also for an empty list, which proves nothing."""
    loaded = load_parts(document)
    if not isinstance(loaded, list) or not any(as_mapping(row).keys() >= {"name", "status"} for row in loaded):
        raise ParseError(ParseReason.SHAPE, "not the components of SignalWire")
    problems: list[Problem] = []
    rows: dict[str, Component] = {}
    for place, part in item_parts(loaded, "components", problems):
        row = _row(part, f"components[{place}]", problems, place)
        if row is not None:
            rows[row.id] = row
    covers = frozenset({Cover.COMPONENTS}) if is_whole(loaded, "components", problems) else frozenset()
    page = PageFacts(name="SignalWire", url=HOME)
    return Snapshot(NAME, page, covers=covers, components=tuple(rows.values()), problems=tuple(problems))


@remembered
def _row(fields: dict[str, object], where: str, problems: list[Problem], place: int) -> Component | None:
    name, word = title(fields.get("name")), fields.get("status")
    if not name:
        problems.append(Problem(where, "a component without name"))
        return None
    level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    return Component(name, name, None, level, text(word, 60), position=place)


def recognize(sight: Sight) -> bool:
    """A list of nothing but names and levels, written as SignalWire writes them: capitals and blanks."""
    listed = None if sight.is_markup else sight.json
    first = as_mapping(listed[0]) if isinstance(listed, list) and listed else {}
    if first.keys() != {"name", "status"}:
        return False
    word = text(first["status"], 60)
    return word.istitle() and fold_word(word) in LEVELS


PLATFORM = Platform(
    name=NAME,
    title="SignalWire",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.signalwire.com",),
    coverage=Coverage(
        components=True,
        identity="a component is known by its name",
        absence="a component that is no longer listed is gone",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
