"""Which rows say something else than before: they are marked for a while."""

from __future__ import annotations

from collections.abc import Iterator

from statuswire.top.drawing import page_key, story_key
from statuswire.top.picture import Picture
from statuswire.top.stories import Story

MARKED_S = 10.0


class Changes:
    """The keys of rows that changed lately, each with the moment at which it is old."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._until)

    def note(self, before: Picture, after: Picture, at_s: float) -> None:
        """Compare two pictures, of which the later was read at a moment of the monotonic clock."""
        known = dict(_versions(before))
        fresh = [key for key, version in _versions(after) if known.get(key) != version]
        self._until |= dict.fromkeys(fresh, at_s + MARKED_S)

    def forget(self, at_s: float) -> bool:
        """Whether something is old by now, and is marked no more."""
        old = [key for key, until in self._until.items() if until <= at_s]
        for key in old:
            del self._until[key]
        return bool(old)


def _versions(picture: Picture) -> Iterator[tuple[str, object]]:
    """By the key of a row, what is different after everything that a reader should notice."""
    for line in (*picture.stories, *picture.planned):
        yield story_key(line), tuple(map(_version, line.each))
        yield from ((story_key(one), (_version(one),)) for one in line.parts)
    yield from ((page_key(page), (page.state, page.stale)) for page in picture.pages)


def _version(story: Story) -> tuple[object, ...]:
    told = story.incident
    said = () if told is None else (told.phase, len(told.updates))
    return story.key, story.level, len(story.components), *said
