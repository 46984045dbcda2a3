"""One writer thread: what queues together is committed together, and each caller gets its own answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from statuswire.errors import StoreError, StoreReason
from statuswire.store import Store, Tx, open_store, queries
from tests.store.conftest import SMALL
from tests.store.samples import hook
from tests.store.trouble import Trouble


@contextmanager
def held(store: Store) -> Iterator[None]:
    """Keep the writer busy with one work, so that what is submitted meanwhile queues."""
    started, finish = threading.Event(), threading.Event()

    def wait(_: Tx) -> None:
        started.set()
        finish.wait(30)

    future = store.submit(wait)
    started.wait(30)
    try:
        yield
    finally:
        finish.set()
    future.result()


def set_to(name: str, value: str) -> object:
    return lambda tx: queries.set_setting(tx, name, value)


def value_of(store: Store, name: str) -> str | None:
    return store.read(lambda tx: queries.setting(tx, name))


def test_a_write_returns_what_its_work_returned_once_it_is_visible(store: Store) -> None:
    def work(tx: Tx) -> str:
        queries.set_setting(tx, "a", "1")
        return "done"

    assert store.write(work) == "done"
    assert value_of(store, "a") == "1"


def test_what_queues_together_shares_one_commit(path: Path) -> None:
    trouble = Trouble()
    with closing(open_store(f"sqlite:///{path}", options=replace(SMALL, connection=trouble.connection()))) as store:
        with held(store):
            before = len(trouble.statements)
            futures = [store.submit(lambda tx, n=n: queries.set_setting(tx, f"s{n}", "x")) for n in range(20)]
        for future in futures:
            future.result()

    assert trouble.statements[before:].count("COMMIT") == 2
    assert trouble.statements[before:].count("SAVEPOINT work") == 20


def test_a_group_has_at_most_256_works(path: Path) -> None:
    trouble = Trouble()
    with closing(open_store(f"sqlite:///{path}", options=replace(SMALL, connection=trouble.connection()))) as store:
        with held(store):
            before = len(trouble.statements)
            futures = [store.submit(lambda _: None) for _ in range(600)]
        for future in futures:
            future.result()

    assert trouble.statements[before:].count("COMMIT") == 1 + 3


def test_a_work_that_is_alone_pays_for_no_savepoint(path: Path) -> None:
    trouble = Trouble()
    with closing(open_store(f"sqlite:///{path}", options=replace(SMALL, connection=trouble.connection()))) as store:
        before = len(trouble.statements)
        store.write(lambda tx: queries.set_setting(tx, "a", "1"))

    assert [sql.split()[0] for sql in trouble.statements[before : before + 3]] == ["BEGIN", "INSERT", "COMMIT"]


def test_a_work_that_fails_is_undone_alone_and_its_caller_told(store: Store) -> None:
    def fail(tx: Tx) -> None:
        queries.set_setting(tx, "lost", "x")
        raise LookupError("mine")

    with held(store):
        first = store.submit(set_to("one", "1"))  # type: ignore[arg-type]
        second: Future[None] = store.submit(fail)
        third = store.submit(set_to("two", "2"))  # type: ignore[arg-type]

    first.result()
    third.result()
    with pytest.raises(LookupError, match="mine"):
        second.result()
    assert [value_of(store, name) for name in ("one", "lost", "two")] == ["1", None, "2"]


def test_a_failing_work_alone_is_undone_too(store: Store) -> None:
    def fail(tx: Tx) -> None:
        queries.set_setting(tx, "lost", "x")
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        store.write(fail)

    assert value_of(store, "lost") is None
    assert store.status().is_writable


def test_a_store_error_of_one_work_is_not_a_fault_of_the_store(store: Store) -> None:
    def refuse(_: Tx) -> None:
        raise StoreError(StoreReason.UNAVAILABLE, "too many tries")

    with held(store):
        refused: Future[None] = store.submit(refuse)
        fine = store.submit(set_to("a", "1"))  # type: ignore[arg-type]

    fine.result()
    with pytest.raises(StoreError, match="too many tries"):
        refused.result()
    assert store.status().is_writable


def test_nobody_is_answered_before_the_commit(store: Store) -> None:
    seen: list[str | None] = []

    with held(store):
        first = store.submit(set_to("a", "1"))  # type: ignore[arg-type]
        first.add_done_callback(lambda _: seen.append(value_of(store, "a")))
    store.write(lambda _: None)

    assert seen == ["1"]


def test_a_cancelled_work_never_runs(store: Store) -> None:
    with held(store):
        future = store.submit(set_to("a", "1"))  # type: ignore[arg-type]
        assert future.cancel()

    store.write(lambda _: None)

    assert value_of(store, "a") is None


def test_works_run_in_the_order_in_which_they_were_submitted(store: Store) -> None:
    order: list[int] = []

    futures = [store.submit(lambda _, n=n: order.append(n)) for n in range(1000)]
    for future in futures:
        future.result()

    assert order == list(range(1000))


def test_many_threads_write_and_read_at_once(store: Store) -> None:
    failures: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for count in range(40):
                store.write(lambda tx, n=count: queries.add_hooks(tx, [hook(f"{name}-{n}")]))
                assert store.read(queries.hook_counts)["waiting"] > count
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert store.read(queries.hook_counts)["waiting"] == 240


def test_closing_finishes_what_is_queued(path: Path) -> None:
    store = open_store(f"sqlite:///{path}", options=SMALL)
    futures = [store.submit(lambda tx, n=n: queries.set_setting(tx, f"s{n}", "x")) for n in range(100)]

    store.close()

    assert all(future.result() is None for future in futures)
    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as again:
        assert value_of(again, "s99") == "x"


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()

    for use in (store.write, store.read, store.submit):
        with pytest.raises(StoreError) as caught:
            use(lambda _: None)
        assert caught.value.reason is StoreReason.CLOSED
    assert not store.status().is_writable


def test_a_work_cannot_write_through_the_store(store: Store) -> None:
    with pytest.raises(RuntimeError, match="its transaction"):
        store.write(lambda _: store.write(lambda _: None))


def test_a_read_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        store.read(lambda tx: queries.set_setting(tx, "a", "1"))

    assert caught.value.reason is StoreReason.READ_ONLY
    assert store.status().is_writable
    store.write(lambda tx: queries.set_setting(tx, "a", "2"))
    assert value_of(store, "a") == "2"


def test_a_read_sees_one_moment_however_long_it_takes(path: Path) -> None:
    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as store:

        def read(tx: Tx) -> list[str | None]:
            before = queries.setting(tx, "a")
            store.write(lambda other: queries.set_setting(other, "a", "2"))
            return [before, queries.setting(tx, "a")]

        store.write(lambda tx: queries.set_setting(tx, "a", "1"))
        assert store.read(read) == ["1", "1"]
        assert value_of(store, "a") == "2"


def test_a_mistake_of_ours_is_not_a_fault_of_the_store(store: Store) -> None:
    with pytest.raises(Exception, match=r"no such table|does not exist"):
        store.write(lambda tx: tx.execute("SELECT * FROM nowhere"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.write(lambda tx: [tx.execute("INSERT INTO follower VALUES ('a', 1)") for _ in range(2)])

    assert store.status().is_writable
