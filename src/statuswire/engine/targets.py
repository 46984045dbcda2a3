"""From what the operator wants watched to pages and feeds in the store, and to the poller.

A page whose platform is known is polled at once. One whose platform is not is looked at first (`find`), again and again
with growing pauses until something is recognised; meanwhile it is said to be unknown, never fine.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import chain, repeat

from statuswire.catalog import Target
from statuswire.engine.clock import Clock
from statuswire.engine.poller import Poller
from statuswire.model import Feed, FeedSpec, Page, Role, Snapshot
from statuswire.platforms import FEED_FORMATS, PLATFORMS
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

UNRECOGNISED = ""
"""The platform of a page that nothing has been read of; its documents are judged by content."""

FEED_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, */*;q=0.5"
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))


@dataclass(frozen=True, slots=True)
class Found:
    """What looking at an address came to: the platform and the feeds to poll.

    `url` and `name` are the page's as found; `is_permanent`: a redirect for good led there. `snapshots` is what its
    documents said.
    """

    platform: str
    feeds: tuple[FeedSpec, ...]
    provider_id: str | None = None
    url: str = ""
    name: str = ""
    is_permanent: bool = False
    snapshots: tuple[Snapshot, ...] = ()


Find = Callable[[Target], Awaitable[Found | None]]
"""None where nothing was recognised. Never raises for what the page does."""


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
            specs = known_feeds(target)
            page, feeds = await asyncio.to_thread(self._store.write, partial(self._put, target=target, specs=specs))
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
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            for target in tuple(self._unknown):
                await self._recognise(target)
            if not self._unknown:
                return
            await self._clock.sleep(pause.total_seconds())

    async def _recognise(self, target: Target) -> None:
        found = await self._find(target)
        if found is None:
            log.warning("not recognised page=%s url=%s; see `statuswire detect`", target.slug, target.url)
            return
        page, feeds = await asyncio.to_thread(self._store.write, partial(self._put_found, target=target, found=found))
        self._unknown.remove(target)
        self._poller.add_page(page, feeds)
        log.info("recognised page=%s platform=%s feeds=%d", target.slug, found.platform, len(feeds))

    def _put(self, tx: Tx, target: Target, specs: Sequence[FeedSpec]) -> tuple[Page, list[Feed]]:
        page = self._put_page(tx, target, target.platform or UNRECOGNISED)
        if specs:
            return page, [queries.upsert_feed(tx, page.id, spec) for spec in specs]
        return page, [feed for feed in queries.feeds(tx, page.id) if page.platform]

    def _put_found(self, tx: Tx, target: Target, found: Found) -> tuple[Page, list[Feed]]:
        page = self._put_page(tx, target, found.platform, found.provider_id)
        return page, [queries.upsert_feed(tx, page.id, spec) for spec in found.feeds]

    def _put_page(self, tx: Tx, target: Target, platform: str, provider_id: str | None = None) -> Page:
        """A page keeps what was learnt of it: its recognised platform, its name, its provider's id."""
        known = queries.page_by_slug(tx, target.slug)
        is_learnt = known is not None and not target.is_named
        return queries.upsert_page(
            tx,
            slug=target.slug,
            name=known.name if known is not None and is_learnt else target.name,
            url=target.url,
            platform=platform or (known.platform if known else UNRECOGNISED),
            origin=self._origin,
            provider_id=provider_id or (known.provider_id if known else None),
            time_zone=known.time_zone if known else None,
            allow_private=target.allow_private,
        )


def known_feeds(target: Target) -> tuple[FeedSpec, ...]:
    """The feeds that can be named without looking: the one feed asked for, or the platform's own."""
    if target.feed_url:
        role = Role.STATE if target.feed_url.partition("?")[0].endswith(".json") else Role.ENTRIES
        return (FeedSpec(target.feed_url, role, accept=FEED_ACCEPT),)
    if target.platform and target.platform in PLATFORMS and target.platform not in FEED_FORMATS:
        return PLATFORMS[target.platform].feeds(target.url, target.page_id)
    return ()
