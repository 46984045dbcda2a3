"""What a process knows of the pages that it guards by, how old that is, and what is to be asked when. No clock, no
thread: `now` is seconds of a clock that only goes forward.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from statuswire.client.following import backed_off
from statuswire.client.shapes import Status
from statuswire.client.standing import Freshness, PageState, Reading, Subject

EVERY_S = 60.0
"""How often a state is read anew though no event tells of a change: it proves that the server is still there."""

GAP_S = 1.0
"""The least time between two reads of one thing, however much happens there."""

FRESH_S = 150.0
"""Two such reads may fail."""


class _Entry(msgspec.Struct):
    due_at: float
    state: PageState | None = None
    confirmed_at: float = float("-inf")
    failures: int = 0
    trouble: str = ""


class Book:
    def __init__(self) -> None:
        self._entries: dict[Subject, _Entry] = {}

    @property
    def pages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.page for one in self._entries))

    def add(self, subject: Subject, now: float) -> bool:
        """True where it was not known."""
        if subject in self._entries:
            return False
        self._entries[subject] = _Entry(now)
        return True

    def due(self, now: float) -> tuple[Subject, ...]:
        return tuple(subject for subject, entry in self._entries.items() if entry.due_at <= now)

    def next_due_at(self, now: float) -> float:
        return min((entry.due_at for entry in self._entries.values()), default=now + EVERY_S)

    def touch(self, pages: Iterable[str], now: float) -> None:
        """Something happened there: look soon, though not twice in a second, and where looking fails, in its turn."""
        meant = set(pages)
        for subject, entry in self._entries.items():
            if subject.page in meant and not entry.failures:
                entry.due_at = min(entry.due_at, max(now, entry.confirmed_at + GAP_S))

    def noted(self, subject: Subject, state: PageState, now: float) -> None:
        self._entries[subject] = _Entry(now + EVERY_S, state, now)

    def failed(self, subject: Subject, trouble: str, now: float) -> None:
        """What was known stays, and gets old."""
        entry = self._entries[subject]
        entry.due_at = now + backed_off(entry.failures)
        entry.failures += 1
        entry.trouble = trouble

    def is_settled(self, subject: Subject) -> bool:
        """Whether the first answer, good or bad, has come."""
        entry = self._entries[subject]
        return entry.state is not None or bool(entry.failures)

    def reading(self, subject: Subject, now: float) -> Reading:
        entry = self._entries[subject]
        state = entry.state
        if state is None:
            why = f"{subject}: unknown: {entry.trouble or 'the server has not answered yet'}"
            return Reading(subject.page, subject.component, Status.UNKNOWN, Freshness.UNKNOWN, None, why)
        age_s = now - entry.confirmed_at
        is_old = age_s > FRESH_S and state.freshness is Freshness.FRESH
        told = state.described(state.status)
        why = f"{told}, as of {age_s:.0f} s ago ({entry.trouble})" if is_old else told
        freshness = Freshness.STALE if is_old else state.freshness
        return Reading(subject.page, subject.component, state.status, freshness, age_s, why)
