"""From what the operator wants watched to pages and feeds in the store, and to the poller.

A page whose platform is known is polled at once. One whose platform is not is looked at first (`find`), again and again
with growing pauses until something is recognised; meanwhile it is said to be unknown, never fine.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import chain, repeat

from statuswire.catalog import Target
from statuswire.engine import places
from statuswire.engine.clock import Clock
from statuswire.engine.places import UNRECOGNISED, Find, Found, known_feeds
from statuswire.engine.poller import Poller
from statuswire.model import Page
from statuswire.store import Store

log = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))


class Targets:
    """The watched pages of one process."""

    def __init__(self, store: Store, poller: Poller, clock: Clock, find: Find, origin: str = "config") -> None:
        self._store = store
        self._poller = poller
        self._clock = clock
        self._find = find
        self._origin = origin
        self._unknown: list[Target] = []

    async def add(self, targets: Sequence[Target]) -> list[Page]:
        """Put pages into the store and start polling those that can be. Raises StoreError."""
        pages = []
        for target in targets:
            work = partial(places.put, target=target, origin=self._origin)
            page, feeds = await asyncio.to_thread(self._store.write, work)
            pages.append(page)
            if feeds:
                self._poller.add_page(page, feeds)
            else:
                self._unknown.append(target)
        return pages

    @property
    def unrecognised(self) -> tuple[Target, ...]:
        return tuple(self._unknown)

    async def run(self) -> None:
        """Look at the pages whose platform is not known, until all are recognised."""
        for count, pause in enumerate(chain(PAUSES, repeat(PAUSES[-1]))):
            await self.look(is_first=count == 0)
            if not self._unknown:
                return
            await self._clock.sleep(pause.total_seconds())

    async def look(self, *, is_first: bool) -> None:
        """Look once at each page that is not recognised. Not `is_first`: where that does not help, the operator's word
        for the platform does."""
        for target in tuple(self._unknown):
            await self._recognise(target, is_first=is_first)

    async def _recognise(self, target: Target, *, is_first: bool) -> None:
        found = await self._find(target)
        if found is None and not is_first and (specs := known_feeds(target)):
            found = Found(target.platform or UNRECOGNISED, specs)
        if found is None:
            log.warning("not recognised page=%s url=%s; see `statuswire detect`", target.slug, target.url)
            return
        work = partial(places.put_found, target=target, found=found, origin=self._origin, now=self._clock.now())
        page, feeds = await asyncio.to_thread(self._store.write, work)
        self._unknown.remove(target)
        self._poller.add_page(page, feeds)
        log.info("recognised page=%s platform=%s feeds=%d", target.slug, found.platform, len(feeds))
