"""Stories of several pages that are one: told in one line, as `engine.situation` does it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from statuswire.top.shapes import Correlation
from statuswire.top.stories import WORST_FIRST, Story, in_order


def joined(stories: Iterable[Story], known: Iterable[Correlation]) -> tuple[Story, ...]:
    """Each story by itself; those of a correlation as one, as long as two pages of it are not well."""
    return in_order(_lines(list(stories), sorted(known, key=lambda one: one.updated_at, reverse=True)))


def _lines(left: list[Story], newest_first: Iterable[Correlation]) -> Iterator[Story]:
    for one in newest_first:
        keys = {member.story for member in one.members if member.story}
        some = [story for story in left if not keys.isdisjoint(story.keys)]
        if len({story.page.slug for story in some}) > 1:
            left = [story for story in left if keys.isdisjoint(story.keys)]
            yield _one(one, sorted(some, key=lambda story: WORST_FIRST.index(story.level)))
    yield from left


def _one(correlation: Correlation, parts: list[Story]) -> Story:
    worst, pages = parts[0], {one.page.slug for one in parts}
    return Story(
        f"together/{correlation.id}",
        worst.page,
        worst.level,
        f"{len(pages)} pages name {' and '.join(correlation.shared)}",
        min((one.since for one in parts if one.since is not None), default=None),
        parts=tuple(parts),
        evidence=correlation.evidence,
    )
