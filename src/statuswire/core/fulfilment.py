"""Whether a contract was kept over a window, between the best and the worst that what was seen allows. Pure.

What is not known is never taken for up: the best result counts all of it as up, the worst all of it as the level that
counts most. Time that does not count is taken out of the window, unless the contract has it stay there as time that was
up. All sums are exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final

from statuswire.core.exempting import Exemption, Ground
from statuswire.core.timeline import Course, Span, Window, seen, severity
from statuswire.model import Contract, Credit, LeftOut, Status

_NONE: Final = timedelta(0)
_US: Final = timedelta(microseconds=1)
_NOTHING: Final = Fraction(0)
_WHOLE: Final = Fraction(100)


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


class Breach(StrEnum):
    """Undecided: what is not known would decide it."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


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


# --- the window in pieces --------------------------------------------------------------------------------------------


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
    scale = _Scale.of(weights)
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
class _Scale:
    weights: Mapping[State, Fraction]
    ceiling: Fraction

    @classmethod
    def of(cls, weights: Mapping[Status, Decimal]) -> _Scale:
        exact = {_LEVELS[status]: Fraction(weight) for status, weight in weights.items()}
        return cls(exact, max(exact.values(), default=_NOTHING))

    def of_state(self, state: State) -> Fraction:
        return self.weights.get(state, _NOTHING)


_STANDING: Final = {_LEVELS[status]: severity(status) for status in Status}


def _coming(since: datetime, until: datetime, ground: Ground | None, scale: _Scale) -> Piece:
    return Piece(since, until, State.TO_COME, _NOTHING, _NOTHING if ground else scale.ceiling, ground)


def _piece(since: datetime, until: datetime, all_seen: Sequence[Seen], scale: _Scale) -> Piece:
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


def _said(states: Sequence[State], scale: _Scale) -> tuple[State, Fraction, Fraction]:
    """The state of all together, and what counts at least and at most."""
    known = [one for one in states if one not in UNCLEAR]
    worst = max(known, key=lambda one: (scale.of_state(one), _STANDING[one]), default=None)
    weight = _NOTHING if worst is None else scale.of_state(worst)
    if worst is not None and len(known) == len(states):
        return worst, weight, weight
    if worst is not None and weight:
        return worst, weight, scale.ceiling
    return (State.UNOBSERVED if State.UNOBSERVED in states else State.UNKNOWN), _NOTHING, scale.ceiling


# --- what comes of it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spent:
    """How much of the window was spent in one state: in all, the part that does not count, and of what does, the part
    of which it is not sure that it was no worse. `weight`: which part of it counts as down, for certain."""

    state: State
    length: timedelta
    exempt: timedelta
    unsure: timedelta
    weight: Fraction

    @property
    def counted(self) -> timedelta:
        return self.length - self.exempt

    @property
    def down(self) -> Fraction:
        """What counts as down for certain, in microseconds."""
        return self.weight * (self.counted // _US)


@dataclass(frozen=True, slots=True)
class Account:
    """The reckoning of one window. `down_least` and `down_most` are microseconds that count as down; `known` is the
    time of which it is known how it counts, of that which is `measured`: the window without what is taken out of it."""

    window: Window
    states: tuple[Spent, ...]
    exempt: Mapping[Ground, timedelta]
    ceiling: Fraction
    down_least: Fraction
    down_most: Fraction
    known: timedelta
    left_out: LeftOut = LeftOut.NOTHING

    @property
    def total(self) -> timedelta:
        return self.window.until - self.window.since

    @property
    def excluded(self) -> timedelta:
        return sum(self.exempt.values(), _NONE)

    @property
    def measured(self) -> timedelta:
        """What the result is a share of."""
        return self.total - self.excluded if self.left_out is LeftOut.NOTHING else self.total

    @property
    def unclear(self) -> timedelta:
        """What counts and is not known, or not over."""
        return sum((one.unsure for one in self.states), _NONE)

    @property
    def best(self) -> Fraction:
        """In percent, if all that is not known was up."""
        return _percent(self.down_least, self.measured)

    @property
    def worst(self) -> Fraction:
        """In percent, if all that is not known was at the worst."""
        return _percent(self.down_most, self.measured)

    @property
    def seen(self) -> Fraction | None:
        """In percent of the time of which it is known how it counts, None where there is none: between the others."""
        return _percent(self.down_least, self.known) if self.known else None

    def breach(self, objective: Decimal) -> Breach:
        if self.best < Fraction(objective):
            return Breach.YES
        return Breach.NO if self.worst >= Fraction(objective) else Breach.UNDECIDED

    def credits(self, table: Iterable[Credit]) -> tuple[Decimal, Decimal]:
        """The credit that is owed at least and at most, in percent of the fee."""
        some = tuple(table)
        return credit_for(self.best, some), credit_for(self.worst, some)


def credit_for(result: Fraction, table: Iterable[Credit]) -> Decimal:
    return max((one.credit for one in table if result < Fraction(one.below)), default=Decimal(0))


def _percent(down: Fraction, of: timedelta) -> Fraction:
    """Of no time at all nothing was promised, and nothing was broken."""
    if not of:
        return _WHOLE
    return _WHOLE * (1 - down / (of // _US))


def account(contract: Contract, some: Sequence[Piece], window: Window) -> Account:
    """Add up the pieces of a window."""
    scale = _Scale.of(contract.weights)
    return Account(
        window,
        tuple(_spent(state, some, scale) for state in State),
        _by_ground(some),
        scale.ceiling,
        _sum((one.least, one.length) for one in some),
        _sum((one.most, one.length) for one in some),
        sum((one.length for one in some if _is_known(one, contract.left_out)), _NONE),
        contract.left_out,
    )


def _spent(state: State, some: Sequence[Piece], scale: _Scale) -> Spent:
    mine = [one for one in some if one.state is state]
    return Spent(
        state,
        sum((one.length for one in mine), _NONE),
        sum((one.length for one in mine if one.ground), _NONE),
        sum((one.length for one in mine if one.most > one.least or _is_open(one)), _NONE),
        scale.of_state(state),
    )


def _is_open(one: Piece) -> bool:
    """Not known, though the contract counts nothing at all."""
    return one.state in UNCLEAR and one.ground is None


def _is_known(one: Piece, left_out: LeftOut) -> bool:
    """Whether it is known how it counts, and it does."""
    return left_out is LeftOut.UP if one.ground else one.state not in UNCLEAR


def _by_ground(some: Sequence[Piece]) -> dict[Ground, timedelta]:
    found: dict[Ground, timedelta] = defaultdict(timedelta)
    for one in some:
        if one.ground:
            found[one.ground] += one.length
    return dict(found)


def _sum(parts: Iterable[tuple[Fraction, timedelta]]) -> Fraction:
    """Lengths by weight first, since adding fractions is slow."""
    by_weight: dict[Fraction, int] = defaultdict(int)
    for weight, length in parts:
        by_weight[weight] += length // _US
    return sum((weight * length for weight, length in by_weight.items()), _NOTHING)
