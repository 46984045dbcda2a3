"""A store that counts what it is asked: statements, rows of statements that run for many, transactions."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future
from datetime import datetime
from typing import TypeVar

from statuswire.store import Queue, Store, Tx, Work
from statuswire.store.base import NO_PARAMS, Dialect, Params, Row, StoreStatus

T = TypeVar("T")


class CountedTx:
    """Passes everything on."""

    def __init__(self, tx: Tx, counts: Counter[str]) -> None:
        self._tx = tx
        self._counts = counts

    @property
    def dialect(self) -> Dialect:
        return self._tx.dialect

    def now(self) -> datetime | None:
        self._counts["statements"] += int(self._tx.dialect.is_shared)
        return self._tx.now()

    def execute(self, sql: str, params: Params = NO_PARAMS) -> int:
        self._note(sql)
        return self._tx.execute(sql, params)

    def all(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        self._note(sql)
        return self._tx.all(sql, params)

    def one(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        self._note(sql)
        return self._tx.one(sql, params)

    def many(self, sql: str, rows: Iterable[Params]) -> None:
        given = list(rows)
        self._note(sql)
        self._counts["rows"] += len(given)
        self._tx.many(sql, given)

    def _note(self, sql: str) -> None:
        self._counts["statements"] += 1
        self._counts[" ".join(sql.split())[:70]] += 1


class CountedStore:
    """Passes everything on. `under_way` is how much was asked for and is not done."""

    def __init__(self, store: Store) -> None:
        self.counts: Counter[str] = Counter()
        self._store = store
        self._lock = threading.Lock()
        self.under_way = 0

    @property
    def dialect(self) -> Dialect:
        return self._store.dialect

    def submit(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Future[T]:
        self._change(1)
        future = self._store.submit(self._counted(work), queue=queue, reclaims=reclaims)
        future.add_done_callback(lambda _: self._change(-1))
        return future

    def write(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> T:
        return self.submit(work, queue=queue, reclaims=reclaims).result()

    def read(self, work: Work[T]) -> T:
        self._change(1)
        try:
            return self._store.read(self._counted(work))
        finally:
            self._change(-1)

    def status(self) -> StoreStatus:
        return self._store.status()

    def close(self) -> None:
        self._store.close()

    def _change(self, by: int) -> None:
        with self._lock:
            self.under_way += by

    def _counted(self, work: Work[T]) -> Work[T]:
        def counted(tx: Tx) -> T:
            self.counts["transactions"] += 1
            return work(CountedTx(tx, self.counts))

        return counted
