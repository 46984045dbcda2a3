"""Which rows, and which words of a provider, say something else than before: they are marked for a while."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from textual.content import Content

from statuswire.top.drawing import STRONG, lines, page_key, story_key
from statuswire.top.picture import Picture
from statuswire.top.stories import Story

MARKED_S = 10.0
MARK = "▌"

Versions: TypeAlias = Mapping[str, object]
"""By a key, what is different after everything that a reader should notice."""


class Changes:
    """The keys of what changed lately, each with the moment at which it is old."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._until)

    def note(self, before: Versions, after: Versions, at_s: float) -> None:
        """Compare what was with what is, which was read at a moment of the monotonic clock."""
        fresh = [key for key, version in after.items() if before.get(key) != version]
        self._until |= dict.fromkeys(fresh, at_s + MARKED_S)

    def forget(self, at_s: float) -> bool:
        """Whether something is old by now, and is marked no more."""
        old = [key for key, until in self._until.items() if until <= at_s]
        for key in old:
            del self._until[key]
        return bool(old)


def marked(content: Content, *, is_changed: bool) -> Content:
    """With a mark before every line of what changed lately, and room for it before others."""
    mark = Content.assemble((MARK, STRONG)) if is_changed else Content(" ")
    return lines(*(mark + one for one in content.split("\n")))


def versions_of(picture: Picture) -> Versions:
    """By the keys of rows."""
    return dict(_versions(picture))


def _versions(picture: Picture) -> Iterator[tuple[str, object]]:
    for line in (*picture.stories, *picture.planned):
        yield story_key(line), tuple(map(_version, line.each))
        yield from ((story_key(one), (_version(one),)) for one in line.parts)
    yield from ((page_key(page), (page.state, page.stale)) for page in picture.pages)


def _version(story: Story) -> tuple[object, ...]:
    told = story.incident
    said = () if told is None else (told.phase, len(told.updates))
    return story.key, story.level, len(story.components), *said
