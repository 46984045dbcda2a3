"""From deliveries to their receivers: lanes are claimed, conversations carried out, ends noted.

At-least-once with a stable message id. One delivery of a lane is under way at a time, the oldest first, and its end is
committed before the next begins; lanes are independent, so a dead or slow channel delays no other. An end is noted only
while the lane is still ours (`store/deliveries`): a process that was frozen beyond its lease drops what it did.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from statuswire.channels.base import Channel, ChannelSettings
from statuswire.engine.attempts import Note, Noted, load, note_attempt
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.errors import DeliveryError, StoreError
from statuswire.metrics import Metrics
from statuswire.model import (
    Action,
    Delivered,
    Delivery,
    DeliveryState,
    Later,
    Message,
    Outcome,
    Refused,
    Reply,
    Wording,
)
from statuswire.store import Store, Tx, queries
from statuswire.store.queries import Claim, Lane

log = logging.getLogger(__name__)

T = TypeVar("T")

LEASE = timedelta(seconds=60)
FAR = 2 * LEASE
MOST_LANES = 128
AT_ONCE = 16
LOOK_EVERY_S = 1.0
FINISH_S = 25.0
CRASHES = 3
"""A delivery whose sending ended so many processes in a row is not tried again."""


class Sender(Protocol):
    """The edge: carries out one action. Raises DeliveryError where there is no reply."""

    async def send(self, action: Action) -> Reply: ...


class Bucket:
    """How many messages a channel may be sent: `rate_per_s`, and `burst` at once."""

    def __init__(self, rate_per_s: float, burst: int) -> None:
        self._rate = rate_per_s
        self._burst = float(burst)
        self._tokens = self._burst
        self._at = 0.0

    def wait_s(self, now: float) -> float:
        """Take one token; how long to wait before using it."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        self._tokens -= 1
        return max(-self._tokens / self._rate, 0.0)


@dataclass(frozen=True, slots=True)
class Outlet:
    """One configured channel."""

    name: str
    channel: Channel
    settings: ChannelSettings
    bucket: Bucket

    @classmethod
    def of(cls, name: str, channel: Channel, settings: ChannelSettings) -> Outlet:
        rate = settings.rate or channel.rate_per_s
        burst = channel.burst if settings.rate is None else max(1, min(channel.burst, int(settings.rate) or 1))
        return cls(name, channel, settings, Bucket(rate, burst))


Words = Callable[[str, Message], Wording | None]
"""What the template of a route makes of a message; None for the channel's own wording."""


def usual_words(route: str, message: Message) -> Wording | None:
    return None


