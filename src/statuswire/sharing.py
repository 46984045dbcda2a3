"""What a process shares with others on one database, wired: its roles, its shards and duties, and who else lives.

Where a lock lets only one process have the database, everything is its own and none of this costs anything.
"""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol

from statuswire.config import Config
from statuswire.engine.clock import Clock
from statuswire.engine.duties import Duties, Duty, duties_of
from statuswire.engine.fence import EVERYTHING, Shards
from statuswire.engine.holdings import Holdings
from statuswire.engine.hosts import WHOLE_RATE, Rate
from statuswire.engine.poller import Poller
from statuswire.engine.replica import Replica
from statuswire.engine.targets import Targets
from statuswire.engine.wishes import Wishes
from statuswire.errors import StoreError, StoreReason
from statuswire.metrics import Metrics
from statuswire.model import ReplicaRole
from statuswire.store import Store, queries, schema
from statuswire.web.parts import ReplicaFacts

log = logging.getLogger(__name__)

Loop = Callable[[], Awaitable[None]]

SLUGS_EVERY_S: Final = 5.0
SCHEMA_EVERY_S: Final = 5.0
OVERLAP: Final = 1_000
"""Numbers of pages are given in order and become visible in another one."""

HAND_OVER_S: Final = 1.5
"""For the last schedules: whoever takes over waits for it."""

PART_OF: Final[Mapping[str, ReplicaRole]] = {
    "poller": ReplicaRole.POLL,
    "targets": ReplicaRole.POLL,
    "healer": ReplicaRole.POLL,
    "inbox": ReplicaRole.HOOKS,
    "dispatcher": ReplicaRole.DELIVER,
}
"""The loops that only processes with a role run."""

DUTY_OF: Final[Mapping[str, Duty]] = {
    "planner": Duty.PLANNER,
    "calendar": Duty.CALENDAR,
    "janitor": Duty.JANITOR,
    "maildir": Duty.MAIL,
    "imap": Duty.MAIL,
    "heartbeats": Duty.HEARTBEATS,
}
"""The loops that only one process runs."""


class LookSoon(Protocol):
    """Poll a page by its number; `has_open` as for `Poller.poll_soon`. False: nobody polls it."""

    def __call__(self, page_id: int, *, has_open: bool | None = None) -> bool: ...


