"""PostgreSQL tables that others use are changed without making anybody wait for long.

A statement that changes a table waits for every transaction that uses the table, and whoever comes later waits behind
it. So all that is waited for in one try comes to about a second, whatever the number of statements: then the whole
transaction is given up, those that waited go on, and it is begun again a little later.
"""

from __future__ import annotations

import time
from typing import Any, Protocol

WAIT_S = 1.0
LEAST_S = 0.05
"""What any statement may wait: others hold what it needs for some milliseconds at a time."""

PATIENCE_S = 600.0
PAUSE_S = (1.0, 3.0)
"""Between two tries, at random: longer than a try, so that the others can work off what waited."""

_BUSY = frozenset({"55P03", "40P01"})
"""lock_not_available and deadlock_detected (https://www.postgresql.org/docs/18/errcodes-appendix.html, 2026-11)."""


class Executes(Protocol):
    """A connection of sqlite3 or psycopg, or what stands before one."""

    def execute(self, statement: str, /) -> Any: ...


def is_busy(error: Exception) -> bool:
    """Whether others held what was needed."""
    return getattr(error, "sqlstate", None) in _BUSY


class Hurried:
    """A connection of psycopg: from the first statement on that changes anything, all wait that long together."""

    def __init__(self, connection: Executes) -> None:
        self._connection = connection
        self._began: float | None = None

    def execute(self, statement: str, /) -> Any:
        if not statement.lstrip().upper().startswith("SELECT"):
            now = time.monotonic()
            self._began = now if self._began is None else self._began
            left = max(LEAST_S, WAIT_S - (now - self._began))
            self._connection.execute(f"SET LOCAL lock_timeout = '{left * 1000:.0f}ms'")
        return self._connection.execute(statement)
