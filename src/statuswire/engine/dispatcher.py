"""From deliveries to their receivers: lanes are claimed, conversations carried out, ends noted.

At-least-once with a stable message id. One delivery of a lane is under way at a time, the oldest first, and its end is
committed before the next begins; lanes are independent, so a dead or slow channel delays no other. An end is noted only
while the lane is still ours (`noting`): a process that was frozen beyond its lease drops what it did.

Leases are judged by one clock, that of the database where it has one. The holder of a lane stops by its own, which
never jumps, some seconds before the lease ends: then it was frozen, or could not reach the database to renew it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from statuswire.engine import noting
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.engine.noting import Attempt, Noted, Turn
from statuswire.engine.sending import Bucket, Outlet, Sender, Words, converse, outcome_of, usual_words
from statuswire.engine.together import Place, Together
from statuswire.errors import StoreError
from statuswire.metrics import Metrics
from statuswire.model import Delivered, Delivery, Message, Outcome
from statuswire.store import Queue, Store, Tx, queries
from statuswire.store.queries import Claim, Lane

__all__ = ["Bucket", "Dispatcher", "Outlet", "Sender", "Words", "converse", "usual_words"]

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
RENEW_EVERY_S = 5.0
FAR = 2 * LEASE
HOLD_S = 12.0
"""So long after it was asked for a lease is relied on."""

NOTE_AGAIN_S = 0.5
MOST_LANES = 1_000
"""At a time, of all channels: so many that slow ones never take the room of the others."""

LOOK_EVERY_S = 1.0
FINISH_S = 25.0
PATIENCE_S = 5.0
"""A lane waits so long for its channel's rate; where it would take longer it is let go meanwhile."""


