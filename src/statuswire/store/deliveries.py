"""Statements about deliveries and their lanes: put in by the planner, claimed, ended and logged by dispatchers.

A lane is claimed by a conditional update with a lease and an epoch; whoever ends a delivery must still hold the epoch,
else somebody took over and the result is dropped. All moments are given by the caller.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

import msgspec

from statuswire.model import Delivery, DeliveryState
from statuswire.store import rows
from statuswire.store.base import Row, Tx

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Delivery).decode
_decode_texts = msgspec.json.Decoder(dict[str, str]).decode

_COLUMNS = "id, state, attempts, next_at, last_error, body"

_ADD = """
INSERT INTO delivery (channel, lane, message_id, state, batch, next_at, created_at, body)
SELECT :channel, :lane, :message_id, :state, :batch, :next_at, :created_at, :body
WHERE NOT EXISTS (SELECT 1 FROM delivery_log WHERE message_id = :message_id)
ON CONFLICT (message_id) DO NOTHING
"""
_WAKE = """
INSERT INTO lane (channel, lane, wakes, next_at) VALUES (:channel, :lane, 1, :next_at)
ON CONFLICT (channel, lane) DO UPDATE SET wakes = lane.wakes + 1,
    next_at = CASE WHEN lane.next_at IS NULL OR lane.next_at > excluded.next_at THEN excluded.next_at
                   ELSE lane.next_at END
"""
_CHANNEL = "INSERT INTO channel (name, kind) VALUES (:name, :kind) ON CONFLICT (name) DO NOTHING"
_DUE_BATCHES = f"""
SELECT {_COLUMNS} FROM delivery WHERE state = 'collecting' AND next_at <= :now ORDER BY id LIMIT :limit
"""  # noqa: S608 - a constant list of columns
_SEND_COLLECTED = "UPDATE delivery SET state = 'waiting', next_at = :now WHERE id = :id"
_NEXT_BATCH = "SELECT min(next_at) FROM delivery WHERE state = 'collecting'"
_CLAIM = """
UPDATE lane SET crashes = CASE WHEN owner = '' THEN 0 ELSE crashes + 1 END,
    owner = :owner, epoch = epoch + 1, lease_until = :lease_until
WHERE channel = :channel AND lane = :lane AND next_at IS NOT NULL AND next_at <= :now
    AND (lease_until IS NULL OR lease_until <= :now OR lease_until > :far)
RETURNING epoch, wakes, crashes
"""
_DUE_LANES = """
SELECT channel, lane FROM lane WHERE next_at IS NOT NULL AND next_at <= :now
    AND (lease_until IS NULL OR lease_until <= :now OR lease_until > :far)
