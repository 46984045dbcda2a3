"""Uptime by component and month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from statuswire.core.courses import Timeline
from statuswire.core.figures import Cell
from statuswire.core.selection import matches
from statuswire.core.timeline import Window
from statuswire.core.uptime import Month, Tally, month_edges, months, together
from statuswire.engine.reports.base import ReportQuery, Rows, pages_of
from statuswire.engine.timelines import load_courses
from statuswire.model import (
    Filter,
    Page,
    Status,
)
from statuswire.store import Tx

SHOWN: Final = (Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE, Status.DEGRADED, Status.MAINTENANCE)


@dataclass(frozen=True, slots=True)
class Uptime:
    """One component, or a page as a whole, by month and over the whole window."""

    page: Page
    timeline: Timeline
    months: tuple[Month, ...]

    @property
    def whole(self) -> Tally:
        return together(month.tally for month in self.months)


@dataclass(frozen=True, slots=True)
class UptimeReport:
    """Page by page: the page first, then its components in page order."""

    window: Window
    parts: tuple[Uptime, ...]

    def as_rows(self) -> Rows:
        return tuple(_uptime_row(one, month) for one in self.parts for month in one.months)


def load_uptime(tx: Tx, query: ReportQuery, now: datetime) -> UptimeReport:
    """Raises StoreError."""
    window, zone = query.window, query.zone
    edges = month_edges(window, zone)
    parts = []
    for course in load_courses(tx, pages_of(tx, query), window, now):
        for timeline in (course.whole, *_meant(course.components, query.filter)):
            parts.append(Uptime(course.page, timeline, months(timeline.course, course.seen(timeline), edges, zone)))
    return UptimeReport(window, tuple(parts))


def _meant(components: Iterable[Timeline], wanted: Filter) -> Iterator[Timeline]:
    for one in components:
        if not wanted.components or any(matches(one.group, one.name, glob, one.id) for glob in wanted.components):
            yield one


def _uptime_row(one: Uptime, month: Month) -> dict[str, Cell]:
    tally, timeline = month.tally, one.timeline
    return {
        "page": one.page.slug,
        "component": timeline.name,
        "component_id": timeline.id,
        "group": timeline.group or "",
        "by": timeline.word.value,
        "month": f"{month.first:%Y-%m}",
        "uptime": tally.uptime,
        "observed": round(tally.observed_share, 4),
        **{f"{status}_min": round(tally.minutes(status), 1) for status in SHOWN},
        "unobserved_min": round((tally.total - tally.known) / timedelta(minutes=1), 1),
    }
