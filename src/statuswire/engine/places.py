"""Where a page is read: what the operator says, what was found by looking, and what a move that was followed left.

What the operator says of a page is kept beside it. As long as that stays the same, what was learnt since goes on: a
platform that was recognised, a move that was followed. Once it changes it is the operator's word that counts: the page
is looked at afresh, and what is known of it is carried over, as for a move (`core.relocation`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.catalog import Target
from statuswire.core.leases import shard_of
from statuswire.core.relocation import relocate
from statuswire.engine.hosts import host_of
from statuswire.engine.standing import Standing, has_moved, known_feeds, make, name_of, said
from statuswire.model import Feed, FeedSpec, Page, Role, Snapshot
from statuswire.store import Tx, queries

UNRECOGNISED = ""
"""The platform of a page that nothing has been read of; its documents are judged by content."""


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


# --- who polls it ---------------------------------------------------------------------------------------------------


def main_url(page_url: str, specs: Collection[FeedSpec]) -> str:
    """The address of the feed that a page is mostly read by, else its own; the same in whatever order feeds come."""
    main = min(specs, key=_weight, default=None)
    return page_url if main is None else main.url


def _weight(spec: FeedSpec) -> tuple[bool, int, bool, str]:
    return spec.role is Role.HISTORY, spec.tier, spec.role is not Role.STATE, spec.url


def shard_for(page_url: str, specs: Collection[FeedSpec]) -> int:
    """The shard of a page that is read by these feeds: pages of one host share it."""
    return shard_of(host_of(main_url(page_url, specs)))


def shard_with(page: Page, feeds: Collection[Feed]) -> int:
    """The same of feeds that are stored."""
    return shard_for(page.url, [feed.spec for feed in feeds])


def place(tx: Tx, page: Page, feeds: Collection[Feed]) -> None:
    """Note which shard the page belongs to now, and which hosts others may ask too."""
    place_all(tx, [(page, feeds)])


def place_all(tx: Tx, placed: Collection[tuple[Page, Collection[Feed]]]) -> None:
    """The same of many. What they have in common is written last and in one order, so that two processes that do this
    at once wait for each other and not both."""
    hosts: set[str] = set()
    shards: dict[int, int] = {}
    for page, feeds in placed:
        specs = [feed.spec for feed in feeds]
        shards[page.id] = shard_for(page.url, specs)
        hosts |= {host_of(spec.url) for spec in specs} - {host_of(main_url(page.url, specs)), ""}
    has_new_shard = queries.place_pages(tx, shards)
    for host in sorted(hosts):
        queries.share_host(tx, host)
    if has_new_shard:
        queries.count_page_move(tx)


# --- works for the store ---------------------------------------------------------------------------------------------


def put(tx: Tx, target: Target, origin: str) -> tuple[Page, list[Feed]]:
    """The page as it is to be watched, with the feeds to poll; none where it must be looked at first."""
    return put_all(tx, [target], [origin])[0]


def put_all(tx: Tx, targets: Sequence[Target], origins: Sequence[str]) -> list[tuple[Page, list[Feed]]]:
    """The same of many, in their order. Several processes may put the same pages at once: they wait for each other's
    rows in one order."""
    wanted = list(zip(targets, origins, strict=True))
    if tx.dialect.is_shared:
        wanted.sort(key=lambda one: one[0].slug)
    make(tx, wanted)
    there = Standing.of(tx, [target.slug for target in targets])
    found = {target.slug: there.as_wanted(target, origin) or _put(tx, target, origin) for target, origin in wanted}
    place_all(tx, tuple(found.values()))
    return [found[target.slug] for target in targets]


def load(tx: Tx, ids: Collection[int], targets: Mapping[str, Target]) -> list[tuple[Page, list[Feed], bool]]:
    """Pages of these numbers as they are to be polled, where they are among those to be watched, and whether something
    is open on them. Feeds that are no longer named for the page are left out."""
    found = queries.pages_to_poll(tx, ids).values()
    return [
        (page, _named(page, feeds, targets[page.slug]), has_open)
        for page, feeds, has_open in found
        if page.slug in targets
    ]


def _named(page: Page, feeds: list[Feed], target: Target) -> list[Feed]:
    named = {spec.url for spec in known_feeds(target)}
    if not named or has_moved(page, target):
        return feeds
    return [feed for feed in feeds if feed.spec.url in named] or feeds


def _put(tx: Tx, target: Target, origin: str) -> tuple[Page, list[Feed]]:
    queries.lock_page(tx, target.slug)
    known = queries.page_by_slug(tx, target.slug)
    if known is None:
        return _put_said(tx, target, origin)
    queries.lock_page(tx, known.slug)
    words, before = said(target), queries.setting(tx, name_of(known.id, "configured"))
    if before is not None and before != words:
        _leave(tx, known)
    queries.set_setting(tx, name_of(known.id, "configured"), words)
    if queries.setting(tx, name_of(known.id, "left")):
        return _put_unrecognised(tx, known, target, origin), []
    if before == words and has_moved(known, target):
        return _put_page(tx, replace(target, url=known.url), known.platform, origin), queries.feeds(tx, known.id)
    return _put_said(tx, target, origin)


def put_found(tx: Tx, target: Target, found: Found, origin: str, now: datetime) -> tuple[Page, list[Feed]]:
    """The page as looking at it came to, with the feeds to poll."""
    queries.lock_page(tx, target.slug)
    page, feeds = _put_found(tx, target, found, origin, now)
    place(tx, page, feeds)
    return page, feeds


def _put_found(tx: Tx, target: Target, found: Found, origin: str, now: datetime) -> tuple[Page, list[Feed]]:
    page = _put_page(tx, target, found.platform, origin, found.provider_id)
    left = queries.setting(tx, name_of(page.id, "left"))
    if not left:
        return page, [queries.upsert_feed(tx, page.id, spec) for spec in found.feeds]
    platform, _, provider_id = left.partition("\n")
    is_other_id = bool(provider_id and found.provider_id) and provider_id != found.provider_id
    if found.snapshots and (platform != found.platform or is_other_id):
        carry_over(tx, page.id, platform, found.snapshots, now)
    queries.set_setting(tx, name_of(page.id, "left"), "")
    return page, queries.replace_feeds(tx, page.id, found.feeds)


def carry_over(tx: Tx, page_id: int, platform: str, snapshots: Sequence[Snapshot], now: datetime) -> None:
    """Give what is known of a page that left a platform the ids that its new documents have."""
    queries.lock_state(tx, page_id)
    numbers = queries.numeric_incidents(tx, page_id)
    known = queries.load_known(tx, page_id, feed_id=None, ids=numbers)
    relocation = relocate(known, platform or "unknown", snapshots, now)
    queries.save_relocation(tx, page_id, relocation.components, relocation.incidents)


def _put_said(tx: Tx, target: Target, origin: str) -> tuple[Page, list[Feed]]:
    page = _put_page(tx, target, target.platform or UNRECOGNISED, origin)
    specs = known_feeds(target)
    if specs:
        return page, [queries.upsert_feed(tx, page.id, spec) for spec in specs]
    return page, [feed for feed in queries.feeds(tx, page.id) if page.platform]


def _leave(tx: Tx, page: Page) -> None:
    """Nothing of the page is read any more where it was; what is known of it stays."""
    if page.platform:
        queries.set_setting(tx, name_of(page.id, "left"), f"{page.platform}\n{page.provider_id or ''}")
    queries.set_setting(tx, name_of(page.id, "suggestion"), "")
    queries.replace_feeds(tx, page.id, ())


def _put_unrecognised(tx: Tx, page: Page, target: Target, origin: str) -> Page:
    fresh = replace(
        page,
        name=target.name if target.is_named else page.name,
        url=target.url,
        platform=UNRECOGNISED,
        origin=origin,
        provider_id=None,
        allow_private=target.allow_private,
        dropped_at=None,
    )
    queries.update_page(tx, fresh)
    queries.take_up_pages(tx, [fresh.slug])
    return fresh


def _put_page(tx: Tx, target: Target, platform: str, origin: str, provider_id: str | None = None) -> Page:
    """A page keeps what was learnt of it: its recognised platform, its name, its provider's id."""
    known = queries.page_by_slug(tx, target.slug)
    page = queries.upsert_page(
        tx,
        slug=target.slug,
        name=known.name if known is not None and not target.is_named else target.name,
        url=target.url,
        platform=platform,
        origin=origin,
        provider_id=provider_id,
        allow_private=target.allow_private,
    )
    if known is None:
        queries.set_setting(tx, name_of(page.id, "configured"), said(target))
    return page
