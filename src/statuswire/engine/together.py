"""Many small writes as one: what gathers while one transaction commits goes with the next.

The store's writer groups commits, but each work still costs a hop from thread to thread and back. A dispatcher with a
hundred lanes has a hundred works at a time, so they are handed over as one. Where several processes write, all lanes of
a group are taken first and its works done in their order, so that no two processes wait for one another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol, TypeVar

from statuswire.engine.clock import Clock
from statuswire.errors import StoreError
from statuswire.store import Queue, Store, Tx, queries

T = TypeVar("T")
Result = TypeVar("Result", covariant=True)


class Timed(Protocol[Result]):
    """A work that is told the moment: the database's, where that has a clock of its own, else ours."""

    def __call__(self, tx: Tx, *, now: datetime) -> Result: ...


Place = tuple[str, str]
LAST: Final[Place] = ("\U0010ffff", "")
"""Behind every channel and lane."""


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    work: Timed[Any]
    place: Place
    now: datetime
    answer: asyncio.Future[Any]


class Together:
    """All methods belong to one event loop."""

    def __init__(self, store: Store, clock: Clock, queue: Queue) -> None:
        self._store = store
        self._clock = clock
        self._queue = queue
        self._waiting: list[_Asked] = []
        self._is_under_way = False

    async def write(self, work: Timed[T], place: Place = LAST) -> T:
        """What `work` returns, after the commit that holds it. Raises what it raises, and StoreError. `place` is what
        it locks: a channel and a lane, or LAST for what locks several in order."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Asked(work, place, self._clock.now(), answer))
        if not self._is_under_way:
            self._submit()
        return await answer

    def _submit(self) -> None:
        group, self._waiting = sorted(self._waiting, key=lambda one: one.place), []
        loop = asyncio.get_running_loop()
        try:
            done = self._store.submit(partial(_do_all, group), queue=self._queue)
        except StoreError as error:
            _settle(group, error)
            return
        self._is_under_way = True
        done.add_done_callback(lambda future: loop.call_soon_threadsafe(self._finish, group, future))

    def _finish(self, group: list[_Asked], done: Future[list[Any]]) -> None:
        self._is_under_way = False
        error = done.exception()
        if error is None:
            for one, result in zip(group, done.result(), strict=True):
                if not one.answer.done():
                    one.answer.set_result(result)
        elif isinstance(error, StoreError) or len(group) == 1:
            _settle(group, error)
        else:
            self._each_alone(group)
        if self._waiting and not self._is_under_way:
            self._submit()

    def _each_alone(self, group: Sequence[_Asked]) -> None:
        """One of them has a fault, and all were rolled back: each is written by itself."""
        for one in group:
            done = self._store.submit(partial(_do_all, [one]), queue=self._queue)
            alone = asyncio.ensure_future(asyncio.wrap_future(done))
            alone.add_done_callback(partial(_pass_on, one.answer))


def _pass_on(answer: asyncio.Future[Any], done: asyncio.Future[list[Any]]) -> None:
    if answer.done():
        return
    error = done.exception()
    if error is None:
        answer.set_result(done.result()[0])
    else:
        answer.set_exception(error)


def _settle(group: Sequence[_Asked], error: BaseException) -> None:
    for one in group:
        if not one.answer.done():
            one.answer.set_exception(error)


def _do_all(group: Sequence[_Asked], tx: Tx) -> list[Any]:
    places = [one.place for one in group if one.place is not LAST]
    if tx.dialect.is_shared and len(places) > 1:
        queries.lock_lanes(tx, places)
    moment = tx.now()
    return [one.work(tx, now=moment or one.now) for one in group]
