"""A wake-up that is only a hint: whoever waits also looks by itself after a while."""

from __future__ import annotations

import asyncio

from statuswire.engine.clock import Clock


class Bell:
    """One waiter, many ringers, all on one event loop. Rings while nobody waits are kept, as one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, at_most_s: float) -> bool:
        """Until it rings, or that many seconds; whether it rang."""
        if not self._rung.is_set():
            await self._wait_for_either(at_most_s)
        rang = self._rung.is_set()
        self._rung.clear()
        return rang

    async def _wait_for_either(self, at_most_s: float) -> None:
        ring = asyncio.ensure_future(self._rung.wait())
        patience = asyncio.ensure_future(self._clock.sleep(at_most_s))
        try:
            await asyncio.wait({ring, patience}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ring.cancel()
            patience.cancel()
