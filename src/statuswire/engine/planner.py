"""From the event log to deliveries: every route's story of every event, in one transaction with the follower's place.

The planner follows the log by id. A batch of events, what the routes make of them, the deliveries that come of it and
the new place are committed together, so that a kill at any moment loses nothing and doubles nothing. What only time
decides (holds, escalations, digests) is looked at between the batches. What is done in a transaction stands in
`planning`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.engine.planning import NAME, Planning, begin, not_due
from statuswire.engine.posting import KnownChannel, Rules
from statuswire.errors import StoreError, StoreReason
from statuswire.model import Verdict, VerdictKind
from statuswire.store import Queue, Store, Tx, queries

__all__ = ["NAME", "KnownChannel", "Planned", "Planner", "Rules", "begin", "plan_batch"]

log = logging.getLogger(__name__)

BATCH = 200
SHARED_BATCH = 50
"""Where every statement is a way to a server and back, and others wait for the lanes that a batch has woken."""

AT_ONCE = 500
COLLECTED_AT_ONCE = 5_000
LOOK_EVERY_S = 1.0


class Planner:
    """The loop. `on_planned` is called after each commit that put deliveries in."""

    def __init__(
        self, store: Store, clock: Clock, rules: Rules, *, on_planned: Callable[[], object] = lambda: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._bell = Bell(clock)
        self._on_planned = on_planned
        self._batch = SHARED_BATCH if store.dialect.is_shared else BATCH
        self._singly = 0  # how many more transactions take one thing each

    async def begin(self) -> None:
        """Take the place in the log: where it was left, else at the head. Raises StoreError.

        A place that is there is left alone: another process may be planning from it for some time.
        """
        if await asyncio.to_thread(self._store.read, partial(queries.follower, name=NAME)) is None:
            await asyncio.to_thread(self._store.write, begin, queue=Queue.PLAN)

    def notify(self, _: object = None) -> None:
        """There is something new in the log, or in what operators say."""
        self._bell.ring()

    def may_tell(self, channel: str, slug: str) -> bool:
        """Whether a route may tell the channel anything of the page, by the rules of now."""
        return self._rules.may_tell(channel, slug)

    def adopt(self, rules: Rules) -> None:
        """From the next batch on these are the rules. A route that is gone tells nothing more, as after a restart."""
        self._rules = rules
        self._bell.ring()

    async def run(self) -> None:
        """Plan what comes until cancelled."""
        while True:
            try:
                await self.plan_new()
            except StoreError as error:
                log.warning("events not planned: reason=%s %s", error.reason, error)
            except Exception:
                log.exception("events not planned")
            await self._bell.wait(LOOK_EVERY_S)

    async def plan_new(self) -> int:
        """Plan all that is there and due; how many deliveries were put in. Raises StoreError."""
        made = 0
        has_more = True
        while has_more:
            planned = await self._plan()
            made += planned.deliveries
            has_more = planned.has_more
            if planned.deliveries:
                self._on_planned()
        return made

    async def _plan(self) -> Planned:
        """One transaction for all there is, as long as nothing breaks it. What does must not keep the rest waiting:
        then each thing is done in a transaction of its own, and the one that cannot be done is left out."""
        if self._singly == 0:
            try:
                return await self._within(
                    partial(plan_batch, rules=self._rules, now=self._clock.now(), limit=self._batch)
                )
            except Exception as error:
                if _is_of_the_store(error):
                    raise
                log.exception("a batch could not be planned; what is in it is taken one by one")
                self._singly = BATCH
        self._singly -= 1
        done = [await self._one(part, leave_out) for part, leave_out in PARTS]
        return Planned(
            sum(one.events for one in done), sum(one.deliveries for one in done), any(one.has_more for one in done)
        )

    async def _one(self, part: Part, leave_out: LeaveOut) -> Planned:
        now = self._clock.now()
        try:
            return await self._within(partial(part, rules=self._rules, now=now, limit=1))
        except Exception as error:
            if _is_of_the_store(error):
                raise
            log.exception("left out: %s", (leave_out.__doc__ or "").partition("\n")[0])
        return await self._within(partial(leave_out, now=now))

    async def _within(self, work: Callable[[Tx], Planned]) -> Planned:
        return await asyncio.wrap_future(self._store.submit(work, queue=Queue.PLAN))


def _is_of_the_store(error: Exception) -> bool:
    """Whether it will be the same for everything else: not where only one row cannot be read."""
    return isinstance(error, StoreError) and (error.reason is not StoreReason.CORRUPT or error.is_permanent)


@dataclass(frozen=True, slots=True)
class Planned:
    """What one transaction did."""

    events: int = 0
    deliveries: int = 0
    has_more: bool = False


def plan_batch(tx: Tx, rules: Rules, now: datetime, limit: int = BATCH) -> Planned:
    """The next events of the log, then what is due; all in the caller's transaction."""
    planning = Planning(tx, rules, now)
    count = planning.follow(limit)
    has_more = [count == limit, planning.wake(AT_ONCE), planning.fold(COLLECTED_AT_ONCE)]
    planning.finish()
    return Planned(count, planning.made, any(has_more))


