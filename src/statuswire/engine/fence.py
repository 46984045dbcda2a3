"""What lets only one of several processes write what comes of polling a page.

A process polls the pages of the shards whose leases it holds. It may be stopped at any moment and go on when another
one has long taken over, so that looking at a clock before writing proves nothing. Instead every such write makes sure,
in its own transaction, that the lease is still ours by owner and epoch (`store.leases.still_ours`). Where only one
process can have the database there is nothing to make sure of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from statuswire.errors import StatuswireError
from statuswire.store import Tx, Work, queries
from statuswire.store.queries import Lease

T = TypeVar("T")


class LeaseLost(StatuswireError):
    """Another process polls this page now, so nothing of the work was written."""

    reason = "lease_lost"


@dataclass(frozen=True, slots=True)
class Fence:
    """Stands before the writes for the pages of one shard. Without a lease it lets everything through."""

    owner: str = ""
    lease: Lease | None = None

    def guards(self, work: Work[T]) -> Work[T]:
        """The work, which raises LeaseLost in place of writing where the lease is not ours any more."""
        lease = self.lease
        if lease is None:
            return work

        def guarded(tx: Tx) -> T:
            if not queries.still_ours(tx, self.owner, (lease,)):
                raise LeaseLost(f"{lease.name} is not ours any more")
            return work(tx)

        return guarded


OPEN: Final = Fence()


def standing(tx: Tx, fences: Iterable[Fence]) -> frozenset[Fence]:
    """Those that still let through, and go on to do so until the commit."""
    asked = frozenset(fences)
    leases = {fence: fence.lease for fence in asked if fence.lease is not None}
    ours: frozenset[str] = frozenset()
    for owner in {fence.owner for fence in leases}:
        ours |= queries.still_ours(tx, owner, [lease for fence, lease in leases.items() if fence.owner == owner])
    return frozenset(fence for fence in asked if fence.lease is None or fence.lease.name in ours)


class Shards(Protocol):
    """Whose pages are ours."""

    def fence(self, shard: int) -> Fence | None:
        """What stands before the writes of that shard's pages; None where it is not ours."""
        ...

    def may_begin(self, at: float) -> bool:
        """Whether anything may be begun for pages that are ours, at that moment (monotonic seconds)."""
        ...


class AllShards:
    """Every page is ours, because no other process can have the database."""

    def fence(self, shard: int) -> Fence | None:
        return OPEN

    def may_begin(self, at: float) -> bool:
        return True


EVERYTHING: Final = AllShards()
