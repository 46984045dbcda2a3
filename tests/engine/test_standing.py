"""Pages that stand as they should are found many at a time, and nothing is written for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from statuswire.catalog import Target
from statuswire.engine.places import put_all
from statuswire.model import Feed, Page
from statuswire.store import Store, Tx, open_store

ACME = Target("acme", "Acme", "https://status.acme.example", "statuspage")
RELAY = Target("relay", "Relay", "https://relay.example", feed_url="https://relay.example/history.rss")
UNKNOWN = Target("unknown", "Unknown", "https://unknown.example")
ALL = (ACME, RELAY, UNKNOWN)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres_database")
    with closing(open_store(url)) as opened:
        yield opened


def put(store: Store, *targets: Target) -> list[tuple[Page, list[Feed]]]:
    return store.write(lambda tx: put_all(tx, targets, ["config"] * len(targets)))


def test_new_pages_have_their_feeds_and_a_shard_after_one_work(store: Store) -> None:
    found = put(store, *ALL)

    assert [page.slug for page, _ in found] == ["acme", "relay", "unknown"]
    assert [len(feeds) for _, feeds in found] == [4, 1, 0]
    assert store.read(lambda tx: tx.all("SELECT slug FROM page WHERE shard < 0")) == []


def test_what_stands_as_wanted_is_the_same_again(store: Store) -> None:
    first = put(store, *ALL)

    assert put(store, *reversed(ALL)) == first[::-1]


def test_nothing_is_written_for_what_stands_as_wanted() -> None:
    with closing(open_store("sqlite://")) as store:
        put(store, *ALL)

        def changes(tx: Tx) -> int:
            before = tx.all("SELECT total_changes()")[0][0]
            put_all(tx, ALL, ["config"] * len(ALL))
            return int(tx.all("SELECT total_changes()")[0][0] - before)

        assert store.write(changes) == 0


@pytest.mark.parametrize(
    ("changed", "slug"),
    [
        (replace(ACME, name="Acme Relay"), "acme"),
        (replace(ACME, allow_private=True), "acme"),
        (replace(RELAY, feed_url="https://relay.example/other.rss"), "relay"),
        (replace(UNKNOWN, platform="instatus"), "unknown"),
    ],
)
def test_what_was_said_otherwise_is_put_anew(store: Store, changed: Target, slug: str) -> None:
    put(store, *ALL)

    page, _ = put(store, changed)[0]

    assert page.slug == slug
    assert page.name == changed.name
    assert page.allow_private == changed.allow_private
    assert page.platform == (changed.platform or page.platform)
