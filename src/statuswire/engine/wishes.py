"""Wishes that a page be polled soon, where another process may be the one that polls it.

A wish is a mark on the page's row; whoever polls the page finds it with its next look, within about a second.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future
from functools import partial
from typing import Final

from statuswire.core.schedule import SOON_GAP
from statuswire.engine.clock import Clock
from statuswire.errors import StoreError
from statuswire.store import Store, queries

log = logging.getLogger(__name__)

REMEMBERED: Final = 10_000


class Wishes:
    """The wishes of one process. A page is not wished for twice within the time that its poller would wait anyway."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._wished_at: dict[int, float] = {}

    def wish(self, page_id: int) -> None:
        """Have the page polled soon, by whoever polls it. Returns at once and raises nothing: whoever polls the page
        does so sooner or later."""
        now = self._clock.monotonic()
        if now - self._wished_at.get(page_id, -SOON_GAP.total_seconds()) < SOON_GAP.total_seconds():
            return
        if len(self._wished_at) >= REMEMBERED:
            self._wished_at.clear()
        self._wished_at[page_id] = now
        written = self._store.submit(partial(queries.wish_poll, page_id=page_id, now=self._clock.now()))
        written.add_done_callback(note_failed)


def note_failed(written: Future[None]) -> None:
    """Say in the log what became of a wish that nobody waits for."""
    error = written.exception()
    if isinstance(error, StoreError):
        log.warning("wish not kept: reason=%s %s", error.reason, error)
    elif error is not None:
        log.error("wish not kept", exc_info=error)
