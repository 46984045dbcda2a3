"""The processes that live on one database, and what each of them holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from statuswire.core.leases import TTL
from statuswire.store import Tx, queries
from statuswire.store.queries import LeaseKind, LiveReplica


@dataclass(frozen=True, slots=True)
class ReplicaHolds:
    """A process with how many shards of pages it polls, and its duties in order."""

    replica: LiveReplica
    shards: int
    duties: tuple[str, ...]


def load_replicas(tx: Tx, now: datetime) -> list[ReplicaHolds]:
    """Every process that lives, oldest first; none where a lock lets only one have the database. `now` counts where the
    database has no clock of its own."""
    now = tx.now() or now
    far = now + 2 * TTL
    holders = queries.holders(tx, now, far)
    shards = Counter(owner for name, owner in holders.items() if name.startswith(f"{LeaseKind.SHARD}/"))
    return [_holds(one, holders, shards) for one in queries.live_replicas(tx, now, far)]


def _holds(one: LiveReplica, holders: Mapping[str, str], shards: Mapping[str, int]) -> ReplicaHolds:
    prefix = f"{LeaseKind.DUTY}/"
    duties = sorted(
        name.removeprefix(prefix)
        for name, owner in holders.items()
        if owner == one.about.id and name.startswith(prefix)
    )
    return ReplicaHolds(one, shards.get(one.about.id, 0), tuple(duties))
