"""A wake-up that is only a hint: whoever waits also looks by itself after a while."""

from __future__ import annotations

import asyncio
from functools import partial

from statuswire.engine.clock import Clock


class Bell:
    """One waiter, many ringers, all on one event loop. Rings while nobody waits are kept, as one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._has_rung = False
        self._waiter: asyncio.Future[None] | None = None

    def ring(self) -> None:
        self._has_rung = True
        if self._waiter is not None:
            _wake(self._waiter)

    async def wait(self, at_most_s: float) -> bool:
        """Until it rings, or that many seconds; whether it rang."""
        if not self._has_rung:
            await self._wait_for_either(at_most_s)
        rang, self._has_rung = self._has_rung, False
        return rang

    async def _wait_for_either(self, at_most_s: float) -> None:
        """One future for both causes: `asyncio.wait` with a task for each would cost more than a poll's bookkeeping.

        The task wakes this waiter alone: a cancelled one ends only after the next wait may have begun.
        """
        waiter = self._waiter = asyncio.get_running_loop().create_future()
        patience = asyncio.ensure_future(self._clock.sleep(at_most_s))
        patience.add_done_callback(partial(_wake, waiter))
        try:
            await waiter
        finally:
            self._waiter = None
            patience.cancel()


def _wake(waiter: asyncio.Future[None], _: object = None) -> None:
    if not waiter.done():
        waiter.set_result(None)
