"""An event loop whose time is virtual: it jumps to the next timer as soon as nothing else is to be done.

A day of polls passes in seconds, in the order in which it would pass for real, and no test has to guess how many
turns of the loop a thing needs. While `is_busy` says that a thread is at work for us, time stands still.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from statuswire.engine.clock import Clock


class _JumpingSelector(selectors.SelectSelector):
    """Never waits for a timer: it moves the time there. Waits for real only for a thread."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.is_busy: Callable[[], bool] = lambda: False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(0)
        if timeout is None or self.is_busy():
            return super().select(0.01)
        ready = super().select(0)
        if not ready:
            self.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.jumping = _JumpingSelector()
        super().__init__(self.jumping)

    def time(self) -> float:
        return self.jumping.now


class VirtualClock(Clock):
    """The clock of a virtual loop; wall-clock time starts on 4 May 2026."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._start = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return round(self._loop.time(), 6)

    def set_by(self, seconds: float) -> None:
        """Somebody sets the wall clock; nothing else moves."""
        self._start += timedelta(seconds=seconds)

    async def advance(self, seconds: float) -> None:
        """Let time pass, and everything happen that is due by then."""
        await asyncio.sleep(seconds)
        for _ in range(2):
            await asyncio.sleep(1e-9)

    def freeze(self, seconds: float) -> None:
        """Time passes and nobody is woken for it, as when a process is stopped or a machine sleeps."""
        self._loop.jumping.now += seconds


def play(loop: VirtualLoop, story: Coroutine[Any, Any, None]) -> None:
    """Run a story to its end on that loop."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(story)
