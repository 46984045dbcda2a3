"""A database reached with one connection and one transaction at a time, whatever its schema: for copying it as a whole.

The store itself (`open_store`) would bring an older database forward, and end reads that take long.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar

from statuswire.errors import ConfigError, StoreError, StoreReason
from statuswire.store.base import Dialect, Work
from statuswire.store.connection import SqliteOptions, connect
from statuswire.store.engines import is_postgres, postgres_engine
from statuswire.store.lock import LockFile
from statuswire.store.place import beside, check_place, database_path
from statuswire.store.statements import SQLITE, SqliteTx

T = TypeVar("T")


class Place(Protocol):
    """Where a database is or will be. For one thread. Every method raises StoreError."""

    name: str
    """What it is called in messages: without a password."""

    target: str
    """What `schema.upgrade` is told."""

    @property
    def dialect(self) -> Dialect: ...

    @property
    def lock_fd(self) -> int | None:
        """The lock that keeps other processes away, for a child that must hold it too."""
        ...

    def tables(self) -> frozenset[str]: ...

    def read(self, work: Work[T]) -> T:
        """Run `work` in one consistent view, for as long as it takes."""
        ...

    def write(self, work: Work[T]) -> T:
        """Run `work` in one transaction and commit it."""
        ...

    def check(self) -> str:
        """Look for damage in the file; what was found, empty where nothing was."""
        ...

    def finish(self) -> None:
        """The database is filled: make it fit for use."""
        ...

    def close(self) -> None: ...


class SqlitePlace:
    def __init__(self, path: Path, lock: LockFile | None, *, is_writer: bool) -> None:
        self.name = str(path)
        self.target = str(path)
        self._lock = lock
        self._connection = connect(path, SqliteOptions(), is_writer=is_writer)
        self._tx = SqliteTx(self._connection, path=path)

    @property
    def dialect(self) -> Dialect:
        return SQLITE

    @property
    def lock_fd(self) -> int | None:
        return None if self._lock is None else self._lock.fd

    def tables(self) -> frozenset[str]:
        found = self._tx.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return frozenset(row[0] for row in found)

    def read(self, work: Work[T]) -> T:
        return self._within("BEGIN", work)

    def write(self, work: Work[T]) -> T:
        return self._within("BEGIN IMMEDIATE", work)

    def _within(self, begin: str, work: Work[T]) -> T:
        self._tx.execute(begin)
        try:
            result = work(self._tx)
            self._tx.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise StoreError(StoreReason.CORRUPT, f"{self.name}: {error}", is_permanent=True) from error
        except BaseException:
            self._roll_back()
            raise
        return result

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.rollback()

    def check(self) -> str:
        found = [row[0] for row in self._tx.all("PRAGMA integrity_check(10)")]
        return "" if found == ["ok"] else "; ".join(found)

    def finish(self) -> None:
        self._tx.all("PRAGMA optimize")

    def close(self) -> None:
        self._connection.close()
        if self._lock is not None:
            self._lock.release()


def open_place(url: str, *, alone: bool, is_writer: bool = False, is_new: bool = False) -> Place:
    """The database at a URL. `alone`: no service may hold its file meanwhile. `is_new`: it may be made;
    one of PostgreSQL must be there.

    Raises ConfigError for a URL that means none, StoreError: LOCKED where a service holds it, UNAVAILABLE where there
    is none.
    """
    if is_postgres(url):
        there: Place = postgres_engine().PostgresPlace(url)
        return there
    path = database_path(url)
    if path is None:
        raise ConfigError("a database in memory cannot be copied", where="database")
    if not path.exists() and not is_new:
        raise StoreError(StoreReason.UNAVAILABLE, f"there is no database at {path}", is_permanent=True)
    if is_writer:
        check_place(path, allow_network_disk=False)
    lock = LockFile(beside(path, ".lock")) if alone else None
    try:
        return SqlitePlace(path, lock, is_writer=is_writer)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
