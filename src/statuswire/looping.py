"""The event loop: uvloop, which the extra `fast` brings, else asyncio's own (five times the memory of idle TLS).

A service has it watched: when it stands still for longer than a second, a thread of its own says where. Nothing else is
done about it. A loop that stands still renews no lease, gives no sign of life to systemd and answers no `/health/live`,
so that others take over and whoever supervises it starts it anew.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)

STALL_S = 1.0
BEAT_S = 0.5
MOST_FRAMES = 8


def new_loop() -> asyncio.AbstractEventLoop:
    """The best that there is."""
    try:
        loop: asyncio.AbstractEventLoop = import_module("uvloop").new_event_loop()
    except ModuleNotFoundError:
        return asyncio.new_event_loop()
    return loop


def run(main: Coroutine[Any, Any, T], *, is_watched: bool = False) -> T:
    """Run it on a loop of its own, to its end."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        if not is_watched:
            return runner.run(main)
        with watched(runner.get_loop()):
            return runner.run(main)


class Pulse:
    """When the loop of this thread was last seen to go on. `look` is for another thread."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._thread = threading.get_ident()
        self._beat_at = monotonic()
        self._is_told = False

    def beat(self) -> None:
        """It goes on; for how long it stood still is said also where nobody could look, as when the process was
        stopped."""
        stood_s = self._monotonic() - self._beat_at
        self._beat_at = self._monotonic()
        self._is_told = False
        if stood_s > BEAT_S + STALL_S:
            log.info("event loop goes on after_s=%.1f", stood_s)

    def look(self) -> None:
        """Say once where it stands, if it has stood still for too long."""
        stood_s = self._monotonic() - self._beat_at
        if stood_s > BEAT_S + STALL_S and not self._is_told:
            self._is_told = True
            log.info("event loop stands still for_s=%.1f at=%s", stood_s, _place(sys._current_frames()[self._thread]))


@contextmanager
def watched(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Watch this loop, which is to run in this thread."""
    pulse, is_over = Pulse(), threading.Event()

    def beat() -> None:
        pulse.beat()
        loop.call_later(BEAT_S, beat)

    def look_on() -> None:
        while not is_over.wait(BEAT_S):
            pulse.look()

    loop.call_soon(beat)
    thread = threading.Thread(target=look_on, name="pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _place(frame: FrameType | None) -> str:
    """The innermost frames, `module:line` each, the innermost first."""
    places: list[str] = []
    while frame is not None and len(places) < MOST_FRAMES:
        places.append(f"{frame.f_globals.get('__name__', '')}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(places)
