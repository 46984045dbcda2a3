"""Loops that break are started again; loops that keep breaking end the process."""

from __future__ import annotations

import asyncio

import pytest

from statuswire.engine.supervisor import LoopFailed, Supervisor
from statuswire.errors import StoreError, StoreReason
from tests.fakes import FakeClock


def test_a_loop_that_breaks_is_started_again() -> None:
    async def scenario() -> None:
        clock, runs = FakeClock(), []

        async def loop() -> None:
            runs.append(clock.monotonic())
            if len(runs) < 3:
                raise RuntimeError("broken")

        keeping = asyncio.create_task(Supervisor(clock).keep("poller", loop))
        await clock.advance(10)

        await keeping
        assert runs == [0.0, 0.5, 1.5]

    asyncio.run(scenario())


def test_P14_five_breaks_within_a_minute_are_the_end() -> None:
    async def scenario() -> None:
        clock = FakeClock()
        supervisor = Supervisor(clock)

        async def loop() -> None:
            raise RuntimeError("broken")

        keeping = asyncio.create_task(supervisor.keep("poller", loop))
        await clock.advance(60)

        with pytest.raises(LoopFailed, match="poller broke 5 times"):
            await keeping
        assert supervisor.stopped == ("poller",)

    asyncio.run(scenario())


def test_breaks_far_apart_are_survived() -> None:
    async def scenario() -> None:
        clock, runs = FakeClock(), []

        async def loop() -> None:
            runs.append(1)
            if len(runs) == 9:
                return
            await clock.sleep(30)
            raise RuntimeError("broken")

        keeping = asyncio.create_task(Supervisor(clock).keep("poller", loop))
        await clock.advance(900)

        await keeping

    asyncio.run(scenario())


def test_a_database_that_will_not_come_back_is_the_end_at_once() -> None:
    async def scenario() -> None:
        async def loop() -> None:
            raise StoreError(StoreReason.IO, "fsync failed", is_permanent=True)

        with pytest.raises(LoopFailed, match="cannot be used any more: fsync failed"):
            await Supervisor(FakeClock()).keep("store", loop)

    asyncio.run(scenario())


def test_a_loop_without_its_database_begins_again_until_that_is_back(caplog: pytest.LogCaptureFixture) -> None:
    """However long it is away, and in one line each time: nothing is broken but the database."""

    async def scenario() -> None:
        clock, runs = FakeClock(), []
        supervisor = Supervisor(clock)

        async def loop() -> None:
            runs.append(clock.monotonic())
            if len(runs) < 12:
                raise StoreError(StoreReason.UNAVAILABLE, "the database cannot be reached")

        keeping = asyncio.create_task(supervisor.keep("poller", loop))
        await clock.advance(20)
        assert supervisor.stopped == ("poller",)
        await clock.advance(100)

        await keeping
        assert runs[:7] == [0.0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5]
        assert supervisor.stopped == ()

    asyncio.run(scenario())

    assert [(one.exc_info, one.getMessage()) for one in caplog.records[:1]] == [
        (None, "loop waits for the database name=poller reason=unavailable the database cannot be reached")
    ]


def test_cancelling_ends_the_loop() -> None:
    async def scenario() -> None:
        clock = FakeClock()

        async def loop() -> None:
            await clock.sleep(1000)

        keeping = asyncio.create_task(Supervisor(clock).keep("poller", loop))
        await clock.advance(1)
        keeping.cancel()

        with pytest.raises(asyncio.CancelledError):
            await keeping

    asyncio.run(scenario())
