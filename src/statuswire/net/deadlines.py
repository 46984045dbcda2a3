"""Deadlines for many exchanges with one timer.

`asyncio.timeout` sets and cancels a timer of the loop for each exchange, 4 % of the CPU of an unchanged poll, for
an alarm that hardly ever rings. Here the running exchanges stand in a table that one tick looks through, as long as
there are any; in return a deadline is met only to within a tick.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Literal

_TICKS_PER_DEADLINE = 80
"""A quarter of a second for twenty."""


class Deadline:
    """`with` it around the awaiting: TimeoutError comes out when the time is over, as with `asyncio.timeout`."""

    __slots__ = ("_cancelling", "_deadlines", "_is_over", "_seconds", "_task", "until")

    def __init__(self, deadlines: Deadlines, seconds: float) -> None:
        self._deadlines = deadlines
        self._seconds = seconds
        self._is_over = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a deadline needs a task")
        self._task = task
        self._cancelling = task.cancelling()
        self.until = self._deadlines.add(self, self._seconds)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        self._deadlines.remove(self)
        if not self._is_over:
            return False
        # Ours to take back; when somebody else cancels too, their cancellation goes on (see asyncio.Timeout).
        if self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error
        return False

    def end(self) -> None:
        """The time is over: cancel what is awaited, once."""
        self._is_over = True
        self._task.cancel()


class Deadlines:
    """`usual` is the common length in seconds, from which the length of a tick follows."""

    def __init__(self, usual: float) -> None:
        self._tick_s = usual / _TICKS_PER_DEADLINE
        self._running: dict[Deadline, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def within(self, seconds: float) -> Deadline:
        return Deadline(self, seconds)

    def add(self, deadline: Deadline, seconds: float) -> float:
        """Start watching; returns when it is over, in the loop's time."""
        loop = asyncio.get_running_loop()
        self._running[deadline] = None
        if self._timer is None:
            self._timer = loop.call_later(self._tick_s, self._tick, loop)
        return loop.time() + seconds

    def remove(self, deadline: Deadline) -> None:
        self._running.pop(deadline, None)

    def close(self) -> None:
        """Stop the timer; deadlines still running are met no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._running.clear()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for deadline in [deadline for deadline in self._running if deadline.until <= now]:
            del self._running[deadline]
            deadline.end()
        self._timer = loop.call_later(self._tick_s, self._tick, loop) if self._running else None
