"""A course of things past, run through the real planner by a clock that jumps.

Each step brings something into a store in memory at its moment; between two steps time stands still only where
something is due: a story that was held, a digest, a reminder of a maintenance. So every message is made at the moment
at which the service would have made it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from statuswire.core import calendar
from statuswire.core.calendar import CalendarRule
from statuswire.engine import planner
from statuswire.engine.calendar import record_due
from statuswire.engine.planner import Rules, plan_batch
from statuswire.store import Store, Tx, queries

AFTERWARDS: Final = timedelta(days=1)
"""How long the clock goes on after the last step, so that what was held or collected by then is told."""


LOOK_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What comes in at a moment. `bring` puts it into the store and returns whether there are events of it. An aside is
    no part of what happened: it neither begins the period nor ends it."""

    at: datetime
    bring: Callable[[], bool]
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """From when on was told, and when the last step was. `first_id` is the last event before it."""

    begin: datetime
    end: datetime
    after_id: int = 0

    @property
    def weeks(self) -> float:
        """At least one: what happened in a day says nothing of a week."""
        return max(self.end - self.begin, timedelta(weeks=1)) / timedelta(weeks=1)


def _begun(tx: Tx) -> int:
    """The planner takes its place at the head of the log; the last event before it."""
    planner.begin(tx)
    return queries.last_event_id(tx)


class Course:
    """One run of one set of rules. `since`: what comes in before is known and not told."""

    def __init__(
        self, store: Store, rules: Rules, *, reminding: CalendarRule | None = None, since: datetime | None = None
    ) -> None:
        self._store = store
        self._rules = rules
        self._reminding = reminding or CalendarRule()
        self._since = since
        self._wake_at: datetime | None = None
        self._looked_at = datetime.min.replace(tzinfo=UTC)

    def run(self, steps: Iterable[Step]) -> Period | None:
        """Run all steps, which come in order of time; the period that was told, None where nothing came in it."""
        period = None
        for step in steps:
            if self._since is not None and step.at < self._since:
                step.bring()
                continue
            if period is None and not step.is_aside:
                period = Period(self._since or step.at, step.at, self._store.write(_begun))
            self._take(step)
            if period is not None and not step.is_aside:
                period = replace(period, end=step.at)
        if period is not None:
            self._pass_until(period.end + AFTERWARDS)
        return period

    def _take(self, step: Step) -> None:
        """A maintenance may have moved without an event, so the calendar is looked at now and then."""
        self._pass_until(step.at)
        has_news = step.bring()
        if not step.is_aside and (has_news or step.at - self._looked_at >= LOOK_EVERY):
            self._plan(step.at)

    def _pass_until(self, moment: datetime) -> None:
        """Stop wherever something is due before then."""
        while self._wake_at is not None and self._wake_at < moment:
            self._plan(self._wake_at)

    def _plan(self, now: datetime) -> None:
        self._wake_at = self._store.write(partial(self._planned, now=now))
        self._looked_at = now

    def _planned(self, tx: Tx, now: datetime) -> datetime | None:
        """Plan all there is by now; when there is something to do again, later than now."""
        record_due(tx, self._reminding, now)
        while plan_batch(tx, self._rules, now).has_more:
            pass
        open_ones = (known for _, _, known in queries.open_maintenances(tx))
        moments = (
            queries.next_story_at(tx),
            queries.next_batch_at(tx),
            calendar.next_at(open_ones, self._reminding, now),
        )
        later = (moment for moment in moments if moment is not None and moment > now)
        return min(later, default=None)
