"""How everything was at one moment, and the one line that says it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase

from statuswire.channels import wording
from statuswire.client.shapes import Page, Status
from statuswire.model import Status as Level
from statuswire.top.shapes import Mark, Meant, Silence
from statuswire.top.stories import Story


@dataclass(frozen=True, slots=True)
class Picture:
    """`stories` are what is wrong, the worst first, `planned` the maintenances that run."""

    pages: tuple[Page, ...] = ()
    stories: tuple[Story, ...] = ()
    planned: tuple[Story, ...] = ()
    silences: tuple[Silence, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def blind(self) -> tuple[Page, ...]:
        """The pages that cannot be read."""
        return tuple(page for page in self.pages if page.stale)

    @property
    def unread(self) -> tuple[Page, ...]:
        """The pages that nobody has read yet."""
        return tuple(page for page in self.pages if is_unread(page))

    @property
    def each(self) -> tuple[Story, ...]:
        """All stories of single pages."""
        return tuple(one for line in (*self.stories, *self.planned) for one in line.each)

    def marks_on(self, key: str) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.key == key)

    def silence_of(self, slug: str) -> Silence | None:
        """What withholds everything of a page, if anything does."""
        return next((one for one in self.silences if _is_whole(one.filter, slug)), None)


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer in one line with its state, what else there is to know, and since when it is so."""

    words: str
    level: Status
    rest: tuple[str, ...] = ()
    since: datetime | None = None


def picture_of(
    pages: Sequence[Page], stories: Sequence[Story], silences: Sequence[Silence], marks: Sequence[Mark]
) -> Picture:
    return Picture(
        tuple(sorted(pages, key=lambda page: (page.name or page.slug).casefold())),
        tuple(one for one in stories if one.level is not Status.MAINTENANCE),
        tuple(one for one in stories if one.level is Status.MAINTENANCE),
        tuple(silences),
        tuple(marks),
    )


def is_unread(page: Page) -> bool:
    return not page.stale and page.last_known is None


def word_of(status: Status) -> str:
    """`Partial outage`."""
    return wording.STATUS_WORDS[Level(status.value)]


def headline(picture: Picture) -> Headline:
    """Is anything wrong that touches us, and since when?"""
    rest = tuple(_rest(picture))
    pages = len(picture.pages)
    if not pages:
        return Headline("Nothing is watched yet", Status.UNKNOWN)
    if picture.stories:
        return _wrong(picture.stories, rest)
    if picture.blind:
        words = f"{count(len(picture.blind), 'page')} cannot be read"
        return Headline(words, Status.UNKNOWN, ("Nothing is known to be wrong.", *rest[1:]))
    if len(picture.unread) == pages:
        return Headline("Nothing has been read yet", Status.UNKNOWN, rest)
    fine = f"{count(pages, 'page')}{'.' if rest else ', all operational.'}"
    return Headline("Nothing is wrong", Status.OPERATIONAL, (fine, *rest))


def _wrong(stories: Sequence[Story], rest: tuple[str, ...]) -> Headline:
    worst, touched = stories[0], {one.page.slug for line in stories for one in line.each}
    if len(touched) > 1:
        return Headline(f"{count(len(touched), 'page')} are not well", worst.level, rest, worst.since)
    name = worst.page.name or worst.page.slug
    return Headline(f"{name}: {word_of(worst.level).lower()}", worst.level, rest, worst.since)


def _rest(picture: Picture) -> list[str]:
    blind, planned, unread = len(picture.blind), len(picture.planned), len(picture.unread)
    return [
        *([f"{count(blind, 'page')} cannot be read."] if blind else []),
        *([f"{count(planned, 'maintenance')} {'is' if planned == 1 else 'are'} running."] if planned else []),
        *([f"{count(unread, 'page')} {'has' if unread == 1 else 'have'} not been read yet."] if unread else []),
    ]


def count(number: int, noun: str) -> str:
    """`1 page`, `1,204 pages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _is_whole(meant: Meant, slug: str) -> bool:
    """Whether a filter means everything of a page, and names it."""
    return bool(meant.page) and meant == Meant(page=meant.page) and any(fnmatchcase(slug, one) for one in meant.page)


def narrowed(picture: Picture, pages: Sequence[Page], stories: Sequence[Story], planned: Sequence[Story]) -> Picture:
    """The same with only these."""
    return replace(picture, pages=tuple(pages), stories=tuple(stories), planned=tuple(planned))
