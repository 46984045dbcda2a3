"""A PostgreSQL that is away, or that takes statements and never answers: nobody waits for it for ever."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pytest

from statuswire.errors import StoreError, StoreReason
from statuswire.store import Queue, Tx
from statuswire.store.postgres import PostgresOptions, open_postgres
from statuswire.store.postgres.opening import PostgresStore
from tests.chaos.wire import Wire
from tests.e2e.waiting import wait_until

PATIENCE_S = 20.0


@dataclass
class Watch:
    """Seconds that pass when they are told to."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Scene:
    """A store whose connections lead over a wire, with threads to ask it and a watch of its own."""

    wire: Wire
    watch: Watch
    store: PostgresStore
    threads: ThreadPoolExecutor
    database: str

    def read(self) -> Future[int]:
        return self.threads.submit(self.store.read, one)

    def lose_connections(self) -> None:
        with closing(psycopg.connect(self.database, autocommit=True)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def one(tx: Tx) -> int:
    row = tx.one("SELECT 1")
    assert row is not None
    return int(row[0])


@pytest.fixture
def scene(postgres_database: str) -> Iterator[Scene]:
    place, watch = urlsplit(postgres_database), Watch()
    assert place.hostname is not None
    assert place.port is not None
    with Wire((place.hostname, place.port)) as wire, ThreadPoolExecutor(8) as threads:
        url = f"postgresql://postgres@127.0.0.1:{wire.port}{place.path}"
        store = open_postgres(url, replace(PostgresOptions(), monotonic=watch, connect_for=timedelta(seconds=2)))
        yield Scene(wire, watch, store, threads, postgres_database)
        wire.mend()
        store.close()


def said(future: Future[int]) -> StoreReason:
    """Why it could not be done."""
    error = future.exception(PATIENCE_S)
    assert isinstance(error, StoreError), error
    return StoreReason(error.reason)


def test_reads_fail_at_once_while_there_is_no_database_and_find_it_when_it_is_back(scene: Scene) -> None:
    assert scene.read().result(PATIENCE_S) == 1
    scene.wire.refuse(b"statuswire")
    scene.lose_connections()

    assert [said(scene.read()) for _ in range(6)] == [StoreReason.UNAVAILABLE] * 6
    scene.wire.refuse(b"")
    assert scene.read().result(PATIENCE_S) == 1


def test_a_read_that_is_never_answered_is_given_up(scene: Scene) -> None:
    assert scene.read().result(PATIENCE_S) == 1
    scene.wire.cut()
    asked = scene.read()
    wait_until(asked.running, "the read")

    scene.watch.at += 60.0

    assert said(asked) is StoreReason.UNAVAILABLE


def test_a_work_that_is_never_answered_is_given_up_and_the_next_one_is_done(scene: Scene) -> None:
    assert scene.store.write(one) == 1
    scene.wire.cut()
    asked = scene.store.submit(one)
    wait_until(asked.running, "the work")

    scene.watch.at += 60.0

    assert said(asked) is StoreReason.UNAVAILABLE
    scene.wire.mend()
    scene.watch.at += 60.0
    assert scene.store.write(one) == 1


def test_a_quick_work_without_an_answer_makes_the_store_unwritable_and_reads_fail_at_once(scene: Scene) -> None:
    assert scene.store.write(one, queue=Queue.HOOKS) == 1
    assert scene.store.status().is_writable
    scene.wire.cut()
    asked = scene.store.submit(one, queue=Queue.HOOKS)
    wait_until(asked.running, "the work")

    scene.watch.at += 3.0
    assert not scene.store.status().is_writable
    scene.watch.at += 3.0
    assert said(scene.read()) is StoreReason.UNAVAILABLE
    scene.wire.mend()

    assert asked.result(PATIENCE_S) == 1
    assert scene.store.status().is_writable
    assert scene.read().result(PATIENCE_S) == 1


def test_a_store_is_closed_though_its_database_does_not_answer(scene: Scene) -> None:
    assert scene.store.write(one) == 1
    assert scene.read().result(PATIENCE_S) == 1
    scene.wire.cut()
    asked, read = scene.store.submit(one), scene.read()
    wait_until(lambda: asked.running() and read.running(), "the work and the read")

    closing_ = scene.threads.submit(scene.store.close)
    wait_until(lambda: not scene.store.status().is_writable or closing_.running(), "the end")
    scene.watch.at += 3.0
    closing_.result(PATIENCE_S)

    assert said(asked) is said(read) is StoreReason.UNAVAILABLE
