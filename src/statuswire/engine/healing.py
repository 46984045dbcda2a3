"""Pages that heal themselves: when a page seems to have moved to other software, it is looked at again and followed.

Looked at, at most once a day, when a feed has answered with something else for a while, when a permanent redirect was
met, and when a document carries another page's id. Where it is certain that what was found is the same page it is
followed, and `feed.moved` tells from where to where; otherwise nothing changes and `feed.moved` asks the operator. What
is known of the page is carried over in the same transaction (`core.relocation`), so that a move ends nothing and
announces nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from statuswire import catalog
from statuswire.catalog import Provider, Target
from statuswire.engine import ingest
from statuswire.engine.clock import Clock
from statuswire.engine.fence import EVERYTHING, OPEN, Fence, LeaseLost, Shards
from statuswire.engine.places import Find, Found, carry_over, place, shard_with
from statuswire.engine.poller import Poller
from statuswire.engine.zones import Zones
from statuswire.errors import StoreError
from statuswire.fingerprint import fold_text
from statuswire.model import Event, EventType, Feed, Page
from statuswire.platforms import PLATFORMS
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(days=1)
NO_ZONES = Zones()

T = TypeVar("T")
FindProvider = Callable[[str], Provider | None]


@dataclass(frozen=True, slots=True)
class Move:
    """What a second look at a page came to. `reason` is why it was looked at, `certainty` why it is the same page;
    an empty one leaves it to the operator."""

    found: Found
    reason: str
    certainty: str = ""


class Healer:
    """Looks at pages that gave cause to, one after the other."""

    def __init__(
        self,
        store: Store,
        poller: Poller,
        clock: Clock,
        find: Find,
        *,
        on_events: Callable[[], None],
        find_provider: FindProvider = catalog.find,
        zones: Zones = NO_ZONES,
        shards: Shards = EVERYTHING,
    ) -> None:
        self._store = store
        self._shards = shards
        self._poller = poller
        self._clock = clock
        self._find = find
        self._find_provider = find_provider
        self._on_events = on_events
        self._zones = zones
        self._wishes: asyncio.Queue[tuple[Page, str, Fence]] = asyncio.Queue()
        self._waiting: set[int] = set()
        self._looked_at: dict[int, datetime] = {}

    def wish(self, page: Page, reason: str, fence: Fence = OPEN) -> None:
        """This page gave cause to look at it again. Cheap: called after every poll that does."""
        if page.id not in self._waiting:
            self._waiting.add(page.id)
            self._wishes.put_nowait((page, reason, fence))

    def trusts_id(self, page: Page) -> bool:
        """Whether the page was looked at within a day, as far as this process knows."""
        looked_at = self._looked_at.get(page.id)
        return looked_at is not None and self._clock.now() - looked_at < LOOK_EVERY

    async def run(self) -> None:
        """Look at what is wished for, until cancelled."""
        while True:
            page, reason, fence = await self._wishes.get()
            try:
                await self.look(page, reason, fence)
            except LeaseLost:
                log.info("not healed page=%s: another process polls it now", page.slug)
            except StoreError as error:
                log.warning("not healed page=%s reason=%s: %s", page.slug, error.reason, error)
            finally:
                self._waiting.discard(page.id)

    async def look(self, page: Page, reason: str, fence: Fence = OPEN) -> Move | None:
        """What looking at the page again came to; None where it was looked at within a day or nothing new was found.

        Raises StoreError, and LeaseLost where another process polls the page now.
        """
        now = self._looked_at[page.id] = self._clock.now()
        if not await self._write(fence.guards(partial(_claim_look, page_id=page.id, now=now))):
            return None
        page = await self._write(partial(_newest, page=page))
        move = await self._found(page, reason)
        if move is None:
            log.info("looked again, nothing new page=%s cause=%s", page.slug, reason)
            return None
        if move.certainty:
            await self._follow(page, move, now, fence)
        else:
            await self._ask(page, move, now, fence)
        return move

    async def _found(self, page: Page, reason: str) -> Move | None:
        """First where the catalog says that the provider is now, then where it was."""
        provider = self._find_provider(page.slug)
        if provider is not None and _host(provider.page_url) != _host(page.url):
            target = replace(catalog.target_of(provider), allow_private=page.allow_private)
            found = await self._find(replace(target, time_zone=self._zones.of(page)))
            if found is not None:
                return Move(found, reason, "the catalog names the new address")
        found = await self._find(replace(_target(page), time_zone=self._zones.of(page)))
        if found is None or _is_unchanged(page, found):
            return None
        return Move(found, reason, certainty_of(page, found, provider))

    async def _follow(self, page: Page, move: Move, now: datetime, fence: Fence) -> None:
        """At its new address the page may be for another process to poll."""
        moved, feeds, _ = await self._write(fence.guards(partial(follow, page=page, move=move, now=now)))
        ours = self._shards.fence(shard_with(moved, feeds))
        if ours is None:
            self._poller.remove_page(page.id)
        elif self._poller.polls(page.id):  # else it was dropped meanwhile
            self._poller.add_page(moved, feeds, ours)
        self._on_events()
        log.warning("followed page=%s to=%s url=%s", page.slug, move.found.platform, moved.url)

    async def _ask(self, page: Page, move: Move, now: datetime, fence: Fence) -> None:
        if await self._write(fence.guards(partial(suggest, page=page, move=move, now=now))):
            self._on_events()
        log.warning("seems to have moved page=%s to=%s url=%s", page.slug, move.found.platform, move.found.url)

    async def _write(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self._store.submit(work))


# --- deciding -------------------------------------------------------------------------------------------------------


def certainty_of(page: Page, found: Found, provider: Provider | None) -> str:
    """Why what was found is the same page for certain; empty where it may be another's."""
    if _host(found.url) == _host(page.url):
        return "it is at the same address"
    if provider is not None and _host(provider.page_url) == _host(found.url):
        return "the catalog names the new address"
    is_same_name = bool(found.name) and fold_text(found.name).casefold() == fold_text(page.name).casefold()
    if found.is_permanent and is_same_name:
        return "the old address leads there for good, and the page has the same name"
    return ""