@dataclass(slots=True)
class Sharing:
    """The share of one process, whose `id` no other has. `holdings` and `replica` are None where it is everything."""

    id: str
    store: Store
    clock: Clock
    roles: frozenset[ReplicaRole]
    duties: Duties
    holdings: Holdings | None = None
    replica: Replica | None = None

    @classmethod
    def of(cls, config: Config, store: Store, clock: Clock) -> Sharing:
        id_, roles = replica_id(), frozenset(config.roles)
        if not store.dialect.is_shared:
            return cls(id_, store, clock, roles, Duties(duties_of(roles)))
        return cls(id_, store, clock, roles, Duties(), Holdings(id_))

    @property
    def shards(self) -> Shards:
        return EVERYTHING if self.holdings is None else self.holdings

    @property
    def rate(self) -> Rate:
        return WHOLE_RATE if self.holdings is None else self.holdings

    def is_shared_host(self, host: str) -> bool:
        """Whether other processes may ask it too."""
        return self.holdings is not None and host in self.holdings.shared_hosts

    def join(
        self, poller: Poller, targets: Targets, metrics: Metrics, version: str, on_freed: Callable[[], object]
    ) -> None:
        """Take part from the next `loops` on; `on_freed` is called when there is something for others to take."""
        if self.holdings is None:
            return
        roles = tuple(sorted(role.value for role in self.roles))
        self.replica = Replica(
            self.store,
            self.clock,
            queries.About(self.holdings.owner, version, schema.HEAD, roles),
            self.holdings,
            self.duties,
            targets,
            may_do=duties_of(self.roles),
            metrics=metrics,
            poll_soon=poller.poll_soon,
            on_rate=poller.restretch,
            on_freed=on_freed,
        )

    def look_soon(self, poller: Poller) -> LookSoon:
        """What polls a page soon, whichever process it is that polls it."""
        if self.holdings is None:
            return poller.poll_soon
        wishes = Wishes(self.store, self.clock)

        def look_soon(page_id: int, *, has_open: bool | None = None) -> bool:
            if not poller.poll_soon(page_id, has_open=has_open):
                wishes.wish(page_id)
            return True

        return look_soon

    def loops(self, all_loops: Mapping[str, Loop], add_slug: Callable[[str], None]) -> dict[str, Loop]:
        """Of all loops those of our roles, bound to their duties where they have one, and our own. `add_slug` is told
        of pages that other processes have made."""
        may_do = duties_of(self.roles)
        ours: dict[str, Loop] = {}
        for name, loop in all_loops.items():
            duty = DUTY_OF.get(name)
            if duty is None and PART_OF.get(name) in (None, *self.roles):
                ours[name] = loop
            if duty is not None and duty in may_do:
                ours[name] = self.duties.bound(duty, loop)
        if self.replica is not None:
            ours |= {"replica": self.replica.run, "addresses": lambda: follow_slugs(self.store, self.clock, add_slug)}
            ours |= {"schema": lambda: watch_schema(self.store, self.clock)}
        return ours

    @property
    def has_others(self) -> bool:
        """Whether another process lives that reads hooks, as far as this one knows."""
        live = () if self.replica is None else self.replica.live
        return any(ReplicaRole.HOOKS in one.about.roles and one.about.id != self.id for one in live)

    def notify(self) -> None:
        """Others may have let something go."""
        if self.replica is not None:
            self.replica.notify()

    def note_address(self, address: str) -> None:
        """Where this process is reached."""
        if self.replica is not None:
            self.replica.about = replace(self.replica.about, address=address)

    async def hand_over(self, saving: Iterable[asyncio.Task[None]]) -> None:
        """Let the others take everything at once, as soon as these have written their last schedules."""
        if self.replica is None:
            return
        waiting = set(saving)
        if waiting:
            await asyncio.wait(waiting, timeout=HAND_OVER_S)
        try:
            async with asyncio.timeout(HAND_OVER_S):
                await self.replica.hand_over()
        except (StoreError, TimeoutError) as error:
            log.warning("leases not handed over, they end by themselves: %s", str(error) or "out of time")

    def facts(self) -> ReplicaFacts | None:
        """What the others and we hold, as far as this process knows; None where there are no others."""
        if self.replica is None or self.holdings is None:
            return None
        return ReplicaFacts(
            id=self.holdings.owner,
            roles=self.replica.about.roles,
            live=tuple(one.about.id for one in self.replica.live),
            shards=len(self.holdings.shards),
            duties=self.duties.held,
        )


def replica_id() -> str:
    """A name that no process had before."""
    return f"{platform.node()}:{os.getpid()}:{secrets.token_hex(4)}"


async def watch_schema(store: Store, clock: Clock) -> None:
    """Raises StoreError once somebody has taken away what this version uses, which happens to a process that seemed
    dead meanwhile."""
    while True:
        try:
            await asyncio.to_thread(store.read, schema.standing)
        except StoreError as error:
            if error.reason is StoreReason.NEWER_SCHEMA:
                raise
            log.warning("schema not looked at: reason=%s %s", error.reason, error)
        await clock.sleep(SCHEMA_EVERY_S)


async def follow_slugs(store: Store, clock: Clock, add: Callable[[str], None]) -> None:
    """Tell of the pages that come into the database, until cancelled; some are told of again and again."""
    last = 0
    while True:
        try:
            found = await asyncio.to_thread(store.read, partial(queries.slugs_after, after=last - OVERLAP))
            for _, slug in found:
                add(slug)
            last = found[-1][0] if found else last
        except StoreError as error:
            log.warning("pages of others not looked at: reason=%s %s", error.reason, error)
        await clock.sleep(SLUGS_EVERY_S)
