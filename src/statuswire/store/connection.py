"""SQLite connections: the settings of a writing one and of a reading one, and what may be changed about them."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from statuswire.store.faults import raise_fault
from statuswire.store.place import MEMORY


@dataclass(frozen=True, slots=True)
class SqliteOptions:
    """What tests and unusual machines change.

    `busy_for`: how long another program's lock is waited for, `busy_again_for` while it is known to be held. `group`:
    works in one transaction at most. `read_for`: how long one read may take. `look_again_after`: how often a full
    disk is looked at again, and how often writing is tried while it fails and nobody asks for any. `checkpoint_rows`:
    changed rows after which the write-ahead log is copied back. `wal_bytes`: size above which it is cut and overdue
    readers are ended. `connection`: the class of the writer's connection. `monotonic`: seconds that never jump.
    """

    busy_for: timedelta = timedelta(seconds=10)
    busy_again_for: timedelta = timedelta(milliseconds=250)
    group: int = 256
    readers: int = 4
    read_for: timedelta = timedelta(seconds=30)
    reserve_bytes: int = 64 << 20
    look_again_after: timedelta = timedelta(seconds=5)
    checkpoint_rows: int = 2_000
    wal_bytes: int = 64 << 20
    connection: type[sqlite3.Connection] = sqlite3.Connection
    monotonic: Callable[[], float] = time.monotonic


# secure_delete, which Debian's SQLite has on, writes every freed page and so needs room to make room.
_PRAGMAS = ("foreign_keys = ON", "temp_store = MEMORY", "trusted_schema = OFF", "secure_delete = OFF")
# The log is copied back by the writer after the acknowledgements (writer.py); SQLite's own checkpoint inside COMMIT,
# which makes somebody wait, is only the net below it.
_WRITER_PRAGMAS = ("synchronous = FULL", "cache_size = -8000", "wal_autocheckpoint = 8000")
_READER_PRAGMAS = ("query_only = ON", "cache_size = -2000")


def connect(path: Path | None, options: SqliteOptions, *, is_writer: bool) -> sqlite3.Connection:
    """A connection without automatic transactions, for any one thread at a time. Raises StoreError."""
    try:
        if path is not None:
            _make_private(path)
        connection = sqlite3.connect(
            MEMORY if path is None else path,
            timeout=options.busy_for.total_seconds(),
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=options.connection if is_writer else sqlite3.Connection,
        )
    except sqlite3.Error as error:
        raise_fault(error, path)
    try:
        for pragma in (*_PRAGMAS, *(_WRITER_PRAGMAS if is_writer else _READER_PRAGMAS)):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error as error:
        connection.close()
        raise_fault(error, path)
    return connection


def _make_private(path: Path) -> None:
    """A new database is its owner's only: it holds the secret behind the addresses of hooks. One that is there keeps
    its permissions, and SQLite gives those of the database to its other files."""
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