def _is_unchanged(page: Page, found: Found) -> bool:
    is_same_page = found.provider_id is None or found.provider_id == page.provider_id
    return found.platform == page.platform and is_same_page and _host(found.url) == _host(page.url)


def _target(page: Page) -> Target:
    return Target(page.slug, page.name, page.url, hint=page.platform, allow_private=page.allow_private)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


# --- writing --------------------------------------------------------------------------------------------------------


def _newest(tx: Tx, page: Page) -> Page:
    return queries.page_by_id(tx, page.id) or page


def _claim_look(tx: Tx, page_id: int, now: datetime) -> bool:
    """Whether the page was not looked at within a day; if so it counts as looked at now, also after a restart."""
    name = f"page.{page_id}.looked_at"
    last = queries.setting(tx, name)
    if last is not None and now - datetime.fromisoformat(last) < LOOK_EVERY:
        return False
    return queries.swap_setting(tx, name, last, now.isoformat())


def follow(tx: Tx, page: Page, move: Move, now: datetime) -> tuple[Page, list[Feed], tuple[Event, ...]]:
    """Make the page what was found, and carry over what is known of it."""
    found = move.found
    queries.lock_page(tx, page.slug)
    if found.platform != page.platform or found.provider_id != page.provider_id:
        carry_over(tx, page.id, page.platform, found.snapshots, now)
    moved = replace(page, platform=found.platform, provider_id=found.provider_id, url=found.url or page.url)
    queries.update_page(tx, moved)
    feeds = queries.replace_feeds(tx, page.id, found.feeds)
    place(tx, moved, feeds)
    queries.set_setting(tx, f"page.{page.id}.suggestion", "")
    sentence = f"followed from {_title(page.platform)} to {where(found)}: {move.certainty} ({move.reason})"
    events = ingest.record_feed(tx, moved, page.url, EventType.FEED_MOVED, sentence, now)
    return moved, feeds, events


def suggest(tx: Tx, page: Page, move: Move, now: datetime) -> tuple[Event, ...]:
    """Ask the operator, once for each place that was found."""
    name = f"page.{page.id}.suggestion"
    sentence = f"seems to have moved to {where(move.found)} ({move.reason}); if so, configure that address"
    if not queries.change_setting(tx, name, sentence):
        return ()
    return ingest.record_feed(tx, page, page.url, EventType.FEED_MOVED, sentence, now)


def where(found: Found) -> str:
    return f"{_title(found.platform)} at {found.url}"


def _title(platform: str) -> str:
    return PLATFORMS[platform].title if platform in PLATFORMS else "an unknown platform"
