"""Many small writes as one: what gathers while one transaction commits goes with the next.

The store's writer groups commits, but each work still costs a hop from thread to thread and back. A dispatcher with a
hundred lanes has a hundred works at a time, so they are handed over as one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from statuswire.errors import StoreError
from statuswire.store import Store, Tx

T = TypeVar("T")
_Asked = tuple[Callable[[Tx], Any], "asyncio.Future[Any]"]


class Together:
    """All methods belong to one event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Asked] = []
        self._is_under_way = False

    async def write(self, work: Callable[[Tx], T]) -> T:
        """What `work` returns, after the commit that holds it. Raises what it raises, and StoreError."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, answer))
        if not self._is_under_way:
            self._submit()
        return await answer

    def _submit(self) -> None:
        group, self._waiting = self._waiting, []
        loop = asyncio.get_running_loop()
        try:
            done = self._store.submit(partial(_do_all, [work for work, _ in group]))
        except StoreError as error:
            _settle(group, error)
            return
        self._is_under_way = True
        done.add_done_callback(lambda future: loop.call_soon_threadsafe(self._finish, group, future))

    def _finish(self, group: list[_Asked], done: Future[list[Any]]) -> None:
        self._is_under_way = False
        error = done.exception()
        if error is None:
            for (_, answer), result in zip(group, done.result(), strict=True):
                if not answer.done():
                    answer.set_result(result)
        elif isinstance(error, StoreError) or len(group) == 1:
            _settle(group, error)
        else:
            self._each_alone(group)
        if self._waiting and not self._is_under_way:
            self._submit()

    def _each_alone(self, group: Sequence[_Asked]) -> None:
        """One of them has a fault, and all were rolled back: each is written by itself."""
        for work, answer in group:
            alone = asyncio.ensure_future(asyncio.wrap_future(self._store.submit(work)))
            alone.add_done_callback(partial(_pass_on, answer))


def _pass_on(answer: asyncio.Future[Any], done: asyncio.Future[Any]) -> None:
    if answer.done():
        return
    error = done.exception()
    if error is None:
        answer.set_result(done.result())
    else:
        answer.set_exception(error)


def _settle(group: Sequence[_Asked], error: BaseException) -> None:
    for _, answer in group:
        if not answer.done():
            answer.set_exception(error)


def _do_all(works: Sequence[Callable[[Tx], Any]], tx: Tx) -> list[Any]:
    return [work(tx) for work in works]
