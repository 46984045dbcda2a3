"""Loops that run while the duty is held, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from statuswire.engine.duties import Duties, Duty, duties_of
from statuswire.model import ReplicaRole


class Loop:
    """Counts how often it began and ended; ends by itself when told so, or breaks."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.is_over = asyncio.Event()
        self.error: Exception | None = None

    async def run(self) -> None:
        self.begun += 1
        try:
            await self.is_over.wait()
            if self.error is not None:
                raise self.error
        finally:
            self.ended += 1

    @property
    def counts(self) -> tuple[int, int]:
        return self.begun, self.ended


async def turn() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def play(story: Callable[[Duties, Loop, asyncio.Task[None]], Awaitable[None]]) -> None:
    async def main() -> None:
        duties, loop = Duties(), Loop()
        task = asyncio.ensure_future(duties.bound(Duty.JANITOR, loop.run)())
        try:
            await turn()
            await story(duties, loop, task)
        finally:
            task.cancel()

    asyncio.run(main())


def test_a_loop_begins_with_its_duty_and_ends_with_it_again_and_again() -> None:
    async def story(duties: Duties, loop: Loop, task: asyncio.Task[None]) -> None:
        counts = [loop.counts]
        for held in (["janitor", "mail"], ["janitor"], [], ["mail"], ["janitor"]):
            duties.hold(held)
            await turn()
            counts.append(loop.counts)

        assert counts == [(0, 0), (1, 0), (1, 0), (1, 1), (1, 1), (2, 1)]
        assert duties.held == ("janitor",)
        assert not task.done()

    play(story)


def test_what_ends_the_loop_ends_whoever_runs_it() -> None:
    async def story(duties: Duties, loop: Loop, task: asyncio.Task[None]) -> None:
        loop.error = ZeroDivisionError("a bug")
        duties.hold(["janitor"])
        await turn()
        loop.is_over.set()

        with pytest.raises(ZeroDivisionError):
            await task

    play(story)


def test_the_end_of_the_process_ends_the_loop() -> None:
    async def story(duties: Duties, loop: Loop, task: asyncio.Task[None]) -> None:
        duties.hold(["janitor"])
        await turn()
        task.cancel()
        await turn()

        assert loop.counts == (1, 1)
        assert task.cancelled()

    play(story)


def test_a_process_is_asked_for_what_its_roles_need() -> None:
    assert duties_of(tuple(ReplicaRole)) == frozenset(Duty)
    assert duties_of([ReplicaRole.WEB]) == {Duty.JANITOR}
    assert duties_of([ReplicaRole.DELIVER]) == {Duty.JANITOR, Duty.PLANNER, Duty.HEARTBEATS}
