"""Reading beside the writer: a few query-only connections, each for one reader at a time and for a limited time.

A reader that never ends keeps the write-ahead log from being emptied, so its view is taken away when it is too old.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from statuswire.errors import StoreError, StoreReason
from statuswire.store.base import Tx, Work
from statuswire.store.connection import SqliteOptions
from statuswire.store.statements import SqliteTx

T = TypeVar("T")

OPCODES_BETWEEN_LOOKS = 100_000
"""How many steps of SQLite's machine (about a millisecond) go between two looks at the clock."""


@dataclass(slots=True, eq=False)
class _Seat:
    """A connection and, while it is taken, until when."""

    connection: sqlite3.Connection
    monotonic: Callable[[], float]
    tx: Tx = field(init=False)
    until: float = 0.0
    is_expired: bool = False

    def __post_init__(self) -> None:
        self.tx = SqliteTx(self.connection, self.check)
        self.connection.set_progress_handler(lambda: int(self.is_over), OPCODES_BETWEEN_LOOKS)

    @property
    def is_over(self) -> bool:
        return self.is_expired or self.monotonic() > self.until

    def check(self) -> None:
        if self.is_over:
            raise _too_old()


def _too_old() -> StoreError:
    return StoreError(StoreReason.UNAVAILABLE, "this read took too long and was ended")


class Readers:
    """A bounded number of connections, opened when first needed. `read_for` limits a read and the wait for one."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], options: SqliteOptions) -> None:
        self._connect = connect
        self._seconds = options.read_for.total_seconds()
        self._monotonic = options.monotonic
        self._free = threading.Semaphore(options.readers)
        self._lock = threading.Lock()
        self._idle: list[_Seat] = []
        self._taken: set[_Seat] = set()
        self._is_closed = False

    def run(self, work: Work[T]) -> T:
        """Run `work` in one consistent view. Raises StoreError, and whatever `work` raises."""
        if not self._free.acquire(timeout=self._seconds):
            raise StoreError(StoreReason.UNAVAILABLE, "all readers are busy")
        try:
            seat = self._take()
            try:
                return self._view(seat, work)
            finally:
                self._give_back(seat)
        finally:
            self._free.release()

    def _view(self, seat: _Seat, work: Work[T]) -> T:
        seat.tx.execute("BEGIN")
        try:
            return work(seat.tx)
        except StoreError as error:
            if seat.is_over:
                raise _too_old() from error
            raise
        finally:
            with self._lock:
                if seat.connection.in_transaction:
                    seat.connection.rollback()

    def _take(self) -> _Seat:
        with self._lock:
            if self._is_closed:
                raise StoreError(StoreReason.CLOSED, "the store is closed", is_permanent=True)
            seat = self._idle.pop() if self._idle else None
        if seat is None:
            seat = _Seat(self._connect(), self._monotonic)
        with self._lock:
            seat.until, seat.is_expired = self._monotonic() + self._seconds, False
            self._taken.add(seat)
        return seat

    def _give_back(self, seat: _Seat) -> None:
        with self._lock:
            self._taken.discard(seat)
            if not self._is_closed:
                self._idle.append(seat)
                return
        seat.connection.close()

    def expire(self) -> int:
        """Take the view from every reader that is over its time; how many. Their next statement raises."""
        now = self._monotonic()
        with self._lock:
            late = [seat for seat in self._taken if now > seat.until and not seat.is_expired]
            for seat in late:
                seat.is_expired = True
                seat.connection.interrupt()
                seat.connection.rollback()
        return len(late)

    def close(self) -> None:
        """Close idle connections now, the taken ones when they are given back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for seat in idle:
            seat.connection.close()
