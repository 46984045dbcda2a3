"""Follow the event log and tell listeners in this process: the console, the live stream.

The log is asked for `id > last`; ids become visible in order, so nothing is skipped. `notify` only makes it sooner, and
`offer` hands over what another process has recorded: ids have no gap, so that events which go on from the place of all
listeners are what the log would give, and are told without reading it. A listener begins at the head of the log; who
must go on after a restart where it was follows by itself (`console.py`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.errors import StoreError
from statuswire.metrics import Metrics
from statuswire.model import Event
from statuswire.store import Store, queries

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
LOOK_AT_SHARED_S = 0.5
"""Where other processes write too, whose events are to be told within a second whatever becomes of their hints."""

BATCH = 500

Listener = Callable[[Sequence[Event]], None]
"""Gets events in order of their ids, never an empty list. Runs in the loop's thread, so it must be quick."""


@dataclass(slots=True)
class _Follower:
    listener: Listener
    position: int


class Tail:
    """The one follower of the log in a process, with its listeners. All methods belong to one event loop."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._bell = Bell(clock)
        self._followers: list[_Follower] = []
        self._last_told_at: datetime | None = None
        self._look_every_s = LOOK_AT_SHARED_S if store.dialect.is_shared else LOOK_EVERY_S

    @property
    def last_told_at(self) -> datetime | None:
        """When listeners were last told of anything; None since the start."""
        return self._last_told_at

    async def follow(self, listener: Listener) -> int:
        """Tell this listener from now on; the position it begins after. Raises StoreError."""
        position = await asyncio.to_thread(self._store.read, queries.last_event_id)
        self._followers.append(_Follower(listener, position))
        self._bell.ring()
        return position

    def notify(self) -> None:
        """There is something new: look now. For the loop's thread."""
        self._bell.ring()

    def offer(self, events: Sequence[Event]) -> str:
        """Events that were committed, in order of their ids: `taken` where they go on from the place of all listeners,
        `known` where those are past them. Else `gap`: the log is read, which has what is missing. For the loop's
        thread."""
        places = {follower.position for follower in self._followers}
        last = min(places, default=0)
        news = _going_on(events, last) if len(places) == 1 else []
        if news:
            self._tell(news)
            last = news[-1].id
        if not self._followers or not events or events[-1].id <= last:
            return "taken" if news else "known"
        self._bell.ring()
        return "gap"

    async def run(self) -> None:
        """Tell what comes until cancelled."""
        while True:
            try:
                await self.tell_new()
            except StoreError as error:
                log.warning("events not told: reason=%s %s", error.reason, error)
            except Exception:
                log.exception("events not told")
            await self._bell.wait(self._look_every_s)

    async def tell_new(self) -> int:
        """Tell everything up to the head of the log; how many events. Raises StoreError."""
        count = 0
        while self._followers:
            events = await self._read()
            if not events:
                break
            self._tell(events)
            count += len(events)
        return count

    async def _read(self) -> list[Event]:
        last = min(follower.position for follower in self._followers)
        return await asyncio.to_thread(self._store.read, lambda tx: queries.events_after(tx, last, BATCH))

    def _tell(self, events: Sequence[Event]) -> None:
        """Move every position to the last of these events, and only then tell."""
        head = events[-1].id
        for follower in self._followers:
            news = [event for event in events if event.id > follower.position]
            follower.position = max(head, follower.position)
            if news:
                _tell_one(follower, news)
        self._last_told_at = self._clock.now()


def _going_on(events: Sequence[Event], last: int) -> list[Event]:
    """Those that follow on `last` and on each other."""
    news: list[Event] = []
    for event in events:
        if event.id == last + 1:
            news.append(event)
            last += 1
    return news


def count_events(metrics: Metrics) -> Listener:
    """A listener that counts events by type and their lag: each once in this process, whatever loop recorded it."""

    def count(events: Sequence[Event]) -> None:
        for event in events:
            metrics.recorded(event.type.value, event.source.value, event.lag.total_seconds())

    return count


def _tell_one(follower: _Follower, events: Sequence[Event]) -> None:
    """A listener that fails has had its turn: its position has moved already, and the others must hear it too."""
    try:
        follower.listener(events)
    except Exception:
        log.exception("listener failed events=%d", len(events))
