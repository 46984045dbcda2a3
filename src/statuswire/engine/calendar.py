"""The loop that reminds of planned maintenance, and tells when one goes on too long or an override has ended.

What it says are events like all others, appended to the log in one transaction with the look at the state; their keys
make each happen once, whatever restarts and replicas do. `core/calendar` decides.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from statuswire.core import calendar
from statuswire.core.calendar import CalendarRule
from statuswire.engine.clock import Clock
from statuswire.engine.overriding import lift_ended
from statuswire.errors import StoreError
from statuswire.model import Event
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

LOOK_EVERY_S = 30.0


class Calendar:
    """`on_events` is called after each commit that put events in."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rule: CalendarRule | None = None,
        *,
        on_events: Callable[[], object] = lambda: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._rule = rule or CalendarRule()
        self._on_events = on_events
        self._said: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Tell what is due until cancelled."""
        while True:
            try:
                await self.tell_due()
            except StoreError as error:
                log.warning("maintenances not looked at: reason=%s %s", error.reason, error)
            except Exception:
                log.exception("maintenances not looked at")
            await self._clock.sleep(LOOK_EVERY_S)

    async def tell_due(self) -> tuple[Event, ...]:
        """Append what is due; what was new of it. Raises StoreError.

        A read answers first, so that nothing is written as long as nothing changes.
        """
        lifted = await self._lift_overrides()
        look = partial(due_events, rule=self._rule, now=self._clock.now())
        found = await asyncio.to_thread(self._store.read, look)
        keys = frozenset(event.key for _, event in found)
        if keys <= self._said:
            return lifted
        work = partial(record_due, rule=self._rule, now=self._clock.now())
        told = await asyncio.wrap_future(self._store.submit(work))
        self._said = keys
        if told:
            self._on_events()
        return (*lifted, *told)

    async def _lift_overrides(self) -> tuple[Event, ...]:
        """Tell what no longer is by our word, where overrides came to their end."""
        now = self._clock.now()
        if not await asyncio.to_thread(self._store.read, partial(queries.ended_overrides, now=now)):
            return ()
        told = await asyncio.wrap_future(self._store.submit(partial(lift_ended, now=now)))
        if told:
            self._on_events()
        return told


def due_events(tx: Tx, rule: CalendarRule, now: datetime) -> list[tuple[int, Event]]:
    """What is due of all open maintenances, said before or not, each with the number of its page."""
    looked = ((page_id, calendar.due(page, known, rule, now)) for page_id, page, known in queries.open_maintenances(tx))
    return [(page_id, event) for page_id, event in looked if event is not None]


def record_due(tx: Tx, rule: CalendarRule, now: datetime) -> tuple[Event, ...]:
    """Append what is due and was not said before, and return it, numbered. Raises StoreError."""
    return queries.append_all(tx, due_events(tx, rule, now))
