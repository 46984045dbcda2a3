"""Keeps loops alive: one that breaks is started again, one that keeps breaking ends the process.

One that only lacks its database, which is away for now, waits for that.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from statuswire.engine.clock import Clock
from statuswire.errors import StatuswireError, StoreError

log = logging.getLogger(__name__)

BREAKS = 5
WITHIN_S = 60.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 4.0
"""Between two looks whether the database is back."""


class LoopFailed(StatuswireError):
    """A loop broke five times within a minute; `__cause__` is the last failure."""

    reason = "loop_failed"


class Supervisor:
    """Runs loops by name. `stopped` names those that are down at this moment."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._down: set[str] = set()

    @property
    def stopped(self) -> tuple[str, ...]:
        return tuple(sorted(self._down))

    async def keep(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        """Run `loop` until it returns or is cancelled. Raises LoopFailed."""
        breaks: deque[float] = deque()
        waits = 0
        while True:
            self._down.discard(name)
            began = self._clock.monotonic()
            try:
                await loop()
            except asyncio.CancelledError:
                raise
            except StoreError as error:
                if error.is_permanent:
                    raise LoopFailed(f"the database cannot be used any more: {error}") from error
                waits = waits + 1 if self._clock.monotonic() - began < WITHIN_S else 1
                await self._wait(name, error, waits)
            except Exception as error:
                await self._note(name, error, breaks)
            else:
                return

    async def _wait(self, name: str, error: StoreError, waits: int) -> None:
        """Give the database time, the more the longer it is away; nothing is broken here."""
        self._down.add(name)
        log.warning("loop waits for the database name=%s reason=%s %s", name, error.reason, error)
        await self._clock.sleep(min(FIRST_PAUSE_S * 2.0 ** min(waits - 1, 10), LONGEST_PAUSE_S))

    async def _note(self, name: str, error: Exception, breaks: deque[float]) -> None:
        """Count a break and pause before the next start. Raises LoopFailed where it is one too many."""
        self._down.add(name)
        log.error("loop broke name=%s", name, exc_info=error)
        breaks.append(self._clock.monotonic())
        if _is_hopeless(breaks):
            raise LoopFailed(f"{name} broke {BREAKS} times within {WITHIN_S:.0f} s") from error
        await self._clock.sleep(FIRST_PAUSE_S * 2 ** (len(breaks) - 1))


def _is_hopeless(breaks: deque[float]) -> bool:
    while breaks[-1] - breaks[0] > WITHIN_S:
        breaks.popleft()
    return len(breaks) >= BREAKS
