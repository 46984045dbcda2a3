"""How promptly providers told: the lag of what they told, and what they told of late or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from statuswire.core.courses import CHANGES
from statuswire.core.figures import Spread, seconds, spread
from statuswire.core.promptness import Fall, falls
from statuswire.core.selection import matches
from statuswire.core.timeline import Window
from statuswire.engine.reports.base import ReportQuery, Rows, pages_of
from statuswire.model import (
    EventType,
    Filter,
    Page,
    Source,
)
from statuswire.store import Tx, history
from statuswire.store.history import Lag
from statuswire.wire import timestamp

LAGGING: Final = frozenset(
    {
        EventType.INCIDENT_CREATED,
        EventType.INCIDENT_UPDATED,
        EventType.INCIDENT_RESOLVED,
        EventType.INCIDENT_REOPENED,
        EventType.COMPONENT_STATUS_CHANGED,
    }
)
"""The events of which the provider's own moment means something."""


@dataclass(frozen=True, slots=True)
class PageLag:
    """How long after the provider's own moment we saw what it told, by the way in which it came (None: by any)."""

    page: Page | None
    source: Source | None
    lag: Spread


@dataclass(frozen=True, slots=True)
class LagReport:
    """All pages together first, by source and then as one; then those that told anything."""

    window: Window
    parts: tuple[PageLag, ...]

    def as_rows(self) -> Rows:
        return tuple(
            {
                "page": one.page.slug if one.page else "",
                "source": one.source.value if one.source else "",
                "events": one.lag.count,
                **one.lag.as_cells("lag"),
            }
            for one in self.parts
        )


def load_lag(tx: Tx, query: ReportQuery) -> LagReport:
    """What was known before its page was first read, or only inferred, has no lag. Raises StoreError."""
    window, pages = query.window, pages_of(tx, query)
    only = pages[0].id if len(pages) == 1 else None
    found = history.lags(tx, LAGGING, window.since, window.until, page_id=only)
    baselines = history.baselines(tx, page_id=only)
    mine = {page.id: [one for one in found.get(page.id, ()) if _has_lag(one, baselines.get(page.id))] for page in pages}
    parts = list(_lags(None, [one for some in mine.values() for one in some]))
    for page in pages:
        parts += _lags(page, mine[page.id])
    return LagReport(window, tuple(parts))


def _has_lag(one: Lag, baseline: datetime | None) -> bool:
    return one.source in (Source.POLL, Source.HOOK) and baseline is not None and one.at >= baseline


def _lags(page: Page | None, some: Sequence[Lag]) -> Iterator[PageLag]:
    by_source: dict[Source, list[timedelta]] = defaultdict(list)
    for one in some:
        by_source[one.source].append(max(one.seen_at - one.at, timedelta(0)))
    for source in sorted(by_source):
        yield PageLag(page, source, spread(by_source[source]))
    if some:
        yield PageLag(page, None, spread(length for lengths in by_source.values() for length in lengths))


@dataclass(frozen=True, slots=True)
class PageFall:
    page: Page
    fall: Fall


@dataclass(frozen=True, slots=True)
class SilenceReport:
    """Every time that a component went bad, in order: whether an incident told of it, and how late."""

    window: Window
    parts: tuple[PageFall, ...]

    @property
    def silent(self) -> int:
        return sum(one.fall.is_silent for one in self.parts)

    @property
    def late(self) -> Spread:
        """By how much incidents came after their components, where they did."""
        return spread(one.fall.late for one in self.parts if one.fall.late)

    def as_rows(self) -> Rows:
        return tuple(
            {
                "page": one.page.slug,
                "component": one.fall.component.name,
                "group": one.fall.component.group or "",
                "at": timestamp(one.fall.at),
                "status": one.fall.status.value,
                "silent": int(one.fall.is_silent),
                "incident": one.fall.incident or "",
                "late_s": None if one.fall.is_silent else seconds(one.fall.late),
            }
            for one in self.parts
        )


def load_silence(tx: Tx, query: ReportQuery, now: datetime) -> SilenceReport:
    """Raises StoreError."""
    window, pages = query.window, pages_of(tx, query)
    only = pages[0].id if len(pages) == 1 else None
    changes = history.events_seen(tx, CHANGES, window.since, window.until, page_id=only)
    incidents = history.incidents_within(tx, window.since, now, page_id=only)
    parts = [
        PageFall(page, fall)
        for page in pages
        for fall in falls(changes.get(page.id, ()), incidents.get(page.id, ()), now)
        if fall.at >= window.since and _is_fall_meant(fall, query.filter)
    ]
    return SilenceReport(window, tuple(sorted(parts, key=lambda one: one.fall.at)))


def _is_fall_meant(fall: Fall, wanted: Filter) -> bool:
    part = fall.component
    return not wanted.components or any(matches(part.group, part.name, glob, part.id) for glob in wanted.components)
