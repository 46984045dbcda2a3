"""PostgreSQL tables that others use are changed without making anybody wait for long.

A statement that changes a table waits for every transaction that uses the table, and whoever comes later waits behind
it. So all that is waited for in one try comes to about a second, whatever the number of statements: then the whole
transaction is given up, those that waited go on, and it is begun again a little later.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

WAIT_S = 1.0
LEAST_S = 0.05
"""What any statement may wait: others hold what it needs for some milliseconds at a time."""

PATIENCE_S = 600.0
PAUSE_S = (1.0, 3.0)
"""Between two tries, at random: longer than a try, so that the others can work off what waited."""

_BUSY = frozenset({"55P03", "40P01"})
"""lock_not_available and deadlock_detected (https://www.postgresql.org/docs/18/errcodes-appendix.html, 2026-11)."""


def is_busy(error: DBAPIError) -> bool:
    """Whether others held what was needed."""
    return getattr(error.orig, "sqlstate", None) in _BUSY


def hurry(connection: Connection) -> None:
    """From the first statement on that changes anything, let all that come on a connection wait that long together."""
    began: list[float] = []

    def limit(_: object, cursor: Any, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            return
        began.append(time.monotonic())
        left = max(LEAST_S, WAIT_S - (began[-1] - began[0]))
        cursor.execute(f"SET LOCAL lock_timeout = '{left * 1000:.0f}ms'")

    event.listen(connection, "before_cursor_execute", limit)
