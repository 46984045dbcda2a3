"""Is it us or them: what our own signals and the provider's word together say. Pure.

Nothing here is known for certain, and it says so: the verdict comes with its reasons, in sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from statuswire.core.signals import PATIENCE, is_same_part
from statuswire.model import KnownIncident, Signal, Status

MANY: Final = 3
"""So many pages whose signals fire at once point at what they have in common, which is us."""

AT_ONCE: Final = timedelta(minutes=15)
"""Signals that began within this of one another began at once."""

_FINE: Final = frozenset({Status.OPERATIONAL, Status.MAINTENANCE})


class Blame(StrEnum):
    """`quiet`: nothing of ours fires. `unclear`: it may be either. `unknown`: their page cannot be read."""

    THEM = "them"
    US = "us"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"
    QUIET = "quiet"


class Ground(StrEnum):
    """Why a verdict is what it is. These words are API."""

    NO_SIGNAL = "no_signal"
    ADMITS = "provider_admits"
    ADMITS_OTHER = "provider_admits_other_parts"
    SAYS_FINE = "provider_says_fine"
    UNREAD = "provider_cannot_be_read"
    STILL_TIME = "provider_still_has_time"
    SILENT = "provider_is_silent"
    SEVERAL = "several_pages_at_once"
    OTHERS_ADMIT = "other_providers_admit"


@dataclass(frozen=True, slots=True)
class Reason:
    ground: Ground
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    blame: Blame
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class TheirWord:
    """What a provider says now. `level` is how its page was when it was last read; `is_blind`: it cannot be read, or
    never was; `open` are its incidents that go on."""

    name: str
    level: Status
    is_blind: bool
    open: Sequence[KnownIncident] = ()

    @property
    def is_fine(self) -> bool:
        return self.level in _FINE and not self.open


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another page of which a signal fires, since when, and whether its provider admits trouble."""

    name: str
    since: datetime
    admits: bool


def judge(firing: Sequence[Signal], theirs: TheirWord, others: Sequence[Elsewhere], now: datetime) -> Verdict:
    """Us or them. `firing` are the signals of this page that fire, `others` the other pages with some."""
    if not firing:
        return Verdict(Blame.QUIET, tuple(_quiet(theirs)))
    since = min(one.began_at for one in firing)
    near = [one for one in others if abs(one.since - since) <= AT_ONCE]
    for rule in _RULES:
        found = rule(firing, theirs, near, now)
        if found is not None:
            return found
    return _alone(theirs, now - since)


def _quiet(theirs: TheirWord) -> list[Reason]:
    reasons = [Reason(Ground.NO_SIGNAL, "None of your signals fires.")]
    if theirs.is_blind:
        return [*reasons, _unread(theirs)]
    if theirs.is_fine:
        return [*reasons, Reason(Ground.SAYS_FINE, f"{theirs.name} says that all is well.")]
    return [*reasons, Reason(Ground.ADMITS, f"{theirs.name} admits trouble that you do not feel.")]


def _admitted(firing: Sequence[Signal], theirs: TheirWord, near: Sequence[Elsewhere], now: datetime) -> Verdict | None:
    """The provider says itself that what fires is broken; what it said last counts even when we cannot read it now."""
    told = [one for one in theirs.open if any(is_same_part(one, signal.component) for signal in firing)]
    if told:
        sentence = f"{theirs.name} admits it: {told[0].title or told[0].id}."
    elif not theirs.open and not theirs.is_blind and not theirs.is_fine and theirs.level is not Status.UNKNOWN:
        sentence = f"{theirs.name} says itself that it is not well."
    else:
        return None
    return Verdict(Blame.THEM, (Reason(Ground.ADMITS, sentence), *_several(near)))


def _blind(firing: Sequence[Signal], theirs: TheirWord, near: Sequence[Elsewhere], now: datetime) -> Verdict | None:
    if theirs.is_blind or theirs.level is Status.UNKNOWN:
        return Verdict(Blame.UNKNOWN, (_unread(theirs), *_several(near)))
    return None


def _other_parts(
    firing: Sequence[Signal], theirs: TheirWord, near: Sequence[Elsewhere], now: datetime
) -> Verdict | None:
    if not theirs.open:
        return None
    sentence = f"{theirs.name} admits trouble, but with other parts than those that your signals name."
    return Verdict(Blame.UNCLEAR, (Reason(Ground.ADMITS_OTHER, sentence), *_several(near)))


def _together(firing: Sequence[Signal], theirs: TheirWord, near: Sequence[Elsewhere], now: datetime) -> Verdict | None:
    """Signals of several pages at once: another provider, on which this one stands too, or what is ours."""
    admitting = [one.name for one in near if one.admits]
    fine = Reason(Ground.SAYS_FINE, f"{theirs.name} says that all is well.")
    if admitting:
        sentence = f"{_listed(admitting)} began to fire at the same time, and its provider admits trouble."
        return Verdict(Blame.UNCLEAR, (fine, Reason(Ground.OTHERS_ADMIT, sentence)))
    if len(near) + 1 >= MANY:
        return Verdict(Blame.US, (fine, *_several(near)))
    return None


_Rule = Callable[[Sequence[Signal], TheirWord, Sequence[Elsewhere], datetime], Verdict | None]
_RULES: Final[tuple[_Rule, ...]] = (_admitted, _blind, _other_parts, _together)
"""The first that has something to say is right."""


def _alone(theirs: TheirWord, age: timedelta) -> Verdict:
    fine = Reason(Ground.SAYS_FINE, f"{theirs.name} says that all is well.")
    if age > PATIENCE:
        sentence = "It has had half an hour to say something, and has not."
        return Verdict(Blame.US, (fine, Reason(Ground.SILENT, sentence)))
    return Verdict(Blame.UNCLEAR, (fine, Reason(Ground.STILL_TIME, "It may not have said so yet.")))


def _unread(theirs: TheirWord) -> Reason:
    return Reason(Ground.UNREAD, f"The page of {theirs.name} cannot be read now, so nobody knows what it says.")


def _several(near: Sequence[Elsewhere]) -> list[Reason]:
    if len(near) + 1 < MANY:
        return []
    sentence = f"Signals of {len(near) + 1} pages began at once, also of {_listed([one.name for one in near])}."
    return [Reason(Ground.SEVERAL, sentence)]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
