"""A bell wakes its waiter when it rings or after a while, and only then."""

from __future__ import annotations

import asyncio

from statuswire.engine.bell import Bell
from tests.fakes import FakeClock


def test_a_ring_wakes_the_waiter() -> None:
    async def scene() -> bool:
        bell = Bell(FakeClock())
        waiting = asyncio.create_task(bell.wait(60))
        await asyncio.sleep(0)
        bell.ring()
        return await waiting

    assert asyncio.run(scene())


def test_rings_while_nobody_waits_are_kept_as_one() -> None:
    async def scene() -> tuple[bool, bool]:
        clock = FakeClock()
        bell = Bell(clock)
        bell.ring()
        bell.ring()
        first = await bell.wait(60)
        second = asyncio.create_task(bell.wait(60))
        await clock.advance(60)
        return first, await second

    assert asyncio.run(scene()) == (True, False)


def test_who_waits_again_at_once_after_a_ring_is_not_woken_by_the_wait_that_is_over() -> None:
    async def scene() -> list[bool]:
        clock = FakeClock()
        bell = Bell(clock)
        woken: list[bool] = []

        async def wait_for_ever() -> None:
            while True:
                woken.append(await bell.wait(60))

        waiting = asyncio.create_task(wait_for_ever())
        await asyncio.sleep(0)
        bell.ring()
        await clock.advance(59)
        waiting.cancel()
        return woken

    assert asyncio.run(scene()) == [True]


def test_a_cancelled_wait_leaves_nothing_behind() -> None:
    async def scene() -> int:
        bell = Bell(FakeClock())
        waiting = asyncio.create_task(bell.wait(60))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        await asyncio.sleep(0)
        return len(asyncio.all_tasks())

    assert asyncio.run(scene()) == 1