ORDER BY next_at LIMIT :limit
"""
_NEXT_LANE = "SELECT min(next_at) FROM lane WHERE next_at IS NOT NULL AND (lease_until IS NULL OR lease_until <= :now)"
_OLDEST = f"""
SELECT {_COLUMNS} FROM delivery WHERE channel = :channel AND lane = :lane AND state = 'waiting' ORDER BY id LIMIT :limit
"""  # noqa: S608
_HOLDS = "SELECT 1 FROM lane WHERE channel = :channel AND lane = :lane AND epoch = :epoch"
_RENEW = "UPDATE lane SET lease_until = :lease_until WHERE channel = :channel AND lane = :lane AND epoch = :epoch"
_LET_GO = """
UPDATE lane SET lease_until = NULL, owner = '', crashes = 0, next_at = :next_at
WHERE channel = :channel AND lane = :lane AND epoch = :epoch AND (wakes = :wakes OR :next_at IS NOT NULL)
"""
_LET_GO_WOKEN = """
UPDATE lane SET lease_until = NULL, owner = '', crashes = 0, next_at = :now
WHERE channel = :channel AND lane = :lane AND epoch = :epoch
"""
_LOG = """
INSERT INTO delivery_log (id, channel, message_id, state, attempts, created_at, ended_at, last_error, body)
SELECT id, channel, message_id, :state, :attempts, created_at, :now, :error, body FROM delivery WHERE id = :id
ON CONFLICT (message_id) DO NOTHING
"""
_REMOVE = "DELETE FROM delivery WHERE id = :id"
_PUT_OFF = """
UPDATE delivery SET attempts = :attempts, next_at = :next_at, last_error = :error WHERE id = :id
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane that is ours until the lease ends: `epoch` fences, `wakes` tells whether something was put in since,
    `crashes` how many holders in a row before us ended without letting go."""

    channel: str
    name: str
    epoch: int
    wakes: int
    crashes: int = 0


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
    next_at = one.next_at or now
    added = tx.execute(
        _ADD,
        {
            "channel": one.channel,
            "lane": one.lane,
            "message_id": one.message_id,
            "state": one.state.value,
            "batch": one.batch,
            "next_at": rows.micros(next_at),
            "created_at": rows.micros(now),
            "body": rows.clean(_encode(replace(one, created_at=now)).decode()),
        },
    )
    if added != 1:
        return False
    tx.execute(_CHANNEL, {"name": one.channel, "kind": kind})
    if one.state is DeliveryState.WAITING:
        wake_lane(tx, one.channel, one.lane, next_at)
    return True


def wake_lane(tx: Tx, channel: str, lane: str, at: datetime) -> None:
    """There is something in the lane from that moment on."""
    tx.execute(_WAKE, {"channel": channel, "lane": lane, "next_at": rows.micros(at)})


def due_collected(tx: Tx, now: datetime, limit: int = 2_000) -> list[Delivery]:
    """Deliveries whose batch is due to be told together."""
    return [_delivery(row) for row in tx.all(_DUE_BATCHES, {"now": rows.micros(now), "limit": limit})]


def next_batch_at(tx: Tx) -> datetime | None:
    row = tx.one(_NEXT_BATCH)
    return None if row is None else rows.maybe_time(row[0])


def send_collected(tx: Tx, one: Delivery, now: datetime) -> None:
    """Send a collected delivery as it is: it is alone in its batch."""
    tx.execute(
        "UPDATE delivery SET state = 'waiting', next_at = :now WHERE id = :id", {"id": one.id, "now": rows.micros(now)}
    )
    wake_lane(tx, one.channel, one.lane, now)


def fold_collected(tx: Tx, some: Iterable[Delivery], now: datetime) -> None:
    """Move collected deliveries to the log: another one tells what they would have told."""
    give_up(tx, some, DeliveryState.FOLDED, "", now)


def give_up(tx: Tx, some: Iterable[Delivery], state: DeliveryState, reason: str, now: datetime) -> None:
    """Move deliveries to the log without having sent them."""
    for one in some:
        _end(tx, Ended(one, state, one.attempts, reason), now)


# --- claim, send, end --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """Who takes lanes, now and until when. A lease that ends after `far` was given by a clock that was wrong, and
    counts as ended."""

    owner: str
    now: datetime
    until: datetime
    far: datetime


def claim_lanes(tx: Tx, claim: Claim, limit: int, known: Collection[str]) -> list[Lane]:
    """Take free lanes of the known channels in which something is due, at most `limit`.

    None of a channel that is disabled or rests; of one that failed and is due again one alone, as a probe, for as long
    as the lease.
    """
    moments = {"now": rows.micros(claim.now), "far": rows.micros(claim.far)}
    resting = _resting(tx, claim.now)
    claimed: list[Lane] = []
    for channel, lane in tx.all(_DUE_LANES, {**moments, "limit": max(limit * 4, 256)}):
        if len(claimed) >= limit or channel not in known or resting.get(channel) is _Rest.RESTS:
            continue
        params = {"channel": channel, "lane": lane, "owner": claim.owner, "lease_until": rows.micros(claim.until)}
        row = tx.one(_CLAIM, {**params, **moments})
        if row is not None:
            claimed.append(Lane(channel, lane, row[0], row[1], row[2]))
            if resting.get(channel) is _Rest.PROBED:
                tx.execute(_REST_CHANNEL, {"name": channel, "next_at": rows.micros(claim.until)})
                resting[channel] = _Rest.RESTS
    return claimed


class _Rest(Enum):
    RESTS = "rests"
    PROBED = "probed"


def _resting(tx: Tx, now: datetime) -> dict[str, _Rest]:
    found = tx.all(_RESTING)
    moment = rows.micros(now)
    return {
        name: _Rest.RESTS if disabled_at is not None or (next_at or 0) > moment else _Rest.PROBED
        for name, disabled_at, next_at in found
    }


def next_lane_at(tx: Tx, now: datetime) -> datetime | None:
    """When the next free lane has something due; None for never."""
    row = tx.one(_NEXT_LANE, {"now": rows.micros(now)})
    return None if row is None else rows.maybe_time(row[0])


def oldest(tx: Tx, lane: Lane, limit: int) -> list[Delivery]:
    """The deliveries of a lane in order."""
    found = tx.all(_OLDEST, {"channel": lane.channel, "lane": lane.name, "limit": limit})
    return [_delivery(row) for row in found]


def renew(tx: Tx, lane: Lane, lease_until: datetime) -> bool:
    """Whether the lane is still ours, for longer now."""
    params = {"channel": lane.channel, "lane": lane.name, "epoch": lane.epoch, "lease_until": rows.micros(lease_until)}
    return tx.execute(_RENEW, params) == 1


def end_deliveries(tx: Tx, lane: Lane, ended: Sequence[Ended], now: datetime) -> bool:
    """Note how deliveries of the lane ended; False, and nothing noted, where the lane is not ours any more."""
    if tx.one(_HOLDS, {"channel": lane.channel, "lane": lane.name, "epoch": lane.epoch}) is None:
        return False
    for one in ended:
        _end(tx, one, now)
    return True


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
        "error": error,
    }
    tx.execute(_LOG, params)
    tx.execute(_REMOVE, {"id": one.delivery.id})


def let_go(tx: Tx, lane: Lane, next_at: datetime | None, now: datetime) -> None:
    """Free the lane until `next_at` (None: there is nothing in it). One into which something was put meanwhile is due
    at once."""
    params = {"channel": lane.channel, "lane": lane.name, "epoch": lane.epoch}
    freed = tx.execute(_LET_GO, {**params, "wakes": lane.wakes, "next_at": rows.maybe_micros(next_at)})
    if freed == 0:
        tx.execute(_LET_GO_WOKEN, {**params, "now": rows.micros(now)})


# --- channels ----------------------------------------------------------------------------------------------------

_RESTING = "SELECT name, disabled_at, next_at FROM channel WHERE disabled_at IS NOT NULL OR failures > 0"
_REST_CHANNEL = "UPDATE channel SET next_at = :next_at WHERE name = :name"
_CHANNELS = """
SELECT name, kind, disabled_at, disabled_reason, failures, failing_since, next_at, last_ok_at, last_error FROM channel
"""
_NOTE_OK = """
UPDATE channel SET failures = 0, failing_since = NULL, next_at = NULL, last_ok_at = :now, last_error = ''
WHERE name = :name
"""
_NOTE_FAILURE = """
UPDATE channel SET failures = :failures, failing_since = COALESCE(failing_since, :now), next_at = :next_at,
    last_error = :error
