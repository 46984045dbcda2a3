"""A process that writes until it is killed: `python -m tests.faults.kill_writer DATABASE ROUND [STATEMENT]`.

It puts hooks into the inbox and records changes with events, several works at once, and writes a line to standard
output after each commit: `hook MESSAGE_ID` or `record EVENT_ID EVENT_ID KEY`. With STATEMENT it kills itself, by
SIGKILL, in place of the statement of that number, so that every moment of a transaction can be hit.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from itertools import count
from typing import Any

from statuswire.model import Changes
from statuswire.store import SqliteOptions, Store, Tx, open_store, queries
from tests.store.samples import acme, event, hook, incident, update

OPTIONS = SqliteOptions(reserve_bytes=0, checkpoint_rows=40)
TOGETHER = 6


def record(tx: Tx, key: str) -> tuple[int, ...]:
    """What a recording does: load, save under the version, append two events."""
    page = acme(tx)
    known = queries.load_known(tx, page.id, feed_id=None, ids=("i1",))
    changes = Changes(incidents=(incident("i1"),), updates=(("i1", update(key, known.version)),))
    if not queries.save_changes(tx, page.id, known.version, changes):
        raise LookupError("nobody else writes here")
    return tuple(one.id for one in queries.append_events(tx, page.id, [event(f"{key}-a"), event(f"{key}-b")]))


def write_for_ever(store: Store, name: str) -> None:
    for number in count():
        futures = [_submit(store, f"{name}-{number}-{n}") for n in range(TOGETHER)]
        for future in futures:
            future.result()


def _submit(store: Store, key: str) -> Future[Any]:
    if key.endswith("0"):
        future: Future[Any] = store.submit(lambda tx: record(tx, key))
        future.add_done_callback(lambda done: _say("record", *map(str, done.result()), key))
    else:
        future = store.submit(lambda tx: queries.add_hooks(tx, [hook(key, b"x" * 700)]))
        future.add_done_callback(lambda done: _say("hook", key) if done.result() == [True] else None)
    return future


def _say(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())


def dying_at(statement: int) -> type[sqlite3.Connection]:
    """A connection class that kills the process in place of its n-th statement."""
    left = count(statement, -1)

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
            if next(left) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().execute(sql, parameters)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Callable[..., Any] | None = None) -> Any:
            return super().cursor(factory or Cursor)

    return Connection


def main(path: str, name: str, statement: str = "") -> None:
    options = replace(OPTIONS, connection=dying_at(int(statement))) if statement else OPTIONS
    write_for_ever(open_store(f"sqlite:///{path}", options=options), name)


if __name__ == "__main__":
    main(*sys.argv[1:])
