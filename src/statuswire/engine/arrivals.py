"""Hooks on their way into the table: kept first, acknowledged after the commit.

Requests that arrive while a commit is under way wait in a list that becomes the next group, so that many share one
fsync and no timer delays a lonely one. What reads them is `inbox`; the two share nothing but the table.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from statuswire.engine.clock import Clock
from statuswire.errors import StatuswireError, StoreError, StoreReason
from statuswire.metrics import Metrics
from statuswire.model import Hook
from statuswire.store import Queue, Store, queries

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=2)

ANSWER_WITHIN_S = 0.8
"""A sender whose hook is not committed by then is told to send it again. It may still be kept, and then the repeat is
the same hook or tells nothing new."""


class Overloaded(StatuswireError):
    """More hooks wait than we will hold; the sender should come back after `retry_after`."""

    reason = "overloaded"

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} hooks are waiting already")
        self.retry_after = RETRY_AFTER


@dataclass(frozen=True, slots=True)
class InboxLimits:
    """How much may wait: requests for their commit, and committed hooks for their reading.

    A quarter of `max_waiting` is kept for senders that proved who they are. `group` is how many hooks share a commit:
    past some hundreds a commit takes longer than the fsync that it saves.
    """

    group: int = 256
    max_waiting: int = 4096
    max_unread: int = 100_000

    def room(self, is_reserved: bool) -> int:
        return self.max_waiting if is_reserved else self.max_waiting * 3 // 4


@dataclass(frozen=True, slots=True)
class _Waiter:
    hook: Hook
    is_new: asyncio.Future[bool]


class Arrivals:
    """Keeps hooks and acknowledges them. All methods belong to one event loop.

    `on_kept` is called after each commit that holds new hooks. `unread` is how many wait to be read, as far as known;
    whoever reads them says so.
    """

    def __init__(
        self, store: Store, clock: Clock, metrics: Metrics, limits: InboxLimits, on_kept: Callable[[], object]
    ) -> None:
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._limits = limits
        self._on_kept = on_kept
        self.unread = 0
        self._arriving: deque[_Waiter] = deque()
        self._committing = 0
        self._is_stalled = False

    async def accept(self, hook: Hook, *, is_reserved: bool) -> bool:
        """As `Inbox.accept`."""
        if self._is_stalled:
            raise _no_answer()
        waiting = len(self._arriving) + self._committing
        if waiting >= self._limits.room(is_reserved) or self.unread >= self._limits.max_unread:
            raise Overloaded(max(waiting, self.unread))
        loop = asyncio.get_running_loop()
        waiter = _Waiter(hook, loop.create_future())
        self._arriving.append(waiter)
        if len(self._arriving) == 1 and not self._committing:
            loop.call_soon(self._commit)
        return await waiter.is_new

    def _commit(self) -> None:
        """Send what has arrived to the writer as one group, unless a group is under way."""
        if self._committing or not self._arriving:
            return
        group = [self._arriving.popleft() for _ in range(min(self._limits.group, len(self._arriving)))]
        loop = asyncio.get_running_loop()
        try:
            work = partial(queries.add_hooks, hooks=[waiter.hook for waiter in group])
            future = self._store.submit(work, queue=Queue.HOOKS)
        except StoreError as error:
            _refuse(group, error)
            loop.call_soon(self._commit)
            return
        self._committing = len(group)
        self._metrics.set_inbox_waiting(len(group) + len(self._arriving))
        started_s = self._clock.monotonic()
        # On SQLite the writer's own limits bound every wait.
        late = asyncio.ensure_future(self._stall(group)) if self._store.dialect.is_shared else None
        future.add_done_callback(partial(_call_in_loop, loop, self._committed, group, started_s, late))

    async def _stall(self, group: Sequence[_Waiter]) -> None:
        """Where the database does not answer nobody waits for this commit any more, until it has ended somehow."""
        await self._clock.sleep(ANSWER_WITHIN_S)
        log.warning("hooks refused: the database does not answer")
        self._is_stalled = True
        _refuse([*group, *self._arriving], _no_answer())
        self._arriving.clear()

    def _committed(
        self,
        group: Sequence[_Waiter],
        started_s: float,
        late: asyncio.Future[None] | None,
        future: Future[list[bool]],
    ) -> None:
        if late is not None:
            late.cancel()
        self._committing, self._is_stalled = 0, False
        self._metrics.wrote(self._clock.monotonic() - started_s)
        error = future.exception()
        if error is not None:
            _refuse(group, error)
        else:
            self._acknowledge(group, future.result())
        self._commit()
        self._metrics.set_inbox_waiting(self._committing + len(self._arriving))

    def _acknowledge(self, group: Sequence[_Waiter], are_new: Sequence[bool]) -> None:
        for waiter, is_new in zip(group, are_new, strict=True):
            if not waiter.is_new.done():
                waiter.is_new.set_result(is_new)
        self.unread += sum(are_new)
        if any(are_new):
            self._on_kept()


def _refuse(group: Sequence[_Waiter], error: BaseException) -> None:
    for waiter in group:
        if not waiter.is_new.done():
            waiter.is_new.set_exception(error)


def _no_answer() -> StoreError:
    return StoreError(StoreReason.UNAVAILABLE, "the database does not answer")


def _call_in_loop(
    loop: asyncio.AbstractEventLoop,
    committed: Callable[[Sequence[_Waiter], float, asyncio.Future[None] | None, Future[list[bool]]], None],
    group: Sequence[_Waiter],
    started_s: float,
    late: asyncio.Future[None] | None,
    future: Future[list[bool]],
) -> None:
    """From the writer's thread back to the loop; nobody waits any more where the loop has ended."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(committed, group, started_s, late, future)
