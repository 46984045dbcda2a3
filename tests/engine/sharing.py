"""Several processes on one database, each taking its steps when a test says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry

from statuswire.core.leases import SHARDS
from statuswire.engine.duties import Duties, Duty
from statuswire.engine.fence import Fence
from statuswire.engine.holdings import Holdings
from statuswire.engine.replica import Replica
from statuswire.metrics import Metrics
from statuswire.model import ReplicaRole
from statuswire.store import Store, open_store, queries, rows
from statuswire.store.queries import About
from tests.fakes import FakeClock

AN_HOUR = 3_600_000_000
ROLES = tuple(role.value for role in ReplicaRole)


class MachineClock(FakeClock):
    """The clock of one of several machines. What all share, the time of day, stands still; what leases last for ends
    when a test says so."""

    def now(self) -> datetime:
        return self._start

    def freeze(self, seconds: float) -> None:
        """Time passes and nobody is woken for it, as when a process is stopped."""
        self._elapsed += seconds


@dataclass
class Reader:
    """Takes note of which shards are read, and what happened to the others."""

    shards: frozenset[int] = frozenset()
    dropped: list[str] = field(default_factory=list)
    handed_over: list[str] = field(default_factory=list)

    async def align(self, shards: Collection[int]) -> None:
        self.shards = frozenset(shards)

    def drop_behind(self, fences: Collection[Fence]) -> None:
        self.dropped += [fence.lease.name for fence in fences if fence.lease is not None]

    async def hand_over(self, fences: Collection[Fence]) -> None:
        self.handed_over += [fence.lease.name for fence in fences if fence.lease is not None]


class Member:
    """One process."""

    def __init__(
        self, store: Store, name: str, *, roles: Collection[str] = ROLES, may_do: Collection[Duty] = tuple(Duty)
    ) -> None:
        self.store = store
        self.name = name
        self.clock = MachineClock()
        self.reader = Reader()
        self.holdings = Holdings(name)
        self.duties = Duties()
        self.metrics = Metrics(CollectorRegistry(), version="1.2.3")
        self.polled: list[tuple[int, bool | None]] = []
        self.rates = 0
        self.freed = 0
        self.replica = Replica(
            store,
            self.clock,
            About(name, "1.2.3", "0006", tuple(roles), f"http://{name}"),
            self.holdings,
            self.duties,
            self.reader,
            may_do=may_do,
            metrics=self.metrics,
            poll_soon=lambda page_id, *, has_open: self.polled.append((page_id, has_open)),
            on_rate=self._count_rate,
            on_freed=self._count_freed,
        )

    def _count_rate(self) -> None:
        self.rates += 1

    def _count_freed(self) -> None:
        self.freed += 1

    @property
    def shards(self) -> frozenset[int]:
        return frozenset(self.holdings.shards)

    async def step(self, seconds: float = 5.0) -> None:
        """Time passes for this process, and it looks and settles."""
        await self.clock.advance(seconds)
        await self.replica.look()
        await self.replica.settle()

    def counted(self, lease: str, fate: str) -> int:
        labels = {"lease": lease, "fate": fate}
        return int(self.metrics.registry.get_sample_value("statuswire_share_leases_total", labels) or 0)

    def run_out(self) -> None:
        """Its leases end, as if the others had waited for it."""
        self._shift(-AN_HOUR)

    def run_out_in(self, left: timedelta) -> None:
        """Its leases end so soon."""
        until = (self.store.read(lambda tx: tx.now()) or self.clock.now()) + left
        params = {"until": rows.micros(until), "name": self.name}
        self.store.write(lambda tx: tx.execute("UPDATE lease SET lease_until = :until WHERE owner = :name", params))

    def set_clock_ahead(self) -> None:
        """Its leases were given by a clock that was an hour ahead."""
        self._shift(AN_HOUR)

    def _shift(self, micros: int) -> None:
        params = {"micros": micros, "name": self.name}
        for sql in (
            "UPDATE lease SET lease_until = lease_until + :micros WHERE owner = :name",
            "UPDATE replica SET lease_until = lease_until + :micros WHERE id = :name",
        ):
            self.store.write(lambda tx, sql=sql: tx.execute(sql, params))


async def rounds(*members: Member, count: int = 1, seconds: float = 5.0) -> None:
    """Each takes so many steps, by turns."""
    for _ in range(count):
        for member in members:
            await member.step(seconds)


def owners(store: Store) -> dict[str, str]:
    """Whose each lease is, as the database has it, whether it has ended or not."""
    return dict(store.read(lambda tx: tx.all("SELECT name, owner FROM lease WHERE owner <> ''")))


def assert_each_shard_has_one_owner(*members: Member) -> None:
    """In the database and in what the processes think of themselves."""
    held = sorted(shard for member in members for shard in member.shards)
    assert held == list(range(SHARDS))
    wanted = {queries.shard_name(shard): member.name for member in members for shard in member.shards}
    assert {name: owner for name, owner in owners(members[0].store).items() if name in wanted} == wanted


@contextmanager
def opened(url: str) -> Iterator[Store]:
    with closing(open_store(url)) as store:
        yield store
