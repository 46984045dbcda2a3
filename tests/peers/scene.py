"""What the tests of peers have in common: scenes on real time, because a real server is part of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import uvloop

from statuswire.config.redis import RedisPlace
from statuswire.engine.clock import Clock
from statuswire.peers.frames import Identity
from statuswire.peers.line import Line

PATIENCE_S = 45.0
SECRET = b"install secret"


def play(scene: Callable[[], Awaitable[None]]) -> None:
    """On the loop that the service has."""

    async def main() -> None:
        async with asyncio.timeout(60):
            await scene()

    uvloop.run(main())


async def until(claim: Callable[[], object]) -> None:
    """Until it is true; looked at whenever the loop has done something, and every few milliseconds."""
    async with asyncio.timeout(PATIENCE_S):
        while not claim():  # noqa: ASYNC110 - what comes true, does so in another process
            await asyncio.sleep(0.002)


@asynccontextmanager
async def running(*loops: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """The loops beside what is done inside; one that breaks fails the test."""
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
        for task in tasks:
            assert not task.done() or task.cancelled() or task.exception() is None, task
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(end is None or isinstance(end, asyncio.CancelledError) for end in ends), ends


def identity(sender: str = "one", database: str = "d1", secret: bytes = SECRET) -> Identity:
    return Identity.of(database, secret, sender)


PATIENT_S = 10.0
"""A deadline for scenes that are not about it: the machine that runs them may be busy."""

SHORT_S = 0.3
"""And one for those that are."""


def line_to(place: RedisPlace, deadline_s: float = PATIENT_S, on_return: Callable[[], object] = lambda: None) -> Line:
    return Line(place, Clock(), lambda: 0.0, deadline_s=deadline_s, on_return=on_return)
