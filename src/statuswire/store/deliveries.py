"""Statements about deliveries: put in by the planner, ended and logged by dispatchers, in lanes (`lanes`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from statuswire.model import Delivery, DeliveryState
from statuswire.store import rows
from statuswire.store.base import Row, Tx, named
from statuswire.store.channels import hurry_channel, know_channel
from statuswire.store.lanes import Lane, begin_again, wake_lane
from statuswire.store.threads import save_thread

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Delivery).decode

AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When a delivery is due that nothing puts off, so that no change of the clock can put it off either."""

REMEMBERED: Final = timedelta(days=8)
"""A message that ended in this time is not put in again. The place in the log is what keeps events from being planned
twice; this is for a place that was set back, and looks only at the parts of the log that it names."""

_COLUMNS = "id, state, attempts, next_at, last_error, body"

_ADD = """
INSERT INTO delivery (channel, lane, message_id, thread, state, batch, next_at, created_at, body)
SELECT :channel, :lane, :message_id, :thread, :state, :batch, :next_at, :created_at, :body
WHERE NOT EXISTS (SELECT 1 FROM delivery_log WHERE message_id = :message_id AND ended_at >= :recent)
ON CONFLICT (message_id) DO NOTHING
"""
_COLLECTING_AS = f"SELECT {_COLUMNS} FROM delivery WHERE message_id = :message_id AND state = 'collecting'"  # noqa: S608
_COLLECTING = f"""
SELECT {_COLUMNS} FROM delivery WHERE channel = :channel AND thread = :thread AND state = 'collecting' ORDER BY id
"""  # noqa: S608
_HASTEN = """
UPDATE delivery SET lane = :lane, thread = :thread, state = 'waiting', batch = '', next_at = :next_at, body = :body
WHERE id = :id
"""
_DUE_BATCHES = f"""
SELECT {_COLUMNS} FROM delivery WHERE state = 'collecting' AND next_at <= :now ORDER BY next_at, id LIMIT :limit
"""  # noqa: S608 - a constant list of columns
_SEND_COLLECTED = "UPDATE delivery SET state = 'waiting', next_at = :now WHERE id = :id"
_NEXT_BATCH = "SELECT min(next_at) FROM delivery WHERE state = 'collecting'"
_OLDEST = f"""
SELECT {_COLUMNS} FROM delivery WHERE channel = :channel AND lane = :lane AND state = 'waiting' ORDER BY id LIMIT :limit
"""  # noqa: S608
_LOG = """
INSERT INTO delivery_log (id, channel, message_id, state, attempts, created_at, ended_at, last_error, body)
SELECT id, channel, message_id, :state, :attempts, created_at, :now, :error, body FROM delivery
WHERE id = :id AND NOT EXISTS (
    SELECT 1 FROM delivery_log AS ended WHERE ended.message_id = delivery.message_id AND ended.ended_at >= :recent
)
"""
_OLD = f"""
SELECT {_COLUMNS} FROM delivery WHERE channel = :channel AND state = 'waiting' AND created_at <= :before
ORDER BY id LIMIT :limit
"""  # noqa: S608
_LISTED = f"""
SELECT {_COLUMNS}, NULL AS ended_at FROM delivery
WHERE (CAST(:channel AS TEXT) IS NULL OR channel = :channel)
    AND (CAST(:state AS TEXT) IS NULL OR state = :state) AND created_at >= :since
    AND id < :below
UNION ALL
SELECT id, state, attempts, NULL, last_error, body, ended_at FROM delivery_log
WHERE (CAST(:channel AS TEXT) IS NULL OR channel = :channel)
    AND (CAST(:state AS TEXT) IS NULL OR state = :state) AND created_at >= :since
    AND id < :below
ORDER BY id DESC LIMIT :limit
"""  # noqa: S608
_ONE = f"""
SELECT {_COLUMNS}, NULL AS ended_at FROM delivery WHERE id = :id
UNION ALL
SELECT id, state, attempts, NULL, last_error, body, ended_at FROM delivery_log WHERE id = :id
"""  # noqa: S608
_SEND_NOW = "UPDATE delivery SET next_at = :now, state = 'waiting' WHERE id = :id"
_TAKE_BACK = """
INSERT INTO delivery (id, channel, lane, message_id, thread, state, next_at, created_at, last_error, body)
SELECT id, channel, :lane, message_id, :thread, 'waiting', :now, created_at, last_error, body
FROM delivery_log WHERE id = :id
ON CONFLICT DO NOTHING
"""
_UNLOG = "DELETE FROM delivery_log WHERE id = :id"
_WAITING = "SELECT channel, count(*) FROM delivery GROUP BY channel ORDER BY channel"
_AGES = "SELECT channel, count(*), min(created_at) FROM delivery WHERE state = 'waiting' GROUP BY channel"
_REMOVE = "DELETE FROM delivery WHERE id = :id"
_REMOVE_NAMED = "DELETE FROM delivery WHERE message_id = :message_id"
_LOGGED = "SELECT message_id FROM delivery_log WHERE message_id IN ({names}) AND ended_at >= :since"
_COLLECTING_THREADS = "SELECT DISTINCT thread FROM delivery WHERE channel = :channel AND state = 'collecting'"
_PUT_OFF = """
UPDATE delivery SET attempts = :attempts, next_at = :next_at, last_error = :error WHERE id = :id
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one delivery ended, or when it is to be tried again (state `waiting`, at `next_at`)."""

    delivery: Delivery
    state: DeliveryState
    attempts: int
    error: str = ""
    next_at: datetime | None = None
    thread_state: Mapping[str, str] | None = None


