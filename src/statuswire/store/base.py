"""What a store is, whatever the engine: transactions that run on the one writer, and reads beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from statuswire.errors import StoreReason

T = TypeVar("T")
Params = Mapping[str, object]
Row = tuple[Any, ...]

NO_PARAMS: Params = {}


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where the engines' SQL differs. `for_update` and `skip_locked` end a SELECT whose rows are to be ours until the
    commit, the second leaving out those that somebody else has; after `key_share` nobody can lock a row so before our
    commit, while its other columns may change. All are empty where there is only one writer.

    `tables` asks for the names of all tables. `is_shared`: other processes may write at the same time.
    """

    name: str
    tables: str
    for_update: str = ""
    skip_locked: str = ""
    key_share: str = ""
    is_shared: bool = False


class Queue(StrEnum):
    """What is written in order, one after the other. Works of different queues wait for one another only where the
    engine has one writer."""

    MAIN = "main"
    HOOKS = "hooks"
    """Hooks that wait for their acknowledgement."""

    INBOX = "inbox"
    """What is read from hooks."""

    PLAN = "plan"
    SEND = "send"
    LEASE = "lease"
    """What must not wait for anything: leases that would end."""


class Tx(Protocol):
    """One open transaction. Statements use `:name` placeholders. Every method raises StoreError.

    Where several processes write, a work may be run again from its beginning after it met another one's locks.
    """

    @property
    def dialect(self) -> Dialect: ...

    def now(self) -> datetime | None:
        """The clock of the database's machine, which is the same for every process; None where this machine's own is
        that clock."""
        ...

    def execute(self, sql: str, params: Params = NO_PARAMS) -> int:
        """Run one statement; how many rows it changed."""
        ...

    def all(self, sql: str, params: Params = NO_PARAMS) -> list[Row]: ...

    def one(self, sql: str, params: Params = NO_PARAMS) -> Row | None: ...

    def many(self, sql: str, rows: Iterable[Params]) -> None:
        """Run one statement for each row of parameters."""
        ...


Work = Callable[[Tx], T]


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """How the store is: `is_writable` False means that new facts are refused, with the reason and the last error.

    `is_permanent`: writing will not come back in this process. `wal_bytes` is the size of the write-ahead log,
    `queued` the works waiting for the writer. `has_reserve` False: the spare room on the disk is used up or could
    not be had.
    """

    engine: str
    version: str
    is_writable: bool
    is_permanent: bool
    reason: StoreReason | None
    error: str
    wal_bytes: int
    queued: int
    has_reserve: bool


class Store(Protocol):
    """The database. Safe to use from any thread."""

    @property
    def dialect(self) -> Dialect: ...

    def submit(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Future[T]:
        """Queue `work` for a writer. The future is resolved after the commit that holds it, or with the exception
        that `work` raised (it alone is rolled back), or with StoreError. Works of one queue are done in order.

        `reclaims`: the work frees space, so it may use the reserve while the disk is full.
        Raises StoreError(CLOSED) when the store is closed.
        """
        ...

    def write(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> T:
        """The same, waiting for the commit. Never call it from inside a work."""
        ...

    def read(self, work: Work[T]) -> T:
        """Run `work` on the calling thread in one consistent read-only view."""
        ...

    def status(self) -> StoreStatus: ...

    def close(self) -> None:
        """Finish what is queued, then let go of files and locks. May be called twice."""
        ...


def named(name: str, values: Collection[object], params: dict[str, object]) -> str:
    """The placeholders of an IN list; their values are put into `params`. Nothing is in a list of none, which only
    SQLite lets stand empty."""
    params |= {f"{name}{place}": value for place, value in enumerate(values)}
    return ", ".join(f":{name}{place}" for place in range(len(values))) or "NULL"
