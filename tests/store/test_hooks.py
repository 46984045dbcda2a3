"""The inbox: a believed hook is kept once and waits until it is read or set aside."""

from __future__ import annotations

from dataclasses import replace

from statuswire.model import Hook
from statuswire.store import Store, queries
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
