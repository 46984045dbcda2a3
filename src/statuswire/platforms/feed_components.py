"""Feeds that list the components of a page with their levels, instead of what happened to them.

    🟢 API: Operational          Mail - Major outage          Web: Performance (ongoing)

Each build makes all entries anew and gives them its own moment as date and in the guid, so neither says anything of the
component. Read as incidents, every component would be a new one at every build. Seen in feeds made from Apple's system
status, which list open trouble beside the levels, and in Site24x7 StatusIQ; checked 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from statuswire.model import Component, Status
from statuswire.platforms.feed_parts import Entry, FeedDocument
from statuswire.platforms.feed_titles import read_heading
from statuswire.platforms.incidentio_locales import LOCAL_LEVELS
from statuswire.platforms.reading import fold_word
from statuswire.platforms.remembering import known_again

_MARK: Final = re.compile(r"[:：]\s*| [-–—] ")
"""What may stand between a name and a level. The last one counts: names have colons and dashes too."""

_LONGEST_LEVEL: Final = 60

_LAMP: Final = re.compile(r"[\u2600-\u27bf\ufe0f\U0001f300-\U0001faff\s]+")
"""The coloured signs before a name turn with the level."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What the title of an entry says where it is a line of such a list; `level` None where no table knows it."""

    entry: Entry
    name: str
    word: str
    level: Status | None


def split_components(feed: FeedDocument) -> tuple[tuple[Component, ...], FeedDocument]:
    """The components that a feed lists, and the feed with the entries that are left: those that tell more than a level.

    A component with an entry about trouble and no level is UNKNOWN: it must not stay as well as it was before.
    No components, and the feed as it is, where it lists none.
    """
    lines = [line for entry in feed.entries if (line := _line(entry))]
    stated = [line for line in lines if line.level is not None]
    if not _is_list(stated):
        return (), feed
    levels = {line.name: line for line in stated}
    named = {line.name: levels.get(line.name, line) for line in lines if line.level or _is_about_one(line)}
    components = tuple(
        Component(line.name, line.name, status=line.level or Status.UNKNOWN, raw_status=line.word, position=place)
        for place, line in enumerate(named.values())
    )
    listed = {id(line.entry) for line in stated}
    return components, replace(feed, entries=tuple(entry for entry in feed.entries if id(entry) not in listed))


@known_again
def _line(entry: Entry) -> _Line | None:
    marks = list(_MARK.finditer(entry.title, max(len(entry.title) - _LONGEST_LEVEL, 0)))
    if not marks:
        return None
    before, word = entry.title[: marks[-1].start()], entry.title[marks[-1].end() :]
    lamp = _LAMP.match(before)
    name = before[lamp.end() :].strip() if lamp else before.strip()
    return _Line(entry, name, word, LOCAL_LEVELS.get(fold_word(word))) if name and word else None


def _is_list(stated: Sequence[_Line]) -> bool:
    """Several components, each once, all at one moment, and not all of them in trouble.

    What happens to components is told at different moments, and a component gets well after it was not.
    """
    names = {line.name for line in stated}
    moments = {line.entry.updated or line.entry.published for line in stated}
    is_anything_well = any(line.level is Status.OPERATIONAL for line in stated)
    return len(stated) == len(names) > 1 and len(moments) == 1 and is_anything_well


def _is_about_one(line: _Line) -> bool:
    """Whether the title is a component's and a state's: `API: Performance (ongoing)`; else what follows is prose."""
    return read_heading(line.word).phase is not None
