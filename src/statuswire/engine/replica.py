"""One of several equal processes on one database: says that it lives, and takes and gives up its share of the work.

```
every second     a look       is anything free, did a page move, does somebody want a page polled?
                              sooner where a lease of another ends, or one says that it has let some go
every 5 seconds  a turn       one transaction: we live; what we hold is ours for 15 s more; take what is free, up to a
                              fair share; let go what was given up
beside them      settling     the pages of new shards are loaded, those of shards given up are put down first
```

All moments in the database are by its own clock. Here a monotonic deadline counts, from before the renewal was asked
for, that lies before the end of the leases: a process that was stopped, or that cannot reach the database, stops by
itself, and whatever it still writes meets the fence.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol, TypeVar

from statuswire.core.leases import RENEW_EVERY, SHARDS, TTL, balance
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.engine.duties import Duties, Duty
from statuswire.engine.fence import Fence
from statuswire.engine.holdings import Holdings
from statuswire.engine.wishes import note_failed
from statuswire.errors import StoreError
from statuswire.metrics import Metrics
from statuswire.model import ReplicaRole
from statuswire.store import Queue, Store, Tx, queries
from statuswire.store.queries import About, Lease, LeaseKind, LiveReplica, Taking

log = logging.getLogger(__name__)

T = TypeVar("T")

ALIGN_EVERY_S: Final = 60.0
"""How often pages are compared with the database though nothing says that anything has changed."""

DEAD_FOR: Final = timedelta(hours=1)
WISHES_AT_ONCE: Final = 200

AFTER_END_S: Final = 0.01
"""A look at what ends comes so much later, when by the database's clock too it has ended."""

PATIENCE_S: Final = 4.0
"""For one look; a second before it is time to renew."""


@dataclass(frozen=True, slots=True)
class Terms:
    """For how long leases are given (`ttl`, the same for all processes), how often they are renewed and everything is
    looked at, and how long before their end nothing is begun any more."""

    ttl: timedelta = TTL
    renew_every: timedelta = RENEW_EVERY
    look_every: timedelta = timedelta(seconds=1)
    margin: timedelta = timedelta(seconds=2)


class PollSoon(Protocol):
    """Polls a page of ours soon; `has_open` where something is open on it (`Poller.poll_soon`)."""

    def __call__(self, page_id: int, *, has_open: bool | None) -> object: ...


def poll_nothing(page_id: int, *, has_open: bool | None) -> None:
    """There is nothing to poll in this process."""


class Reads(Protocol):
    """Who reads the pages of shards (`targets.Targets`)."""

    async def align(self, shards: Collection[int]) -> None:
        """Read just the pages of these shards. Raises StoreError."""
        ...

    def drop_behind(self, fences: Collection[Fence]) -> None:
        """Read the pages behind these no more: they are another process's."""
        ...

    async def hand_over(self, fences: Collection[Fence]) -> None:
        """Read the pages behind these no more, and write when they are due."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """What one transaction came to: everything that is ours now, and with whom what is new of it was before. `ends_in`
    as of a Glance."""

    ours: frozenset[Lease]
    taken: dict[Lease, str]
    live: tuple[LiveReplica, ...]
    ends_in: timedelta | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What a look saw: how many shards and which duties of ours are free, how many processes share the pages, how often
    pages have moved, and which of ours are to be polled soon, with whether something is open on them. `ends_in` is how
    soon the first lease of another ends if it is not renewed."""

    shards: int
    duties: frozenset[str]
    pollers: int
    moves: int
    wishes: dict[int, bool]
    ends_in: timedelta | None