# --- put in ------------------------------------------------------------------------------------------------------


def add_delivery(tx: Tx, one: Delivery, kind: str, now: datetime) -> bool:
    """Put a delivery in and wake its lane; False where its message was put in before, sent or not."""
    if not put_delivery(tx, one, now) or remove_logged(tx, [one.message_id], now):
        return False
    if one.state is DeliveryState.WAITING:
        wake_lane(tx, one.channel, one.lane, one.next_at or AT_ONCE)
    know_channel(tx, one.channel, kind)
    return True


def put_delivery(tx: Tx, one: Delivery, now: datetime) -> bool:
    """The same for a caller that wakes lanes and calls `remove_logged` itself, at the end of its transaction."""
    return tx.execute(_ADD, _params(one, now)) == 1


def remove_logged(tx: Tx, message_ids: Sequence[str], now: datetime) -> int:
    """Take out again which of these, put in just now, were ended while we waited for their rows, after our statement
    had looked into the log; how many."""
    if not tx.dialect.is_shared or not message_ids:
        return 0
    params: dict[str, object] = {"since": rows.micros(now - timedelta(hours=1))}
    found = tx.all(_LOGGED.format(names=named("id", message_ids, params)), params)
    for (message_id,) in found:
        tx.execute(_REMOVE_NAMED, {"message_id": message_id})
    return len(found)


def _params(one: Delivery, now: datetime) -> dict[str, object]:
    return {
        "recent": rows.micros(now - REMEMBERED),
        "channel": one.channel,
        "lane": one.lane,
        "message_id": one.message_id,
        "thread": rows.clean(one.thread),
        "state": one.state.value,
        "batch": one.batch,
        "next_at": rows.micros(one.next_at or AT_ONCE),
        "created_at": rows.micros(now),
        "body": rows.clean(_encode(replace(one, created_at=now)).decode()),
    }


def hasten(tx: Tx, one: Delivery, now: datetime) -> Delivery | None:
    """Where the message of this delivery waits to be told with others, send it now in its place; the one that waited,
    None where there is none. The caller wakes its lane."""
    row = tx.one(f"{_COLLECTING_AS}{tx.dialect.for_update}", {"message_id": one.message_id})
    if row is None:
        return None
    tx.execute(_HASTEN, {**_params(one, now), "id": row[0]})
    return _delivery(row)


def collecting_threads(tx: Tx, channel: str) -> set[str]:
    """The threads of which something waits to be told with others on a channel."""
    return {row[0] for row in tx.all(_COLLECTING_THREADS, {"channel": channel})}


def collecting_of(tx: Tx, channel: str, thread: str) -> list[Delivery]:
    """What of a thread waits to be told with others on a channel, oldest first, and stays so until the commit."""
    params = {"channel": channel, "thread": rows.clean(thread)}
    return [_delivery(row) for row in tx.all(f"{_COLLECTING}{tx.dialect.for_update}", params)]


def due_collected(tx: Tx, now: datetime, limit: int = 2_000) -> list[Delivery]:
    """Deliveries whose batch is due to be told together, the most overdue first and those of one batch in order; they
    stay so until the commit."""
    params = {"now": rows.micros(now), "limit": limit}
    return [_delivery(row) for row in tx.all(f"{_DUE_BATCHES}{tx.dialect.for_update}", params)]


def next_batch_at(tx: Tx) -> datetime | None:
    row = tx.one(_NEXT_BATCH)
    return None if row is None else rows.maybe_time(row[0])


def send_collected(tx: Tx, one: Delivery, now: datetime) -> None:
    """Send a collected delivery as it is: it is alone in its batch. The caller wakes its lane."""
    tx.execute(_SEND_COLLECTED, {"id": one.id, "now": rows.micros(now)})


def fold_collected(tx: Tx, some: Iterable[Delivery], now: datetime) -> None:
    """Move collected deliveries to the log: another one tells what they would have told."""
    give_up(tx, some, DeliveryState.FOLDED, "", now)