@dataclass(slots=True)
class Dispatcher:
    """The loop. `owner` names this process in leases; `trouble` are the channels that are told when another one is
    disabled."""

    store: Store
    clock: Clock
    outlets: Mapping[str, Outlet]
    sender: Sender
    owner: str
    metrics: Metrics | None = None
    words: Words = usual_words
    jitter: Callable[[], float] = lambda: 0.0
    trouble: Sequence[str] = ()
    _lanes: set[asyncio.Task[None]] = field(default_factory=set)
    _bell: Bell = field(init=False)
    _is_stopping: bool = False

    def __post_init__(self) -> None:
        self._bell = Bell(self.clock)

    def notify(self) -> None:
        """There is something to send."""
        self._bell.ring()

    async def run(self) -> None:
        """Send what comes until cancelled."""
        while not self._is_stopping:
            try:
                await self._take_lanes()
            except StoreError as error:
                log.warning("no lanes claimed: reason=%s %s", error.reason, error)
            await self._bell.wait(await self._patience())

    async def finish(self, patience_s: float = FINISH_S) -> None:
        """Claim nothing more, and wait for what is under way, at most so long. What takes longer is broken off and sent
        again by whoever claims the lane next, under the same message id."""
        self._is_stopping = True
        self._bell.ring()
        if self._lanes:
            _, late = await asyncio.wait(self._lanes, timeout=patience_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def send_new(self) -> None:
        """Send all that is due now, for a caller without the loop. Raises StoreError."""
        while await self._take_lanes() or self._lanes:
            await asyncio.gather(*self._lanes)

    async def _take_lanes(self) -> int:
        room = MOST_LANES - len(self._lanes)
        if room <= 0 or self._is_stopping:
            return 0
        lanes = await self._write(partial(queries.claim_lanes, claim=self._claim(), limit=room, known=self.outlets))
        for lane in lanes:
            task = asyncio.create_task(self._serve(lane), name=f"lane {lane.channel}/{lane.name}")
            self._lanes.add(task)
            task.add_done_callback(self._lanes.discard)
            task.add_done_callback(lambda _: self._bell.ring())
        return len(lanes)

    def _claim(self) -> Claim:
        now = self.clock.now()
        return Claim(self.owner, now, now + LEASE, now + FAR)

    async def _patience(self) -> float:
        """Until the next lane is due, at most LOOK_EVERY_S."""
        now = self.clock.now()
        due = await asyncio.to_thread(self.store.read, partial(queries.next_lane_at, now=now))
        if due is None or due <= now:  # what is due and was not claimed rests with its channel
            return LOOK_EVERY_S
        return min((due - now).total_seconds(), LOOK_EVERY_S)

    # --- one lane -------------------------------------------------------------------------------------------------

    async def _serve(self, lane: Lane) -> None:
        """Send what the lane holds until it is empty, put off, or not ours any more."""
        try:
            next_at = await self._serve_in_order(lane)
            await self._let_go(lane, next_at)
        except asyncio.CancelledError:
            await self._let_go(lane, self.clock.now())  # an end in good order is no crash, and nobody need wait for it
            raise
        except StoreError as error:
            log.warning("lane given up lane=%s/%s reason=%s %s", lane.channel, lane.name, error.reason, error)
        except _Lost:
            log.warning("lane lost lane=%s/%s: another process took it over", lane.channel, lane.name)
        except Exception:
            log.exception("lane broke lane=%s/%s", lane.channel, lane.name)

    async def _let_go(self, lane: Lane, next_at: datetime | None) -> None:
        await self._write(partial(queries.let_go, lane=lane, next_at=next_at, now=self.clock.now()))

    async def _serve_in_order(self, lane: Lane) -> datetime | None:
        """When the lane is due again; None where there is nothing left in it."""
        deadline = self.clock.monotonic() + LEASE.total_seconds() / 2
        is_first = True
        while waiting := await self._read(partial(load, lane=lane)):
            for delivery, message in waiting:
                if self._is_stopping:
                    return self.clock.now()
                if delivery.next_at is not None and delivery.next_at > self.clock.now():
                    return delivery.next_at
                if self.clock.monotonic() > deadline:
                    if not await self._write(partial(queries.renew, lane=lane, lease_until=self.clock.now() + LEASE)):
                        raise _Lost
                    deadline = self.clock.monotonic() + LEASE.total_seconds() / 2
                put_off = await self._deliver(lane, delivery, message, is_poison=is_first and lane.crashes >= CRASHES)
                is_first = False
                if put_off is not None:
                    return put_off
        return None

    async def _deliver(self, lane: Lane, delivery: Delivery, message: Message, *, is_poison: bool) -> datetime | None:
        """Send one delivery and note its end; the moment to which it was put off."""
        outlet = self.outlets[lane.channel]
        wait_s = outlet.bucket.wait_s(self.clock.monotonic())
        if wait_s > 0:
            await self.clock.sleep(wait_s)
        started = self.clock.monotonic()
        outcome = _POISON if is_poison else await self._outcome(outlet, message)
        took_s = self.clock.monotonic() - started
        now = self.clock.now()
        note = Note(lane, delivery, outcome, self.jitter(), self._trouble_kinds(), now)
        noted = await self._write(partial(note_attempt, note=note))
        if noted is None:
            raise _Lost
        self._count(outlet, outcome, delivery, took_s, noted)
        return noted.next_at if noted.state is DeliveryState.WAITING else None

    def _trouble_kinds(self) -> dict[str, str]:
        return {name: self.outlets[name].channel.kind for name in self.trouble if name in self.outlets}

    async def _outcome(self, outlet: Outlet, message: Message) -> Outcome:
        wording = message.wording or self.words(message.route, message)
        try:
            return await converse(
                outlet, replace(message, wording=wording) if wording else message, self.sender, self.clock.now()
            )
        except DeliveryError as error:
            if error.is_permanent:
                return Refused(f"{error.reason}: {error}")
            return Later(f"{error.reason}: {error}", error.retry_after)
        except Exception as error:
            log.exception("message not rendered channel=%s id=%s", outlet.name, message.id)
            return Refused(f"could not be rendered: {type(error).__name__}")

    def _count(self, outlet: Outlet, outcome: Outcome, delivery: Delivery, took_s: float, noted: Noted) -> None:
        word = noted.word
        log.info(
            "sent channel=%s kind=%s id=%s outcome=%s attempt=%d ms=%d%s",
            outlet.name,
            outlet.channel.kind,
            delivery.message_id,
            word,
            delivery.attempts + 1,
            took_s * 1000,
            "" if isinstance(outcome, Delivered) else f" reason={outcome.reason}",
        )
        if self.metrics is not None:
            self.metrics.delivered(outlet.channel.kind, word, took_s)
        if noted.disabled:
            log.error("channel disabled channel=%s reason=%s", outlet.name, noted.disabled)
            self.notify()

    async def _write(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self.store.submit(work))

    async def _read(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self.store.read, work)


class _Lost(Exception):
    """The lane has another holder."""


_POISON = Refused(f"sending it ended the process {CRASHES} times")


async def converse(outlet: Outlet, message: Message, sender: Sender, now: datetime) -> Outcome:
    """Carry out the conversation of a channel. Raises DeliveryError, and what the channel raises."""
    talk = outlet.channel.converse(message, outlet.settings, now)
    try:
        action = next(talk)
        while True:
            action = talk.send(await sender.send(action))
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome
