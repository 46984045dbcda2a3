"""How what was found is judged: each thing asked for, and all of them together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

from statuswire.client.shapes import Status
from statuswire.client.standing import SEVERITY, Freshness, is_within

LEVELS: tuple[Status, ...] = tuple(level for level in SEVERITY if level is not Status.UNKNOWN)
"""What may be allowed, from good to bad."""

UnknownIs: TypeAlias = Literal["pass", "fail"]


class Found(msgspec.Struct, frozen=True):
    """How one thing is. `why` is one line that begins with its name. `is_misnamed`: the page has no such component.
    `is_hopeless`: waiting does not change it."""

    what: str
    level: Status
    freshness: Freshness
    why: str
    is_misnamed: bool = False
    is_hopeless: bool = False

    @property
    def is_known(self) -> bool:
        """What was so when the page could last be read is not known to be so."""
        return self.freshness is Freshness.FRESH and self.level is not Status.UNKNOWN


class Ruling(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    HOLD = "hold"
    UNKNOWN = "unknown"


EXIT_CODES: dict[Ruling, int] = {Ruling.PASS: 0, Ruling.HOLD: 1, Ruling.UNKNOWN: 3}


class Judgement(msgspec.Struct, frozen=True):
    """All together: what is known to be worse than allowed counts first, then what is not known."""

    ruling: Ruling
    why: str
    found: tuple[Found, ...]

    @property
    def is_hopeless(self) -> bool:
        return any(one.is_misnamed or one.is_hopeless for one in self.found)


def judged(found: Sequence[Found], allowed: Status, unknown_is: UnknownIs | None = None) -> Judgement:
    """`unknown_is` says whether what is not known passes or fails; None: it is a ruling of its own. What the page does
    not have never passes: a wrong name must not read as fine."""
    bad = [one for one in found if one.is_known and not is_within(one.level, allowed)]
    unknown = [one for one in found if not one.is_known]
    if bad:
        return _judgement(Ruling.HOLD, f"worse than {allowed.value}: {_told(bad)}", found)
    if unknown_is == "pass":
        unknown = [one for one in unknown if one.is_misnamed]
    if unknown:
        ruling = Ruling.HOLD if unknown_is == "fail" else Ruling.UNKNOWN
        return _judgement(ruling, f"not known: {_told(unknown)}", found)
    return _judgement(Ruling.PASS, _told(found), found)


def _judgement(ruling: Ruling, why: str, found: Sequence[Found]) -> Judgement:
    return Judgement(ruling, why, tuple(found))


def _told(found: Sequence[Found]) -> str:
    return "; ".join(one.why for one in found)
