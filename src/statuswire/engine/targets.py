"""From what the operator wants watched to pages and feeds in the store, and to the poller.

A page whose platform is known is polled at once. One whose platform is not is looked at first (`find`), again and again
with growing pauses until something is recognised; meanwhile it is said to be unknown, never fine.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from statuswire.catalog import Target
from statuswire.engine import places
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.engine.owning import ORIGIN
from statuswire.engine.places import UNRECOGNISED, Find, Found, known_feeds
from statuswire.engine.poller import Poller
from statuswire.model import Page
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
FOR_LONG_S: Final = 86_400.0


@dataclass(slots=True)
class _Unknown:
    """A page whose platform is not known, how often it was looked at, and when it is next (monotonic seconds)."""

    target: Target
    looks: int = 0
    due_at: float = 0.0


class Targets:
    """The watched pages of one process. `is_own` tells by the slug which of them are not from the file."""

    def __init__(
        self,
        store: Store,
        poller: Poller,
        clock: Clock,
        find: Find,
        origin: str = "config",
        is_own: Callable[[str], bool] = lambda slug: False,
    ) -> None:
        self._store = store
        self._poller = poller
        self._clock = clock
        self._find = find
        self._origin = origin
        self._is_own = is_own
        self._bell = Bell(clock)
        self._unknown: dict[str, _Unknown] = {}

    async def add(self, targets: Sequence[Target]) -> list[Page]:
        """Put pages into the store and start polling those that can be; one that is there already is read where it is
        said to be now. Raises StoreError."""
        pages = []
        for target in targets:
            self._unknown.pop(target.slug, None)
            work = partial(places.put, target=target, origin=self._origin_of(target))
            page, feeds = await asyncio.to_thread(self._store.write, work)
            pages.append(page)
            if feeds:
                self._poller.add_page(page, feeds)
            else:
                self._poller.remove_page(page.id)
                self._unknown[target.slug] = _Unknown(target)
        self._bell.ring()
        return pages

    async def drop(self, slugs: Iterable[str]) -> None:
        """Read these pages no more. What is known of them stays, as for a page that is no longer in the file. Raises
        StoreError."""
        gone = frozenset(slugs)
        for slug in gone:
            self._unknown.pop(slug, None)
        for page in await asyncio.to_thread(self._store.read, partial(_pages, slugs=gone)):
            self._poller.remove_page(page.id)

    @property
    def unrecognised(self) -> tuple[Target, ...]:
        return tuple(one.target for one in self._unknown.values())

    async def run(self) -> None:
        """Look at the pages whose platform is not known, each with growing pauses, until cancelled."""
        while True:
            now = self._clock.monotonic()
            for one in [one for one in self._unknown.values() if one.due_at <= now]:
                await self._look_at(one)
            next_at = min((one.due_at for one in self._unknown.values()), default=now + FOR_LONG_S)
            await self._bell.wait(max(next_at - self._clock.monotonic(), 0.0))

    async def look(self) -> None:
        """Look once at each page that is not recognised."""
        for one in tuple(self._unknown.values()):
            await self._look_at(one)

    async def _look_at(self, one: _Unknown) -> None:
        """From the second look on, where that does not help, the operator's word for the platform does."""
        target = one.target
        found = await self._find(target)
        if found is None and one.looks and (specs := known_feeds(target)):
            found = Found(target.platform or UNRECOGNISED, specs)
        pause = PAUSES[min(one.looks, len(PAUSES) - 1)]
        one.looks, one.due_at = one.looks + 1, self._clock.monotonic() + pause.total_seconds()
        if self._unknown.get(target.slug) is not one:
            return  # dropped or given another address meanwhile
        if found is None:
            log.warning("not recognised page=%s url=%s; see `statuswire detect`", target.slug, target.url)
            return
        await self._poll(one, found)

    async def _poll(self, one: _Unknown, found: Found) -> None:
        target, origin = one.target, self._origin_of(one.target)
        work = partial(places.put_found, target=target, found=found, origin=origin, now=self._clock.now())
        page, feeds = await asyncio.to_thread(self._store.write, work)
        if self._unknown.get(target.slug) is one:
            del self._unknown[target.slug]
            self._poller.add_page(page, feeds)
            log.info("recognised page=%s platform=%s feeds=%d", target.slug, found.platform, len(feeds))

    def _origin_of(self, target: Target) -> str:
        return ORIGIN if self._is_own(target.slug) else self._origin


def _pages(tx: Tx, slugs: frozenset[str]) -> list[Page]:
    return [page for page in queries.pages(tx) if page.slug in slugs]
