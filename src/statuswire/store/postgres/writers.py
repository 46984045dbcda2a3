"""Who writes: one thread and one connection for each queue, one work in each transaction.

    submit(work) ──> its queue ──> thread of the queue: BEGIN  work  COMMIT ──> future resolved

Works of one queue are done in order, those of different queues beside one another; the server shares one fsync among
commits that come together. A work that other transactions are in the way of (a deadlock, a serialization failure) is
rolled back and begun again. A connection that died while it was idle is replaced before anybody notices; one that dies
inside a transaction fails this work, since nobody knows whether its commit happened, and what is told once is told once
by its keys.

While the database cannot be reached works fail at once with the last error, and it is tried again every half second,
also when nobody asks for anything. A database that takes works and never answers is noticed by those that are quick
otherwise (`STALLED_S`).
"""

from __future__ import annotations

import logging
import queue
import random
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg

from statuswire.errors import StoreError, StoreReason
from statuswire.store.base import Queue, Work
from statuswire.store.faults import DatabaseFault, again
from statuswire.store.postgres.address import Address
from statuswire.store.postgres.connecting import PostgresOptions, connect
from statuswire.store.postgres.faults import is_again
from statuswire.store.postgres.patience import Patience
from statuswire.store.postgres.statements import PostgresTx

AGAIN_S = 0.05
"""A work that another one was in the way of waits so long at most before it is begun again."""

QUICK = (Queue.HOOKS, Queue.LEASE)
"""Their works take milliseconds and wait for nobody."""

STALLED_S = 2.0
STALLED_FOR_READERS_S = 5.0
"""A quick work that takes longer than that says that the database does not answer."""

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Job:
    work: Work[Any]
    future: Future[Any] = field(default_factory=Future)


class Trouble:
    """Whether the database can be reached, as all writers of a process see it."""

    def __init__(self, options: PostgresOptions) -> None:
        self._monotonic = options.monotonic
        self._again_after = options.look_again_after.total_seconds()
        self._lock = threading.Lock()
        self._try_at = 0.0
        self.error: StoreError | None = None

    def check(self) -> None:
        """Raise the standing error, unless it is this caller's turn to try again."""
        with self._lock:
            if self.error is None:
                return
            now = self._monotonic()
            if now >= self._try_at and not self.error.is_permanent:
                self._try_at = now + self._again_after
                return
            raise again(self.error)

    def note(self, error: StoreError) -> None:
        with self._lock:
            if self.error is None or self.error.reason is not error.reason:
                log.error("store cannot write reason=%s error=%s", error.reason, error)
            self.error = error
            self._try_at = self._monotonic() + self._again_after

    def clear(self) -> None:
        with self._lock:
            if self.error is not None:
                log.info("store writes again after reason=%s", self.error.reason)
                self.error = None


class Writers:
    """The queues with their threads, each begun when first needed. `close` does what is queued."""

    def __init__(self, address: Address, options: PostgresOptions, patience: Patience) -> None:
        self._address = address
        self._options = options
        self._patience = patience
        self._trouble = Trouble(options)
        self._lock = threading.Lock()
        self._lines: dict[Queue, _Line] = {}
        self._is_closed = False

    @property
    def error(self) -> StoreError | None:
        """Why nothing can be written; None where it can."""
        return self._trouble.error or (NO_ANSWER if self._works_for() > STALLED_S else None)

    def check_for_readers(self) -> None:
        """Raise StoreError where nobody who reads would have an answer."""
        error = self._trouble.error
        if error is not None and error.reason is StoreReason.UNAVAILABLE:
            raise again(error)
        if self._works_for() > STALLED_FOR_READERS_S:
            raise again(NO_ANSWER)

    def _works_for(self) -> float:
        """How long the slowest quick work has been under way, in seconds."""
        now = self._options.monotonic()
        lines = (self._lines.get(name) for name in QUICK)
        began = [line.began_at for line in lines if line is not None and line.began_at is not None]
        return now - min(began, default=now)

    @property
    def queued(self) -> int:
        return sum(line.queued for line in tuple(self._lines.values()))

    @property
    def has_current_thread(self) -> bool:
        return any(line.is_current_thread for line in tuple(self._lines.values()))

    def submit(self, work: Work[T], name: Queue) -> Future[T]:
        """See `base.Store.submit`."""
        with self._lock:
            if self._is_closed:
                raise StoreError(StoreReason.CLOSED, "the store is closed", is_permanent=True)
            line = self._lines.get(name)
            if line is None:
                line = self._lines[name] = _Line(name, self._address, self._options, self._patience, self._trouble)
            return line.put(work)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            lines = tuple(self._lines.values())
        for line in lines:
            line.close()


