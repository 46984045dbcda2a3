"""SQLite statements inside an open transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from statuswire.store.base import NO_PARAMS, Dialect, Params, Row
from statuswire.store.faults import raise_fault

SQLITE = Dialect("sqlite", "SELECT name FROM sqlite_master WHERE type = 'table'")


def _always_fine() -> None:
    return None


class SqliteTx:
    """A `Tx` on one connection. `check` runs before every statement and may refuse it by raising.

    A mistake of ours (bad SQL, a broken constraint) is raised as sqlite3 raises it; a fault of the database is a
    StoreError.
    """

    __slots__ = ("_check", "_cursor", "_path")

    dialect = SQLITE

    def __init__(
        self, connection: sqlite3.Connection, check: Callable[[], None] = _always_fine, path: Path | None = None
    ) -> None:
        self._cursor = connection.cursor()
        self._check = check
        self._path = path

    def now(self) -> None:
        return None

    def execute(self, sql: str, params: Params = NO_PARAMS) -> int:
        self._check()
        try:
            return self._cursor.execute(sql, params).rowcount
        except sqlite3.Error as error:
            raise_fault(error, self._path)

    def all(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        self._check()
        try:
            return self._cursor.execute(sql, params).fetchall()
        except sqlite3.Error as error:
            raise_fault(error, self._path)

    def one(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        rows = self.all(sql, params)
        return rows[0] if rows else None

    def many(self, sql: str, rows: Iterable[Params]) -> None:
        self._check()
        try:
            self._cursor.executemany(sql, rows)
        except sqlite3.Error as error:
            raise_fault(error, self._path)
