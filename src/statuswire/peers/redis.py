"""Redis between replicas: hints and live events. Loaded when a Redis is configured."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence

from statuswire.config.redis import RedisPlace
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.model import Event
from statuswire.peers.base import Board, Topic
from statuswire.peers.ears import Ears
from statuswire.peers.frames import Identity, pack, unpack
from statuswire.peers.line import Line
from statuswire.peers.names import Names

log = logging.getLogger(__name__)

MOST_WAITING = 1_000
"""Events that wait to be published; what comes beyond is told by a hint."""

IDLE_S = 3600.0

Offer = Callable[[Sequence[Event]], str]
"""What a tail makes of events that another process has recorded, as a word: `taken`, `known`, `gap`."""


class RedisWay:
    """Hints and frames through one Redis. `offer` is the tail's; `line` must be run by whoever made it, `run` hears."""

    name = "redis"

    def __init__(
        self,
        line: Line,
        place: RedisPlace,
        clock: Clock,
        jitter: Callable[[], float],
        names: Names,
        identity: Identity,
        board: Board,
        offer: Offer,
    ) -> None:
        self.counts: Counter[str] = Counter()
        """Frames `sent`, and those of others that were `taken`, `known`, met a `gap` or were `refused`."""
        self._line = line
        self._names = names
        self._identity = identity
        self._board = board
        self._offer = offer
        self._waiting: deque[Event] = deque()
        self._bell = Bell(clock)
        channels = {names.hints: self._hear_hint, names.events: self._hear_frame}
        self._ears = Ears(place, clock, jitter, channels, board.ring_all)

    @property
    def is_hearing(self) -> bool:
        return self._ears.is_hearing

    async def run(self) -> None:
        await self._ears.run()

    # --- hints ----------------------------------------------------------------------------------------------------

    async def send(self, topics: Collection[Topic]) -> bool:
        sender = self._identity.sender
        commands = [("PUBLISH", self._names.hints, f"{sender} {topic}") for topic in topics]
        return await self._line.ask(*commands) is not None

    def _hear_hint(self, body: bytes) -> None:
        sender, _, word = body.decode("utf-8", "replace").partition(" ")
        if sender != self._identity.sender and not self._board.hear(word):
            self.counts["refused"] += 1

    # --- events ---------------------------------------------------------------------------------------------------

    def publish(self, events: Sequence[Event]) -> bool:
        """Send these to the tails of the others, soon; only after the commit that recorded them. False where they must
        be told by a hint."""
        if not self._line.is_there or len(self._waiting) + len(events) > MOST_WAITING:
            return False
        self._waiting += events
        self._bell.ring()
        return True

    async def publish_waiting(self, on_failure: Callable[[], object]) -> None:
        """Publish until cancelled; what could not be sent is left to a hint."""
        while True:
            await self._bell.wait(IDLE_S)
            events = tuple(self._waiting)
            self._waiting.clear()
            if events and not await self._publish(events):
                on_failure()

    async def _publish(self, events: Sequence[Event]) -> bool:
        """Packing some hundred events takes milliseconds, so that it is not done in the loop."""
        frames = await asyncio.to_thread(lambda: list(pack(self._identity, events)))
        sent = await self._line.ask(*(("PUBLISH", self._names.events, frame) for frame in frames))
        if sent is None:
            return False
        self.counts["sent"] += len(frames)
        return True

    def _hear_frame(self, frame: bytes) -> None:
        """A frame that is not of our database, or cannot be read, is counted and no more."""
        try:
            sender, events = unpack(self._identity, frame)
        except ValueError as error:
            self.counts["refused"] += 1
            log.debug("frame refused reason=%s", error)
            return
        if sender != self._identity.sender:
            self.counts[self._offer(events)] += 1
