"""How something stood over a window of time, and when anybody looked: pure arithmetic of spans.

A span is a pair of moments, its end not included. A course is a tuple of stretches, each with one status, that cover a
window without gaps and without overlap, the earliest first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from statuswire.model import Status

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Stretch:
    status: Status
    since: datetime
    until: datetime


Course = tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A status that became another one at a moment of the provider's time."""

    at: datetime
    old: Status
    new: Status


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` on, and not `until` itself. Raises ValueError where it would be empty."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise ValueError("a window ends after it begins")

    def clip(self, span: Span) -> Span | None:
        """The part of the span within the window; None where there is none."""
        since, until = max(span[0], self.since), min(span[1], self.until)
        return (since, until) if since < until else None


# --- courses ---------------------------------------------------------------------------------------------------------


def from_changes(changes: Sequence[Change], present: Status, window: Window) -> Course:
    """The course that these changes make.

    `changes` are all that were told since the window began, up to this day and in the order in which they were told;
    what was before the first of them is its `old`. Without any, all is as at `present`. A provider's moment that lies
    before that of an earlier change counts as that one's.
    """
    status = changes[0].old if changes else present
    stretches: list[Stretch] = []
    at = window.since
    for change in changes:
        until = min(max(change.at, at), window.until)
        _add(stretches, status, at, until)
        at, status = until, change.new
    _add(stretches, status, at, window.until)
    return tuple(stretches)


def from_harms(harms: Iterable[Stretch], window: Window) -> Course:
    """The course of something that is operational but where it is harmed; of several harms at once, the worst."""
    clipped = [(one.status, span) for one in harms if (span := window.clip((one.since, one.until)))]
    edges = sorted({window.since, window.until, *(moment for _, span in clipped for moment in span)})
    stretches: list[Stretch] = []
    for since, until in pairwise(edges):
        levels = [status for status, span in clipped if span[0] <= since and until <= span[1]]
        _add(stretches, max(levels, key=severity, default=Status.OPERATIONAL), since, until)
    return tuple(stretches)


def seen(course: Course, observed: Sequence[Span]) -> Course:
    """The parts of the course that were observed; what was not is missing between them."""
    return tuple(_seen(course, observed))


def _seen(course: Course, observed: Sequence[Span]) -> Iterator[Stretch]:
    ends = [span[1] for span in observed]
    for one in course:
        for span in observed[bisect_right(ends, one.since) :]:
            if span[0] >= one.until:
                break
            yield Stretch(one.status, max(one.since, span[0]), min(one.until, span[1]))


def _add(stretches: list[Stretch], status: Status, since: datetime, until: datetime) -> None:
    """Add what follows, as one with the last stretch where nothing changed between them."""
    if until <= since:
        return
    if stretches and stretches[-1].status is status and stretches[-1].until == since:
        stretches[-1] = Stretch(status, stretches[-1].since, until)
    else:
        stretches.append(Stretch(status, since, until))


_SEVERITY = {
    Status.OPERATIONAL: 0,
    Status.MAINTENANCE: 1,
    Status.UNKNOWN: 2,
    Status.DEGRADED: 3,
    Status.PARTIAL_OUTAGE: 4,
    Status.MAJOR_OUTAGE: 5,
}


def severity(status: Status) -> int:
    """How bad it is: something broken before something unknown, that before what is planned or fine."""
    return _SEVERITY[status]


# --- when anybody looked ---------------------------------------------------------------------------------------------


def observed(window: Window, first_read: datetime | None, gaps: Iterable[Span]) -> tuple[Span, ...]:
    """The parts of the window in which the page was read: from its first reading on (None: never), but for the gaps."""
    if first_read is None:
        return ()
    left: list[Span] = []
    at = max(window.since, first_read)
    for begun, ended in merged(gaps):
        if begun > at:
            left.append((at, min(begun, window.until)))
        at = max(at, ended)
        if at >= window.until:
            break
    if at < window.until:
        left.append((at, window.until))
    return tuple(span for span in left if span[0] < span[1])


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as spans that neither touch nor overlap, in order."""
    joined: list[Span] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        elif since < until:
            joined.append((since, until))
    return tuple(joined)


def between(spans: Sequence[Span], window: Window) -> tuple[Span, ...]:
    """The time of the window that is in none of the spans."""
    return observed(window, window.since, spans)
