"""Processes that live, by the clock that they share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from statuswire.store import Store, queries
from statuswire.store.queries import About

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
TTL = timedelta(seconds=15)


def beat(store: Store, id_: str, now: datetime = NOW, *roles: str) -> About:
    about = About(id_, "1.2.3", "0006", roles, f"http://{id_}:8000")
    store.write(lambda tx: queries.beat_replica(tx, about, now, now + TTL))
    return about


def live(store: Store, now: datetime = NOW) -> list[str]:
    return [one.about.id for one in store.read(lambda tx: queries.live_replicas(tx, now, now + 2 * TTL))]


def test_a_process_lives_as_long_as_it_says_so(store: Store) -> None:
    beat(store, "a")
    beat(store, "b", NOW + timedelta(seconds=5))

    assert live(store, NOW + timedelta(seconds=14)) == ["a", "b"]
    assert live(store, NOW + TTL) == ["b"]
    assert live(store, NOW + timedelta(seconds=20)) == []


def test_what_it_says_of_itself_is_kept_and_its_beginning_stays(store: Store) -> None:
    beat(store, "a")
    about = beat(store, "a", NOW + timedelta(seconds=5), "hooks", "poll")

    (one,) = store.read(lambda tx: queries.live_replicas(tx, NOW, NOW + 2 * TTL))

    assert (one.about, one.started_at, one.seen_at) == (about, NOW, NOW + timedelta(seconds=5))


def test_one_whose_clock_was_far_ahead_does_not_live(store: Store) -> None:
    beat(store, "a", NOW + timedelta(days=1))

    assert live(store) == []


def test_one_that_ends_is_gone_at_once_and_the_dead_are_forgotten_by_and_by(store: Store) -> None:
    for id_, ago in (("a", 0), ("b", 30), ("c", 7200)):
        beat(store, id_, NOW - timedelta(seconds=ago))
    beat(store, "d", NOW + timedelta(days=1))

    store.write(lambda tx: queries.forget_replica(tx, "a"))
    forgotten = store.write(lambda tx: queries.forget_dead_replicas(tx, NOW - timedelta(hours=1), NOW + 2 * TTL))

    assert forgotten == 2
    assert store.read(lambda tx: tx.all("SELECT id FROM replica")) == [("b",)]
