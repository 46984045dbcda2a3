"""Deliveries from the planner's hand to the log, and what an operator may do with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from statuswire.model import Delivery, DeliveryState, MessageKind
from statuswire.store import Store, Tx, queries
from statuswire.store.queries import Claim, Ended, Lane

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def delivery(message_id: str, channel: str = "ops", lane: str = "0") -> Delivery:
    return Delivery(0, channel, lane, message_id, MessageKind.EVENT, (1,), route="ops", created_at=NOW)


def claimed(tx: Tx) -> Lane:
    return queries.claim_lanes(tx, Claim("me", NOW, NOW + timedelta(minutes=1), NOW + timedelta(hours=1)), 1, {"ops"})[
        0
    ]


def end(tx: Tx, state: DeliveryState = DeliveryState.DELIVERED, error: str = "") -> None:
    """The oldest delivery of a lane ends."""
    lane = claimed(tx)
    one = queries.oldest(tx, lane, 1)[0]
    queries.end_delivery(tx, lane, Ended(one, state, one.attempts + 1, error), NOW)
    queries.let_go(tx, lane, None, NOW)


def test_one_delivery_after_another_reaches_the_log(store: Store) -> None:
    """The number of one that was sent must not be given again: the log knows it by that number."""
    for message_id in ("msg_a", "msg_b", "msg_c"):
        store.write(lambda tx, id_=message_id: queries.add_delivery(tx, delivery(id_), "console", NOW))
        store.write(end)

    logged = store.read(lambda tx: tx.all("SELECT id, message_id FROM delivery_log ORDER BY id"))
    assert logged == [(1, "msg_a"), (2, "msg_b"), (3, "msg_c")]


def test_deliveries_are_listed_the_newest_first_with_their_ends(store: Store) -> None:
    store.write(lambda tx: queries.add_delivery(tx, delivery("msg_a"), "console", NOW))
    store.write(end)
    store.write(lambda tx: queries.add_delivery(tx, delivery("msg_b"), "console", NOW))
    store.write(lambda tx: queries.add_delivery(tx, delivery("msg_c", "pager"), "console", NOW))

    listed = store.read(lambda tx: queries.delivery_list(tx, since=NOW, limit=10))
    of_ops = store.read(lambda tx: queries.delivery_list(tx, channel="ops", since=NOW, limit=10))
    sent = store.read(lambda tx: queries.delivery_list(tx, state=DeliveryState.DELIVERED, since=NOW, limit=10))

    assert [one.delivery.message_id for one in listed] == ["msg_c", "msg_b", "msg_a"]
    assert [one.ended_at for one in listed] == [None, None, NOW]
    assert [one.delivery.message_id for one in of_ops] == ["msg_b", "msg_a"]
    assert [one.delivery.message_id for one in sent] == ["msg_a"]
    assert store.read(queries.waiting_counts) == {"ops": 1, "pager": 1}


def test_one_that_is_sent_as_soon_as_may_be_has_no_moment_for_it(store: Store) -> None:
    later = NOW + timedelta(minutes=5)
    store.write(lambda tx: queries.add_delivery(tx, delivery("msg_a"), "console", NOW))
    store.write(lambda tx: queries.add_delivery(tx, replace(delivery("msg_b"), next_at=later), "console", NOW))

    listed = store.read(lambda tx: queries.delivery_list(tx, since=NOW, limit=10))

    assert [one.delivery.next_at for one in listed] == [later, None]


def test_one_that_was_given_up_is_sent_again_under_its_old_names(store: Store) -> None:
    store.write(lambda tx: queries.add_delivery(tx, delivery("msg_a"), "console", NOW))
    store.write(lambda tx: end(tx, DeliveryState.FAILED, "HTTP 400"))
    given_up = store.read(lambda tx: queries.one_delivery(tx, 1))
    assert given_up is not None and given_up.delivery.last_error == "HTTP 400"

    store.write(lambda tx: queries.send_again(tx, given_up, NOW))

    lane = store.write(claimed)
    again = store.read(lambda tx: queries.oldest(tx, lane, 5))
    assert [(one.id, one.message_id, one.attempts) for one in again] == [(1, "msg_a", 0)]
    assert store.read(lambda tx: tx.all("SELECT * FROM delivery_log")) == []


def test_one_that_waits_for_its_failing_channel_is_tried_now(store: Store) -> None:
    later = NOW + timedelta(hours=2)

    def fail(tx: Tx) -> None:
        lane = claimed(tx)
        one = queries.oldest(tx, lane, 1)[0]
        queries.end_delivery(tx, lane, Ended(one, DeliveryState.WAITING, 1, "HTTP 500", later), NOW)
        queries.note_failure(tx, "ops", 1, later, "HTTP 500", NOW)
        queries.let_go(tx, lane, later, NOW)

    store.write(lambda tx: queries.add_delivery(tx, delivery("msg_a"), "console", NOW))
    store.write(fail)
    waiting = store.read(lambda tx: queries.one_delivery(tx, 1))
    assert waiting is not None

    store.write(lambda tx: queries.send_again(tx, waiting, NOW))

    assert store.write(claimed).channel == "ops"


def test_what_open_threads_and_late_ends_left_is_found_again(store: Store) -> None:
    def fill(tx: Tx) -> None:
        for name, state, age in (
            ("open", {"open": "yes", "x": "1"}, 90),
            ("ended", {"open": "no", "x": "2"}, 1),
            ("ended long ago", {"open": "no", "x": "3"}, 90),
            ("another kind's", {"ts": '{"open":"yes"'}, 90),
        ):
            queries.save_thread(tx, "ops", name, state, NOW - timedelta(minutes=age))
        queries.save_thread(tx, "other", "open", {"open": "yes"}, NOW)

    store.write(fill)

    found = store.read(lambda tx: queries.kept_threads(tx, "ops", NOW - timedelta(minutes=15)))
    assert sorted(one["x"] for one in found) == ["1", "2"]
