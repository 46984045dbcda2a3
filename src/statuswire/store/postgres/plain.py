"""A PostgreSQL database reached with one connection, for copying it as a whole: see `store/plain.py`."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

import psycopg

from statuswire.errors import StoreError, StoreReason
from statuswire.store.base import Dialect, Work
from statuswire.store.postgres.address import address_of
from statuswire.store.postgres.connecting import PostgresOptions, connect
from statuswire.store.postgres.statements import POSTGRESQL, PostgresTx

T = TypeVar("T")

PATIENT = PostgresOptions(statement_for=timedelta(0), idle_for=timedelta(0), lock_for=timedelta(minutes=1))
"""A whole copy may take hours, and its reader may be slow; none of it holds what others wait for."""


class PostgresPlace:
    def __init__(self, url: str) -> None:
        address = address_of(url)
        self.name = address.name
        self.target = address.url
        self._connection = connect(address, PATIENT)
        self._tx = PostgresTx(self._connection)

    @property
    def dialect(self) -> Dialect:
        return POSTGRESQL

    @property
    def lock_fd(self) -> int | None:
        return None

    def tables(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._tx.all(POSTGRESQL.tables))

    def read(self, work: Work[T]) -> T:
        return self._within("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)

    def write(self, work: Work[T]) -> T:
        return self._within("BEGIN", work)

    def _within(self, begin: str, work: Work[T]) -> T:
        self._tx.execute(begin)
        try:
            result = work(self._tx)
            self._tx.execute("COMMIT")
        except psycopg.Error as error:
            self._roll_back()
            raise StoreError(StoreReason.CORRUPT, f"{self.name}: {error}", is_permanent=True) from error
        except BaseException:
            self._roll_back()
            raise
        return result

    def _roll_back(self) -> None:
        with suppress(psycopg.Error):
            self._connection.execute("ROLLBACK")

    def check(self) -> str:
        """The server looks after that itself."""
        return ""

    def finish(self) -> None:
        """So that its planner knows what is there."""
        self._tx.execute("ANALYZE")

    def close(self) -> None:
        self._connection.close()
