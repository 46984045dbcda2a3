"""Time as an argument: the only place that asks the machine what time it is."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime


class Clock:
    """The machine's clock. Tests pass a fake with the same three functions."""

    def now(self) -> datetime:
        """Wall-clock time, aware, UTC: for what is stored and shown."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never jump: for everything that is due or times out."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
