"""What every report is asked, and what all of them share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Final, Protocol

from statuswire.core.courses import began_at
from statuswire.core.figures import Cell
from statuswire.core.selection import matches
from statuswire.core.timeline import Window
from statuswire.engine.lists import EVERYTHING, NO_LABELS, Labels, meant_pages
from statuswire.engine.timelines import LOGGED, CoursesRead, Log, read_courses, read_log
from statuswire.model import (
    EventType,
    Filter,
    KnownIncident,
    Page,
)
from statuswire.store import Tx, queries
from statuswire.wire import timestamp

LAGGING: Final = (
    EventType.INCIDENT_CREATED,
    EventType.INCIDENT_UPDATED,
    EventType.INCIDENT_RESOLVED,
    EventType.INCIDENT_REOPENED,
    EventType.COMPONENT_STATUS_CHANGED,
)
"""The events of which the provider's own moment means something."""

Rows = tuple[dict[str, Cell], ...]


class Report(Protocol):
    """A frozen value that is also a table."""

    def as_rows(self) -> Rows: ...


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Over which time, and of what: the filter's pages, tags, categories, components and impacts count. Months and days
    are those of the zone."""

    window: Window
    filter: Filter = EVERYTHING
    zone: tzinfo = UTC
    labels: Labels = NO_LABELS


@dataclass(frozen=True)
class Grounds:
    """What reports are made of, each of it read when it is first wanted and not again, so that all reports of one look
    read the log once. `pages_alone`: reports go without components where there are several pages and none is named.

    Whatever is read from it raises StoreError.
    """

    tx: Tx
    query: ReportQuery
    now: datetime
    pages_alone: bool = False

    @cached_property
    def pages(self) -> list[Page]:
        """Those that are meant and were watched at some time within the window, or are now."""
        meant = meant_pages(self.tx, self.query.filter, self.query.labels)
        since = self.query.window.since
        if meant is None:
            return queries.pages(self.tx, since)
        return [page for page in meant if page.dropped_at is None or page.dropped_at > since]

    @property
    def are_many(self) -> bool:
        """Whether pages go without their components."""
        return self.pages_alone and len(self.pages) > 1 and not self.query.filter.components

    @cached_property
    def log(self) -> Log:
        """In brief what was told since the window began, as far as figures are made of it; also after its end."""
        return read_log(self.tx, self.pages, LOGGED.union(LAGGING), self.query.window.since)

    @cached_property
    def read(self) -> CoursesRead:
        window, until = self.query.window, max(self.query.window.until, self.now)
        return read_courses(self.tx, self.pages, window, until=until, log=self.log, pages_alone=self.are_many)

    @cached_property
    def begun(self) -> tuple[tuple[Page, tuple[KnownIncident, ...]], ...]:
        """By page, the incidents that began within the window and are meant, the earliest first."""
        return tuple((page, tuple(self._begun(page))) for page in self.pages)

    def _begun(self, page: Page) -> Iterator[KnownIncident]:
        window = self.query.window
        for one in self.read.incidents.get(page.id, ()):
            if window.since <= began_at(one) < window.until and is_meant(one, self.query.filter):
                yield one


def is_meant(one: KnownIncident, wanted: Filter) -> bool:
    if wanted.impacts and one.impact not in wanted.impacts:
        return False
    globs = wanted.components
    return not globs or any(matches(part.group, part.name, glob, part.id) for part in one.components for glob in globs)


def time_cell(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)
