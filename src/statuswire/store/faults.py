"""SQLite's errors as ours, wrapped once: which reason, and whether an operator is needed."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import NoReturn

from statuswire.errors import StoreError, StoreReason

# Primary result codes, https://sqlite.org/rescode.html (checked 2026-11).
_REASONS = {
    sqlite3.SQLITE_PERM: StoreReason.READ_ONLY,
    sqlite3.SQLITE_READONLY: StoreReason.READ_ONLY,
    sqlite3.SQLITE_BUSY: StoreReason.LOCKED,
    sqlite3.SQLITE_LOCKED: StoreReason.LOCKED,
    sqlite3.SQLITE_PROTOCOL: StoreReason.LOCKED,
    sqlite3.SQLITE_FULL: StoreReason.FULL,
    sqlite3.SQLITE_CORRUPT: StoreReason.CORRUPT,
    sqlite3.SQLITE_NOTADB: StoreReason.CORRUPT,
    sqlite3.SQLITE_IOERR: StoreReason.IO,
    sqlite3.SQLITE_CANTOPEN: StoreReason.UNAVAILABLE,
    sqlite3.SQLITE_NOMEM: StoreReason.UNAVAILABLE,
    sqlite3.SQLITE_INTERRUPT: StoreReason.UNAVAILABLE,
    sqlite3.SQLITE_ABORT: StoreReason.UNAVAILABLE,
}

_HINTS = {
    StoreReason.FULL: "the disk is full: free some space",
    StoreReason.READ_ONLY: "the database cannot be written: check the permissions and the mount",
    StoreReason.LOCKED: "another process holds the database",
    StoreReason.CORRUPT: (
        "the database is damaged: stop statuswire, copy the file and its -wal aside, then restore a backup"
        " or try `sqlite3 OLD .recover | sqlite3 NEW`"
    ),
    StoreReason.IO: "the disk failed: check it, its mount, and how large files may get (`ulimit -f`)",
    StoreReason.UNAVAILABLE: "the database cannot be used",
}

# After a failed fsync the kernel may have dropped what was not written and call the next fsync a success
# (https://lwn.net/Articles/752063/), so no I/O error is ever tried again on the same file.
_PERMANENT = frozenset({StoreReason.CORRUPT, StoreReason.IO})

FULL_BYTES = 1 << 20
"""With less than this free, a failed write or a failed growth of the -shm file means that the disk is full."""


class DatabaseFault(StoreError):
    """The database itself failed, so the whole transaction did; a StoreError of another class is one work's own."""


def store_error(error: sqlite3.Error, path: Path | None = None) -> DatabaseFault | None:
    """The StoreError for a fault of the database, None for a mistake of ours (bad SQL, a broken constraint)."""
    code = getattr(error, "sqlite_errorcode", None)
    reason = _REASONS.get(code & 0xFF) if isinstance(code, int) else None
    if reason is None:
        return _closed(error)
    if reason is StoreReason.IO and path is not None and _is_full(path):
        reason = StoreReason.FULL
    name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
    return DatabaseFault(reason, f"{_HINTS[reason]} ({error}, {name})", is_permanent=reason in _PERMANENT)


def raise_fault(error: sqlite3.Error, path: Path | None = None) -> NoReturn:
    """Raise the error as ours where it is a fault of the database, else as it is."""
    fault = store_error(error, path)
    if fault is None:
        raise error
    raise fault from error


def _closed(error: sqlite3.Error) -> DatabaseFault | None:
    if isinstance(error, sqlite3.ProgrammingError) and "closed database" in str(error):
        return DatabaseFault(StoreReason.CLOSED, "the database is closed", is_permanent=True)
    return None


def _is_full(path: Path) -> bool:
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < FULL_BYTES


def again(error: StoreError, text: str = "") -> StoreError:
    """A copy for one more caller, so that tracebacks of several threads do not grow on one exception; with another
    text where one is given."""
    copy = StoreError(StoreReason(error.reason), text or str(error), is_permanent=error.is_permanent)
    copy.__cause__ = error.__cause__
    return copy
