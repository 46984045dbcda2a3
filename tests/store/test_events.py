"""The event log: each fact once, ids without gaps, followers lose nothing."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from statuswire.errors import StoreError, StoreReason
from statuswire.store import Store, Tx, queries
from tests.store.samples import acme, event


def append(store: Store, page_id: int, *keys: str) -> list[int]:
    events = [event(key) for key in keys]
    return [one.id for one in store.write(lambda tx: queries.append_events(tx, page_id, events))]


def test_events_are_numbered_from_one_in_order(store: Store) -> None:
    made = store.write(acme)

    assert store.read(queries.last_event_id) == 0
    assert append(store, made.id, "a", "b") == [1, 2]
    assert append(store, made.id, "c") == [3]
    assert store.read(queries.last_event_id) == 3


def test_an_event_comes_back_whole_with_its_key(store: Store) -> None:
    made = store.write(acme)

    (told,) = store.write(lambda tx: queries.append_events(tx, made.id, [event("a")]))

    assert told == replace(event("a"), id=1)
    assert store.read(lambda tx: queries.events_after(tx, 0)) == [told]


def test_a_key_that_was_told_is_dropped_and_takes_no_number(store: Store) -> None:
    made = store.write(acme)
    append(store, made.id, "a")

    assert append(store, made.id, "a", "b", "b", "a") == [2]
    assert append(store, made.id, "b") == []
    assert append(store, made.id, "c") == [3]


def test_events_after_an_id_come_in_order_and_at_most_the_limit(store: Store) -> None:
    made = store.write(acme)
    append(store, made.id, *"abcdef")

    found = store.read(lambda tx: queries.events_after(tx, 2, limit=3))

    assert [(one.id, one.key) for one in found] == [(3, "c"), (4, "d"), (5, "e")]


def test_an_undone_transaction_leaves_no_gap(store: Store) -> None:
    made = store.write(acme)

    def fail(tx: Tx) -> None:
        queries.append_events(tx, made.id, [event("lost")])
        raise LookupError("after appending")

    with pytest.raises(LookupError):
        store.write(fail)

    assert append(store, made.id, "lost", "a") == [1, 2]


def test_a_follower_that_reads_while_writers_commit_sees_every_id(store: Store) -> None:
    made = store.write(acme)
    total = 120

    def work(first: int) -> None:
        for number in range(first, total, 3):
            append(store, made.id, f"key-{number}")

    writers = [threading.Thread(target=work, args=(first,)) for first in range(3)]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    while len(seen) < total:
        last = seen[-1] if seen else 0
        seen += [one.id for one in store.read(lambda tx, last=last: queries.events_after(tx, last))]
    for writer in writers:
        writer.join()

    assert seen == list(range(1, total + 1))


def test_an_event_that_cannot_be_read_is_a_store_error(store: Store) -> None:
    made = store.write(acme)
    append(store, made.id, "a")
    store.write(lambda tx: tx.execute("UPDATE event SET body = :body", {"body": '{"type": "incident.baked"}'}))

    with pytest.raises(StoreError, match="event") as caught:
        store.read(lambda tx: queries.events_after(tx, 0))

    assert caught.value.reason is StoreReason.CORRUPT


def test_a_new_follower_has_no_place_and_keeps_the_one_it_is_given(store: Store) -> None:
    assert store.read(lambda tx: queries.follower(tx, "console")) is None

    store.write(lambda tx: queries.set_follower(tx, "console", 7))
    store.write(lambda tx: queries.set_follower(tx, "console", 9))

    assert store.read(lambda tx: queries.follower(tx, "console")) == 9


def test_a_setting_is_kept_and_replaced(store: Store) -> None:
    assert store.read(lambda tx: queries.setting(tx, "moved.1")) is None

    store.write(lambda tx: queries.set_setting(tx, "moved.1", "https://a.example"))
    store.write(lambda tx: queries.set_setting(tx, "moved.1", "https://b.example"))

    assert store.read(lambda tx: queries.setting(tx, "moved.1")) == "https://b.example"
