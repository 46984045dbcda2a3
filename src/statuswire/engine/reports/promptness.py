"""How promptly providers told: the lag of what they told, and what they told of late or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from statuswire.core.figures import Spread, seconds, spread
from statuswire.core.promptness import Fall, falls
from statuswire.core.selection import matches
from statuswire.core.timeline import Window
from statuswire.core.turns import Turn
from statuswire.engine.reports.base import LAGGING, Grounds, Rows
from statuswire.model import (
    Filter,
    Page,
    Source,
)
from statuswire.store import history
from statuswire.wire import timestamp

_NONE: Final = timedelta(0)


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


def load_lag(grounds: Grounds) -> LagReport:
    """What was known before its page was first read, or only inferred, has no lag. Raises StoreError."""
    baselines, until = history.baselines(grounds.tx), grounds.query.window.until
    every: dict[Source, list[timedelta]] = defaultdict(list)
    parts: list[PageLag] = []
    for page in grounds.pages:
        baseline = baselines.get(page.id)
        by_source = _by_source(grounds.log.get(page.id, ()), baseline, until) if baseline is not None else {}
        parts += _lags(page, by_source)
        for source, lengths in by_source.items():
            every[source] += lengths
    return LagReport(grounds.query.window, (*_lags(None, every), *parts))


def _by_source(log: Iterable[Turn], baseline: datetime, until: datetime) -> dict[Source, list[timedelta]]:
    told = [one for one in log if one.type in LAGGING and one.seen_at <= until and one.at >= baseline]
    lags = {
        source: [one.seen_at - one.at if one.seen_at > one.at else _NONE for one in told if one.source is source]
        for source in (Source.POLL, Source.HOOK)
    }
    return {source: lengths for source, lengths in lags.items() if lengths}


def _lags(page: Page | None, by_source: Mapping[Source, Sequence[timedelta]]) -> Iterator[PageLag]:
    for source in sorted(by_source):
        yield PageLag(page, source, spread(by_source[source]))
    if by_source:
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


def load_silence(grounds: Grounds) -> SilenceReport:
    """Raises StoreError."""
    window, read, now = grounds.query.window, grounds.read, grounds.now
    parts = [
        PageFall(page, fall)
        for page in grounds.pages
        for fall in falls(_seen_by(read.changes.get(page.id, ()), window.until), read.incidents.get(page.id, ()), now)
        if fall.at >= window.since and _is_fall_meant(fall, grounds.query.filter)
    ]
    return SilenceReport(window, tuple(sorted(parts, key=lambda one: one.fall.at)))


def _seen_by(changes: Iterable[Turn], until: datetime) -> Iterator[Turn]:
    return (event for event in changes if event.seen_at <= until)


def _is_fall_meant(fall: Fall, wanted: Filter) -> bool:
    part = fall.component
    return not wanted.components or any(matches(part.group, part.name, glob, part.id) for glob in wanted.components)
