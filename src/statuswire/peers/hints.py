"""Hints on their way out: each topic at most every 100 ms, by the first way that takes it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence

from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.peers.base import Board, Callback, Topic, Way

GAP_S = 0.1
"""Within a business transaction a NOTIFY costs two to three times the throughput, and one for each commit beside it
still wakes every replica as often; ten in a second are as good as a thousand."""

IDLE_S = 3600.0


class Pending:
    """Topics that wait to be sent: the first hint goes at once, what follows within the gap goes at its end, as one."""

    def __init__(self, gap_s: float = GAP_S) -> None:
        self._gap_s = gap_s
        self._waiting: dict[Topic, None] = {}
        self._free_at: dict[Topic, float] = {}

    def add(self, topic: Topic) -> bool:
        """Whether it did not wait already."""
        is_new = topic not in self._waiting
        self._waiting[topic] = None
        return is_new

    def take(self, now: float) -> tuple[Topic, ...]:
        """Those that may go now, in the order in which they were hinted."""
        taken = tuple(topic for topic in self._waiting if self._free_at.get(topic, now) <= now)
        for topic in taken:
            del self._waiting[topic]
            self._free_at[topic] = now + self._gap_s
        return taken

    def wait_s(self, now: float) -> float | None:
        """How long until one of those that wait may go; None where none waits."""
        if not self._waiting:
            return None
        return max(min(self._free_at.get(topic, now) for topic in self._waiting) - now, 0.0)


class Hints:
    """`Wakeups` over some ways, the best one first; without a way, one process alone, for which a hint is nothing."""

    def __init__(self, clock: Clock, board: Board, ways: Sequence[Way] = ()) -> None:
        self.counts: Counter[str] = Counter()
        """Hints by the name of the way they went; `none` for those that no way took."""
        self._clock = clock
        self._board = board
        self._ways = ways
        self._pending = Pending()
        self._bell = Bell(clock)

    def hint(self, topic: Topic) -> None:
        if self._ways and self._pending.add(topic):
            self._bell.ring()

    def listen(self, topic: Topic, callback: Callback) -> None:
        self._board.listen(topic, callback)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for way in self._ways:
                group.create_task(way.run(), name=f"hints by {way.name}")
            group.create_task(self._send(), name="hints")

    async def _send(self) -> None:
        while True:
            topics = self._pending.take(self._clock.monotonic())
            if topics:
                await self._send_by_one(topics)
            wait_s = self._pending.wait_s(self._clock.monotonic())
            if wait_s is None:
                await self._bell.wait(IDLE_S)
            elif wait_s > 0:
                await self._clock.sleep(wait_s)

    async def _send_by_one(self, topics: Collection[Topic]) -> None:
        """What no way takes is dropped: the others look by themselves."""
        for way in self._ways:
            if await way.send(topics):
                self.counts[way.name] += len(topics)
                return
        self.counts["none"] += len(topics)
