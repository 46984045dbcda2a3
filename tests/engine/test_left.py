"""What nobody names any more is dropped, but for what another process polls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.core.leases import TTL
from statuswire.engine import left
from statuswire.engine.left import Left
from statuswire.model import FeedSpec
from statuswire.store import Store, Tx, open_store, queries
from statuswire.store.queries import About
from tests.engine.interleaving import Process

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """On PostgreSQL its clock says what time it is, and stands still here."""
    if request.param == "postgresql":
        process: Process = request.getfixturevalue("postgres_process")
        process.now = lambda: NOW
        yield process
    else:
        opened = open_store("sqlite://")
        yield opened
        opened.close()


@pytest.fixture
def shared(postgres_process: Process) -> Store:
    postgres_process.now = lambda: NOW
    return postgres_process


def watch(store: Store, slug: str, due_at: datetime | None = None) -> None:
    """A page of a file, that somebody polled and that is due then; None: nobody polled it yet."""

    def work(tx: Tx) -> None:
        page = queries.upsert_page(
            tx, slug=slug, name=slug, url="https://x.example", platform="statuspage", origin="config"
        )
        feed = queries.upsert_feed(tx, page.id, FeedSpec("https://x.example/f"))
        queries.save_feed(tx, replace(feed, due_at=due_at))

    store.write(work)


def settle(store: Store, *named: str, replica: str = "us") -> tuple[list[str], list[str]]:
    expected = store.write(lambda tx: left.find(tx, named, NOW, replica))
    done: Left = store.write(lambda tx: left.settle(tx, named, NOW, replica))
    assert done == expected
    assert not store.write(lambda tx: left.find(tx, named, NOW, replica))
    return list(done.gone.values()), list(done.back)


def live(store: Store, *ids: str) -> None:
    for id_ in ids:
        store.write(lambda tx, id_=id_: queries.beat_replica(tx, About(id_, "1", "0008", ()), NOW, NOW + TTL))


def test_a_process_that_is_alone_drops_at_once_what_it_does_not_know(store: Store) -> None:
    watch(store, "ours", NOW)
    watch(store, "theirs", NOW + HOUR)
    watch(store, "new")
    if store.dialect.is_shared:
        live(store, "us")

    assert settle(store, "ours") == (["theirs", "new"], [])
    assert [page.slug for page in store.read(queries.pages)] == ["ours"]
    dropped = store.read(lambda tx: queries.page_by_slug(tx, "theirs"))
    assert dropped is not None and dropped.dropped_at == NOW


def test_what_is_named_is_taken_up_whoever_dropped_it(store: Store) -> None:
    watch(store, "ours", NOW)
    settle(store)

    assert settle(store, "ours", "another") == ([], ["ours"])


def test_many_pages_are_dropped_and_taken_up(store: Store) -> None:
    for number in range(left.AT_ONCE + 1):
        watch(store, f"p{number}")
    everything = [page.slug for page in store.read(queries.pages)]

    assert settle(store) == (everything, [])
    assert settle(store, *everything) == ([], everything)


def test_while_another_process_lives_what_is_polled_is_not_left(shared: Store) -> None:
    """It may have another file. What nobody has polled for two days it has not either."""
    live(shared, "us", "them")
    watch(shared, "polled", NOW + HOUR)
    watch(shared, "overdue", NOW - HOUR)
    watch(shared, "forgotten", NOW - 49 * HOUR)
    watch(shared, "unpolled")

    assert settle(shared) == (["forgotten"], [])


def test_own_pages_that_are_no_more_in_the_database_are_dropped_whoever_lives(shared: Store) -> None:
    live(shared, "us", "them")
    watch(shared, "acme", NOW + HOUR)
    shared.write(lambda tx: tx.execute("UPDATE page SET origin = 'own'"))

    assert settle(shared) == (["acme"], [])
