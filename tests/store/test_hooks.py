"""The inbox: a believed hook is kept once and waits until it is read or set aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from statuswire.model import Hook
from statuswire.store import Store, queries
from statuswire.store.queries import Claim
from tests.store.samples import hook, minutes


def add(store: Store, *hooks: Hook) -> list[bool]:
    return store.write(lambda tx: queries.add_hooks(tx, hooks))


def waiting(store: Store, limit: int = 100) -> list[Hook]:
    return store.read(lambda tx: queries.waiting_hooks(tx, limit))


def test_a_hook_comes_back_whole_whatever_bytes_it_holds(store: Store) -> None:
    told = hook("m1", bytes(range(256)), attempts=0)

    assert add(store, told) == [True]
    assert waiting(store) == [replace(told, id=1)]


def test_a_message_id_of_one_source_is_taken_once(store: Store) -> None:
    first = add(store, hook("m1"), hook("m2"), hook("m1"))

    again = add(store, hook("m1", b"other"), hook("m1", source="incident-io"), hook("m3"))

    assert first == [True, True, False]
    assert again == [False, True, True]
    assert [(one.source, one.message_id, one.body) for one in waiting(store)] == [
        ("statuspage", "m1", b"{}"),
        ("statuspage", "m2", b"{}"),
        ("incident-io", "m1", b"{}"),
        ("statuspage", "m3", b"{}"),
    ]


def test_hooks_wait_oldest_first_up_to_the_limit(store: Store) -> None:
    add(store, *(hook(f"m{n}") for n in range(5)))

    assert [one.message_id for one in waiting(store, 3)] == ["m0", "m1", "m2"]


def test_a_read_hook_waits_no_more_and_is_still_known(store: Store) -> None:
    add(store, hook("m1"))

    store.write(lambda tx: queries.finish_hook(tx, 1))

    assert waiting(store) == []
    assert add(store, hook("m1")) == [False]


def test_a_hook_that_failed_waits_on_with_one_attempt_more(store: Store) -> None:
    add(store, hook("m1"))

    store.write(lambda tx: queries.retry_hook(tx, 1, "locked\x00"))
    store.write(lambda tx: queries.retry_hook(tx, 1, "locked"))

    assert [one.attempts for one in waiting(store)] == [2]


def test_poison_is_set_aside_and_counted(store: Store) -> None:
    add(store, hook("m1"), hook("m2"), hook("m3"))

    store.write(lambda tx: queries.quarantine_hook(tx, 2, "shape: no incident"))
    store.write(lambda tx: queries.finish_hook(tx, 1))

    assert store.read(queries.hook_counts) == {"waiting": 1, "read": 1, "quarantined": 1}


def test_an_empty_inbox_counts_nothing(store: Store) -> None:
    assert store.read(queries.hook_counts) == {"waiting": 0, "read": 0, "quarantined": 0}


def test_only_old_hooks_that_were_read_are_forgotten(store: Store) -> None:
    add(store, *(hook(name, received_at=minutes(age)) for name, age in (("m1", 1), ("m2", 1), ("m3", 1), ("m4", 9))))
    for hook_id in (1, 4):
        store.write(lambda tx, hook_id=hook_id: queries.finish_hook(tx, hook_id))
    store.write(lambda tx: queries.quarantine_hook(tx, 2, "shape"))

    forgotten = store.write(lambda tx: queries.forget_hooks(tx, minutes(5)))

    assert forgotten == 1
    assert store.read(queries.hook_counts) == {"waiting": 1, "read": 1, "quarantined": 1}


def test_a_long_error_is_cut(store: Store) -> None:
    add(store, hook("m1"))

    store.write(lambda tx: queries.quarantine_hook(tx, 1, "x" * 100_000))

    assert store.read(lambda tx: tx.one("SELECT LENGTH(last_error) FROM inbox")) == (2_000,)


# --- claims: several processes read -------------------------------------------------------------------------------

LEASE = timedelta(seconds=15)


def claim(store: Store, owner: str, at: float = 0, limit: int = 10) -> list[Hook]:
    """`at` in minutes."""
    asked = Claim(owner, minutes(at), minutes(at) + LEASE, minutes(at) + 2 * LEASE)
    return store.write(lambda tx: queries.claim_hooks(tx, asked, limit))


def ids(hooks: list[Hook]) -> list[str]:
    return [one.message_id for one in hooks]


def test_many_hooks_at_once_are_each_answered_for_themselves(store: Store) -> None:
    some = [hook(f"m{n % 250}", source=f"s{n % 2}") for n in range(300)]

    first = add(store, *some)

    assert first == [True] * 250 + [False] * 50
    assert add(store, *some) == [False] * 300
    assert ids(waiting(store, 300)) == [f"m{n}" for n in range(250)]


def test_a_lane_is_the_page_else_the_source(store: Store) -> None:
    add(
        store,
        hook("m1", page_slug="acme"),
        hook("m2", page_slug="acme", source="generic"),
        hook("m3", page_slug="", source="generic"),
    )

    assert store.read(lambda tx: tx.all("SELECT lane FROM inbox ORDER BY id")) == [("acme",), ("acme",), ("generic",)]


def test_hooks_of_a_lane_are_read_by_one_reader_at_a_time_the_oldest_first(store: Store) -> None:
    add(store, *(hook(f"m{n}", page_slug=("acme", "shop")[n % 2]) for n in range(6)))

    assert ids(claim(store, "one", limit=1)) == ["m0"]
    assert ids(claim(store, "two")) == ["m1", "m3", "m5"]
    assert ids(claim(store, "three")) == []


def test_the_end_of_a_hook_needs_its_claim(store: Store) -> None:
    add(store, hook("m1"), hook("m2"), hook("m3"))
    stale = claim(store, "one")
    (fresh,) = claim(store, "two", at=1, limit=1)

    for old in stale:
        assert not store.write(lambda tx, one=old: queries.finish_hook(tx, one.id, one.claims))
        assert not store.write(lambda tx, one=old: queries.retry_hook(tx, one.id, "", one.claims))
        assert not store.write(lambda tx, one=old: queries.quarantine_hook(tx, one.id, "", one.claims))
    assert store.write(lambda tx: queries.finish_hook(tx, fresh.id, fresh.claims))


def test_what_a_reader_left_behind_that_is_gone_is_claimed_alone_by_the_next(store: Store) -> None:
    add(store, *(hook(f"m{n}", page_slug=f"p{n}") for n in range(3)))
    claim(store, "one", limit=2)

    assert [(one.message_id, one.ends) for one in claim(store, "two", at=0.2)] == [("m2", 0)]
    assert [(one.message_id, one.ends) for one in claim(store, "three", at=1)] == [("m0", 1)]
    assert [(one.message_id, one.ends) for one in claim(store, "four", at=2)] == [("m0", 2)]


def test_a_reader_takes_its_own_claims_again_without_an_attempt(store: Store) -> None:
    add(store, hook("m1"), hook("m2"))
    before = claim(store, "one")

    again = claim(store, "one", at=5)

    assert [(one.message_id, one.ends) for one in again] == [("m1", 0), ("m2", 0)]
    assert not store.write(lambda tx: queries.finish_hook(tx, before[0].id, before[0].claims))


def test_a_reader_that_ends_in_good_order_keeps_nobody_waiting(store: Store) -> None:
    add(store, hook("m1"), hook("m2"))
    first, _ = claim(store, "one")
    store.write(lambda tx: queries.finish_hook(tx, first.id, first.claims))

    assert store.write(lambda tx: queries.let_go_hooks(tx, "one")) == 1
    assert [(one.message_id, one.ends) for one in claim(store, "two")] == [("m2", 0)]


def test_a_hook_that_failed_or_is_read_again_by_command_is_free(store: Store) -> None:
    add(store, hook("m1"), hook("m2", page_slug="shop"))
    failed, quarantined = claim(store, "one")
    store.write(lambda tx: queries.retry_hook(tx, failed.id, "a bug", failed.claims))
    store.write(lambda tx: queries.quarantine_hook(tx, quarantined.id, "shape", quarantined.claims))
    store.write(lambda tx: queries.replay_hook(tx, quarantined.id))

    assert ids(claim(store, "two")) == ["m1"]
    assert ids(claim(store, "three")) == ["m2"]


def test_a_claim_that_a_wrong_clock_gave_counts_as_ended(store: Store) -> None:
    add(store, hook("m1"))
    claim(store, "one", at=60)

    assert ids(claim(store, "two")) == ["m1"]
