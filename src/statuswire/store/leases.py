"""Statements about leases: what only one process does at a time, and for how long it may without asking again.

A lease is taken by a conditional update, and its epoch grows with every new owner. Whoever writes for a lease makes
sure in the same transaction that it still has it (`still_ours`). That takes a lock under which the owner may renew and
let go, but nobody can take the lease before the commit: on PostgreSQL `FOR KEY SHARE`, which an UPDATE of other columns
than the key does not wait for, and which `FOR UPDATE SKIP LOCKED` steps over. All moments are given by the caller.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from statuswire.store import rows
from statuswire.store.base import Tx, named


class LeaseKind(StrEnum):
    SHARD = "shard"
    """The pages of that shard are polled."""

    DUTY = "duty"
    """A loop that one process alone runs."""


@dataclass(frozen=True, slots=True)
class Lease:
    """What is held, and the epoch that whoever writes for it must still have."""

    name: str
    kind: LeaseKind
    epoch: int


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes leases, now and until when. A lease that ends after `far` was given by a clock that was wrong, and
    counts as ended."""

    owner: str
    now: datetime
    until: datetime
    far: datetime


_MAKE: Final = "INSERT INTO lease (name, kind) VALUES (:name, :kind) ON CONFLICT (name) DO NOTHING"
_IS_FREE: Final = "(owner = '' OR lease_until IS NULL OR lease_until <= :now OR lease_until > :far)"
_FREE: Final = f"SELECT name, owner FROM lease WHERE kind = :kind AND {_IS_FREE}"  # noqa: S608  (constants)
_TAKE: Final = """
UPDATE lease SET owner = :owner, epoch = epoch + 1, lease_until = :until WHERE name = :name RETURNING epoch
"""
_RENEW: Final = "UPDATE lease SET lease_until = :until WHERE owner = :owner RETURNING name, kind, epoch"
_LET_GO: Final = "UPDATE lease SET owner = '', lease_until = NULL WHERE owner = :owner"
_OURS: Final = "SELECT name, epoch FROM lease WHERE owner = :owner AND name IN ({names}) ORDER BY name"
_NEXT_END: Final = """
SELECT min(lease_until) FROM lease WHERE owner <> '' AND owner <> :owner AND lease_until > :now AND lease_until <= :far
"""
_HOLDERS: Final = "SELECT name, owner FROM lease WHERE owner <> '' AND lease_until > :now AND lease_until <= :far"


def shard_name(shard: int) -> str:
    """The name of a shard's lease."""
    return f"{LeaseKind.SHARD}/{shard}"


def duty_name(duty: str) -> str:
    """The name of a duty's lease."""
    return f"{LeaseKind.DUTY}/{duty}"


def bare_name(lease: Lease) -> str:
    """The shard's number or the duty's word."""
    return lease.name.partition("/")[2]


def make_leases(tx: Tx, shards: int, duties: Iterable[str]) -> None:
    """Everything that can be held, as far as it is not there yet. Nobody owns what is new."""
    wanted = [*map(shard_name, range(shards)), *map(duty_name, duties)]
    known = {row[0] for row in tx.all("SELECT name FROM lease")}
    missing = [name for name in wanted if name not in known]
    if missing:
        tx.many(_MAKE, [{"name": name, "kind": name.partition("/")[0]} for name in missing])


def take_free(
    tx: Tx, taking: Taking, kind: LeaseKind, limit: int, names: Collection[str] | None = None
) -> dict[Lease, str]:
    """At most so many free leases of that kind (of these names), with whom each belonged to, empty where its owner had
    let go. What another process is about to take, and what is being written for, is left out."""
    if limit <= 0 or (names is not None and not names):
        return {}
    params: dict[str, object] = {"kind": kind.value, "now": rows.micros(taking.now), "far": rows.micros(taking.far)}
    chosen = "" if names is None else f" AND name IN ({named('n', names, params)})"
    found = tx.all(f"{_FREE}{chosen} ORDER BY name LIMIT :limit{tx.dialect.skip_locked}", {**params, "limit": limit})
    until = rows.micros(taking.until)
    taken: dict[Lease, str] = {}
    for name, before in found:
        row = tx.one(_TAKE, {"name": name, "owner": taking.owner, "until": until})
        if row is not None:
            taken[Lease(name, kind, int(row[0]))] = str(before)
    return taken


def renew_leases(tx: Tx, owner: str, until: datetime) -> frozenset[Lease]:
    """Everything that this owner has, for longer now. What is not among it was taken by another."""
    found = tx.all(_RENEW, {"owner": owner, "until": rows.micros(until)})
    return frozenset(Lease(name, LeaseKind(kind), int(epoch)) for name, kind, epoch in found)


def let_leases_go(tx: Tx, owner: str, names: Collection[str] | None = None) -> int:
    """Free these leases of the owner, or all of them, for anybody to take at once; how many."""
    params: dict[str, object] = {"owner": owner}
    if names is None:
        return tx.execute(_LET_GO, params)
    return tx.execute(f"{_LET_GO} AND name IN ({named('n', names, params)})", params) if names else 0


def still_ours(tx: Tx, owner: str, leases: Collection[Lease]) -> frozenset[str]:
    """The names of those that the owner still has in that epoch, and that nobody can take before the commit."""
    if not leases:
        return frozenset()
    params: dict[str, object] = {"owner": owner}
    sql = _OURS.format(names=named("n", [one.name for one in leases], params)) + tx.dialect.key_share
    epochs: dict[str, int] = dict(tx.all(sql, params))
    return frozenset(one.name for one in leases if epochs.get(one.name) == one.epoch)


def holders(tx: Tx, now: datetime, far: datetime) -> dict[str, str]:
    """Who holds what now: owners by the names of leases."""
    return dict(tx.all(_HOLDERS, {"now": rows.micros(now), "far": rows.micros(far)}))


def next_end(tx: Tx, owner: str, now: datetime, far: datetime) -> datetime | None:
    """When the first lease of somebody else ends, if it is not renewed; None where nobody else holds any."""
    row = tx.one(_NEXT_END, {"owner": owner, "now": rows.micros(now), "far": rows.micros(far)})
    return None if row is None else rows.maybe_time(row[0])
