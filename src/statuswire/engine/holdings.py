"""What one of several processes holds now: its shards, until when it may act on them, and how many share the hosts."""

from __future__ import annotations

import math
from collections.abc import Iterable

from statuswire.engine.fence import Fence
from statuswire.store import queries
from statuswire.store.queries import Lease


class Holdings:
    """Written by `replica.Replica`, asked by everybody who polls (as `fence.Shards` and `hosts.Rate`).

    `until` is the moment (monotonic seconds) after which nothing may be begun: before the leases end, whatever the
    database or this process has been doing since they were renewed. `leaving` are shards that are being given up: their
    leases are still ours, and nothing new begins.
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.shards: dict[int, Fence] = {}
        self.leaving: dict[int, Fence] = {}
        self.until = -math.inf
        self.pollers = 1
        self.shared_hosts: frozenset[str] = frozenset()

    # --- asked by those who poll ----------------------------------------------------------------------------------

    def fence(self, shard: int) -> Fence | None:
        return self.shards.get(shard)

    def may_begin(self, at: float) -> bool:
        return at < self.until

    def stretch(self, host: str) -> float:
        """A host that feeds are read from whose page is at another host may be asked by every process that polls."""
        return float(self.pollers) if host in self.shared_hosts else 1.0

    # --- written by the replica -----------------------------------------------------------------------------------

    def renew(self, leases: Iterable[Lease]) -> tuple[int, list[Fence]]:
        """These shards are ours now: how many are new, and what is behind those that are not ours any more."""
        had, given_up = self.shards | self.leaving, frozenset(self.leaving)
        now = {int(queries.bare_name(lease)): Fence(self.owner, lease) for lease in leases}
        self.leaving = {shard: fence for shard, fence in self.leaving.items() if now.get(shard) == fence}
        self.shards = {
            shard: had[shard] if had.get(shard) == fence else fence
            for shard, fence in now.items()
            if shard not in self.leaving
        }
        lost = [fence for shard, fence in had.items() if now.get(shard) != fence and shard not in given_up]
        return sum(had.get(shard) != fence for shard, fence in self.shards.items()), lost

    def leave(self, shards: Iterable[int]) -> None:
        """Nothing more begins in these; they are given up once their schedules are written."""
        for shard in shards:
            self.leaving[shard] = self.shards.pop(shard)

    def drop_all(self) -> list[Fence]:
        """Nothing is ours any more; what was."""
        had = [*self.shards.values(), *self.leaving.values()]
        self.shards, self.leaving, self.until = {}, {}, -math.inf
        return had