def give_up(tx: Tx, some: Iterable[Delivery], state: DeliveryState, reason: str, now: datetime) -> None:
    """Move deliveries to the log without having sent them."""
    for one in some:
        _end(tx, Ended(one, state, one.attempts, reason), now)


# --- send, end ---------------------------------------------------------------------------------------------------


def oldest(tx: Tx, lane: Lane, limit: int) -> list[Delivery]:
    """The deliveries of a lane in order."""
    found = tx.all(_OLDEST, {"channel": lane.channel, "lane": lane.name, "limit": limit})
    return [_delivery(row) for row in found]


def end_delivery(tx: Tx, lane: Lane, one: Ended, now: datetime) -> None:
    """Note how a delivery of the lane ended. The caller has looked, in this transaction, whether the lane is ours."""
    _end(tx, one, now)
    if lane.crashes:
        begin_again(tx, lane)


def _end(tx: Tx, one: Ended, now: datetime) -> None:
    error = rows.clean(one.error[:500])
    if one.thread_state is not None and one.delivery.thread:
        save_thread(tx, one.delivery.channel, one.delivery.thread, one.thread_state, now)
    if one.state is DeliveryState.WAITING:
        next_at = rows.micros(one.next_at or now)
        tx.execute(_PUT_OFF, {"id": one.delivery.id, "attempts": one.attempts, "next_at": next_at, "error": error})
        return
    params = {
        "id": one.delivery.id,
        "state": one.state.value,
        "attempts": one.attempts,
        "now": rows.micros(now),
        "recent": rows.micros(now - REMEMBERED),
        "error": error,
    }
    tx.execute(_LOG, params)
    tx.execute(_REMOVE, {"id": one.delivery.id})


def waiting_since(tx: Tx, channel: str, before: datetime, limit: int = 1_000) -> list[Delivery]:
    """Deliveries of a channel that have been waiting since before then, oldest first."""
    params = {"channel": channel, "before": rows.micros(before), "limit": limit}
    return [_delivery(row) for row in tx.all(_OLD, params)]


# --- what an operator sees and does ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """A delivery, and when it ended if it has."""

    delivery: Delivery
    ended_at: datetime | None


def delivery_list(
    tx: Tx,
    *,
    channel: str | None = None,
    state: DeliveryState | None = None,
    since: datetime,
    limit: int,
    below: int = 2**62,
) -> list[Listed]:
    """Deliveries that were put in since then, under way or ended, with a number below that, the newest first."""
    params: dict[str, object] = {"channel": channel, "state": state.value if state else None}
    params |= {"since": rows.micros(since), "limit": limit, "below": below}
    return [_listed(row) for row in tx.all(_LISTED, params)]


def one_delivery(tx: Tx, id_: int) -> Listed | None:
    row = tx.one(_ONE, {"id": id_})
    return None if row is None else _listed(row)


def waiting_counts(tx: Tx) -> dict[str, int]:
    """How many deliveries are under way or collecting, by channel."""
    return dict(tx.all(_WAITING))


def waiting_ages(tx: Tx) -> dict[str, tuple[int, datetime]]:
    """How many deliveries wait to be sent, and since when the oldest, by channel."""
    return {channel: (count, rows.time_of(oldest)) for channel, count, oldest in tx.all(_AGES)}


def send_again(tx: Tx, one: Listed, now: datetime) -> bool:
    """Send a delivery now that waits, collects, or was given up, with its old message id. False where somebody was
    quicker."""
    if not _put_back(tx, one, now):
        return False
    wake_lane(tx, one.delivery.channel, one.delivery.lane, now)
    hurry_channel(tx, one.delivery.channel, now)
    return True


def _put_back(tx: Tx, one: Listed, now: datetime) -> bool:
    params = {"id": one.delivery.id, "now": rows.micros(now)}
    if one.ended_at is None:
        return tx.execute(_SEND_NOW, params) == 1
    if tx.execute(_TAKE_BACK, {**params, "lane": one.delivery.lane, "thread": rows.clean(one.delivery.thread)}) != 1:
        return False
    tx.execute(_UNLOG, {"id": one.delivery.id})
    return True


def _listed(row: Row) -> Listed:
    *columns, ended_at = row
    return Listed(_delivery(columns), rows.maybe_time(ended_at))


def _delivery(row: Sequence[Any]) -> Delivery:
    id_, state, attempts, next_at, last_error, body = row
    try:
        stored = _decode(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("delivery", error) from error
    return replace(
        stored,
        id=id_,
        state=DeliveryState(state),
        attempts=attempts,
        next_at=rows.maybe_time(next_at or None),
        last_error=last_error,
    )
