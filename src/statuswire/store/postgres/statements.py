"""PostgreSQL statements inside an open transaction: `:name` placeholders become psycopg's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import psycopg

from statuswire.store import rows
from statuswire.store.base import NO_PARAMS, Dialect, Params, Row
from statuswire.store.postgres.faults import raise_fault

T = TypeVar("T")

POSTGRESQL = Dialect(
    name="postgresql",
    tables="SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
    for_update=" FOR UPDATE",
    skip_locked=" FOR UPDATE SKIP LOCKED",
    key_share=" FOR KEY SHARE",
    is_shared=True,
)

_NOW = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT"

# A text in quotes, a cast, or a placeholder.
_PARTS = re.compile(r"'(?:[^']|'')*'|::\w+|:(?P<name>[a-z_][a-z0-9_]*)|%")


@lru_cache(maxsize=4096)
def translated(sql: str) -> str:
    """The statement as psycopg wants it: `%(name)s`, and a `%` that is meant doubled."""
    return _PARTS.sub(_replaced, sql)


def _replaced(match: re.Match[str]) -> str:
    name = match["name"]
    return f"%({name})s" if name else match[0].replace("%", "%%")


def _always_fine() -> None:
    return None


class PostgresTx:
    """A `Tx` on one connection. `check` runs before every statement and may refuse it by raising.

    A mistake of ours (bad SQL, a broken constraint) is raised as psycopg raises it; a fault of the database is a
    StoreError.
    """

    __slots__ = ("_check", "_cursor")

    dialect = POSTGRESQL

    def __init__(self, connection: psycopg.Connection[Any], check: Callable[[], None] = _always_fine) -> None:
        self._cursor = connection.cursor()
        self._check = check

    def now(self) -> datetime:
        row = self.one(_NOW)
        assert row is not None, "a SELECT without FROM has one row"
        return rows.time_of(row[0])

    def execute(self, sql: str, params: Params = NO_PARAMS) -> int:
        self._check()
        try:
            return self._cursor.execute(translated(sql), params).rowcount
        except psycopg.Error as error:
            raise_fault(error)

    def all(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        self._check()
        try:
            return self._cursor.execute(translated(sql), params).fetchall()
        except psycopg.Error as error:
            raise_fault(error)

    def one(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        found = self.all(sql, params)
        return found[0] if found else None

    def many(self, sql: str, rows: Iterable[Params]) -> None:
        """One row needs no pipeline, which costs more ways to the server and back than it saves."""
        given = list(rows)
        if len(given) < 2:
            for row in given:
                self.execute(sql, row)
            return
        self._check()
        try:
            self._cursor.executemany(translated(sql), given)
        except psycopg.Error as error:
            raise_fault(error)
