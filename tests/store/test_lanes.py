"""Lanes: claimed by one at a time, fenced by their epoch, never forgotten while something is in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from statuswire.store import Store, queries
from statuswire.store.queries import Claim, Lane

from .samples import NOON, minutes

LEASE = timedelta(seconds=15)


def wake(store: Store, channel: str = "ops", lane: str = "0", at: datetime = NOON) -> None:
    store.write(lambda tx: queries.wake_lane(tx, channel, lane, at))


def claim(
    store: Store, owner: str = "one", at: datetime = NOON, *, limit: int = 10, ours: tuple[tuple[str, str], ...] = ()
) -> list[Lane]:
    asked = Claim(owner, at, at + LEASE, at + 2 * LEASE)
    return store.write(lambda tx: queries.claim_lanes(tx, asked, limit, {"ops", "log"}, ours))


def test_a_lane_is_claimed_by_one_of_two(store: Store) -> None:
    wake(store)

    (lane,) = claim(store, "one")

    assert (lane.channel, lane.name, lane.epoch, lane.crashes) == ("ops", "0", 1, 0)
    assert claim(store, "two") == []


def test_a_lane_whose_lease_has_ended_is_claimed_again_and_fenced(store: Store) -> None:
    wake(store)
    (before,) = claim(store, "one")

    (after,) = claim(store, "two", NOON + LEASE)

    assert (after.epoch, after.crashes) == (2, 1)
    assert store.write(lambda tx: queries.look_again(tx, before)) is None
    assert store.write(lambda tx: queries.renew(tx, before, minutes(5))) is False
    assert store.write(lambda tx: queries.look_again(tx, after)) == after


def test_a_lease_that_is_renewed_is_kept(store: Store) -> None:
    wake(store)
    (lane,) = claim(store)

    assert store.write(lambda tx: queries.renew(tx, lane, NOON + 2 * LEASE))
    assert claim(store, "two", NOON + LEASE) == []


def test_a_lane_that_was_let_go_is_not_kept_by_a_late_renewal(store: Store) -> None:
    wake(store)
    (lane,) = claim(store)
    store.write(lambda tx: queries.let_go(tx, lane, minutes(1), NOON))

    assert store.write(lambda tx: queries.renew(tx, lane, minutes(5))) is False
    assert len(claim(store, "two", minutes(1))) == 1


def test_a_lane_that_is_let_go_with_nothing_in_it_is_not_claimed(store: Store) -> None:
    wake(store)
    (lane,) = claim(store)

    store.write(lambda tx: queries.let_go(tx, lane, None, NOON))

    assert claim(store, at=minutes(60)) == []
    assert store.read(lambda tx: queries.next_lane_at(tx, "one", NOON)) is None


def test_a_lane_into_which_something_was_put_meanwhile_is_due_at_once(store: Store) -> None:
    wake(store)
    (lane,) = claim(store)
    wake(store)

    store.write(lambda tx: queries.let_go(tx, lane, None, NOON))

    assert len(claim(store)) == 1


def test_what_was_put_in_before_the_last_look_needs_no_other(store: Store) -> None:
    wake(store)
    (lane,) = claim(store)
    wake(store)
    seen = store.write(lambda tx: queries.look_again(tx, lane))
    assert seen is not None

    store.write(lambda tx: queries.let_go(tx, seen, None, NOON))

    assert claim(store) == []


def test_what_processes_held_that_are_gone_is_free_and_counts_as_a_crash(store: Store) -> None:
    wake(store)
    claim(store, "one")
    wake(store, lane="1")
    claim(store, "two")

    assert store.write(lambda tx: queries.end_leases(tx, NOON)) == 2
    assert [(lane.name, lane.crashes) for lane in claim(store, "one")] == [("0", 1), ("1", 1)]


def test_lanes_that_the_caller_serves_still_are_left_alone(store: Store) -> None:
    wake(store)
    claim(store)

    assert claim(store, at=minutes(60), ours=(("ops", "0"),)) == []


def test_a_channel_that_rests_or_is_disabled_takes_nobodys_turn(store: Store) -> None:
    for lane in range(400):
        wake(store, lane=f"{lane}", at=minutes(-9))
    wake(store, "log")
    store.write(lambda tx: queries.save_recent(tx, "ops", "webhook", ""))
    store.write(lambda tx: queries.note_failure(tx, "ops", 1, minutes(1), "down", NOON))

    assert [lane.channel for lane in claim(store, limit=5)] == ["log"]
    assert store.read(lambda tx: queries.next_lane_at(tx, "one", NOON)) == minutes(1)


def test_a_lane_of_another_is_to_be_claimed_when_its_lease_ends_and_one_of_ours_never(store: Store) -> None:
    wake(store)
    claim(store, "one")

    assert store.read(lambda tx: queries.next_lane_at(tx, "two", NOON)) == NOON + LEASE
    assert store.read(lambda tx: queries.next_lane_at(tx, "one", NOON)) is None


def test_a_channel_that_failed_is_probed_by_one_lane_alone(store: Store) -> None:
    for lane in range(8):
        wake(store, lane=f"{lane}")
    store.write(lambda tx: queries.save_recent(tx, "ops", "webhook", ""))
    store.write(lambda tx: queries.note_failure(tx, "ops", 1, minutes(1), "down", NOON))

    (probe,) = claim(store, at=minutes(1))

    assert probe.is_probe
    assert claim(store, "two", at=minutes(1)) == []


def test_a_channel_that_is_enabled_again_is_sent_to_at_once(store: Store) -> None:
    wake(store, at=minutes(600))
    store.write(lambda tx: queries.save_recent(tx, "ops", "webhook", ""))
    store.write(lambda tx: queries.disable_channel(tx, "ops", "gone", NOON))
    assert claim(store, at=minutes(600)) == []

    assert store.write(lambda tx: queries.enable_channel(tx, "ops"))

    assert len(claim(store)) == 1
