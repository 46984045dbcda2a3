"""A bounded set of workers for a queue of jobs: hired when first needed, then kept.

Less than half the cost of a task for each job: a worker that finds a next job never goes through the event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Workers(Generic[T]):
    """At most `limit` tasks that call `work(job)`, which must not raise, for each job given."""

    def __init__(self, limit: int, work: Callable[[T], Awaitable[None]]) -> None:
        self._limit = limit
        self._work = work
        self._jobs: deque[T] = deque()
        self._idle: deque[asyncio.Future[None]] = deque()
        self._tasks: list[asyncio.Task[None]] = []

    def give(self, job: T) -> None:
        """Queue a job; it starts with the next `employ`, or when a worker is free."""
        self._jobs.append(job)

    def employ(self, group: asyncio.TaskGroup) -> None:
        """Wake or hire as many workers as there are jobs, within the limit."""
        wanted = len(self._jobs)
        while wanted and self._idle:
            waiter = self._idle.popleft()
            if not waiter.done():
                waiter.set_result(None)
                wanted -= 1
        for _ in range(min(wanted, self._limit - len(self._tasks))):
            self._tasks.append(group.create_task(self._serve(), name=f"worker {len(self._tasks)}"))

    def dismiss(self) -> list[T]:
        """Cancel all workers; the jobs that none of them had begun."""
        for task in self._tasks:
            task.cancel()
        left = list(self._jobs)
        self._tasks.clear()
        self._jobs.clear()
        self._idle.clear()
        return left

    @property
    def under_way(self) -> int:
        """Workers that have a job."""
        return len(self._tasks) - len(self._idle)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            while self._jobs:
                await self._work(self._jobs.popleft())
            waiter = loop.create_future()
            self._idle.append(waiter)
            await waiter
