"""Uptime by component and month, or day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from statuswire.core.courses import Timeline
from statuswire.core.figures import Cell
from statuswire.core.selection import matches
from statuswire.core.timeline import Window
from statuswire.core.uptime import Day, Month, Tally, day_edges, days, month_edges, months, together
from statuswire.engine.reports.base import Grounds, ReportQuery, Rows
from statuswire.engine.timelines import PageCourse, course_of, load_course
from statuswire.model import (
    Filter,
    Page,
    Status,
)
from statuswire.store import Tx

SHOWN: Final = (Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE, Status.DEGRADED, Status.MAINTENANCE)


@dataclass(frozen=True, slots=True)
class Uptime:
    """One component, or a page as a whole, by month and over the whole window; by day too where that was asked for."""

    page: Page
    timeline: Timeline
    months: tuple[Month, ...]
    days: tuple[Day, ...] = ()

    @property
    def whole(self) -> Tally:
        return together(month.tally for month in self.months)

    def as_rows(self) -> Rows:
        """One for each day where there are some, else one for each month."""
        by_day = (_row(self, "day", f"{one.date}", one.tally) for one in self.days)
        by_month = (_row(self, "month", f"{one.first:%Y-%m}", one.tally) for one in self.months)
        return tuple(by_day if self.days else by_month)


@dataclass(frozen=True, slots=True)
class UptimeReport:
    """Page by page: the page first, then its components in page order."""

    window: Window
    parts: tuple[Uptime, ...]

    def as_rows(self) -> Rows:
        return tuple(row for one in self.parts for row in one.as_rows())


def load_uptime(grounds: Grounds) -> UptimeReport:
    """Raises StoreError."""
    query, alone = grounds.query, grounds.are_many
    courses = (course_of(grounds.read, page, query.window, grounds.now, pages_alone=alone) for page in grounds.pages)
    return UptimeReport(query.window, tuple(part for one in courses for part in _parts(one, query, by_day=False)))


def load_page_uptime(tx: Tx, page: Page, query: ReportQuery, now: datetime, *, by_day: bool) -> tuple[Uptime, ...]:
    """The part of one page. Raises StoreError."""
    return tuple(_parts(load_course(tx, page, query.window, now), query, by_day=by_day))


def _parts(course: PageCourse, query: ReportQuery, *, by_day: bool) -> Iterator[Uptime]:
    window, zone = query.window, query.zone
    in_months, in_days = month_edges(window, zone), day_edges(window, zone) if by_day else ()
    for one in (course.whole, *_meant(course.components, query.filter)):
        seen = course.seen(one)
        by_date = days(one.course, seen, in_days, zone, ()) if by_day else ()
        yield Uptime(course.page, one, months(one.course, seen, in_months, zone), by_date)


def _meant(components: Iterable[Timeline], wanted: Filter) -> Iterator[Timeline]:
    for one in components:
        if not wanted.components or any(matches(one.group, one.name, glob, one.id) for glob in wanted.components):
            yield one


def _row(one: Uptime, period: str, date: str, tally: Tally) -> dict[str, Cell]:
    timeline = one.timeline
    return {
        "page": one.page.slug,
        "component": timeline.name,
        "component_id": timeline.id,
        "group": timeline.group or "",
        "by": timeline.word.value,
        period: date,
        **tally_cells(tally),
    }


def tally_cells(tally: Tally) -> dict[str, Cell]:
    """Percent that were up, the part of the time that was observed, and minutes at each level."""
    return {
        "uptime": tally.uptime,
        "observed": round(tally.observed_share, 4),
        **{f"{status}_min": round(tally.minutes(status), 1) for status in SHOWN},
        "unobserved_min": round((tally.total - tally.known) / timedelta(minutes=1), 1),
    }
