"""PostgreSQL's errors as ours: which reason, whether to try the same work again, and what is a mistake of ours."""

from __future__ import annotations

from typing import NoReturn

import psycopg
from psycopg import errors

from statuswire.errors import StoreError, StoreReason
from statuswire.store.faults import DatabaseFault

AGAIN = (errors.DeadlockDetected, errors.SerializationFailure)
"""Another transaction was in the way: the same work finds it done."""

_HINTS: tuple[tuple[type[psycopg.Error], StoreReason, str], ...] = (
    (errors.DiskFull, StoreReason.FULL, "the database's disk is full: free some space"),
    (errors.OutOfMemory, StoreReason.UNAVAILABLE, "the database is out of memory"),
    (errors.TooManyConnections, StoreReason.UNAVAILABLE, "the database has too many connections already"),
    (errors.ReadOnlySqlTransaction, StoreReason.READ_ONLY, "the database takes no writes: it is a standby, or set so"),
    (errors.InsufficientPrivilege, StoreReason.READ_ONLY, "the database's user may not do this"),
    (errors.LockNotAvailable, StoreReason.LOCKED, "another transaction holds what is needed"),
    (errors.DeadlockDetected, StoreReason.LOCKED, "another transaction was in the way again and again"),
    (errors.SerializationFailure, StoreReason.LOCKED, "another transaction was in the way again and again"),
    (errors.QueryCanceled, StoreReason.UNAVAILABLE, "a statement took too long and was ended"),
    (errors.IdleInTransactionSessionTimeout, StoreReason.UNAVAILABLE, "a transaction took too long and was ended"),
    (errors.DataCorrupted, StoreReason.CORRUPT, "the database is damaged: restore a backup"),
    (errors.IndexCorrupted, StoreReason.CORRUPT, "an index of the database is damaged: REINDEX it"),
    (psycopg.OperationalError, StoreReason.UNAVAILABLE, "the database cannot be reached"),
    (psycopg.InterfaceError, StoreReason.UNAVAILABLE, "the connection to the database is lost"),
    (psycopg.InternalError, StoreReason.UNAVAILABLE, "the database has a fault of its own"),
)
"""By class of error, the first that fits (https://www.postgresql.org/docs/18/errcodes-appendix.html, 2026-11)."""


def fault_of(error: psycopg.Error) -> DatabaseFault | None:
    """The StoreError for a fault of the database, None for a mistake of ours (bad SQL, a broken constraint)."""
    for kind, reason, hint in _HINTS:
        if isinstance(error, kind):
            return DatabaseFault(reason, f"{hint} ({_line(error)})")
    return None


def raise_fault(error: psycopg.Error) -> NoReturn:
    """Raise the error as ours where it is a fault of the database, else as it is."""
    fault = fault_of(error)
    if fault is None:
        raise error
    raise fault from error


def is_again(error: BaseException) -> bool:
    """Whether the same work may well succeed at once."""
    return isinstance(error, StoreError) and isinstance(error.__cause__, AGAIN)


def _line(error: BaseException) -> str:
    """What the server or libpq said, in one line; neither repeats a password."""
    return " ".join(str(error).split()) or type(error).__name__
