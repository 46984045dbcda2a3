"""Follow the event log and tell listeners in this process: the console, later the live stream.

The log is asked for `id > last`; ids become visible in order, so nothing is skipped. `notify` only makes it sooner. A
listener with a name has its position in the store, moved on *before* it is told: when the process is killed between
the two, a line is lost, but none is ever repeated. One without a name begins at the head of the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.errors import StoreError
from statuswire.metrics import Metrics
from statuswire.model import Event
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
BATCH = 500

Listener = Callable[[Sequence[Event]], None]
"""Gets events in order of their ids, never an empty list. Runs in the loop's thread, so it must be quick."""


@dataclass(slots=True)
class _Follower:
    listener: Listener
    name: str
    position: int


class Tail:
    """The one follower of the log in a process, with its listeners. All methods belong to one event loop."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._bell = Bell(clock)
        self._followers: list[_Follower] = []
        self._last_told_at: datetime | None = None

    @property
    def last_told_at(self) -> datetime | None:
        """When listeners were last told of anything; None since the start."""
        return self._last_told_at

    async def follow(self, listener: Listener, *, name: str = "") -> int:
        """Tell this listener from now on; the position it begins after.

        With a name that is where it was left, else the head of the log as it is now. Raises StoreError.
        """
        position = await asyncio.to_thread(self._store.write if name else self._store.read, lambda tx: _begin(tx, name))
        self._followers.append(_Follower(listener, name, position))
        self._bell.ring()
        return position

    def notify(self) -> None:
        """There is something new: look now. For the loop's thread."""
        self._bell.ring()

    async def run(self) -> None:
        """Tell what comes until cancelled."""
        while True:
            try:
                await self.tell_new()
            except StoreError as error:
                log.warning("events not told: reason=%s %s", error.reason, error)
            except Exception:
                log.exception("events not told")
            await self._bell.wait(LOOK_EVERY_S)

    async def tell_new(self) -> int:
        """Tell everything up to the head of the log; how many events. Raises StoreError."""
        count = 0
        while self._followers:
            events = await self._read()
            if not events:
                break
            await self._tell(events)
            count += len(events)
        return count

    async def _read(self) -> list[Event]:
        last = min(follower.position for follower in self._followers)
        return await asyncio.to_thread(self._store.read, lambda tx: queries.events_after(tx, last, BATCH))

    async def _tell(self, events: Sequence[Event]) -> None:
        """Move every position to the last of these events, save the named ones, and only then tell."""
        head = events[-1].id
        behind = [follower for follower in self._followers if follower.position < head]
        names = {follower.name: head for follower in behind if follower.name}
        cancelled = await _settled(self._store.submit(lambda tx: _save(tx, names))) if names else None
        for follower in behind:
            news = [event for event in events if event.id > follower.position]
            follower.position = head
            if news:
                _tell_one(follower, news)
        self._last_told_at = self._clock.now()
        if cancelled is not None:
            raise cancelled


async def _settled(future: Future[None]) -> asyncio.CancelledError | None:
    """Wait for a commit even when cancelled meanwhile; the cancellation, for the caller to raise once it has acted on
    the commit. Raises StoreError."""
    waiting = asyncio.wrap_future(future)
    try:
        await asyncio.shield(waiting)
    except asyncio.CancelledError as cancelled:
        await asyncio.wait((waiting,))
        if waiting.exception() is not None:
            raise
        return cancelled
    return None


def count_events(metrics: Metrics) -> Listener:
    """A listener that counts events by type and their lag: each once in this process, whatever loop recorded it."""

    def count(events: Sequence[Event]) -> None:
        for event in events:
            metrics.recorded(event.type.value, event.source.value, event.lag.total_seconds())

    return count


def _tell_one(follower: _Follower, events: Sequence[Event]) -> None:
    """A listener that fails has had its turn: its position is saved already, and the others must hear it too."""
    try:
        follower.listener(events)
    except Exception:
        log.exception("listener failed name=%s events=%d", follower.name or "-", len(events))


def _begin(tx: Tx, name: str) -> int:
    """Where a listener starts; a name met for the first time is put at the head, so that a restart finds it."""
    position = queries.follower(tx, name) if name else None
    if position is None:
        position = queries.last_event_id(tx)
        if name:
            queries.set_follower(tx, name, position)
    return position


def _save(tx: Tx, positions: Mapping[str, int]) -> None:
    for name, position in positions.items():
        queries.set_follower(tx, name, position)
