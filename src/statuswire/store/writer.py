"""The one thread that writes: group commit, and what to do when the disk does not.

    submit(work) ──> queue ──> writer thread: BEGIN IMMEDIATE
                                                SAVEPOINT  work 1  RELEASE      a work that fails is rolled back alone
                                                SAVEPOINT  work 2  RELEASE
                                              COMMIT (fsync) ──> futures resolved ──> log copied back

Whatever is queued when the writer comes round shares one transaction and one fsync; nobody waits for a timer.

A fault of the database fails the whole group. Then: locked or read-only, the next group tries again; full, the reserve
is dropped and only works that free space are let in until there is room again (`reserve.py`); a failed disk or a
damaged file ends writing for good, because after a failed fsync nobody knows what is on the disk. While nobody asks
for anything the writer tries by itself every few seconds, so that the end of the trouble is noticed without a sender.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from statuswire.errors import StoreError, StoreReason
from statuswire.store.base import Tx, Work
from statuswire.store.connection import SqliteOptions
from statuswire.store.faults import DatabaseFault, again
from statuswire.store.lock import lock_holders
from statuswire.store.place import beside
from statuswire.store.readers import Readers
from statuswire.store.reserve import Reserve
from statuswire.store.statements import SqliteTx

T = TypeVar("T")
log = logging.getLogger(__name__)

BUSY_GROUPS = 4
"""Under load the log is copied back only after this many times `checkpoint_rows`, between two groups."""

CUT_SECONDS = 1.0
"""How often at most the writer tries to cut a log that a reader keeps long."""

_PROBE = "UPDATE log_head SET last = last WHERE id = 1"
"""Changes nothing and is written all the same."""

_Outcome = tuple[Any, Exception | None]


@dataclass(slots=True, eq=False)
class _Job:
    work: Work[Any]
    reclaims: bool
    future: Future[Any] = field(default_factory=Future)


class Writer:
    """Owns the writing connection from its start to its end. `alone` is held while the connection is used."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path | None,
        alone: AbstractContextManager[object],
        readers: Readers,
        options: SqliteOptions,
    ) -> None:
        self._connection = connection
        self._tx = SqliteTx(connection, path=path)
        self._path = path
        self._wal = beside(path, "-wal") if path else None
        self._alone = alone
        self._readers = readers
        self._options = options
        self._reserve = Reserve(beside(path, ".reserve"), options.reserve_bytes) if path else None
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._is_closed = False
        self._look_again_at = 0.0
        self._cut_again_at = 0.0
        self._patience = options.busy_for
        self._copied_changes = connection.total_changes
        self.error: StoreError | None = None
        """Why writes are refused or failed last; None while they work."""
        if self._reserve is not None and not self._reserve.take():
            log.warning("no room for the reserve beside %s", path)
        self._thread = threading.Thread(target=self._run, name="statuswire-writer", daemon=True)
        self._thread.start()

    # --- for callers --------------------------------------------------------------------------------------------

    def submit(self, work: Work[T], *, reclaims: bool) -> Future[T]:
        job = _Job(work, reclaims)
        with self._gate:
            if self._is_closed:
                raise StoreError(StoreReason.CLOSED, "the store is closed", is_permanent=True)
            self._queue.put(job)
        return job.future

    def close(self) -> None:
        """Finish what is queued and end the thread; the connection stays open."""
        with self._gate:
            if not self._is_closed:
                self._is_closed = True
                self._queue.put(None)
        self._thread.join()

    @property
    def is_current_thread(self) -> bool:
        return threading.current_thread() is self._thread

    @property
    def queued(self) -> int:
        return self._queue.qsize()

    @property
    def wal_bytes(self) -> int:
        if self._wal is None:
            return 0
        try:
            return self._wal.stat().st_size
        except OSError:
            return 0

    @property
    def has_reserve(self) -> bool:
        return self._reserve is None or self._reserve.is_held

    # --- the thread ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        is_open = True
        while is_open:
            taken = self._take()
            is_open = taken[-1] is not None
            group = [job for job in taken if job is not None and job.future.set_running_or_notify_cancel()]
            try:
                with self._alone:
                    self._commit(self._admitted(group))
                    self._look_after_log()
            except Exception as error:
                log.exception("the writer failed")
                _fail(group, StoreError(StoreReason.UNAVAILABLE, f"the writer failed: {error!r}"))

    def _take(self) -> list[_Job | None]:
        """Wait for a job, then take all that have queued meanwhile; the last is None when the store is closing."""
        try:
            taken = [self._queue.get(timeout=self._until_probe())]
        except queue.Empty:
            return [_Job(_probe, reclaims=False)]
        while taken[-1] is not None and len(taken) < self._options.group:
            try:
                taken.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return taken

    def _until_probe(self) -> float | None:
        """Seconds to wait for a job before writing is tried without one; None while there is no reason to try."""
        if self.error is None or self.error.is_permanent:
            return None
        return self._options.look_again_after.total_seconds()

    def _commit(self, group: list[_Job]) -> None:
        """Run the jobs in one transaction and resolve their futures, each after the commit."""
        if not group:
            return
        try:
            outcomes = self._transact(group)
        except DatabaseFault as error:
            _fail(group, self._note(error))
            return
        if self.error is not None and not all(job.reclaims for job in group):
            self._recover(self.error)
        for job, (result, failure) in zip(group, outcomes, strict=True):
            if failure is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(failure)

    def _transact(self, group: list[_Job]) -> list[_Outcome]:
        """What each job returned or raised, committed. Raises DatabaseFault, and then nothing is kept."""
        attempt = self._attempt_alone if len(group) == 1 else self._attempt
        try:
            self._tx.execute("BEGIN IMMEDIATE")
            outcomes = [attempt(job.work) for job in group]
            if self._connection.in_transaction:
                self._tx.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        return outcomes

    def _attempt_alone(self, work: Work[Any]) -> _Outcome:
        """The only work of a transaction needs no savepoint: the transaction is one."""
        try:
            return work(self._tx), None
        except DatabaseFault:
            raise
        except Exception as error:
            # Not swallowed: it is the caller's own and goes to its future.
            self._roll_back()
            return None, error

    def _attempt(self, work: Work[Any]) -> _Outcome:
        """One work of several. What it raises is its caller's, but a DatabaseFault ends the transaction for all."""
        self._tx.execute("SAVEPOINT work")
        try:
            outcome: _Outcome = (work(self._tx), None)
        except DatabaseFault:
            raise
        except Exception as error:
            # Not swallowed: it is the caller's own and goes to its future.
            self._tx.execute("ROLLBACK TO work")
            outcome = (None, error)
        self._tx.execute("RELEASE work")
        return outcome

    def _roll_back(self) -> None:
        """SQLite itself rolls back after some faults. Where even this fails, the next BEGIN fails and says so."""
        if not self._connection.in_transaction:
            return
        try:
            self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            log.error("rollback failed error=%s", error)

    # --- when the database cannot be written --------------------------------------------------------------------

    def _admitted(self, group: list[_Job]) -> list[_Job]:
        """The jobs that may run now; the others fail with the standing error."""
        error = self.error
        if error is None or not (error.is_permanent or error.reason is StoreReason.FULL):
            return group
        if not error.is_permanent and self._has_room_again():
            return group
        admitted = [job for job in group if job.reclaims and not error.is_permanent]
        _fail([job for job in group if job not in admitted], error)
        return admitted

    def _has_room_again(self) -> bool:
        """On a full disk, looked at every few seconds at most: whether a write may be tried. The fault stands until
        one has succeeded."""
        if self._options.monotonic() < self._look_again_at:
            return False
        self._look_again_later()
        return self._reserve is None or self._reserve.has_room(self._spare_bytes())

    def _look_again_later(self) -> None:
        self._look_again_at = self._options.monotonic() + self._options.look_again_after.total_seconds()

    def _spare_bytes(self) -> int:
        """Room inside the database file, which deleting leaves there; 0 where not even that can be read."""
        try:
            row = self._tx.one("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
        except DatabaseFault as error:
            log.warning("free pages not counted reason=%s error=%s", error.reason, error)
            return 0
        return 0 if row is None else int(row[0])

    def _recover(self, error: StoreError) -> None:
        """A write has succeeded since the fault."""
        log.info("store writes again after reason=%s", error.reason)
        self.error = None
        self._wait_for_locks(self._options.busy_for)
        if self._reserve is not None and error.reason is StoreReason.FULL:
            self._reserve.take()

    def _note(self, error: StoreError) -> StoreError:
        """Remember the fault and act on it; the error for callers."""
        if error.reason is StoreReason.LOCKED:
            error = self._naming_holder(error)
            self._wait_for_locks(self._options.busy_again_for)
        elif error.reason is StoreReason.FULL:
            error = self._making_room(error)
        if self.error is None or self.error.reason is not error.reason:
            log.error("store cannot write reason=%s error=%s", error.reason, error)
        self.error = error
        return error

    def _making_room(self, error: StoreError) -> StoreError:
        """Give the reserve up; the error with how much room new facts want."""
        self._look_again_later()
        if self._reserve is None:
            return error
        with suppress(OSError):
            self._reserve.drop(self._spare_bytes())
        return again(error, f"{error}; writing goes on when {self._reserve.wanted} are free")

    def _wait_for_locks(self, patience: timedelta) -> None:
        """How long SQLite waits for another program's lock from now on: not long once one was waited for in vain, or
        every caller would wait as long."""
        self._patience = patience
        self._set_busy_timeout(patience)

    def _set_busy_timeout(self, patience: timedelta) -> None:
        self._tx.execute(f"PRAGMA busy_timeout = {round(patience.total_seconds() * 1000)}")

    def _naming_holder(self, error: StoreError) -> StoreError:
        if self._path is None:
            return error
        holders = lock_holders(self._path, beside(self._path, "-shm"))
        if not holders:
            return error
        names = ", ".join(str(pid) for pid in holders)
        return again(error, f"the database is held by process {names}: {error}")

    # --- the write-ahead log ------------------------------------------------------------------------------------

    def _look_after_log(self) -> None:
        """Copy the log back into the database now and then, when nobody waits; cut it when it has grown too long."""
        if self._path is None or (self.error is not None and self.error.is_permanent):
            return
        changed = self._connection.total_changes - self._copied_changes
        if self.wal_bytes > self._options.wal_bytes and self._options.monotonic() >= self._cut_again_at:
            self._cut_again_at = self._options.monotonic() + CUT_SECONDS
            self._readers.expire()
            self._checkpoint("TRUNCATE")
        elif changed >= self._options.checkpoint_rows * (1 if self._queue.empty() else BUSY_GROUPS):
            self._checkpoint("PASSIVE")

    def _checkpoint(self, mode: str) -> None:
        """Readers that hold the log back are not waited for: it is tried again later."""
        self._copied_changes = self._connection.total_changes
        self._set_busy_timeout(timedelta(0))
        try:
            self._tx.all(f"PRAGMA wal_checkpoint({mode})")
        except DatabaseFault as error:
            if error.reason is not StoreReason.LOCKED:
                self._note(error)
        finally:
            self._set_busy_timeout(self._patience)


def _probe(tx: Tx) -> None:
    tx.execute(_PROBE)


def _fail(jobs: list[_Job], error: StoreError) -> None:
    for job in jobs:
        if not job.future.done():
            job.future.set_exception(again(error))
