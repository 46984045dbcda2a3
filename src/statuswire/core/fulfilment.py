"""Whether a contract was kept over a window, between the best and the worst that what was seen allows. Pure.

What is not known is never taken for up: the best result counts all of it as up, the worst all of it as the level that
counts most. Time that does not count is taken out of the window, unless the contract has it stay there as time that was
up. All sums are exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from statuswire.core.exempting import Ground
from statuswire.core.pieces import UNCLEAR, Piece, Scale, State
from statuswire.core.timeline import Window
from statuswire.model import Contract, Credit, LeftOut

_NONE: Final = timedelta(0)
_US: Final = timedelta(microseconds=1)
_NOTHING: Final = Fraction(0)
_WHOLE: Final = Fraction(100)


class Breach(StrEnum):
    """Undecided: what is not known would decide it."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


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
    scale = Scale.of(contract.weights)
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


def _spent(state: State, some: Sequence[Piece], scale: Scale) -> Spent:
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
