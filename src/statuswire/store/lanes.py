"""Statements about lanes: woken by whoever puts a delivery in, claimed and let go by dispatchers.

A lane is claimed by a conditional update with a lease and an epoch; whoever ends a delivery must still hold the epoch,
else somebody took over and the result is dropped. All moments are given by the caller.

Where several processes write, whoever looks whether a lane is theirs has its row until the commit, so that neither the
epoch nor what is put in can change meanwhile. Several lanes are taken in one order, by channel and name, and channels
after lanes; claims leave out lanes that somebody has just now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.store import rows
from statuswire.store.base import Row, Tx
from statuswire.store.channels import Rest, rest_channel, resting

_WAKE = """
INSERT INTO lane (channel, lane, wakes, next_at) VALUES (:channel, :lane, 1, :next_at)
ON CONFLICT (channel, lane) DO UPDATE SET wakes = lane.wakes + 1,
    next_at = CASE WHEN lane.next_at IS NULL OR lane.next_at > excluded.next_at THEN excluded.next_at
                   ELSE lane.next_at END
"""
_CLAIM = """
UPDATE lane SET crashes = CASE WHEN owner = '' THEN 0 ELSE crashes + 1 END,
    owner = :owner, epoch = epoch + 1, lease_until = :lease_until
WHERE channel = :channel AND lane = :lane AND next_at IS NOT NULL AND next_at <= :now
    AND (lease_until IS NULL OR lease_until <= :now OR lease_until > :far)
RETURNING epoch, wakes, crashes
"""
_LOCK = "SELECT channel, lane FROM lane WHERE (channel, lane) IN (VALUES {places}) {condition} ORDER BY channel, lane"
_IS_FREE = """
AND next_at IS NOT NULL AND next_at <= :now AND (lease_until IS NULL OR lease_until <= :now OR lease_until > :far)
"""
_DUE_LANES = """
SELECT lane.channel, lane.lane FROM lane LEFT JOIN channel ON channel.name = lane.channel
WHERE lane.next_at IS NOT NULL AND lane.next_at <= :now
    AND (lane.lease_until IS NULL OR lane.lease_until <= :now OR lane.lease_until > :far)
    AND channel.disabled_at IS NULL AND (channel.next_at IS NULL OR channel.next_at <= :now)
ORDER BY lane.next_at, lane.channel, lane.lane
"""
_NEXT_LANE = """
SELECT min(CASE WHEN lane.lease_until > :now AND lane.lease_until > lane.next_at THEN lane.lease_until
                WHEN channel.next_at > lane.next_at THEN channel.next_at ELSE lane.next_at END)
FROM lane LEFT JOIN channel ON channel.name = lane.channel
WHERE lane.next_at IS NOT NULL AND (lane.lease_until IS NULL OR lane.lease_until <= :now OR lane.owner <> :owner)
    AND channel.disabled_at IS NULL
"""
_BEGIN_AGAIN = "UPDATE lane SET crashes = 0 WHERE channel = :channel AND lane = :lane AND epoch = :epoch"
_HOLDS = "SELECT wakes FROM lane WHERE channel = :channel AND lane = :lane AND epoch = :epoch AND owner <> ''"
_RENEW = """
UPDATE lane SET lease_until = :lease_until
WHERE channel = :channel AND lane = :lane AND epoch = :epoch AND owner <> ''
"""
_AT_ONCE = 256
_END_LEASES = "UPDATE lane SET lease_until = :now WHERE lease_until > :now"
_LET_GO = """
UPDATE lane SET lease_until = NULL, owner = '', crashes = 0, next_at = :next_at
WHERE channel = :channel AND lane = :lane AND epoch = :epoch
    AND (wakes = :wakes OR CAST(:next_at AS BIGINT) IS NOT NULL)
