"""Two processes on one database, interleaved as a test wants: a transaction stands still before a chosen statement."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar

from statuswire.store import Dialect, Queue, StoreStatus, Tx, Work, open_store
from statuswire.store.base import NO_PARAMS, Params, Row

T = TypeVar("T")
PATIENCE_S = 20.0

_BLOCKED = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted"


class Halt:
    """Where a work stands still: before its first statement, after so many, that has these words in it."""

    def __init__(self, before: str, after: int = 0) -> None:
        self.before = before
        self.after = after
        self._reached = threading.Event()
        self._goes_on = threading.Event()

    def reach(self) -> None:
        self._reached.set()
        assert self._goes_on.wait(PATIENCE_S), "nobody let it go on"

    def wait(self) -> None:
        """Until a work stands there."""
        assert self._reached.wait(PATIENCE_S), f"no statement with {self.before!r} was met"

    def go(self) -> None:
        self._goes_on.set()

    def works(self, work: Work[T]) -> Work[T]:
        return lambda tx: work(_HaltingTx(tx, self))


class _HaltingTx:
    def __init__(self, tx: Tx, halt: Halt) -> None:
        self._tx = tx
        self._halt: Halt | None = halt
        self._met = 0

    @property
    def dialect(self) -> Dialect:
        return self._tx.dialect

    def now(self) -> datetime | None:
        return self._tx.now()

    def _look(self, sql: str) -> None:
        if self._halt is None or self._halt.before not in sql:
            return
        self._met += 1
        if self._met > self._halt.after:
            halt, self._halt = self._halt, None
            halt.reach()

    def execute(self, sql: str, params: Params = NO_PARAMS) -> int:
        self._look(sql)
        return self._tx.execute(sql, params)

    def all(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        self._look(sql)
        return self._tx.all(sql, params)

    def one(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        self._look(sql)
        return self._tx.one(sql, params)

    def many(self, sql: str, rows: Iterable[Params]) -> None:
        self._look(sql)
        self._tx.many(sql, rows)


class Process:
    """The store as one process has it. `halt` makes the next works stand still; `counts_from` is another clock for the
    database than its own."""

    def __init__(self, url: str, now: Callable[[], datetime] | None = None) -> None:
        self.real = open_store(url)
        self.halt: Halt | None = None
        self.now = now

    @property
    def dialect(self) -> Dialect:
        return self.real.dialect

    def submit(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Future[T]:
        halted = work if self.halt is None else self.halt.works(work)
        return self.real.submit(self._timed(halted), queue=queue, reclaims=reclaims)

    def write(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> T:
        return self.submit(work, queue=queue, reclaims=reclaims).result(PATIENCE_S)

    def read(self, work: Work[T]) -> T:
        return self.real.read(work)

    def _timed(self, work: Work[T]) -> Work[T]:
        now = self.now
        return work if now is None else lambda tx: work(_TimedTx(tx, now))

    def status(self) -> StoreStatus:
        return self.real.status()

    def close(self) -> None:
        self.real.close()

    def until_waiting(self, count: int = 1) -> None:
        """Until so many transactions of the database wait for another one's locks."""
        for _ in range(10_000):
            row = self.real.read(lambda tx: tx.one(_BLOCKED))
            if row is not None and row[0] >= count:
                return
        raise AssertionError("nobody waits for a lock")


class _TimedTx:
    """With the clock of a test in place of the database's."""

    def __init__(self, tx: Tx, now: Callable[[], datetime]) -> None:
        self._tx = tx
        self.now = now

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)
