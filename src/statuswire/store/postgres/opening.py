"""Opening a PostgreSQL database: made, brought forward, or refused; and looking at one beside a service."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from typing import TypeVar

import psycopg
from psycopg import errors

from statuswire.errors import StoreReason
from statuswire.store import partitions, schema
from statuswire.store.base import Dialect, Queue, StoreStatus, Work
from statuswire.store.postgres.address import Address, address_of
from statuswire.store.postgres.connecting import PostgresOptions, connect
from statuswire.store.postgres.readers import Readers
from statuswire.store.postgres.statements import POSTGRESQL, PostgresTx
from statuswire.store.postgres.writers import Writers
from statuswire.store.schema import Standing

T = TypeVar("T")

CLOSE_S = 2.0
"""So long a store that is closed waits for a database that does not answer."""


class PostgresStore:
    """See `base.Store`. Made by `open_postgres`; owns the connections and the writers' threads."""

    def __init__(self, address: Address, version: str, options: PostgresOptions) -> None:
        self._version = version
        self._patience = options.patience()
        self._writers = Writers(address, options, self._patience)
        self._readers = Readers(address, options, self._patience, self._writers.check_for_readers)
        self._is_closed = False

    @property
    def dialect(self) -> Dialect:
        return POSTGRESQL

    def submit(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Future[T]:
        return self._writers.submit(work, queue)

    def write(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> T:
        if self._writers.has_current_thread:
            raise RuntimeError("a work must not write through the store: it has its transaction")
        return self._writers.submit(work, queue).result()

    def read(self, work: Work[T]) -> T:
        return self._readers.run(work)

    def status(self) -> StoreStatus:
        error = self._writers.error
        return StoreStatus(
            engine="postgresql",
            version=self._version,
            is_writable=error is None and not self._is_closed,
            is_permanent=self._is_closed or (error is not None and error.is_permanent),
            reason=None if error is None else StoreReason(error.reason),
            error="" if error is None else str(error),
            wal_bytes=0,
            queued=self._writers.queued,
            has_reserve=True,
        )

    def close(self) -> None:
        self._patience.end(CLOSE_S)
        self._writers.close()
        self._readers.close()
        self._is_closed = True


def open_postgres(url: str, options: PostgresOptions | None = None) -> PostgresStore:
    """Open, make or bring forward the database at `postgresql://...`. Raises ConfigError and StoreError."""
    address, options = address_of(url), options or PostgresOptions()
    with closing(connect(address, options)) as connection:
        _make_current(connection, address)
        _prepare(connection)
        version = connection.info.parameter_status("server_version") or ""
    return PostgresStore(address, version.partition(" ")[0], options)


@contextmanager
def looking(url: str, options: PostgresOptions | None = None) -> Iterator[Readers]:
    """Read what is there, and change nothing; `schema.standing` tells whether it can be read."""
    readers = Readers(address_of(url), options or PostgresOptions())
    with closing(readers):
        yield readers


def _make_current(connection: psycopg.Connection[object], address: Address) -> None:
    tx = PostgresTx(connection)
    if schema.standing(tx) is Standing.EMPTY:
        _create(tx)
    if schema.standing(tx) is Standing.BEHIND:
        schema.upgrade(address.url, address.name)
        schema.standing(tx)


def _prepare(connection: psycopg.Connection[object]) -> None:
    """Make the parts of tables that are kept by time: whoever opens the database is about to write into them."""
    tx = PostgresTx(connection)
    tx.execute("BEGIN")
    partitions.prepare(tx, tx.now())
    tx.execute("COMMIT")


def _create(tx: PostgresTx) -> None:
    """The whole schema in one transaction. Of several processes that do this at once one succeeds, and the others wait
    for it and find it done."""
    tx.execute("BEGIN")
    try:
        schema.create(tx)
        tx.execute("COMMIT")
    except (errors.DuplicateTable, errors.UniqueViolation):
        tx.execute("ROLLBACK")
    except BaseException:
        tx.execute("ROLLBACK")
        raise