"""
_LET_GO_WOKEN = """
UPDATE lane SET lease_until = NULL, owner = '', crashes = 0, next_at = :now
WHERE channel = :channel AND lane = :lane AND epoch = :epoch
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane that is ours until the lease ends: `epoch` fences, `wakes` tells whether something was put in since,
    `crashes` how many holders in a row before us ended without letting go or noting an end. `is_probe`: it is the only
    one that may try its channel, which failed."""

    channel: str
    name: str
    epoch: int
    wakes: int
    crashes: int = 0
    is_probe: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """Who takes lanes, now and until when. A lease that ends after `far` was given by a clock that was wrong, and
    counts as ended."""

    owner: str
    now: datetime
    until: datetime
    far: datetime


def claim_lanes(
    tx: Tx, claim: Claim, limit: int, known: Collection[str], ours: Collection[tuple[str, str]] = ()
) -> list[Lane]:
    """Take free lanes of the known channels in which something is due, at most `limit`. `ours` are those (channel,
    name) that the caller still serves, whatever a clock that was set says of its leases.

    None of a channel that is disabled or rests; of one that failed and is due again one alone, as a probe, for as long
    as the lease.
    """
    moments = {"now": rows.micros(claim.now), "far": rows.micros(claim.far)}
    rests = resting(tx, claim.now)
    due = _wanted(tx.all(_DUE_LANES, moments), limit, known, ours, rests)
    free = _free(tx, due, moments)
    probed = [channel for channel, _ in free if rests.get(channel) is Rest.PROBED]
    probes = {channel for channel in probed if rest_channel(tx, channel, claim.until, claim.now)}
    params = {**moments, "owner": claim.owner, "lease_until": rows.micros(claim.until)}
    claimed = {
        (channel, name): Lane(channel, name, row[0], row[1], row[2], channel in probes)
        for channel, name in free
        if (channel not in rests or channel in probes)
        and (row := tx.one(_CLAIM, {**params, "channel": channel, "lane": name})) is not None
    }
    return [claimed[place] for place in due if place in claimed]


def _wanted(
    due: Sequence[Row], limit: int, known: Collection[str], ours: Collection[tuple[str, str]], rests: Mapping[str, Rest]
) -> list[tuple[str, str]]:
    """The places that are ours to claim, the longest due first; of a channel that is to be tried again one alone."""
    wanted: list[tuple[str, str]] = []
    tried: set[str] = set()
    for channel, name in due:
        if len(wanted) >= limit:
            break
        rest = rests.get(channel)
        if channel not in known or (channel, name) in ours or rest is Rest.RESTS or channel in tried:
            continue
        if rest is Rest.PROBED:
            tried.add(channel)
        wanted.append((channel, name))
    return wanted


def _free(tx: Tx, wanted: Sequence[tuple[str, str]], moments: Mapping[str, object]) -> list[tuple[str, str]]:
    """Those of the places that nobody else has, in order, and nobody will have until the commit."""
    if not tx.dialect.is_shared:
        return sorted(wanted)
    return _locked(tx, wanted, _IS_FREE, moments, tx.dialect.skip_locked)


def lock_lanes(tx: Tx, wanted: Sequence[tuple[str, str]]) -> None:
    """Nobody else has these lanes until the commit: for a caller that works on several, before it does."""
    _locked(tx, wanted, "", {}, tx.dialect.for_update)


def _locked(
    tx: Tx, wanted: Sequence[tuple[str, str]], condition: str, params: Mapping[str, object], suffix: str
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    ordered = sorted(wanted)
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        named = {f"c{n}": channel for n, (channel, _) in enumerate(some)}
        named |= {f"l{n}": name for n, (_, name) in enumerate(some)}
        places = ", ".join(f"(:c{n}, :l{n})" for n in range(len(some)))
        sql = f"{_LOCK.format(places=places, condition=condition)}{suffix}"
        found += [(row[0], row[1]) for row in tx.all(sql, {**params, **named})]
    return found


def wake_lanes(tx: Tx, lanes: Mapping[tuple[str, str], datetime]) -> None:
    """The same for several (channel, name), in the one order."""
    for (channel, name), at in sorted(lanes.items()):
        wake_lane(tx, channel, name, at)


def wake_lane(tx: Tx, channel: str, lane: str, at: datetime) -> None:
    """There is something in the lane from that moment on."""
    tx.execute(_WAKE, {"channel": channel, "lane": lane, "next_at": rows.micros(at)})


def next_lane_at(tx: Tx, owner: str, now: datetime) -> datetime | None:
    """When the next lane that is not this owner's has something due: one of another at the end of its lease, which may
    yet be renewed; None for never."""
    row = tx.one(_NEXT_LANE, {"owner": owner, "now": rows.micros(now)})
    return None if row is None else rows.maybe_time(row[0])


def renew(tx: Tx, lane: Lane, lease_until: datetime) -> bool:
    """Whether the lane is still ours, for longer now."""
    params = {"channel": lane.channel, "lane": lane.name, "epoch": lane.epoch, "lease_until": rows.micros(lease_until)}
    return tx.execute(_RENEW, params) == 1


def end_leases(tx: Tx, now: datetime) -> int:
    """End every lease, of holders that are known to be gone: where only one process can have the database. How many.
    They count as left by a crash."""
    return tx.execute(_END_LEASES, {"now": rows.micros(now)})


def begin_again(tx: Tx, lane: Lane) -> None:
    """Something of the lane was ended: whatever ended its holders before was not this."""
    tx.execute(_BEGIN_AGAIN, {"channel": lane.channel, "lane": lane.name, "epoch": lane.epoch})


def holds(tx: Tx, lane: Lane) -> bool:
    """Whether the lane is still ours, until the commit at least."""
    return look_again(tx, lane) is not None


def look_again(tx: Tx, lane: Lane) -> Lane | None:
    """The lane with what was put in since we looked, ours until the commit; None where it is not ours any more."""
    sql = f"{_HOLDS}{tx.dialect.for_update}"
    row = tx.one(sql, {"channel": lane.channel, "lane": lane.name, "epoch": lane.epoch})
    return None if row is None else replace(lane, wakes=row[0])


def let_go(tx: Tx, lane: Lane, next_at: datetime | None, now: datetime) -> None:
    """Free the lane until `next_at` (None: there is nothing in it). One into which something was put meanwhile is due
    at once."""
    params = {"channel": lane.channel, "lane": lane.name, "epoch": lane.epoch}
    freed = tx.execute(_LET_GO, {**params, "wakes": lane.wakes, "next_at": rows.maybe_micros(next_at)})
    if freed == 0:
        tx.execute(_LET_GO_WOKEN, {**params, "now": rows.micros(now)})
