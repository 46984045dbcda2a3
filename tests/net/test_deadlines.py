"""Deadlines that share one timer."""

from __future__ import annotations

import asyncio

import pytest

from statuswire.net.deadlines import Deadlines
from tests.net.support import on_a_loop

SOON = 0.02


@on_a_loop
async def test_what_takes_too_long_is_a_time_out() -> None:
    deadlines = Deadlines(SOON)

    with pytest.raises(TimeoutError), deadlines.within(SOON):
        await asyncio.Event().wait()

    assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]


@on_a_loop
async def test_what_is_in_time_is_left_alone() -> None:
    deadlines = Deadlines(60)

    with deadlines.within(60):
        await asyncio.sleep(0)

    deadlines.close()


@on_a_loop
async def test_an_error_inside_comes_out_as_it_is() -> None:
    deadlines = Deadlines(60)

    with pytest.raises(ValueError, match="mine"), deadlines.within(60):
        raise ValueError("mine")

    deadlines.close()


@on_a_loop
async def test_a_cancellation_from_outside_stays_one() -> None:
    deadlines = Deadlines(60)

    async def wait() -> None:
        with deadlines.within(60):
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    deadlines.close()


@on_a_loop
async def test_each_of_many_is_met() -> None:
    deadlines = Deadlines(SOON)

    async def wait(seconds: float) -> str:
        try:
            with deadlines.within(seconds):
                await asyncio.Event().wait()
        except TimeoutError:
            return "over"
        return "never"

    assert await asyncio.gather(*(wait(SOON * number / 10) for number in range(20))) == ["over"] * 20


@on_a_loop
async def test_the_timer_stops_when_nothing_runs() -> None:
    loop = asyncio.get_running_loop()
    deadlines = Deadlines(SOON)
    with deadlines.within(SOON):
        pass

    done = loop.create_future()
    loop.call_later(SOON / 10, done.set_result, None)
    await done

    assert deadlines._timer is None
