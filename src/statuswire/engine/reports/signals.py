"""Our own signals beside what providers admitted: who was first, by how much, and what was never admitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from statuswire.core.figures import Cell, Spread, spread
from statuswire.core.promptness import told_at
from statuswire.core.selection import matches
from statuswire.core.signals import LONGEST_LEAD, Pair, never_admitted, pair
from statuswire.core.timeline import Window
from statuswire.engine.reports.base import Grounds, Rows, is_meant
from statuswire.engine.signals import load_signals as signals_by_page
from statuswire.model import Filter, KnownIncident, Page, Signal
from statuswire.store import history, queries

_NONE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class PageSignalFigures:
    """Of one page (None: of all that ever had a signal). `lead` is by how much our first signal came before the
    provider's word, `lag` by how much after it, each where it did. `never` are signals that nothing admitted, `without`
    incidents that nothing of ours felt."""

    page: Page | None
    signals: int
    never: int
    incidents: int
    without: int
    lead: Spread
    lag: Spread

    @property
    def never_share(self) -> float | None:
        return round(self.never / self.signals, 4) if self.signals else None

    @property
    def without_share(self) -> float | None:
        return round(self.without / self.incidents, 4) if self.incidents else None


@dataclass(frozen=True, slots=True)
class SignalReport:
    """All pages together first, then each that ever had a signal; none at all where there never was one."""

    window: Window
    parts: tuple[PageSignalFigures, ...]

    def as_rows(self) -> Rows:
        return tuple(_row(one) for one in self.parts)


@dataclass(frozen=True, slots=True)
class _Grounds:
    """Of one page: its signals of the window, those of them that were never admitted, and its incidents of the window
    since it has had signals."""

    page: Page
    signals: Sequence[Signal]
    never: Sequence[Signal]
    pairs: Sequence[Pair]


def load_signals(grounds: Grounds) -> SignalReport:
    """Incidents from before the first signal of a page say nothing of it. Raises StoreError."""
    first = queries.first_signals(grounds.tx)
    pages = [page for page in grounds.pages if page.id in first]
    window = grounds.query.window
    found = signals_by_page(grounds.tx, window.since - LONGEST_LEAD, grounds.now, pages) if pages else {}
    each = [_of_page(grounds, page, found.get(page.id, ()), first[page.id]) for page in pages]
    if not each:
        return SignalReport(window, ())
    return SignalReport(window, (_figures(None, each), *(_figures(one.page, [one]) for one in each)))


def _of_page(grounds: Grounds, page: Page, signals: Sequence[Signal], first_at: datetime) -> _Grounds:
    window, now = grounds.query.window, grounds.now
    incidents = history.incidents_within(grounds.tx, page.id, window.since - LONGEST_LEAD, max(window.until, now))
    paired = pair(signals, incidents, now)
    mine = [one for one in signals if _is_within(one.began_at, window) and _is_ours(one, grounds.query.filter)]
    since = max(window.since, first_at - LONGEST_LEAD)
    told = [one for one in paired.pairs if _is_told(one.incident, since, window, grounds.query.filter)]
    return _Grounds(page, mine, never_admitted(mine, paired, now), told)


def _is_within(moment: datetime, window: Window) -> bool:
    return window.since <= moment < window.until


def _is_told(incident: KnownIncident, since: datetime, window: Window, wanted: Filter) -> bool:
    return since <= told_at(incident) < window.until and is_meant(incident, wanted)


def _is_ours(signal: Signal, wanted: Filter) -> bool:
    """A signal that names no component may be about any."""
    globs = wanted.components
    group, slash, name = signal.component.rpartition(" / ")
    return not globs or not signal.component or any(matches(group if slash else None, name, glob) for glob in globs)


def _figures(page: Page | None, some: Iterable[_Grounds]) -> PageSignalFigures:
    each = list(some)
    pairs = [one for part in each for one in part.pairs]
    ahead = list(_ahead(pairs))
    return PageSignalFigures(
        page,
        sum(len(one.signals) for one in each),
        sum(len(one.never) for one in each),
        len(pairs),
        sum(not one.signals for one in pairs),
        spread(one for one in ahead if one > _NONE),
        spread(-one for one in ahead if one <= _NONE),
    )


def _ahead(pairs: Iterable[Pair]) -> Iterator[timedelta]:
    for one in pairs:
        if one.ahead is not None:
            yield one.ahead


def _row(one: PageSignalFigures) -> dict[str, Cell]:
    return {
        "page": one.page.slug if one.page else "",
        "signals": one.signals,
        "never_admitted": one.never,
        "never_admitted_share": one.never_share,
        "incidents": one.incidents,
        "without_signal": one.without,
        "without_signal_share": one.without_share,
        "leads": one.lead.count,
        **one.lead.as_cells("lead"),
        "lags": one.lag.count,
        **one.lag.as_cells("lag"),
    }
