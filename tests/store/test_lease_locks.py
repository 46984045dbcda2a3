"""What several processes do with one lease at the same moment, on a database that lets them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.store import Queue, Store, Tx, open_store, queries
from statuswire.store.queries import Lease, LeaseKind, Taking

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
TTL = timedelta(seconds=15)
PATIENCE_S = 20.0


@pytest.fixture
def shared(postgres_database: str) -> Iterator[tuple[Store, Store]]:
    """Two processes' stores on one database with six shards."""
    with closing(open_store(postgres_database)) as one, closing(open_store(postgres_database)) as other:
        one.write(lambda tx: queries.make_leases(tx, 6, ()))
        yield one, other


def take(store: Store, owner: str, limit: int, now: datetime = NOW) -> dict[Lease, str]:
    taking = Taking(owner, now, now + TTL, now + 2 * TTL)
    work = lambda tx: queries.take_free(tx, taking, LeaseKind.SHARD, limit)  # noqa: E731
    return store.submit(work, queue=Queue.LEASE).result(PATIENCE_S)


@contextmanager
def recording(store: Store, owner: str, lease: Lease) -> Iterator[Future[bool]]:
    """A transaction that has made sure of the lease and is committed at the end; its result is whether it was ours."""
    is_sure, may_end = threading.Event(), threading.Event()

    def work(tx: Tx) -> bool:
        ours = queries.still_ours(tx, owner, (lease,))
        is_sure.set()
        assert may_end.wait(PATIENCE_S)
        return lease.name in ours

    written = store.submit(work)
    assert is_sure.wait(PATIENCE_S)
    try:
        yield written
    finally:
        may_end.set()
        written.result(PATIENCE_S)


def test_nobody_takes_a_lease_over_while_its_owner_writes(shared: tuple[Store, Store]) -> None:
    one, other = shared
    (lease,) = take(one, "a", 1)

    with recording(one, "a", lease) as written:
        meanwhile = take(other, "b", 6, NOW + TTL)
    after = take(other, "b", 6, NOW + TTL)

    assert written.result()
    assert lease.name not in {taken.name for taken in meanwhile}
    assert len(meanwhile) == 5
    assert [taken.name for taken in after] == [lease.name]


def test_the_owner_renews_and_lets_go_while_it_writes_and_still_nobody_takes_it(shared: tuple[Store, Store]) -> None:
    one, other = shared
    (lease,) = take(one, "a", 1)

    with recording(one, "a", lease) as written:
        renew = one.submit(lambda tx: queries.renew_leases(tx, "a", NOW + 2 * TTL), queue=Queue.LEASE)
        assert renew.result(PATIENCE_S) == {lease}
        assert one.submit(lambda tx: queries.let_leases_go(tx, "a"), queue=Queue.LEASE).result(PATIENCE_S) == 1
        assert lease.name not in {taken.name for taken in take(other, "b", 6)}

    assert written.result()
    assert [taken.name for taken in take(other, "b", 6)] == [lease.name]


def test_who_writes_after_a_takeover_waits_for_it_and_is_refused(shared: tuple[Store, Store]) -> None:
    one, other = shared
    (lease,) = take(one, "a", 1)
    has_taken, may_end = threading.Event(), threading.Event()

    def take_over(tx: Tx) -> None:
        taking = Taking("b", NOW + TTL, NOW + 2 * TTL, NOW + 3 * TTL)
        queries.take_free(tx, taking, LeaseKind.SHARD, 6)
        has_taken.set()
        assert may_end.wait(PATIENCE_S)

    taken = other.submit(take_over, queue=Queue.LEASE)
    assert has_taken.wait(PATIENCE_S)
    ours = one.submit(lambda tx: queries.still_ours(tx, "a", (lease,)))
    assert not ours.done()
    may_end.set()
    taken.result(PATIENCE_S)

    assert ours.result(PATIENCE_S) == frozenset()


def test_two_that_take_at_once_never_get_the_same(shared: tuple[Store, Store]) -> None:
    both = threading.Barrier(2)

    def take_some(store: Store, owner: str) -> set[str]:
        def work(tx: Tx) -> set[str]:
            both.wait(PATIENCE_S)
            taking = Taking(owner, NOW, NOW + TTL, NOW + 2 * TTL)
            return {lease.name for lease in queries.take_free(tx, taking, LeaseKind.SHARD, 6)}

        return store.submit(work, queue=Queue.LEASE).result(PATIENCE_S)

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(take_some, shared, ("a", "b"))

    assert not first & second


def test_two_that_make_the_leases_at_once_make_each_once(postgres_database: str) -> None:
    with closing(open_store(postgres_database)) as one, closing(open_store(postgres_database)) as other:
        both = threading.Barrier(2)

        def make(store: Store) -> None:
            def work(tx: Tx) -> None:
                both.wait(PATIENCE_S)
                queries.make_leases(tx, 256, ("planner",))

            store.submit(work, queue=Queue.LEASE).result(PATIENCE_S)

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(make, (one, other)))

        assert one.read(lambda tx: tx.one("SELECT count(*), count(DISTINCT name) FROM lease")) == (257, 257)


def test_two_changes_at_once_are_two_versions(shared: tuple[Store, Store]) -> None:
    """Else who has looked between their commits would never see the second."""
    one, other = shared
    one.write(lambda tx: queries.put_own_page(tx, "first", {}, "", NOW))
    before = one.read(queries.own_version)
    has_put, may_end = threading.Event(), threading.Event()

    def put_slowly(tx: Tx) -> None:
        queries.put_own_page(tx, "second", {}, "", NOW)
        has_put.set()
        assert may_end.wait(PATIENCE_S)

    slow = one.submit(put_slowly)
    assert has_put.wait(PATIENCE_S)
    quick = other.submit(lambda tx: queries.put_own_page(tx, "third", {}, "", NOW))
    may_end.set()
    for written in (slow, quick):
        written.result(PATIENCE_S)

    assert one.read(queries.own_version) == before + 2