# --- one thing at a time --------------------------------------------------------------------------------------------


class Part(Protocol):
    """A part of `plan_batch`, of so many things at most."""

    def __call__(self, tx: Tx, rules: Rules, now: datetime, limit: int) -> Planned: ...


class LeaveOut(Protocol):
    """Go past the first thing of a part, which cannot be done."""

    def __call__(self, tx: Tx, now: datetime) -> Planned: ...


def plan_events(tx: Tx, rules: Rules, now: datetime, limit: int) -> Planned:
    planning = Planning(tx, rules, now)
    count = planning.follow(limit)
    planning.finish()
    return Planned(count, planning.made, count == limit)


def plan_stories(tx: Tx, rules: Rules, now: datetime, limit: int) -> Planned:
    planning = Planning(tx, rules, now)
    has_more = planning.wake(limit)
    planning.finish()
    return Planned(0, planning.made, has_more)


def plan_digests(tx: Tx, rules: Rules, now: datetime, limit: int) -> Planned:
    planning = Planning(tx, rules, now)
    has_more = planning.fold(COLLECTED_AT_ONCE)
    planning.finish()
    return Planned(0, planning.made, has_more)


_BROKEN = "it could not be planned: see the log"


def leave_event_out(tx: Tx, now: datetime) -> Planned:
    """an event, with a verdict that says so"""
    id_ = queries.next_event_id(tx, begin(tx))
    if id_ is None:
        return Planned()
    queries.set_follower(tx, NAME, id_)
    queries.add_verdicts(tx, [Verdict(id_, "", VerdictKind.SUPPRESSED, _BROKEN)], tx.now() or now)
    return Planned(1, 0, has_more=True)


def leave_story_out(tx: Tx, now: datetime) -> Planned:
    """what was due of a story"""
    begin(tx)
    now = tx.now() or now
    due = queries.due_stories(tx, now, 1)
    for story in due:
        rest, verdicts = not_due(story, _BROKEN)
        queries.save_stories(tx, [rest])
        queries.add_verdicts(tx, verdicts, now)
    return Planned(has_more=bool(due))


def leave_digest_out(tx: Tx, now: datetime) -> Planned:
    """a digest: what would have been in it is told by itself"""
    begin(tx)
    now = tx.now() or now
    due = queries.due_collected(tx, now, 1)
    for one in due:
        queries.send_collected(tx, one, now)
        queries.wake_lane(tx, one.channel, one.lane, now)
    return Planned(0, len(due), bool(due))


PARTS: tuple[tuple[Part, LeaveOut], ...] = (
    (plan_events, leave_event_out),
    (plan_stories, leave_story_out),
    (plan_digests, leave_digest_out),
)