WHERE name = :name
"""
_DISABLE = """
UPDATE channel SET disabled_at = :now, disabled_reason = :reason, last_error = :reason
WHERE name = :name AND disabled_at IS NULL
"""
_ENABLE = """
UPDATE channel SET disabled_at = NULL, disabled_reason = '', failures = 0, failing_since = NULL, next_at = NULL
WHERE name = :name
"""
_OLD = f"""
SELECT {_COLUMNS} FROM delivery WHERE channel = :channel AND state = 'waiting' AND created_at <= :before
ORDER BY id LIMIT :limit
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How sending to a channel goes: `failures` in a row since `failing_since`, nothing before `next_at`."""

    name: str
    kind: str
    disabled_at: datetime | None = None
    disabled_reason: str = ""
    failures: int = 0
    failing_since: datetime | None = None
    next_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_error: str = ""


def channel_states(tx: Tx) -> list[ChannelState]:
    """Every channel on which something was ever to be told, by name."""
    return [_channel(row) for row in tx.all(f"{_CHANNELS} ORDER BY name")]


def channel_state(tx: Tx, name: str) -> ChannelState | None:
    row = tx.one(f"{_CHANNELS} WHERE name = :name", {"name": name})
    return None if row is None else _channel(row)


def _channel(row: Row) -> ChannelState:
    name, kind, disabled_at, reason, failures, since, next_at, last_ok_at, error = row
    return ChannelState(
        name,
        kind,
        rows.maybe_time(disabled_at),
        reason,
        failures,
        rows.maybe_time(since),
        rows.maybe_time(next_at),
        rows.maybe_time(last_ok_at),
        error,
    )


def note_ok(tx: Tx, name: str, now: datetime) -> None:
    """Something was delivered: whatever failed before is over."""
    tx.execute(_NOTE_OK, {"name": name, "now": rows.micros(now)})


def note_failure(tx: Tx, name: str, failures: int, next_at: datetime, error: str, now: datetime) -> None:
    params = {"name": name, "failures": failures, "next_at": rows.micros(next_at), "now": rows.micros(now)}
    tx.execute(_NOTE_FAILURE, {**params, "error": rows.clean(error[:500])})


def disable_channel(tx: Tx, name: str, reason: str, now: datetime) -> bool:
    """Send nothing to it until `enable_channel`; False where it is disabled already."""
    return tx.execute(_DISABLE, {"name": name, "reason": rows.clean(reason[:500]), "now": rows.micros(now)}) == 1


def enable_channel(tx: Tx, name: str) -> bool:
    return tx.execute(_ENABLE, {"name": name}) == 1


def waiting_since(tx: Tx, channel: str, before: datetime, limit: int = 1_000) -> list[Delivery]:
    """Deliveries of a channel that have been waiting since before then, oldest first."""
    params = {"channel": channel, "before": rows.micros(before), "limit": limit}
    return [_delivery(row) for row in tx.all(_OLD, params)]


_RECENT = "SELECT recent FROM channel WHERE name = :name"
_SAVE_RECENT = """
INSERT INTO channel (name, kind, recent) VALUES (:name, :kind, :recent)
ON CONFLICT (name) DO UPDATE SET recent = excluded.recent
"""


def recent_of(tx: Tx, channel: str) -> str:
    """What the planner wrote there last of pages that began lately; empty before the first."""
    row = tx.one(_RECENT, {"name": channel})
    return "" if row is None else str(row[0])


def save_recent(tx: Tx, channel: str, kind: str, recent: str) -> None:
    tx.execute(_SAVE_RECENT, {"name": channel, "kind": kind, "recent": rows.clean(recent)})


# --- threads -----------------------------------------------------------------------------------------------------

_THREAD = "SELECT state FROM thread WHERE channel = :channel AND thread = :thread"
_SAVE_THREAD = """
INSERT INTO thread (channel, thread, state, updated_at) VALUES (:channel, :thread, :state, :now)
ON CONFLICT (channel, thread) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at
"""
_FORGET_THREADS = "DELETE FROM thread WHERE updated_at < :before"


def thread(tx: Tx, channel: str, name: str) -> dict[str, str]:
    """What the last conversation in a thread left; empty before the first."""
    row = tx.one(_THREAD, {"channel": channel, "thread": rows.clean(name)}) if name else None
    return {} if row is None else _decode_texts(row[0])


def save_thread(tx: Tx, channel: str, name: str, state: Mapping[str, str], now: datetime) -> None:
    body = rows.clean(_encode(dict(state)).decode())
    tx.execute(_SAVE_THREAD, {"channel": channel, "thread": rows.clean(name), "state": body, "now": rows.micros(now)})


def forget_threads(tx: Tx, before: datetime) -> int:
    return tx.execute(_FORGET_THREADS, {"before": rows.micros(before)})


def _delivery(row: Row) -> Delivery:
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
        next_at=rows.time_of(next_at),
        last_error=last_error,
    )
