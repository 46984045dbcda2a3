"""Forgets what nobody needs any more: hooks that were read, and what was told long ago."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from statuswire.engine.clock import Clock
from statuswire.errors import StoreError
from statuswire.store import Store, queries

log = logging.getLogger(__name__)

EVERY_S = 3600.0

KEPT: Final[tuple[tuple[str, timedelta, Callable[..., int]], ...]] = (
    # Senders repeat for at most five days (incident.io, checked 2026-11), and a message id must be known while they do.
    ("hooks", timedelta(days=8), queries.forget_hooks),
    # A quarter: so far back people ask why they were told something, or why not.
    ("verdicts", timedelta(days=92), queries.forget_verdicts),
    ("deliveries", timedelta(days=92), queries.forget_ended),
    # Whatever goes on for longer than this is told in a thread of its own again.
    ("stories", timedelta(days=92), queries.forget_stories),
    ("threads", timedelta(days=92), queries.forget_threads),
    ("correlations", timedelta(days=92), queries.forget_correlations),
    # One without use for so long is over (access/sessions.py).
    ("sessions", timedelta(days=14), queries.forget_sessions),
    ("failed sign-ins", timedelta(hours=1), queries.forget_failures),
    # Two years: so far back auditors ask.
    ("changes", timedelta(days=731), queries.forget_changes),
)
"""What is forgotten, how long after its end, and by which statement."""


class Janitor:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Clean up now and every hour until cancelled."""
        while True:
            await self.clean_up()
            await self._clock.sleep(EVERY_S)

    async def clean_up(self) -> None:
        """Forget all that is old enough, each kind in a transaction of its own."""
        for name, keep, forget in KEPT:
            before = self._clock.now() - keep
            try:
                await asyncio.wrap_future(self._store.submit(partial(forget, before=before), reclaims=True))
            except StoreError as error:
                log.warning("%s not forgotten: reason=%s %s", name, error.reason, error)
