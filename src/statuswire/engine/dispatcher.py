"""From deliveries to their receivers: lanes are claimed, conversations carried out, ends noted.

At-least-once with a stable message id. One delivery of a lane is under way at a time, the oldest first, and its end is
committed before the next begins; lanes are independent, so a dead or slow channel delays no other. An end is noted only
while the lane is still ours (`noting`): a process that was frozen beyond its lease drops what it did.
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
from statuswire.engine.together import Together
from statuswire.errors import StoreError
from statuswire.metrics import Metrics
from statuswire.model import Delivered, Delivery, Message, Outcome
from statuswire.store import Store, Tx, queries
from statuswire.store.queries import Claim, Lane

__all__ = ["Bucket", "Dispatcher", "Outlet", "Sender", "Words", "converse", "usual_words"]

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
RENEW_EVERY_S = 5.0
FAR = 2 * LEASE
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
    _served: dict[tuple[str, str], Lane] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _bell: Bell = field(init=False)
    _together: Together = field(init=False)
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _renew_at: float = 0.0
    _next_at: datetime | None = None
    _is_stopping: bool = False

    def __post_init__(self) -> None:
        self._bell = Bell(self.clock)
        self._together = Together(self.store)

    def notify(self) -> None:
        """There is something to send."""
        self._bell.ring()

    async def run(self) -> None:
        """Send what comes until cancelled."""
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
            tasks = list(self._tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience_s)
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
            turns, self._next_at = await self._together.write(partial(self._claim, room=room, now=self.clock.now()))
            for turn in turns:
                self._count_lease("taken_over" if turn.lane.crashes else "claimed")
                self._begin_serving(turn)
        return len(turns)

    def _claim(self, tx: Tx, room: int, now: datetime) -> tuple[list[Turn], datetime | None]:
        """The first turns of lanes that are ours now, and when the next lane is due."""
        claim = Claim(self.owner, now, now + LEASE, now + FAR)
        lanes = queries.claim_lanes(tx, claim, room, self.outlets, self._served)
        return noting.first_turns(tx, lanes, now), queries.next_lane_at(tx, now)

    def _begin_serving(self, turn: Turn) -> None:
        if turn.delivery is None:
            return
        lane = turn.lane
        place = (lane.channel, lane.name)
        self._served[place] = lane
        task = asyncio.create_task(self._serve(turn), name=f"lane {lane.channel}/{lane.name}")
        self._tasks.add(task)
        task.add_done_callback(partial(self._end_serving, place))

    def _end_serving(self, place: tuple[str, str], task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._served.pop(place, None)
        self._bell.ring()

    async def _renew(self) -> None:
        """Keep the lanes that are being served. A loop that stands still keeps none, and rightly."""
        if not self._served or self.clock.monotonic() < self._renew_at:
            return
        self._renew_at = self.clock.monotonic() + RENEW_EVERY_S
        until = self.clock.now() + LEASE
        await self._together.write(partial(_renew_all, lanes=tuple(self._served.values()), until=until))

    def _patience(self) -> float:
        """Until the next lane is due, at most `look_every_s`."""
        now = self.clock.now()
        if self._next_at is None or self._next_at <= now:  # what is due and was not claimed is not ours to send
            return self.look_every_s
        return min((self._next_at - now).total_seconds(), self.look_every_s)

    # --- one lane -------------------------------------------------------------------------------------------------

    async def _serve(self, turn: Turn) -> None:
        """Send what the lane holds until it is empty, put off, or not ours any more."""
        lane = turn.lane
        try:
            while turn.delivery is not None and turn.message is not None:
                until = await self._until_free(lane)
                if until is not None:
                    return await self._let_go(turn.lane, until)
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

    async def _until_free(self, lane: Lane) -> datetime | None:
        """Wait for the channel's rate; the moment to come back at where nothing must be sent now."""
        bucket = self.outlets[lane.channel].bucket
        wait_s = 0.0 if self._is_stopping else bucket.wait_s(self.clock.monotonic())
        if 0 < wait_s <= PATIENCE_S:
            await self.clock.sleep(wait_s)
        if self._is_stopping or wait_s > PATIENCE_S:
            bucket.give_back()
            return self.clock.now() + timedelta(seconds=wait_s)
        return None

    async def _leave(self, lane: Lane) -> None:
        """An end in good order is no crash, and nobody need wait for the lease."""
        try:
            await self._let_go(lane, self.clock.now())
        except StoreError as error:
            log.warning("lane not let go lane=%s/%s reason=%s %s", lane.channel, lane.name, error.reason, error)

    async def _let_go(self, lane: Lane, next_at: datetime) -> None:
        await self._together.write(partial(queries.let_go, lane=lane, next_at=next_at, now=self.clock.now()))

    async def _deliver(self, lane: Lane, delivery: Delivery, message: Message) -> Turn | None:
        """Send one delivery and note its end; what is next, None where the lane is lost."""
        outlet = self.outlets[lane.channel]
        started = self.clock.monotonic()
        outcome = await outcome_of(outlet, message, self.words, self.sender, self.clock.now())
        took_s = self.clock.monotonic() - started
        attempt = Attempt(delivery, outcome, self.jitter(), self._trouble_kinds())
        turn = await self._together.write(partial(noting.turn, lane=lane, attempt=attempt, now=self.clock.now()))
        if turn is not None and turn.noted is not None:
            self._count(outlet, outcome, delivery, took_s, turn.noted)
        return turn

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


def _renew_all(tx: Tx, lanes: tuple[Lane, ...], until: datetime) -> int:
    """How many of the lanes are still ours, for longer now."""
    return sum(queries.renew(tx, lane, until) for lane in lanes)
