"""Reading beside the writers: a pool of connections, each for one reader at a time, in one consistent view."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, TypeVar

import psycopg
import psycopg_pool

from statuswire.errors import StoreError, StoreReason
from statuswire.store.base import Work
from statuswire.store.postgres.address import Address
from statuswire.store.postgres.connecting import PostgresOptions, configure, parameters
from statuswire.store.postgres.faults import raise_fault
from statuswire.store.postgres.statements import PostgresTx

T = TypeVar("T")

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
IDLE_S = 300.0


class Readers:
    """At most `options.readers` connections, opened when first needed."""

    def __init__(self, address: Address, options: PostgresOptions) -> None:
        self._tries = options.readers + 1
        self._seconds = options.read_for.total_seconds()
        self._monotonic = options.monotonic
        self._pool: psycopg_pool.ConnectionPool[psycopg.Connection[Any]] = psycopg_pool.ConnectionPool(
            address.url,
            kwargs=parameters(options),
            configure=lambda connection: configure(connection, options),
            min_size=0,
            max_size=options.readers,
            max_idle=IDLE_S,
            num_workers=1,
            timeout=self._seconds,
            reconnect_timeout=options.connect_for.total_seconds(),
            open=True,
            name="readers",
        )

    def run(self, work: Work[T]) -> T:
        """Run `work` in one consistent view. Raises StoreError, and whatever `work` raises."""
        connection = self._taken()
        until = self._monotonic() + self._seconds

        def check() -> None:
            if self._monotonic() > until:
                raise StoreError(StoreReason.UNAVAILABLE, "this read took too long and was ended")

        try:
            return work(PostgresTx(connection, check))
        finally:
            with suppress(psycopg.Error):  # the pool replaces it
                connection.execute("ROLLBACK")
            self._pool.putconn(connection)

    def _taken(self) -> psycopg.Connection[Any]:
        """A connection in a new view; those that died while they were idle are left to the pool."""
        for left in range(self._tries, 0, -1):
            connection = self._one()
            try:
                connection.execute(_BEGIN)
            except psycopg.Error as error:
                self._pool.putconn(connection)
                if left == 1:
                    raise_fault(error)
            else:
                return connection
        raise AssertionError("the last try raises")

    def _one(self) -> psycopg.Connection[Any]:
        try:
            return self._pool.getconn()
        except (psycopg.Error, psycopg_pool.PoolTimeout, psycopg_pool.PoolClosed) as error:
            raise_fault(error)

    def close(self) -> None:
        self._pool.close()
