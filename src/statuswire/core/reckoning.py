"""The reckoning of a contract written out, line by line, from the window to the credit. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from statuswire.core.fulfilment import Account, Breach
from statuswire.core.pieces import State
from statuswire.model import Contract, LeftOut

_US: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the reckoning: what is reckoned, how, and what comes of it."""

    name: str
    how: str
    result: str


def percent(value: Fraction) -> str:
    """`99.8991 %`, rounded down, so that nothing looks better than it was."""
    scaled = value * 10_000
    whole = scaled.numerator // scaled.denominator
    text = f"{Decimal(whole) / 10_000:.4f}".rstrip("0").rstrip(".")
    return f"{text} %"


def minutes(value: timedelta | Fraction) -> str:
    """`44,640` or `12.5`, to the thousandth of a minute."""
    us = Fraction(value // _US) if isinstance(value, timedelta) else value
    text = f"{float(us / 60_000_000):,.3f}"
    return text.rstrip("0").rstrip(".")


def steps(contract: Contract, one: Account) -> tuple[Step, ...]:
    """The whole reckoning, from the window to the credit."""
    return (*_time_steps(one), *_down_steps(one), *_result_steps(contract, one))


def _time_steps(one: Account) -> Iterator[Step]:
    begin, end = one.window.since, one.window.until
    yield Step("The window", f"{begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC", f"{minutes(one.total)} min")
    unobserved, unknown, to_come = (_length(one, state) for state in (State.UNOBSERVED, State.UNKNOWN, State.TO_COME))
    observed = one.total - unobserved - unknown - to_come
    yield Step(
        "Observed, and the level known",
        f"{minutes(one.total)} - {minutes(unobserved)} unobserved - {minutes(unknown)} of unknown level"
        f" - {minutes(to_come)} to come",
        f"{minutes(observed)} min",
    )
    parts = " + ".join(f"{minutes(length)} {ground}" for ground, length in sorted(one.exempt.items())) or "none"
    yield Step(f"Excluded by the contract, {_LEFT_OUT[one.left_out]}", parts, f"{minutes(one.excluded)} min")
    how = minutes(one.total) if one.measured == one.total else f"{minutes(one.total)} - {minutes(one.excluded)}"
    yield Step("Measured", how, f"{minutes(one.measured)} min")


_LEFT_OUT: Final = {LeftOut.NOTHING: "taken out of the window", LeftOut.UP: "counts as up"}


def _length(one: Account, state: State) -> timedelta:
    return next(spent.length for spent in one.states if spent.state is state)


def _down_steps(one: Account) -> Iterator[Step]:
    for spent in one.states:
        if spent.weight and spent.length:
            how = f"({minutes(spent.length)} - {minutes(spent.exempt)} excluded) x {_plain(spent.weight)}"
            yield Step(f"Down: {spent.state.replace('_', ' ')}", how, f"{minutes(spent.down)} min")
    certain = " + ".join(minutes(spent.down) for spent in one.states if spent.weight and spent.length) or "nothing"
    yield Step("Down for certain", certain, f"{minutes(one.down_least)} min")
    yield Step(
        "Not known, neither up nor down",
        f"{minutes(one.unclear)} min, at worst x {_plain(one.ceiling)}",
        f"0 to {minutes(one.down_most - one.down_least)} min",
    )


def _result_steps(contract: Contract, one: Account) -> Iterator[Step]:
    measured = minutes(one.measured)
    yield Step("Best: all that is not known was up", _formula(one.down_least, one.measured), percent(one.best))
    if one.seen is not None:
        how = _formula(one.down_least, one.known)
        yield Step("Of the time of which it is known how it counts", how, percent(one.seen))
    yield Step("Worst: all that is not known was down", _formula(one.down_most, one.measured), percent(one.worst))
    objective = Fraction(contract.objective)
    allowed = (1 - objective / 100) * (one.measured // _US)
    yield Step("Objective", f"at most {minutes(allowed)} of {measured} min down", f"{_plain(objective)} %")
    verdict = one.breach(contract.objective)
    yield Step("Breach", _BECAUSE[verdict], verdict.value)
    if contract.credits:
        least, most = one.credits(contract.credits)
        table = ", ".join(f"below {one.below} %: {one.credit} %" for one in contract.credits)
        yield Step("Credit", table, f"{least} %" if least == most else f"{least} % to {most} %")


_BECAUSE: Final = {
    Breach.YES: "even the best is below the objective",
    Breach.NO: "even the worst is not below the objective",
    Breach.UNDECIDED: "the best is not below the objective and the worst is",
}


def _formula(down: Fraction, of: timedelta) -> str:
    return f"100 x (1 - {minutes(down)} / {minutes(of)})" if of else "no time is left of which anything was promised"


def _plain(value: Fraction) -> str:
    return f"{float(value):.6f}".rstrip("0").rstrip(".")