class _Line:
    """One queue, its thread and its connection."""

    def __init__(
        self, name: Queue, address: Address, options: PostgresOptions, patience: Patience, trouble: Trouble
    ) -> None:
        self._address = address
        self._options = options
        self._patience = patience
        self._trouble = trouble
        self.began_at: float | None = None
        """Since when a work is under way (`options.monotonic`)."""
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._connection: psycopg.Connection[Any] | None = None
        self._tx: PostgresTx | None = None
        self._thread = threading.Thread(target=self._run, name=f"store {name}", daemon=True)
        self._thread.start()

    @property
    def queued(self) -> int:
        return self._queue.qsize()

    @property
    def is_current_thread(self) -> bool:
        return threading.current_thread() is self._thread

    def put(self, work: Work[T]) -> Future[T]:
        job = _Job(work)
        self._queue.put(job)
        return job.future

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()

    # --- the thread ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._do(job)
        self._drop()

    def _next(self) -> _Job | None:
        """The next work; while the database cannot be reached, a look at it now and then."""
        while True:
            patience = self._options.look_again_after.total_seconds() if self._trouble.error is not None else None
            try:
                return self._queue.get(timeout=patience)
            except queue.Empty:
                return _Job(_look)

    def _do(self, job: _Job) -> None:
        if not job.future.set_running_or_notify_cancel():
            return
        try:
            result = self._tried(job.work)
        except BaseException as error:
            # Not swallowed: it is the caller's own and goes to its future.
            job.future.set_exception(error)
        else:
            job.future.set_result(result)

    def _tried(self, work: Work[T]) -> T:
        """What the work returned, committed. Raises StoreError and what the work raises, and then nothing is kept."""
        left = self._options.tries
        while True:
            left -= 1
            self._trouble.check()
            try:
                result = self._transact(work)
            except DatabaseFault as error:
                if is_again(error) and left > 0:
                    log.debug("work begun again: %s", error)
                    self._options.pause(random.uniform(0.0, AGAIN_S))  # noqa: S311 - so that two do not meet again
                    continue
                self._note(error)
                raise
            self._trouble.clear()
            return result

    def _note(self, error: DatabaseFault) -> None:
        """What concerns one work only is no trouble of the database."""
        if error.reason is not StoreReason.LOCKED and (self._connection is None or error.reason in _OF_ALL):
            self._trouble.note(error)

    def _transact(self, work: Work[T]) -> T:
        self.began_at = self._options.monotonic()
        try:
            tx = self._begun()
            result = work(tx)
            tx.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        finally:
            self.began_at = None
        return result

    def _begun(self) -> PostgresTx:
        """A transaction, on a new connection where the old one died while it was idle."""
        if self._tx is not None:
            try:
                self._tx.execute("BEGIN")
            except DatabaseFault:
                self._drop()
            else:
                return self._tx
        self._connection = connect(self._address, self._options, self._patience)
        self._tx = PostgresTx(self._connection)
        self._tx.execute("BEGIN")
        return self._tx

    def _roll_back(self) -> None:
        if self._connection is None:
            return
        with suppress(psycopg.Error):  # the connection is given up below
            if not self._connection.closed:
                self._connection.execute("ROLLBACK")
        if self._connection.closed or self._connection.info.transaction_status is not _IDLE:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection, self._tx = self._connection, None, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()


NO_ANSWER = StoreError(StoreReason.UNAVAILABLE, "the database does not answer")

_IDLE = psycopg.pq.TransactionStatus.IDLE
_OF_ALL = frozenset({StoreReason.FULL, StoreReason.READ_ONLY, StoreReason.CORRUPT})


def _look(tx: Any) -> None:
    """Changes nothing, and needs a database that takes writes."""
    tx.execute("UPDATE log_head SET last = last WHERE id = 0")
