"""Statements about channels: how sending to each goes, and which pages began lately there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from statuswire.store import rows
from statuswire.store.base import Row, Tx

_CHANNEL = "INSERT INTO channel (name, kind) VALUES (:name, :kind) ON CONFLICT (name) DO NOTHING"
_RESTING = "SELECT name, disabled_at, next_at FROM channel WHERE disabled_at IS NOT NULL OR failures > 0"
_REST_CHANNEL = """
UPDATE channel SET next_at = :next_at
WHERE name = :name AND disabled_at IS NULL AND failures > 0 AND (next_at IS NULL OR next_at <= :now)
"""
_CHANNELS = """
SELECT name, kind, disabled_at, disabled_reason, failures, failing_since, next_at, last_ok_at, last_error, refusals
FROM channel
"""
_NOTE_OK = """
UPDATE channel SET failures = 0, refusals = 0, failing_since = NULL, next_at = NULL, last_ok_at = :now, last_error = ''
WHERE name = :name
"""
_NOTE_FAILURE = """
UPDATE channel SET failures = :failures, refusals = :refusals, failing_since = COALESCE(failing_since, :now),
    next_at = :next_at, last_error = :error
WHERE name = :name
"""
_DISABLE = """
UPDATE channel SET disabled_at = :now, disabled_reason = :reason, last_error = :reason
WHERE name = :name AND disabled_at IS NULL
"""
_HURRY = "UPDATE channel SET next_at = :now WHERE name = :name AND disabled_at IS NULL AND failures > 0"
_ENABLE = """
UPDATE channel SET disabled_at = NULL, disabled_reason = '', failures = 0, refusals = 0, failing_since = NULL,
    next_at = NULL
WHERE name = :name
"""
_HURRY_LANES = "UPDATE lane SET next_at = 0 WHERE channel = :name AND next_at IS NOT NULL"
_HURRY_DELIVERIES = "UPDATE delivery SET next_at = 0 WHERE channel = :name AND state = 'waiting'"


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How sending to a channel goes: `failures` in a row since `failing_since`, the newest `refusals` of which said
    that address or credentials are wrong; nothing before `next_at`."""

    name: str
    kind: str
    disabled_at: datetime | None = None
    disabled_reason: str = ""
    failures: int = 0
    failing_since: datetime | None = None
    next_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_error: str = ""
    refusals: int = 0


def know_channel(tx: Tx, name: str, kind: str) -> None:
    """From now on the channel is there."""
    tx.execute(_CHANNEL, {"name": name, "kind": kind})


def channel_states(tx: Tx) -> list[ChannelState]:
    """Every channel on which something was ever to be told, by name."""
    return [_channel(row) for row in tx.all(f"{_CHANNELS} ORDER BY name")]


def channel_state(tx: Tx, name: str, *, lock: bool = False) -> ChannelState | None:
    """`lock`: nobody else notes anything of it until the commit."""
    row = tx.one(f"{_CHANNELS} WHERE name = :name{tx.dialect.for_update if lock else ''}", {"name": name})
    return None if row is None else _channel(row)


def _channel(row: Row) -> ChannelState:
    name, kind, disabled_at, reason, failures, since, next_at, last_ok_at, error, refusals = row
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
        refusals,
    )


def note_ok(tx: Tx, name: str, now: datetime) -> None:
    """Something was delivered: whatever failed before is over."""
    tx.execute(_NOTE_OK, {"name": name, "now": rows.micros(now)})


def note_failure(
    tx: Tx, name: str, failures: int, next_at: datetime, error: str, now: datetime, *, refusals: int = 0
) -> None:
    """Nothing goes to the channel before `next_at`."""
    moments = {"next_at": rows.micros(next_at), "now": rows.micros(now)}
    counts = {"failures": failures, "refusals": refusals}
    tx.execute(_NOTE_FAILURE, {"name": name, **moments, **counts, "error": rows.clean(error[:500])})


def disable_channel(tx: Tx, name: str, reason: str, now: datetime) -> bool:
    """Send nothing to it until `enable_channel`; False where it is disabled already."""
    return tx.execute(_DISABLE, {"name": name, "reason": rows.clean(reason[:500]), "now": rows.micros(now)}) == 1


def hurry_channel(tx: Tx, name: str, now: datetime) -> None:
    """Try a channel that failed again now, unless it is disabled."""
    tx.execute(_HURRY, {"name": name, "now": rows.micros(now)})


def enable_channel(tx: Tx, name: str) -> bool:
    """Send to it again, beginning now; False where nothing was ever told on it."""
    if tx.execute(_ENABLE, {"name": name}) != 1:
        return False
    tx.execute(_HURRY_LANES, {"name": name})
    tx.execute(_HURRY_DELIVERIES, {"name": name})
    return True


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


# --- rest ---------------------------------------------------------------------------------------------------------


class Rest(Enum):
    RESTS = "rests"
    PROBED = "probed"


def resting(tx: Tx, now: datetime) -> dict[str, Rest]:
    found = tx.all(_RESTING)
    moment = rows.micros(now)
    return {
        name: Rest.RESTS if disabled_at is not None or (next_at or 0) > moment else Rest.PROBED
        for name, disabled_at, next_at in found
    }


def rest_channel(tx: Tx, name: str, next_at: datetime, now: datetime) -> bool:
    """Nothing else is sent to a channel that failed before then; False where somebody tries it already."""
    return tx.execute(_REST_CHANNEL, {"name": name, "next_at": rows.micros(next_at), "now": rows.micros(now)}) == 1
