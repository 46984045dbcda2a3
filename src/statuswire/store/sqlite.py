"""The store on SQLite: one writer thread (`writer.py`), a few readers beside it (`readers.py`), a lock file.

A database in memory is the same code on one connection, which reads share with the writer under a lock.
"""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from statuswire.errors import StoreError, StoreReason
from statuswire.store import schema
from statuswire.store.base import Dialect, Queue, StoreStatus, Work
from statuswire.store.connection import SqliteOptions, connect
from statuswire.store.lock import LockFile
from statuswire.store.place import beside, check_place
from statuswire.store.readers import Readers
from statuswire.store.reserve import Reserve
from statuswire.store.schema import Standing
from statuswire.store.statements import SQLITE, SqliteTx
from statuswire.store.writer import Writer

T = TypeVar("T")


class SqliteStore:
    """See `base.Store`. Made by `open_sqlite`; owns the connections, the lock file and the writer thread."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path | None, lock: LockFile | None, options: SqliteOptions
    ) -> None:
        self._connection = connection
        self._path = path
        self._lock = lock
        self._options = options
        self._alone = threading.RLock()
        self._is_closed = False
        self._memory_tx = SqliteTx(connection)
        self._readers = Readers(self._connect_reader, options)
        self._writer = Writer(connection, path, self._alone, self._readers, options)

    def _connect_reader(self) -> sqlite3.Connection:
        return connect(self._path, self._options, is_writer=False)

    @property
    def dialect(self) -> Dialect:
        return SQLITE

    def submit(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Future[T]:
        return self._writer.submit(work, reclaims=reclaims)

    def write(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> T:
        if self._writer.is_current_thread:
            raise RuntimeError("a work must not write through the store: it has its transaction")
        return self._writer.submit(work, reclaims=reclaims).result()

    def read(self, work: Work[T]) -> T:
        return self._read_memory(work) if self._path is None else self._readers.run(work)

    def _read_memory(self, work: Work[T]) -> T:
        with self._alone:
            if self._is_closed:
                raise StoreError(StoreReason.CLOSED, "the store is closed", is_permanent=True)
            self._memory_tx.execute("PRAGMA query_only = ON")
            try:
                return work(self._memory_tx)
            finally:
                self._memory_tx.execute("PRAGMA query_only = OFF")

    def status(self) -> StoreStatus:
        error = self._writer.error
        return StoreStatus(
            engine="sqlite",
            version=sqlite3.sqlite_version,
            is_writable=error is None and not self._is_closed,
            is_permanent=self._is_closed or (error is not None and error.is_permanent),
            reason=None if error is None else StoreReason(error.reason),
            error="" if error is None else str(error),
            wal_bytes=self._writer.wal_bytes,
            queued=self._writer.queued,
            has_reserve=self._writer.has_reserve,
        )

    def close(self) -> None:
        self._writer.close()
        self._readers.close()
        with self._alone:
            self._is_closed = True
            self._connection.close()
        if self._lock is not None:
            self._lock.release()


def open_sqlite(path: Path | None, *, allow_network_disk: bool, options: SqliteOptions) -> SqliteStore:
    """Open, make or bring forward the database at `path` (None: in memory). Raises StoreError."""
    if path is None:
        connection = connect(None, options, is_writer=True)
        _create(connection)
        return SqliteStore(connection, None, None, options)
    check_place(path, allow_network_disk=allow_network_disk)
    lock = LockFile(beside(path, ".lock"))
    try:
        return SqliteStore(_open_with_reserve(path, lock, options), path, lock, options)
    except BaseException:
        lock.release()
        raise


def _open_with_reserve(path: Path, lock: LockFile, options: SqliteOptions) -> sqlite3.Connection:
    """On a full disk SQLite cannot even open for reading (its -shm file needs room): then the reserve is given up."""
    try:
        return _open_file(path, lock, options)
    except StoreError as error:
        reserve = Reserve(beside(path, ".reserve"), options.reserve_bytes)
        if error.reason is not StoreReason.FULL or not reserve.is_held:
            raise
        reserve.drop()
        return _open_file(path, lock, options)


def _open_file(path: Path, lock: LockFile, options: SqliteOptions) -> sqlite3.Connection:
    """A writing connection to a database whose schema is the newest."""
    connection = connect(path, options, is_writer=True)
    try:
        if _standing(connection) is Standing.BEHIND:
            connection.close()
            schema.upgrade(str(path), str(path), lock.fd)
            connection = connect(path, options, is_writer=True)
            _standing(connection)
        _use_wal(connection)
        if _standing(connection) is Standing.EMPTY:
            _create(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _standing(connection: sqlite3.Connection) -> Standing:
    return schema.standing(SqliteTx(connection))


def _use_wal(connection: sqlite3.Connection) -> None:
    mode = SqliteTx(connection).one("PRAGMA journal_mode = WAL")
    if mode != ("wal",):
        raise StoreError(
            StoreReason.UNAVAILABLE, f"this disk cannot carry a write-ahead log ({mode})", is_permanent=True
        )


def _create(connection: sqlite3.Connection) -> None:
    """The whole schema in one transaction: a kill leaves all of it or nothing."""
    tx = SqliteTx(connection)
    tx.execute("BEGIN IMMEDIATE")
    schema.create(tx)
    tx.execute("COMMIT")
