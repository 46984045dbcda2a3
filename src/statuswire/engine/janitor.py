"""Forgets what nobody needs any more: hooks that were read, once no sender can repeat them."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import partial

from statuswire.engine.clock import Clock
from statuswire.errors import StoreError
from statuswire.store import Store, queries

log = logging.getLogger(__name__)

KEEP_HOOKS = timedelta(days=8)
"""Senders repeat for at most five days (incident.io, checked 2026-11), and a message id must be known while they do."""

EVERY_S = 3600.0


class Janitor:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Clean up now and every hour until cancelled."""
        while True:
            before = self._clock.now() - KEEP_HOOKS
            try:
                await asyncio.wrap_future(
                    self._store.submit(partial(queries.forget_hooks, before=before), reclaims=True)
                )
            except StoreError as error:
                log.warning("hooks not forgotten: reason=%s %s", error.reason, error)
            await self._clock.sleep(EVERY_S)
