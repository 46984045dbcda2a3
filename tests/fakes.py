"""Fakes at our own seams: a clock that moves when told."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta


class FakeClock:
    """Stands still until `advance` is called; sleepers wake in order of their time."""

    def __init__(self, start: datetime = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self._elapsed + max(seconds, 0), self._count, future))
        await future

    async def advance(self, seconds: float) -> None:
        """Move time on, waking each sleeper at its moment and letting it run."""
        until = self._elapsed + seconds
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            self._elapsed, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)
            await self._settle()
        self._elapsed = until
        await self._settle()

    async def _settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