class Replica:
    """The loop. `may_do` are the duties that this process can be asked to do. `poll_soon` is asked for pages of ours
    that somebody wants polled, `on_rate` after it has changed how many processes ask the same hosts, `on_freed` after
    something was let go that others may take."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        about: About,
        holdings: Holdings,
        duties: Duties,
        reads: Reads,
        *,
        may_do: Collection[Duty] = tuple(Duty),
        terms: Terms | None = None,
        metrics: Metrics | None = None,
        poll_soon: PollSoon = poll_nothing,
        on_rate: Callable[[], object] = lambda: None,
        on_freed: Callable[[], object] = lambda: None,
    ) -> None:
        self.about = about
        self.holdings = holdings
        self.duties = duties
        self.live: tuple[LiveReplica, ...] = ()
        self._store = store
        self._clock = clock
        self._reads = reads
        self._duty_names = frozenset(queries.duty_name(duty) for duty in may_do)
        self._polls = ReplicaRole.POLL in about.roles
        self._terms = terms or Terms()
        self._metrics = metrics
        self._poll_soon = poll_soon
        self._on_rate = on_rate
        self._on_freed = on_freed
        self._bell = Bell(clock)
        self._settling = Bell(clock)
        self._my_duties: frozenset[Lease] = frozenset()
        self._to_free: set[str] = set()
        self._renew_at = self._ends_at = clock.monotonic()
        self._moves = -1
        self._is_known = self._is_ending = False

    @property
    def is_ending(self) -> bool:
        """Everything is handed over, or about to be."""
        return self._is_ending

    def notify(self) -> None:
        """There may be something to take: look now."""
        self._bell.ring()

    # --- the loops ------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Take part until cancelled."""
        async with asyncio.TaskGroup() as group:
            for one in (self._keep, self._settle, self._expire):
                group.create_task(one(), name=one.__name__)

    async def _keep(self) -> None:
        while not self._is_ending:
            try:
                await self.look()
            except StoreError as error:
                log.warning("leases not renewed: reason=%s %s", error.reason, error)
            except TimeoutError:
                log.warning("no look at leases: the database does not answer")
            await self._bell.wait(self._until_next_look())

    def _until_next_look(self) -> float:
        """Seconds: no more than until the first lease of another ends, if nobody renews it."""
        look_s = self._terms.look_every.total_seconds()
        left_s = self._ends_at - self._clock.monotonic()
        return min(left_s + AFTER_END_S, look_s) if left_s > 0 else look_s

    async def _settle(self) -> None:
        while not self._is_ending:
            try:
                await self.settle()
                pause_s = ALIGN_EVERY_S
            except StoreError as error:
                log.warning("pages not loaded: reason=%s %s", error.reason, error)
                pause_s = self._terms.look_every.total_seconds()
            await self._settling.wait(pause_s)

    async def _expire(self) -> None:
        """Put down the duties when the leases could not be renewed in time. Pages stay: nothing is begun for them, and
        whoever renews in the end goes on with what is still its own."""
        while not self._is_ending:
            left_s = self.holdings.until - self._clock.monotonic()
            if left_s <= 0 and self.duties.held:
                log.warning("leases could not be renewed in time: nothing is begun until they are")
                self.duties.hold(())
            look_s = self._terms.look_every.total_seconds()
            await self._clock.sleep(min(left_s, look_s) if left_s > 0 else look_s)

    # --- one look -------------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Renew where it is time, take what is free, poll what is wished for. Raises StoreError, and TimeoutError where
        a look would keep the next renewal waiting."""
        if self._clock.monotonic() >= self._renew_at:
            await self.turn(is_renewal=True)
            return
        async with asyncio.timeout(PATIENCE_S):
            seen = await asyncio.to_thread(self._store.read, self._glance)
        self._note_end(seen.ends_in)
        if self._wants(seen):
            await self.turn()
        if seen.moves != self._moves:
            self._moves = seen.moves
            self._settling.ring()
        if seen.wishes:
            self._grant(seen.wishes)

    def _glance(self, tx: Tx) -> Glance:
        now, far = self._now(tx)
        taken = queries.holders(tx, now, far)
        shards = tuple(self.holdings.shards)
        shard_names = {queries.shard_name(shard) for shard in range(SHARDS)}
        return Glance(
            len(shard_names - taken.keys()),
            self._duty_names - taken.keys(),
            pollers_of(queries.live_replicas(tx, now, far)),
            queries.page_moves(tx),
            queries.poll_wishes(tx, shards, WISHES_AT_ONCE),
            self._ends_in(tx, now, far),
        )

    def _ends_in(self, tx: Tx, now: datetime, far: datetime) -> timedelta | None:
        end = queries.next_end(tx, self.about.id, now, far)
        return None if end is None else end - now

    def _note_end(self, ends_in: timedelta | None) -> None:
        if ends_in is not None:
            self._ends_at = self._clock.monotonic() + ends_in.total_seconds()

    def _wants(self, seen: Glance) -> bool:
        may_take = self._polls and balance(self._counted(), seen.pollers).take > 0
        return bool(seen.duties or self._to_free or (seen.shards and may_take))

    def _counted(self) -> Collection[int]:
        """Shards that count against our share; those that are being given up count no more."""
        return self.holdings.shards.keys()

    def _grant(self, wishes: dict[int, bool]) -> None:
        """Nobody waits for the commit, which may have to wait for those who write these pages: until then the wishes
        are found again, and change nothing."""
        for page_id, has_open in wishes.items():
            self._poll_soon(page_id, has_open=has_open or None)
        granted = self._store.submit(partial(queries.grant_wishes, page_ids=tuple(wishes)))
        granted.add_done_callback(note_failed)

    # --- one turn -------------------------------------------------------------------------------------------------

    async def turn(self, *, is_renewal: bool = False) -> None:
        """Say that we live, renew, let go what was given up, take what is free. Raises StoreError.

        The first one takes no shards, so that processes that start together see one another before they share.
        """
        if self._is_ending:
            return
        began = self._clock.monotonic()
        freed = frozenset(self._to_free)
        done = await self._write(partial(self._take_part, freed=freed))
        if self.is_ending:
            return
        self._to_free -= freed
        if freed:
            self._on_freed()
        self._renew_at = began + self._terms.renew_every.total_seconds()
        self.holdings.until = began + (self._terms.ttl - self._terms.margin).total_seconds()
        self._is_known = True
        self._note_end(done.ends_in)
        self._apply(done)
        if is_renewal:
            self._give_up()

    def _take_part(self, tx: Tx, freed: Collection[str]) -> Turn:
        now, far = self._now(tx)
        owner, until = self.about.id, now + self._terms.ttl
        if not self._is_known:
            queries.make_leases(tx, SHARDS, tuple(Duty))
            queries.forget_dead_replicas(tx, now - DEAD_FOR, far)
        queries.beat_replica(tx, self.about, now, until)
        queries.let_leases_go(tx, owner, freed)
        ours = queries.renew_leases(tx, owner, until)
        live = tuple(queries.live_replicas(tx, now, far))
        taking = Taking(owner, now, until, far)
        duties = len(self._duty_names)
        taken = queries.take_free(tx, taking, LeaseKind.DUTY, duties, self._duty_names)
        taken |= queries.take_free(tx, taking, LeaseKind.SHARD, self._room(ours, live))
        return Turn(ours | taken.keys(), taken, live, self._ends_in(tx, now, far))

    def _room(self, ours: Iterable[Lease], live: Iterable[LiveReplica]) -> int:
        """How many shards to take."""
        if not self._polls or not self._is_known:
            return 0
        held = [int(queries.bare_name(lease)) for lease in ours if lease.kind is LeaseKind.SHARD]
        return balance([shard for shard in held if shard not in self.holdings.leaving], pollers_of(live)).take

    def _apply(self, done: Turn) -> None:
        shards = [lease for lease in done.ours if lease.kind is LeaseKind.SHARD]
        new, lost = self.holdings.renew(shards)
        if lost:
            self._reads.drop_behind(lost)
        if new:
            self._settling.ring()
        duties = frozenset(lease for lease in done.ours if lease.kind is LeaseKind.DUTY)
        lost_duties = self._my_duties - duties
        self._my_duties = duties
        is_in_time = self.holdings.may_begin(self._clock.monotonic())
        self.duties.hold([queries.bare_name(lease) for lease in duties] if is_in_time else ())
        self._meet(done.live)
        self._count(done, len(lost), len(lost_duties))

    def _meet(self, live: tuple[LiveReplica, ...]) -> None:
        if {one.about.id for one in live} != {one.about.id for one in self.live}:
            log.info("replicas live=%d: %s", len(live), ", ".join(one.about.id for one in live))
        self.live = live
        pollers = pollers_of(live)
        if pollers != self.holdings.pollers:
            self.holdings.pollers = pollers
            self._on_rate()

    def _count(self, done: Turn, lost: int, lost_duties: int) -> None:
        for kind, missing in ((LeaseKind.SHARD, lost), (LeaseKind.DUTY, lost_duties)):
            before = [owner for lease, owner in done.taken.items() if lease.kind is kind]
            fates = {"claimed": before.count(""), "taken_over": len(before) - before.count(""), "lost": missing}
            if any(fates.values()):
                log.info("leases kind=%s %s", kind, " ".join(f"{fate}={count}" for fate, count in fates.items()))
            self._note(kind, fates)
        if self._metrics is not None:
            self._metrics.set_share(len(self.holdings.shards), len(self.live))

    def _note(self, kind: LeaseKind, fates: dict[str, int]) -> None:
        if self._metrics is not None:
            for fate, count in fates.items():
                self._metrics.shared(kind, fate, count)

    # --- giving up and settling -----------------------------------------------------------------------------------

    def _give_up(self) -> None:
        if not self._polls or self.holdings.leaving:
            return
        leaving = balance(self._counted(), self.holdings.pollers).give_up
        if leaving:
            log.info("shards given up=%d", len(leaving))
            self.holdings.leave(leaving)
            self._note(LeaseKind.SHARD, {"given_up": len(leaving)})
            self._settling.ring()

    async def settle(self) -> None:
        """Put down the pages of shards that are given up, load those of shards that are new. Raises StoreError."""
        leaving = dict(self.holdings.leaving)
        if leaving:
            await self._reads.hand_over(leaving.values())
            self._to_free |= {fence.lease.name for fence in leaving.values() if fence.lease is not None}
            self._bell.ring()
        if self._polls:
            await self._share_hosts()
            await self._reads.align(tuple(self.holdings.shards))

    async def _share_hosts(self) -> None:
        hosts = await asyncio.to_thread(self._store.read, queries.shared_hosts)
        if hosts != self.holdings.shared_hosts:
            self.holdings.shared_hosts = hosts
            self._on_rate()

    async def hand_over(self) -> None:
        """Let everything go, for the others to take at once; nothing is taken any more. Raises StoreError."""
        self._is_ending = True
        self.duties.hold(())
        self._reads.drop_behind(self.holdings.drop_all())
        await self._write(self._end)
        self._on_freed()

    def _end(self, tx: Tx) -> None:
        queries.let_leases_go(tx, self.about.id)
        queries.forget_replica(tx, self.about.id)

    # --- the store ------------------------------------------------------------------------------------------------

    def _now(self, tx: Tx) -> tuple[datetime, datetime]:
        """Now by the clock that all processes share, and the moment beyond which a lease cannot have been given."""
        now = tx.now() or self._clock.now()
        return now, now + 2 * self._terms.ttl

    async def _write(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self._store.submit(work, queue=Queue.LEASE))


def pollers_of(live: Iterable[LiveReplica]) -> int:
    """How many of them share the pages; the caller is one."""
    return max(1, sum(ReplicaRole.POLL in one.about.roles for one in live))
