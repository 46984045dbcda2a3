"""Signals of ours beside incidents of a provider: when each began and ended, and who said it first. Pure.

Words of senders come late, twice and in any order. Signals are therefore made of the whole set of words, in the order
of the moments that the words name: what was heard first makes no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from statuswire.core.courses import ended_at
from statuswire.core.promptness import told_at
from statuswire.model import HeardWord, Kind, KnownIncident, Signal, SignalState

LONGEST_LEAD: Final = timedelta(hours=12)
"""What began longer than this before a provider said anything is not about that; what began longer than this after it
is, but says nothing of who was first."""

AFTERMATH: Final = timedelta(minutes=30)
"""How long after the end of a signal its provider may still admit what it was, as a rule."""

PATIENCE: Final = timedelta(minutes=30)
"""A provider is silent, and not only slow, when it has said nothing for so long."""


# --- signals out of words --------------------------------------------------------------------------------------------


def signals_of(words: Iterable[HeardWord], now: datetime) -> tuple[Signal, ...]:
    """The signals that the words make, the earliest first. An end without a beginning is none."""
    found = [one for some in _by_thing(words) for one in _lives(some, now)]
    return tuple(sorted(found, key=_order))


def _by_thing(words: Iterable[HeardWord]) -> Iterator[Sequence[HeardWord]]:
    """The words on each thing in order; of one moment, what fires comes before what is over."""
    ordered = sorted(words, key=lambda one: (*_thing(one), one.word.at, one.word.state is SignalState.RESOLVED, one.id))
    for _, some in groupby(ordered, key=_thing):
        yield list(some)


def _thing(one: HeardWord) -> tuple[int, str, str, str]:
    return one.word.page_id, one.word.source.value, one.word.key, one.word.component


def _lives(words: Sequence[HeardWord], now: datetime) -> Iterator[Signal]:
    """Of one thing: from each word that it fires, up to the next that it is over, or until it has lapsed."""
    current: Signal | None = None
    lapses_at = now
    for heard in words:
        word = heard.word
        is_over = current is not None and word.at > lapses_at
        if current is not None and is_over:
            yield replace(current, ended_at=lapses_at, has_lapsed=True)
            current = None
        if word.state is SignalState.FIRING:
            lapses_at = word.lapses_at if current is None else max(lapses_at, word.lapses_at)
            current = _begun(heard) if current is None else replace(current, title=word.title, url=word.url)
        elif current is not None:
            yield replace(current, ended_at=word.at)
            current = None
    if current is not None:
        has_lapsed = lapses_at <= now
        yield replace(current, ended_at=lapses_at, has_lapsed=True) if has_lapsed else current


def _begun(heard: HeardWord) -> Signal:
    word = heard.word
    return Signal(heard.id, word.page_id, word.component, word.source, word.key, word.title, word.url, word.at)


def _order(one: Signal) -> tuple[datetime, int]:
    return one.began_at, one.id


# --- signals and incidents -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """An incident and the signals about it, the earliest first. `first` is the first of those that no earlier incident
    admitted and that began when it was new, None where there is none; `ahead` by how much it came before the provider's
    word (below zero: after)."""

    incident: KnownIncident
    signals: tuple[Signal, ...] = ()
    first: Signal | None = None

    @property
    def ahead(self) -> timedelta | None:
        return None if self.first is None else told_at(self.incident) - self.first.began_at


@dataclass(frozen=True, slots=True)
class Paired:
    """`pairs` has every incident, in the order in which they were told; `admitted` the incident that admitted each
    signal first, by the signal's number."""

    pairs: tuple[Pair, ...]
    admitted: dict[int, KnownIncident]

    def of(self, incident_id: str) -> Pair | None:
        return next((one for one in self.pairs if one.incident.id == incident_id), None)


def pair(signals: Iterable[Signal], incidents: Iterable[KnownIncident], now: datetime) -> Paired:
    """Which incidents of one page are about which signals of ours. Planned maintenance admits nothing: it was said
    before."""
    told = sorted((one for one in incidents if one.kind is Kind.INCIDENT), key=lambda one: (told_at(one), one.id))
    ordered = sorted(signals, key=_order)
    near: dict[str, list[Signal]] = defaultdict(list)
    admitted: dict[int, KnownIncident] = {}
    for incident in told:
        for signal in ordered:
            if is_about(incident, signal, now):
                near[incident.id].append(signal)
                admitted.setdefault(signal.id, incident)
    return Paired(tuple(_pair(one, near[one.id], admitted) for one in told), admitted)


def _pair(incident: KnownIncident, signals: Sequence[Signal], admitted: dict[int, KnownIncident]) -> Pair:
    latest = told_at(incident) + LONGEST_LEAD
    first = next((one for one in signals if admitted[one.id] is incident and one.began_at <= latest), None)
    return Pair(incident, tuple(signals), first)


def is_about(incident: KnownIncident, signal: Signal, now: datetime) -> bool:
    """Whether they may be one and the same: they met in time, and name no different components."""
    told, end = told_at(incident), max(ended_at(incident, now), told_at(incident))
    over = now if signal.ended_at is None else signal.ended_at
    is_near = signal.began_at <= end and over + AFTERMATH >= told and told - signal.began_at <= LONGEST_LEAD
    return is_near and is_same_part(incident, signal.component)


def is_same_part(incident: KnownIncident, component: str) -> bool:
    """Where one of them names no component it may be about any."""
    if not component or not incident.components:
        return True
    wanted = component.casefold()
    return any(wanted in _names(one.id, one.name, one.group) for one in incident.components)


def _names(id_: str, name: str, group: str | None) -> frozenset[str]:
    names = (id_, name, *((f"{group} / {name}", f"{group}/{name}") if group else ()))
    return frozenset(one.casefold() for one in names if one)


# --- how long ago they admit things ----------------------------------------------------------------------------------


def never_admitted(signals: Iterable[Signal], paired: Paired, now: datetime) -> tuple[Signal, ...]:
    """The signals that no incident admitted, but for those of which the provider still has time to speak."""
    return tuple(one for one in signals if one.id not in paired.admitted and now - one.began_at > PATIENCE)
