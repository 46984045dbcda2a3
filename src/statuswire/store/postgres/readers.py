"""Reading beside the writers: a few connections, each for one reader at a time, in one consistent view.

Whoever reads opens a connection where none is idle, so that it learns at once where the database cannot be reached, and
finds it as soon as it is back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import psycopg

from statuswire.errors import StoreError, StoreReason
from statuswire.store.base import Work
from statuswire.store.postgres.address import Address
from statuswire.store.postgres.connecting import PostgresOptions, connect
from statuswire.store.postgres.faults import raise_fault
from statuswire.store.postgres.patience import Patience, PatientConnection
from statuswire.store.postgres.statements import PostgresTx

T = TypeVar("T")

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
LOOK_S = 0.25
"""How often whoever waits for a connection looks whether there is any use in waiting."""


def _always_fine() -> None:
    return None


class Readers:
    """At most `options.readers` connections, opened when first needed. `check` is asked before each read and raises
    StoreError where the database is known not to answer."""

    def __init__(
        self,
        address: Address,
        options: PostgresOptions,
        patience: Patience | None = None,
        check: Callable[[], None] = _always_fine,
    ) -> None:
        self._address = address
        self._options = options
        self._patience = patience or options.patience()
        self._check = check
        self._seconds = options.read_for.total_seconds()
        self._monotonic = options.monotonic
        self._free = threading.Semaphore(options.readers)
        self._lock = threading.Lock()
        self._idle: list[PatientConnection] = []
        self._is_closed = False

    def run(self, work: Work[T]) -> T:
        """Run `work` in one consistent view. Raises StoreError, and whatever `work` raises."""
        until = self._monotonic() + self._seconds

        def check() -> None:
            if self._monotonic() > until:
                raise StoreError(StoreReason.UNAVAILABLE, "this read took too long and was ended")

        with self._place(until):
            connection = self._begun()
            try:
                return work(PostgresTx(connection, check))
            finally:
                self._give_back(connection)

    @contextmanager
    def _place(self, until: float) -> Iterator[None]:
        """One of the places for readers. Raises StoreError where there is none in time."""
        self._check()
        while not self._free.acquire(timeout=LOOK_S):
            self._check()
            if self._monotonic() > until:
                raise StoreError(StoreReason.UNAVAILABLE, "all readers are busy")
        try:
            yield
        finally:
            self._free.release()

    def _begun(self) -> PatientConnection:
        """A connection in a new view; those that died while they were idle are thrown away."""
        while (idle := self._taken()) is not None:
            with suppress(psycopg.Error):  # it died, and the next one is tried
                idle.execute(_BEGIN)
                return idle
            idle.close()
        connection = connect(self._address, self._options, self._patience)
        try:
            connection.execute(_BEGIN)
        except psycopg.Error as error:
            connection.close()
            raise_fault(error)
        return connection

    def _taken(self) -> PatientConnection | None:
        with self._lock:
            if self._is_closed:
                raise StoreError(StoreReason.CLOSED, "the store is closed", is_permanent=True)
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: PatientConnection) -> None:
        """Kept for the next one, where its view could be ended."""
        with suppress(psycopg.Error):  # it is thrown away
            connection.execute("ROLLBACK")
            with self._lock:
                if not self._is_closed:
                    return self._idle.append(connection)
        connection.close()
        return None

    def close(self) -> None:
        """Close idle connections now, those in use when they are given back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
