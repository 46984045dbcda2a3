"""How much of a time something was up, by day and by month. Pure.

What counts is what the provider said: a major outage counts whole, a partial one by 30 %, degraded performance and
planned maintenance not at all. So Statuspage reckons (help.statuspage.io/help/uptime-calendar), and Instatus, which
writes the formula out (instatus.com/help/status-page/uptime-colors; both checked 2026-11-29). What was not observed
counts neither as up nor as down, nor does a level that is not known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from statuswire.core.timeline import Course, Span, Window, seen
from statuswire.model import Status

DOWN: Final = {Status.MAJOR_OUTAGE: 1.0, Status.PARTIAL_OUTAGE: 0.3}
"""How much of its time counts as down."""

_HARM: Final = {
    Status.MAJOR_OUTAGE: 1.0,
    Status.PARTIAL_OUTAGE: 0.3,
    Status.DEGRADED: 0.1,
    Status.MAINTENANCE: 0.01,
}
"""What a minute at each level weighs when the colour of a day is chosen."""

NOTICED: Final = timedelta(minutes=1)
"""A shorter trouble does not colour a day."""

_NONE: Final = timedelta(0)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """A span of time by how it was spent: at each status, and unobserved. Adds up to the whole span, exactly."""

    spent: dict[Status, timedelta] = field(default_factory=dict)
    unobserved: timedelta = _NONE

    @property
    def total(self) -> timedelta:
        return sum(self.spent.values(), self.unobserved)

    @property
    def known(self) -> timedelta:
        """The time of which the level is known."""
        return self.total - self.unobserved - self.spent.get(Status.UNKNOWN, _NONE)

    @property
    def down(self) -> timedelta:
        """The time that counts as down, by weight."""
        return sum((self.spent.get(status, _NONE) * weight for status, weight in DOWN.items()), _NONE)

    @property
    def uptime(self) -> float | None:
        """In percent, to two decimals; never 100 where anything was down. None where nothing is known."""
        if not self.known:
            return None
        exact = 100 * (1 - self.down / self.known)
        return min(round(exact, 2), 99.99) if self.down else 100.0

    @property
    def observed_share(self) -> float:
        """The part of the time of which the level is known, 0 to 1."""
        return self.known / self.total if self.total else 0.0

    def minutes(self, status: Status) -> float:
        return self.spent.get(status, _NONE) / _MINUTE

    @property
    def level(self) -> Status:
        """The colour of this time: the status that did the most harm, each minute by its weight. Where there was no
        trouble: operational, or unknown if less than half of the time is known."""
        troubles = {one: length for one, length in self.spent.items() if one in _HARM and length >= NOTICED}
        if troubles:
            return max(troubles, key=lambda one: (troubles[one] * _HARM[one], _HARM[one]))
        return Status.OPERATIONAL if self.known and self.known * 2 >= self.total else Status.UNKNOWN


@dataclass(frozen=True, slots=True)
class Day:
    """One day in a zone. `incidents` are the ids of what went on then, the earliest first."""

    date: date
    tally: Tally
    incidents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """`first` is the first day of it."""

    first: date
    tally: Tally


# --- by period -------------------------------------------------------------------------------------------------------


def day_edges(window: Window, zone: tzinfo) -> tuple[datetime, ...]:
    """The moments at which a day of the window begins, and its end. The first and last day may be cut short."""
    return _edges(window, zone, _next_day)


def month_edges(window: Window, zone: tzinfo) -> tuple[datetime, ...]:
    return _edges(window, zone, _next_month)


def _next_day(day: date) -> date:
    return day + timedelta(days=1)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _edges(window: Window, zone: tzinfo, after: Callable[[date], date]) -> tuple[datetime, ...]:
    edges = [window.since]
    day = after(window.since.astimezone(zone).date())
    while (begun := midnight(day, zone)) < window.until:
        edges.append(begun)
        day = after(day)
    return (*edges, window.until)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment at which the day begins in that zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def tallies(course: Course, observed: Sequence[Span], edges: Sequence[datetime]) -> tuple[Tally, ...]:
    """How the time between each two edges was spent; the course covers at least all of it."""
    spent: list[dict[Status, timedelta]] = [{} for _ in edges[1:]]
    for one in seen(course, observed):
        place = max(bisect_right(edges, one.since) - 1, 0)
        while place < len(spent) and edges[place] < one.until:
            length = min(one.until, edges[place + 1]) - max(one.since, edges[place])
            if length > _NONE:
                spent[place][one.status] = spent[place].get(one.status, _NONE) + length
            place += 1
    return tuple(
        Tally(part, until - since - sum(part.values(), _NONE))
        for part, (since, until) in zip(spent, pairwise(edges), strict=True)
    )


def days(
    course: Course, observed: Sequence[Span], edges: Sequence[datetime], zone: tzinfo, spans: Sequence[tuple[str, Span]]
) -> tuple[Day, ...]:
    """One for each day between the edges; `spans` says when incidents went on, by id, the earliest first."""
    return tuple(
        Day(since.astimezone(zone).date(), tally, _during(spans, since, until))
        for tally, (since, until) in zip(tallies(course, observed, edges), pairwise(edges), strict=True)
    )


def months(course: Course, observed: Sequence[Span], edges: Sequence[datetime], zone: tzinfo) -> tuple[Month, ...]:
    """One for each month between the edges."""
    return tuple(
        Month(since.astimezone(zone).date().replace(day=1), tally)
        for tally, since in zip(tallies(course, observed, edges), edges, strict=False)
    )


def together(some: Iterable[Tally]) -> Tally:
    """All of it as one."""
    spent: dict[Status, timedelta] = {}
    unobserved = _NONE
    for one in some:
        for status, length in one.spent.items():
            spent[status] = spent.get(status, _NONE) + length
        unobserved += one.unobserved
    return Tally(spent, unobserved)


def _during(spans: Sequence[tuple[str, Span]], since: datetime, until: datetime) -> tuple[str, ...]:
    return tuple(id_ for id_, (begun, ended) in spans if begun < until and ended > since)