@dataclass(slots=True)
class Dispatcher:
    """The loop. `owner` names this process in leases; `trouble` are the channels that are told when another one is
    disabled; `look_every_s` is how often the table is looked at without any hint."""

    store: Store
    clock: Clock
    outlets: Mapping[str, Outlet]
    sender: Sender
    owner: str
    metrics: Metrics | None = None
    words: Words = usual_words
    jitter: Callable[[], float] = lambda: 0.0
    trouble: Sequence[str] = ()
    look_every_s: float = LOOK_EVERY_S
    _served: dict[Place, Lane] = field(default_factory=dict)
    _until: dict[Place, float] = field(default_factory=dict)
    _running: dict[Place, asyncio.Task[None]] = field(default_factory=dict)
    _noting: set[Place] = field(default_factory=set)
    """Lanes of which an end is still to be noted."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _bell: Bell = field(init=False)
    _together: Together = field(init=False)
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _renew_at: float = 0.0
    _next_in: timedelta | None = None
    _is_stopping: bool = False

    def __post_init__(self) -> None:
        self._bell = Bell(self.clock)
        self._together = Together(self.store, self.clock, Queue.SEND)

    def notify(self) -> None:
        """There is something to send."""
        self._bell.ring()

    async def run(self) -> None:
        """Send what comes until cancelled."""
        if not self.store.dialect.is_shared:
            return await self._take_on()
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(self._watch(), name="leases of lanes")
            await self._take_on()
            watching.cancel()
        return None

    async def _watch(self) -> None:
        """Break off what is being sent although its lane may soon be another's; noting an end is fenced."""
        while True:
            await self.clock.sleep(1.0)
            for place, task in tuple(self._running.items()):
                if self._is_overdue(place) and place not in self._noting:
                    task.cancel()

    def _is_overdue(self, place: Place) -> bool:
        """Never where only one process can have the database."""
        return self.store.dialect.is_shared and self.clock.monotonic() >= self._until.get(place, 0.0)

    async def _take_on(self) -> None:
        while not self._is_stopping:
            try:
                await self._renew()
                await self._take_lanes()
            except StoreError as error:
                log.warning("no lanes claimed: reason=%s %s", error.reason, error)
            await self._bell.wait(self._patience())

    async def finish(self, patience_s: float = FINISH_S) -> None:
        """Claim nothing more, and wait for what is under way, at most so long. What takes longer is broken off and sent
        again by whoever claims the lane next, under the same message id."""
        self._is_stopping = True
        self._bell.ring()
        async with self._claiming:
            late = set(self._tasks)
        end_s = self.clock.monotonic() + patience_s
        while late and (left_s := end_s - self.clock.monotonic()) > 0:
            _, late = await asyncio.wait(late, timeout=min(left_s, RENEW_EVERY_S))
            await self._renew_logged()
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def send_new(self) -> None:
        """Send all that is due now, for a caller without the loop. Raises StoreError."""
        while await self._take_lanes() or self._tasks:
            await asyncio.gather(*self._tasks)

    async def _take_lanes(self) -> int:
        """Claim lanes in which something is due, and serve each; how many."""
        async with self._claiming:
            room = MOST_LANES - len(self._served)
            if room <= 0 or self._is_stopping:
                return 0
            asked_s = self.clock.monotonic()
            work = partial(self._claim, room=room, ours=frozenset(self._served))
            turns, self._next_in = await self._together.write(work)
            for turn in turns:
                self._count_lease("taken_over" if turn.lane.crashes else "claimed")
                self._begin_serving(turn, asked_s + HOLD_S)
        return len(turns)

    def _claim(
        self, tx: Tx, *, room: int, ours: frozenset[Place], now: datetime
    ) -> tuple[list[Turn], timedelta | None]:
        """The first turns of lanes that are ours now, and how soon the next lane is due."""
        claim = Claim(self.owner, now, now + LEASE, now + FAR)
        lanes = queries.claim_lanes(tx, claim, room, self.outlets, ours)
        turns = noting.first_turns(tx, lanes, now)
        next_at = queries.next_lane_at(tx, self.owner, now)
        return turns, None if next_at is None else next_at - now

    def _begin_serving(self, turn: Turn, until_s: float) -> None:
        if turn.delivery is None:
            return
        lane = turn.lane
        place = (lane.channel, lane.name)
        self._served[place] = lane
        self._until[place] = until_s
        task = asyncio.create_task(self._serve(turn), name=f"lane {lane.channel}/{lane.name}")
        self._tasks.add(task)
        self._running[place] = task
        task.add_done_callback(partial(self._end_serving, place))

    def _end_serving(self, place: tuple[str, str], task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._running.get(place) is task:
            for kept in (self._served, self._until, self._running):
                kept.pop(place, None)
            self._noting.discard(place)
        self._bell.ring()

    async def _renew_logged(self) -> None:
        try:
            await self._renew()
        except StoreError as error:
            log.warning("leases of lanes not renewed: reason=%s %s", error.reason, error)

    async def _renew(self) -> None:
        """Keep the lanes that are being served. A loop that stands still keeps none, and rightly."""
        if not self._served or self.clock.monotonic() < self._renew_at:
            return
        asked_s = self.clock.monotonic()
        work = partial(_renew_all, lanes=tuple(self._served.values()), now=self.clock.now())
        kept = await asyncio.wrap_future(self.store.submit(work, queue=Queue.SEND))
        self._renew_at = asked_s + RENEW_EVERY_S  # only now: what failed is tried again with the next look
        for place in kept:
            if place in self._until:
                self._until[place] = asked_s + HOLD_S

    def _patience(self) -> float:
        """Until the next lane is due, at most `look_every_s`."""
        wait_s = 0.0 if self._next_in is None else self._next_in.total_seconds()
        # What is due and was not claimed is not ours to send.
        return min(wait_s, self.look_every_s) if wait_s > 0 else self.look_every_s

    # --- one lane -------------------------------------------------------------------------------------------------

    async def _serve(self, turn: Turn) -> None:
        """Send what the lane holds until it is empty, put off, or not ours any more."""
        lane = turn.lane
        try:
            while turn.delivery is not None and turn.message is not None:
                wait = await self._until_free(lane)
                if wait is not None:
                    return await self._let_go(turn.lane, wait)
                if self._is_overdue((lane.channel, lane.name)):
                    log.warning("lane left lane=%s/%s: its lease could not be renewed", lane.channel, lane.name)
                    return await self._leave(turn.lane)
                following = await self._deliver(turn.lane, turn.delivery, turn.message)
                if following is None:
                    self._count_lease("lost")
                    log.warning("lane lost lane=%s/%s: another process took it over", lane.channel, lane.name)
                    return None
                turn = following
        except asyncio.CancelledError:
            await self._leave(turn.lane)
            raise
        except StoreError as error:
            log.warning("lane given up lane=%s/%s reason=%s %s", lane.channel, lane.name, error.reason, error)
        except Exception:
            log.exception("lane broke lane=%s/%s", lane.channel, lane.name)

    async def _until_free(self, lane: Lane) -> timedelta | None:
        """Wait for the channel's rate; how soon to come back where nothing must be sent now."""
        bucket = self.outlets[lane.channel].bucket
        wait_s = 0.0 if self._is_stopping else bucket.wait_s(self.clock.monotonic())
        if 0 < wait_s <= PATIENCE_S:
            await self.clock.sleep(wait_s)
        if self._is_stopping or wait_s > PATIENCE_S:
            bucket.give_back()
            return timedelta(seconds=wait_s)
        return None

    async def _leave(self, lane: Lane) -> None:
        """An end in good order is no crash, and nobody need wait for the lease."""
        try:
            await self._let_go(lane, timedelta(0))
        except StoreError as error:
            log.warning("lane not let go lane=%s/%s reason=%s %s", lane.channel, lane.name, error.reason, error)

    async def _let_go(self, lane: Lane, wait: timedelta) -> None:
        await self._together.write(partial(_put_off, lane=lane, wait=wait), (lane.channel, lane.name))

    async def _deliver(self, lane: Lane, delivery: Delivery, message: Message) -> Turn | None:
        """Send one delivery and note its end; what is next, None where the lane is lost."""
        outlet = self.outlets[lane.channel]
        started = self.clock.monotonic()
        outcome = await outcome_of(outlet, message, self.words, self.sender, self.clock.now())
        took_s = self.clock.monotonic() - started
        attempt = Attempt(delivery, outcome, self.jitter(), self._trouble_kinds())
        place = (lane.channel, lane.name)
        self._noting.add(place)
        turn = await self._noted(lane, attempt)
        self._noting.discard(place)
        if turn is not None and turn.noted is not None:
            self._count(outlet, outcome, delivery, took_s, turn.noted)
        return turn

    async def _noted(self, lane: Lane, attempt: Attempt) -> Turn | None:
        """What is next after the end of an attempt, which was made: however long the database is away its end is noted
        afterwards, unless somebody else has taken the lane, which the epoch tells."""
        place, is_told = (lane.channel, lane.name), False
        while True:
            try:
                return await self._together.write(partial(noting.turn, lane=lane, attempt=attempt), place)
            except StoreError as error:
                if self._is_stopping or error.is_permanent or not self.store.dialect.is_shared:
                    raise
                if not is_told:
                    log.warning("end not noted yet lane=%s/%s reason=%s %s", *place, error.reason, error)
                is_told = True
            await self.clock.sleep(NOTE_AGAIN_S)

    def _trouble_kinds(self) -> dict[str, str]:
        return {name: self.outlets[name].channel.kind for name in self.trouble if name in self.outlets}

    def _count_lease(self, change: str) -> None:
        if self.metrics is not None:
            self.metrics.leased(change)

    def _count(self, outlet: Outlet, outcome: Outcome, delivery: Delivery, took_s: float, noted: Noted) -> None:
        log.info(
            "sent channel=%s kind=%s id=%s outcome=%s attempt=%d ms=%d%s",
            outlet.name,
            outlet.channel.kind,
            delivery.message_id,
            noted.word,
            delivery.attempts + 1,
            took_s * 1000,
            "" if isinstance(outcome, Delivered) else f" reason={outcome.reason}",
        )
        if self.metrics is not None:
            self.metrics.delivered(outlet.channel.kind, noted.word, took_s)
        if noted.disabled:
            log.error("channel disabled channel=%s reason=%s", outlet.name, noted.disabled)
            self.notify()


def _renew_all(tx: Tx, lanes: tuple[Lane, ...], now: datetime) -> frozenset[Place]:
    """The lanes that are still ours, for longer now."""
    until = (tx.now() or now) + LEASE
    ordered = sorted(lanes, key=lambda lane: (lane.channel, lane.name))
    return frozenset((lane.channel, lane.name) for lane in ordered if queries.renew(tx, lane, until))


def _put_off(tx: Tx, *, lane: Lane, wait: timedelta, now: datetime) -> None:
    queries.let_go(tx, lane, now + wait, now)
