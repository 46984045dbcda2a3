"""Several pages in one story: which, since when, and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Where(StrEnum):
    """Where a name stands: `page` is the name of the page itself, so that it is the provider's own."""

    PAGE = "page"
    COMPONENT = "component"
    TITLE = "title"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Clue:
    """A provider or a place that an event names, where, and in the name of which component, if in one."""

    name: str
    where: Where
    component: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The beginning of a story on a page, with what it names. `key` is that of the story, `name` the page's."""

    page: str
    name: str
    key: str
    event_id: int
    at: datetime
    clues: tuple[Clue, ...]


@dataclass(frozen=True, slots=True)
class Correlation:
    """Stories of several pages that one route tells as one. `shared` is what all name that made it, `members` are in
    the order in which they were met. `id` is also the thread in which it is told."""

    id: str
    route: str
    shared: tuple[str, ...]
    members: tuple[Sighting, ...]
    began_at: datetime
    updated_at: datetime

    @property
    def pages(self) -> tuple[str, ...]:
        """The slugs of the pages, each once."""
        return tuple(dict.fromkeys(member.page for member in self.members))
