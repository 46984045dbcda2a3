"""Forgets what nobody needs any more, and makes the parts of tables that are kept by time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from statuswire.config.retention import RetentionConfig
from statuswire.engine.clock import Clock
from statuswire.engine.retention import AT_ONCE, KINDS, kept_for
from statuswire.errors import StoreError
from statuswire.store import Store, Work, partitions, queries

log = logging.getLogger(__name__)

EVERY_S = 3600.0

KEPT: Final[tuple[tuple[str, timedelta, Callable[..., int]], ...]] = (
    # Whatever goes on for longer than this is told in a thread of its own again.
    ("stories", timedelta(days=92), queries.forget_stories),
    ("threads", timedelta(days=92), queries.forget_threads),
    # One without use for so long is over (access/sessions.py).
    ("sessions", timedelta(days=14), queries.forget_sessions),
    ("failed sign-ins", timedelta(hours=1), queries.forget_failures),
)
"""What is forgotten beside what the configuration has an age for: how long after its end, and by which statement."""


class Janitor:
    def __init__(self, store: Store, clock: Clock, retention: RetentionConfig) -> None:
        self._store = store
        self._clock = clock
        self._retention = retention

    async def run(self) -> None:
        """Clean up now and every hour until cancelled."""
        while True:
            await self.clean_up()
            await self._clock.sleep(EVERY_S)

    async def clean_up(self) -> None:
        """Make room by time for what comes, and forget all that is old enough, some of it in each transaction."""
        await self._done("parts by time", lambda tx: partitions.prepare(tx, self._clock.now()))
        for kind in KINDS.values():
            forget = partial(kind.forget, limit=AT_ONCE)
            while await self._forgotten(kind.name, kept_for(kind, self._retention), forget):
                pass
        for name, keep, statement in KEPT:
            await self._forgotten(name, keep, statement)

    async def _forgotten(self, name: str, keep: timedelta, forget: Callable[..., int]) -> int:
        """How many went; 0 where it failed, and then it is tried again with the next round."""
        return await self._done(name, partial(forget, before=self._clock.now() - keep))

    async def _done(self, name: str, work: Work[int]) -> int:
        try:
            return await asyncio.wrap_future(self._store.submit(work, reclaims=True))
        except StoreError as error:
            log.warning("not cleaned up: %s reason=%s %s", name, error.reason, error)
            return 0
