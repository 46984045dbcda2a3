"""A database that fails when told: a connection whose statements raise what SQLite would raise."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Trouble:
    """While `word` begins a statement, it raises `code` in its place. `statements` is what reached the database."""

    word: str = ""
    code: int = sqlite3.SQLITE_IOERR
    statements: list[str] = field(default_factory=list)

    def connection(self) -> type[sqlite3.Connection]:
        trouble = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
                trouble.meet(sql)
                return super().execute(sql, parameters)

            def executemany(self, sql: str, parameters: Any) -> sqlite3.Cursor:
                trouble.meet(sql)
                return super().executemany(sql, parameters)

        class Connection(sqlite3.Connection):
            def cursor(self, factory: Callable[..., Any] | None = None) -> Any:
                return super().cursor(factory or Cursor)

        return Connection

    def meet(self, sql: str) -> None:
        self.statements.append(sql)
        if self.word and sql.lstrip().startswith(self.word):
            error = sqlite3.OperationalError("told to fail")
            error.sqlite_errorcode = self.code
            error.sqlite_errorname = "SQLITE_TOLD"
            raise error


@dataclass
class Stopwatch:
    """Monotonic seconds that move when told."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds
