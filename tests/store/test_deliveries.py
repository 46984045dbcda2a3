"""Deliveries from the planner's hand to the log, and what an operator may do with them."""

from __future__ import annotations

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
    assert queries.end_deliveries(tx, lane, (Ended(one, state, one.attempts + 1, error),), NOW)
    queries.let_go(tx, lane, None, NOW)


def test_one_delivery_after_another_reaches_the_log(store: Store) -> None:
    """The number of one that was sent must not be given again: the log knows it by that number."""
    for message_id in ("msg_a", "msg_b", "msg_c"):
        store.write(lambda tx, id_=message_id: queries.add_delivery(tx, delivery(id_), "console", NOW))
        store.write(end)

    logged = store.read(lambda tx: tx.all("SELECT id, message_id FROM delivery_log ORDER BY id"))
    assert logged == [(1, "msg_a"), (2, "msg_b"), (3, "msg_c")]
