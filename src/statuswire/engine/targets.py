"""From what the operator wants watched to pages and feeds in the store, and to the poller.

A page whose platform is known is polled at once. One whose platform is not is looked at first (`find`), again and again
with growing pauses until something is recognised; meanwhile it is said to be unknown, never fine.

Where several processes share a database each puts all pages into it, but reads only those of the shards that it holds.
The pages of a shard that it gets are loaded when it gets it, with the schedule that its last holder has left.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

from statuswire.catalog import Target
from statuswire.engine import places
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.engine.fence import EVERYTHING, Fence, LeaseLost, Shards
from statuswire.engine.owning import ORIGIN
from statuswire.engine.places import UNRECOGNISED, Find, Found, shard_with
from statuswire.engine.poller import Poller
from statuswire.engine.standing import known_feeds
from statuswire.model import Feed, Page
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
FOR_LONG_S: Final = 86_400.0

AT_ONCE: Final = 250
"""Pages that are put into the store, or loaded from it, in one transaction."""

T = TypeVar("T")


@dataclass(slots=True)
class _Unknown:
    """A page whose platform is not known, how often it was looked at, and when it is next (monotonic seconds)."""

    target: Target
    page_id: int
    fence: Fence
    looks: int = 0
    due_at: float = 0.0


class Targets:
    """The watched pages of one process. `is_own` tells by the slug which of them are not from the file, `shards` which
    of them are read here."""

    def __init__(
        self,
        store: Store,
        poller: Poller,
        clock: Clock,
        find: Find,
        origin: str = "config",
        is_own: Callable[[str], bool] = lambda slug: False,
        shards: Shards = EVERYTHING,
    ) -> None:
        self._store = store
        self._poller = poller
        self._clock = clock
        self._find = find
        self._origin = origin
        self._is_own = is_own
        self._bell = Bell(clock)
        self._unknown: dict[str, _Unknown] = {}
        self._shards = shards
        self._targets: dict[str, Target] = {}

    async def add(self, targets: Sequence[Target]) -> list[Page]:
        """Put pages into the store and start polling those that can be; one that is there already is read where it is
        said to be now. Raises StoreError."""
        pages = []
        for some in _chunks(targets):
            origins = [self._origin_of(target) for target in some]
            put = await self._write(partial(places.put_all, targets=some, origins=origins))
            for target, (page, feeds) in zip(some, put, strict=True):
                self._targets[target.slug] = target
                self._take(target, page, feeds, self._shards.fence(shard_with(page, feeds)))
                pages.append(page)
        self._bell.ring()
        return pages

    def _take(
        self, target: Target, page: Page, feeds: Sequence[Feed], fence: Fence | None, *, has_open: bool = False
    ) -> None:
        """Read the page from now on, or look at it first; not at all where it is another process's."""
        self._unknown.pop(target.slug, None)
        if fence is not None and feeds:
            page = _with_words_of(target, page)
            self._poller.add_page(page, [_of(page, target, feed) for feed in feeds], fence, has_open=has_open)
            return
        self._poller.remove_page(page.id)
        if fence is not None:
            self._unknown[target.slug] = _Unknown(target, page.id, fence)

    async def drop(self, slugs: Iterable[str]) -> None:
        """Read these pages no more. What is known of them stays, as for a page that is no longer in the file. Raises
        StoreError."""
        gone = frozenset(slugs)
        for slug in gone:
            self._unknown.pop(slug, None)
            self._targets.pop(slug, None)
        for page in await asyncio.to_thread(self._store.read, partial(_pages, slugs=gone)):
            self._poller.remove_page(page.id)

    # --- shards that come and go ----------------------------------------------------------------------------------

    async def align(self, shards: Collection[int]) -> None:
        """Read just the pages that the database counts to these shards, which are ours. Raises StoreError."""
        before = self._fences()
        placed = await self._read(partial(queries.placed_pages, shards=shards))
        wanted = {one.id: one for one in placed if one.slug in self._targets}
        self._forget([page_id for page_id in before if page_id not in wanted])
        missing = [id_ for id_, one in wanted.items() if before.get(id_) != self._shards.fence(one.shard)]
        for ids in _chunks(missing):
            loaded = await self._read(partial(places.load, ids=ids, targets=self._targets))
            for page, feeds, has_open in loaded:
                if page.slug in self._targets:
                    fence = self._shards.fence(wanted[page.id].shard)
                    self._take(self._targets[page.slug], page, feeds, fence, has_open=has_open)
        self._bell.ring()

    def _fences(self) -> dict[int, Fence]:
        """What stands before the writes of every page that is read or looked at, by the page's number."""
        return self._poller.fences() | {one.page_id: one.fence for one in self._unknown.values()}

    def drop_behind(self, fences: Collection[Fence]) -> None:
        """Read the pages behind these fences no more: they are another process's."""
        gone = frozenset(fences)
        self._forget([page_id for page_id, fence in self._fences().items() if fence in gone])

    def _forget(self, page_ids: Collection[int]) -> None:
        gone = frozenset(page_ids)
        for page_id in gone:
            self._poller.remove_page(page_id)
        self._unknown = {slug: one for slug, one in self._unknown.items() if one.page_id not in gone}

    async def hand_over(self, fences: Collection[Fence]) -> None:
        """Read the pages behind these fences no more; who gets them goes on with their schedule. Raises nothing: where
        it could not be written they are polled a little sooner."""
        gone = frozenset(fences)
        page_ids = [page_id for page_id, fence in self._fences().items() if fence in gone]
        self._unknown = {slug: one for slug, one in self._unknown.items() if one.fence not in gone}
        await self._poller.hand_over(page_ids)

    # --- pages whose platform is not known ------------------------------------------------------------------------

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
        if not self._shards.may_begin(self._clock.monotonic()):
            one.due_at = self._clock.monotonic() + PAUSES[0].total_seconds()
            return
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
        try:
            page, feeds = await self._write(one.fence.guards(work))
        except LeaseLost:
            log.info("not taken up page=%s: another process polls it now", target.slug)
            return
        if self._unknown.get(target.slug) is one:
            self._take(target, page, feeds, self._shards.fence(shard_with(page, feeds)))
            log.info("recognised page=%s platform=%s feeds=%d", target.slug, found.platform, len(feeds))

    def _origin_of(self, target: Target) -> str:
        return ORIGIN if self._is_own(target.slug) else self._origin

    async def _read(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self._store.read, work)

    async def _write(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self._store.write, work)


def _with_words_of(target: Target, page: Page) -> Page:
    """The same page with the very strings of its target where they are the same: nearly all pages have them in memory
    as long as they are polled."""
    return replace(
        page,
        slug=target.slug,
        name=target.name if target.name == page.name else page.name,
        url=target.url if target.url == page.url else page.url,
    )


def _of(page: Page, target: Target, feed: Feed) -> Feed:
    """The same for a feed: the number of its page and, where it is configured, its address."""
    is_configured = feed.spec.url == target.feed_url
    spec = replace(feed.spec, url=target.feed_url) if is_configured and target.feed_url else feed.spec
    return replace(feed, page_id=page.id, spec=spec)


def _chunks(some: Sequence[T]) -> Iterator[Sequence[T]]:
    return (some[start : start + AT_ONCE] for start in range(0, len(some), AT_ONCE))


def _pages(tx: Tx, slugs: frozenset[str]) -> list[Page]:
    return [page for page in queries.all_pages(tx) if page.slug in slugs]
