"""Our own side: what our own monitoring says of the things that depend on a page.

A signal never makes an event and never changes a status: it stands beside what the provider says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SignalSource(StrEnum):
    """Who sends signals; `json` is any program with our own plain form."""

    ALERTMANAGER = "alertmanager"
    GRAFANA = "grafana"
    SENTRY = "sentry"
    DATADOG = "datadog"
    JSON = "json"


class SignalState(StrEnum):
    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class SignalWord:
    """One word of a sender on one thing of ours: it fires since `at`, or was over at `at`.

    `key` is the sender's own name of that thing. Page, component, source, key, state and `at` together are the word:
    who says it again says nothing new. `lapses_at`: if nothing more is heard by then, the signal counts as over.
    """

    page_id: int
    component: str
    source: SignalSource
    key: str
    state: SignalState
    at: datetime
    title: str
    url: str
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as it is kept: its number, and when it was first heard."""

    id: int
    word: SignalWord
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing of ours that fires, or fired: all words of it from its beginning to its end.

    `id` is that of the word it began with. `ended_at` is None while it fires. `has_lapsed`: nobody said that it is
    over; it was not heard of any more.
    """

    id: int
    page_id: int
    component: str
    source: SignalSource
    key: str
    title: str
    url: str
    began_at: datetime
    ended_at: datetime | None = None
    has_lapsed: bool = False

    @property
    def is_firing(self) -> bool:
        return self.ended_at is None
