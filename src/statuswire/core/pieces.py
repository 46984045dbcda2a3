"""The window of a contract in pieces: how each moment was spent, and what of it counts. Pure.

What is not known is never taken for up: a piece says how much of it counts as down if all that is not known was up, and
if it was at the level that counts most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final

from statuswire.core.exempting import Exemption, Ground
from statuswire.core.timeline import Course, Span, Window, seen, severity
from statuswire.model import Status

_NOTHING: Final = Fraction(0)


class State(StrEnum):
    """How a moment of the window was spent."""

    OPERATIONAL = "operational"
    DEGRADED = "degraded"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"
    """The page was read, and told no level."""
    UNOBSERVED = "unobserved"
    """Nobody read the page."""
    TO_COME = "to_come"
    """It is not over yet."""


UNCLEAR: Final = frozenset({State.UNKNOWN, State.UNOBSERVED, State.TO_COME})
_LEVELS: Final = {status: State(status.value) for status in Status}


@dataclass(frozen=True, slots=True)
class Strand:
    """One component that the contract names, over the part of the window that is over. `exempt` is what does not count
    of it alone."""

    course: Course
    observed: Sequence[Span]
    exempt: Sequence[Exemption] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the window in which nothing changes. `least` and `most` say which part of it counts as down if what is
    not known was up, and if it was at the worst. `ground`: it does not count, by that word of the contract."""

    since: datetime
    until: datetime
    state: State
    least: Fraction
    most: Fraction
    ground: Ground | None = None

    @property
    def length(self) -> timedelta:
        return self.until - self.since


def pieces(
    strands: Sequence[Strand],
    exempt: Sequence[Exemption],
    weights: Mapping[Status, Decimal],
    window: Window,
    now: datetime,
) -> tuple[Piece, ...]:
    """The whole window, the earliest first. Of several components the one that counts most says how a moment was spent;
    no component at all is one of which nothing is known. `exempt` is what does not count of any of them."""
    over = min(max(now, window.since), window.until)
    scale = Scale.of(weights)
    some = strands or (Strand((), ()),)
    walks = [_Walk(_line(one, window.since, over), _Grounds((*exempt, *one.exempt))) for one in some]
    edges = {window.since, over, window.until}
    edges |= {at for walk in walks for at in walk.edges if window.since < at < window.until}
    ahead = _Grounds(exempt)
    return tuple(
        _piece(since, until, [walk.at(since) for walk in walks], scale)
        if since < over
        else _coming(since, until, ahead.at(since), scale)
        for since, until in pairwise(sorted(edges))
    )


Line = tuple[tuple[datetime, datetime, State], ...]
Seen = tuple[State, Ground | None]


def _line(strand: Strand, since: datetime, until: datetime) -> Line:
    """The strand without gaps."""
    found: list[tuple[datetime, datetime, State]] = []
    at = since
    for one in seen(strand.course, strand.observed):
        begin, end = max(one.since, at), min(one.until, until)
        if begin >= end:
            continue
        if begin > at:
            found.append((at, begin, State.UNOBSERVED))
        found.append((begin, end, _LEVELS[one.status]))
        at = end
    return (*found, (at, until, State.UNOBSERVED)) if at < until else tuple(found)


class _Grounds:
    """Says by which word a moment does not count; moments come in order."""

    def __init__(self, exempt: Sequence[Exemption]) -> None:
        self._coming = sorted(exempt, key=lambda one: one.span, reverse=True)
        self._open: list[Exemption] = []
        self.edges = [at for one in exempt for at in one.span]

    def at(self, moment: datetime) -> Ground | None:
        while self._coming and self._coming[-1].span[0] <= moment:
            self._open.append(self._coming.pop())
        self._open = [one for one in self._open if one.span[1] > moment]
        return min((one.ground for one in self._open), default=None)


class _Walk:
    """Says how one component is at moments that come in order, and whether that counts."""

    def __init__(self, line: Line, grounds: _Grounds) -> None:
        self._line = line
        self._grounds = grounds
        self._place = 0
        self.edges = [*grounds.edges, *(at for begin, end, _ in line for at in (begin, end))]

    def at(self, moment: datetime) -> Seen:
        while self._line[self._place][1] <= moment:
            self._place += 1
        return self._line[self._place][2], self._grounds.at(moment)


@dataclass(frozen=True, slots=True)
class Scale:
    """Which part of the time in a state counts as down; `ceiling` is the most that any does."""

    weights: Mapping[State, Fraction]
    ceiling: Fraction

    @classmethod
    def of(cls, weights: Mapping[Status, Decimal]) -> Scale:
        exact = {_LEVELS[status]: Fraction(weight) for status, weight in weights.items()}
        return cls(exact, max(exact.values(), default=_NOTHING))

    def of_state(self, state: State) -> Fraction:
        return self.weights.get(state, _NOTHING)


_STANDING: Final = {_LEVELS[status]: severity(status) for status in Status}


def _coming(since: datetime, until: datetime, ground: Ground | None, scale: Scale) -> Piece:
    return Piece(since, until, State.TO_COME, _NOTHING, _NOTHING if ground else scale.ceiling, ground)


def _piece(since: datetime, until: datetime, all_seen: Sequence[Seen], scale: Scale) -> Piece:
    """What counts goes first: trouble that does not count hides none that does."""
    free = [state for state, ground in all_seen if ground is None]
    grounds = [ground for _, ground in all_seen if ground is not None]
    if free:
        state, least, most = _said(free, scale)
        if most or state in UNCLEAR or not grounds:
            return Piece(since, until, state, least, most)
    state, _, most = _said([state for state, _ in all_seen], scale)
    is_held = not free or most > 0 or state in UNCLEAR
    return Piece(since, until, state, _NOTHING, _NOTHING, min(grounds) if is_held else None)


def _said(states: Sequence[State], scale: Scale) -> tuple[State, Fraction, Fraction]:
    """The state of all together, and what counts at least and at most."""
    known = [one for one in states if one not in UNCLEAR]
    worst = max(known, key=lambda one: (scale.of_state(one), _STANDING[one]), default=None)
    weight = _NOTHING if worst is None else scale.of_state(worst)
    if worst is not None and len(known) == len(states):
        return worst, weight, weight
    if worst is not None and weight:
        return worst, weight, scale.ceiling
    return (State.UNOBSERVED if State.UNOBSERVED in states else State.UNKNOWN), _NOTHING, scale.ceiling
