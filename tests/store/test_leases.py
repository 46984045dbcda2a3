"""Leases: one owner at a time, an epoch that grows with every new one, and a fence for whoever writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from statuswire.store import Store, Tx, queries
from statuswire.store.queries import Lease, LeaseKind, Taking

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
TTL = timedelta(seconds=15)
SHARDS = 6


def made(store: Store) -> Store:
    store.write(lambda tx: queries.make_leases(tx, SHARDS, ("planner", "janitor")))
    return store


def taking(owner: str, now: datetime = NOW) -> Taking:
    return Taking(owner, now, now + TTL, now + 2 * TTL)


def take(store: Store, owner: str, limit: int = SHARDS, now: datetime = NOW) -> dict[Lease, str]:
    return store.write(lambda tx: queries.take_free(tx, taking(owner, now), LeaseKind.SHARD, limit))


def names(leases: dict[Lease, str] | frozenset[Lease]) -> list[str]:
    return sorted(lease.name for lease in leases)


def test_leases_are_made_once_and_are_nobodys(store: Store) -> None:
    def twice(tx: Tx) -> int:
        queries.make_leases(tx, SHARDS, ("planner",))
        queries.make_leases(tx, SHARDS, ("planner",))
        return len(tx.all("SELECT name FROM lease WHERE owner = '' AND epoch = 0"))

    assert store.write(twice) == SHARDS + 1


def test_leases_that_are_held_are_left_as_they_are_by_whoever_makes_them_again(store: Store) -> None:
    held = take(made(store), "a")
    made(store)

    assert store.read(lambda tx: queries.holders(tx, NOW, NOW + 2 * TTL)) == dict.fromkeys(names(held), "a")


def test_no_more_are_taken_than_asked_for_and_none_that_somebody_has(store: Store) -> None:
    first = take(made(store), "a", 4)
    second = take(store, "b")

    assert (len(first), len(second)) == (4, 2)
    assert not first.keys() & second.keys()
    assert set(first.values()) == {""}


def test_duties_are_taken_by_their_names(store: Store) -> None:
    wanted = [queries.duty_name("janitor")]
    got = made(store).write(lambda tx: queries.take_free(tx, taking("a"), LeaseKind.DUTY, 5, wanted))
    nothing = store.write(lambda tx: queries.take_free(tx, taking("a"), LeaseKind.DUTY, 5, ()))

    assert [queries.bare_name(lease) for lease in got] == ["janitor"]
    assert not nothing


def test_a_lease_that_has_ended_is_taken_over_with_a_greater_epoch_and_told_whose_it_was(store: Store) -> None:
    mine = take(made(store), "a", 1)
    early = take(store, "b", 1, NOW + TTL - timedelta(microseconds=1))
    late = take(store, "b", SHARDS, NOW + TTL)

    assert names(early) != names(mine)
    (lease,) = mine
    assert late[Lease(lease.name, lease.kind, lease.epoch + 1)] == "a"


def test_a_lease_far_ahead_was_given_by_a_wrong_clock_and_counts_as_ended(store: Store) -> None:
    take(made(store), "a", SHARDS, NOW + timedelta(days=365))
    assert not store.read(lambda tx: queries.holders(tx, NOW, NOW + 2 * TTL))

    assert set(take(store, "b").values()) == {"a"}


def test_a_lease_of_a_clock_that_is_one_lease_ahead_counts(store: Store) -> None:
    held = take(made(store), "a", SHARDS, NOW + TTL)

    assert not take(store, "b")
    assert store.read(lambda tx: queries.holders(tx, NOW, NOW + 2 * TTL)) == dict.fromkeys(names(held), "a")


def test_the_next_lease_to_end_is_that_of_another(store: Store) -> None:
    take(made(store), "a", 2)
    take(store, "b", 1, NOW + timedelta(seconds=4))
    take(store, "c", 1, NOW + timedelta(days=365))

    def next_end(owner: str, now: datetime) -> datetime | None:
        return store.read(lambda tx: queries.next_end(tx, owner, now, now + 2 * TTL))

    assert next_end("b", NOW + timedelta(seconds=4)) == NOW + TTL
    assert next_end("a", NOW + timedelta(seconds=4)) == NOW + TTL + timedelta(seconds=4)
    assert next_end("b", NOW + TTL) is None


def test_renewing_tells_what_is_still_ours(store: Store) -> None:
    mine = take(made(store), "a", 3)
    lost = next(iter(take(store, "b", 1, NOW + TTL)))

    renewed = store.write(lambda tx: queries.renew_leases(tx, "a", NOW + 2 * TTL))

    assert lost.name in names(mine)
    assert names(renewed) == sorted(set(names(mine)) - {lost.name})
    assert not any(lease.name == lost.name for lease in take(store, "c", SHARDS, NOW + TTL) if lease.epoch == 1)


def test_what_is_let_go_is_free_at_once_and_nobody_was_robbed(store: Store) -> None:
    mine = names(take(made(store), "a", 3))
    freed = store.write(lambda tx: queries.let_leases_go(tx, "a", mine[:2]))
    foreign = store.write(lambda tx: queries.let_leases_go(tx, "b", mine))
    again = take(store, "b")
    rest = store.write(lambda tx: queries.let_leases_go(tx, "a"))

    assert (freed, foreign, rest) == (2, 0, 1)
    assert set(mine[:2]) <= set(names(again))
    assert set(again.values()) == {""}
    assert {lease.epoch for lease in again if lease.name in mine} == {2}


def test_what_another_has_taken_or_taken_and_left_is_not_ours_to_write_for(store: Store) -> None:
    mine = take(made(store), "a", 2)
    gone = next(iter(take(store, "b", 1, NOW + TTL)))
    store.write(lambda tx: queries.let_leases_go(tx, "b"))

    ours = store.write(lambda tx: queries.still_ours(tx, "a", mine.keys()))

    assert sorted(ours) == sorted(set(names(mine)) - {gone.name})
    assert not store.write(lambda tx: queries.still_ours(tx, "b", mine.keys()))
    assert not store.write(lambda tx: queries.still_ours(tx, "a", ()))


def test_a_lease_that_came_back_to_us_does_not_let_through_what_was_begun_before(store: Store) -> None:
    (old,) = take(made(store), "a", 1)
    take(store, "b", SHARDS, NOW + TTL)
    back = take(store, "a", SHARDS, NOW + 2 * TTL)
    new = next(lease for lease in back if lease.name == old.name)

    assert not store.write(lambda tx: queries.still_ours(tx, "a", (old,)))
    assert store.write(lambda tx: queries.still_ours(tx, "a", (new,))) == {old.name}


def test_a_lease_that_ended_and_that_nobody_took_is_still_ours(store: Store) -> None:
    mine = take(made(store), "a", 1)

    store.write(lambda tx: queries.renew_leases(tx, "a", NOW + timedelta(hours=1)))

    assert len(store.write(lambda tx: queries.still_ours(tx, "a", mine.keys()))) == 1
