"""Of many pages in one database each process reads those of its shards, and no others."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from statuswire.catalog import Target
from statuswire.core.leases import SHARDS
from statuswire.engine import places
from statuswire.engine.fence import Fence
from statuswire.engine.places import Found
from statuswire.engine.poller import Poller
from statuswire.engine.targets import Targets
from statuswire.model import Feed, FeedSpec, Page, Role
from statuswire.store import Store, open_store, queries
from statuswire.store.queries import Lease, LeaseKind
from tests.engine.sharing import opened
from tests.fakes import FakeClock

ACME = Target("acme", "Acme", "https://status.acme.example", platform="statuspage")
OTHER = Target("other", "Other", "https://status.other.example", platform="statuspage")
UNKNOWN = Target("unknown", "Unknown", "https://unknown.example")


def shard_of(target: Target) -> int:
    return places.shard_for(target.url, places.known_feeds(target))


def fence(shard: int, epoch: int = 1) -> Fence:
    return Fence("us", Lease(queries.shard_name(shard), LeaseKind.SHARD, epoch))


class Shards:
    """What is ours, as the test says."""

    def __init__(self) -> None:
        self.held: dict[int, Fence] = {}

    def hold(self, *shards: int, epoch: int = 1) -> None:
        self.held = {shard: fence(shard, epoch) for shard in shards}

    def fence(self, shard: int) -> Fence | None:
        return self.held.get(shard)

    def may_begin(self, at: float) -> bool:
        return True


class Polled:
    """Takes note of what it is to poll, in the place of a poller."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[Page, list[Feed], Fence, bool]] = {}
        self.added: list[str] = []

    def add_page(self, page: Page, feeds: Sequence[Feed], fence: Fence, *, has_open: bool) -> None:
        self.pages[page.slug] = page, list(feeds), fence, has_open
        self.added.append(page.slug)

    def remove_page(self, page_id: int) -> None:
        self.pages = {slug: one for slug, one in self.pages.items() if one[0].id != page_id}

    def fences(self) -> dict[int, Fence]:
        return {page.id: fence for page, _, fence, _ in self.pages.values()}

    async def hand_over(self, page_ids: Collection[int]) -> None:
        for page_id in page_ids:
            self.remove_page(page_id)


class Process:
    """One process: its shards, what it polls, and what looking at unknown pages comes to."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.shards = Shards()
        self.polled = Polled()
        self.looks: list[str] = []
        self.found: Found | None = None
        self.targets = Targets(store, cast(Poller, self.polled), FakeClock(), self.find, shards=self.shards)

    async def find(self, target: Target) -> Found | None:
        self.looks.append(target.slug)
        return self.found

    def add(self, *targets: Target) -> None:
        asyncio.run(self.targets.add(targets))

    def align(self) -> None:
        asyncio.run(self.targets.align(tuple(self.shards.held)))

    def look(self) -> None:
        asyncio.run(self.targets.look())

    @property
    def slugs(self) -> set[str]:
        return set(self.polled.pages)


def give(store: Store, shard: int) -> None:
    """The shard's lease is really ours."""
    sql = "INSERT INTO lease (name, kind, owner, epoch) VALUES (:name, 'shard', 'us', 1)"
    store.write(lambda tx: tx.execute(sql, {"name": queries.shard_name(shard)}))


@pytest.fixture
def store() -> Iterator[Store]:
    with opened("sqlite://") as store:
        yield store


def shard_in(store: Store, slug: str) -> int:
    placed = store.read(lambda tx: queries.placed_pages(tx, range(-1, SHARDS)))
    return next(one.shard for one in placed if one.slug == slug)


def test_every_process_puts_all_pages_and_reads_those_of_its_shards(store: Store) -> None:
    one, two = Process(store), Process(store)
    one.shards.hold(shard_of(ACME))
    two.shards.hold(shard_of(OTHER))

    for process in (one, two):
        process.add(ACME, OTHER, UNKNOWN)

    assert (one.slugs, two.slugs) == ({"acme"}, {"other"})
    assert one.targets.unrecognised == two.targets.unrecognised == ()
    assert {shard_in(store, "acme"), shard_in(store, "other")} == {shard_of(ACME), shard_of(OTHER)}


def test_pages_of_a_shard_that_comes_are_loaded_with_their_schedule(store: Store) -> None:
    one = Process(store)
    one.add(ACME, OTHER)
    due_at = FakeClock().now() + timedelta(seconds=41)
    page = store.read(lambda tx: queries.page_by_slug(tx, "acme"))
    assert page is not None
    (feed, *_) = store.read(lambda tx: queries.feeds(tx, page.id))
    store.write(lambda tx: queries.save_schedules(tx, [(feed.id, due_at, 7, 5, None)]))

    one.shards.hold(shard_of(ACME))
    one.align()

    _, feeds, behind, has_open = one.polled.pages["acme"]
    assert one.slugs == {"acme"}
    assert (feeds[0].due_at, feeds[0].polls) == (due_at, 7)
    assert (behind, has_open) == (fence(shard_of(ACME)), False)


def test_pages_of_a_shard_that_goes_are_read_no_more_and_those_that_stay_are_left_alone(store: Store) -> None:
    one = Process(store)
    one.shards.hold(shard_of(ACME), shard_of(OTHER))
    one.add(ACME, OTHER)

    one.shards.hold(shard_of(ACME))
    one.align()

    assert one.slugs == {"acme"}
    assert one.polled.added == ["acme", "other"]


def test_a_shard_that_was_away_and_came_back_is_loaded_anew(store: Store) -> None:
    one = Process(store)
    one.shards.hold(shard_of(ACME))
    one.add(ACME)

    one.shards.hold(shard_of(ACME), epoch=3)
    one.align()

    assert one.polled.pages["acme"][2] == fence(shard_of(ACME), 3)


def test_pages_behind_fences_that_fell_are_dropped_at_once(store: Store) -> None:
    one = Process(store)
    one.shards.hold(shard_of(ACME), shard_of(OTHER), shard_of(UNKNOWN))
    one.add(ACME, OTHER, UNKNOWN)

    one.targets.drop_behind([fence(shard_of(ACME)), fence(shard_of(UNKNOWN))])
    asyncio.run(one.targets.hand_over([fence(shard_of(OTHER))]))

    assert one.slugs == set()
    assert one.targets.unrecognised == ()


def test_only_the_process_that_has_its_shard_looks_at_an_unknown_page(store: Store) -> None:
    one, two = Process(store), Process(store)
    one.shards.hold(shard_of(UNKNOWN))
    for process in (one, two):
        process.add(UNKNOWN)
        process.look()

    assert (one.looks, two.looks) == (["unknown"], [])


def test_a_page_that_is_recognised_at_another_host_goes_to_whoever_has_that_shard(store: Store) -> None:
    one, two = Process(store), Process(store)
    feed = FeedSpec("https://elsewhere.example/summary.json")
    there = places.shard_for("", [feed])
    one.shards.hold(shard_of(UNKNOWN))
    two.shards.hold(there)
    for process in (one, two):
        process.add(UNKNOWN)
    give(store, shard_of(UNKNOWN))
    one.found = Found("statuspage", (feed,), None, "https://elsewhere.example", "Unknown")
    before = store.read(queries.page_moves)

    one.look()
    two.align()

    assert one.slugs == set()
    assert two.slugs == {"unknown"}
    assert one.targets.unrecognised == two.targets.unrecognised == ()
    assert shard_in(store, "unknown") == there
    assert store.read(queries.page_moves) == before + 1


def test_what_was_found_of_a_page_that_another_process_has_by_now_is_not_written(store: Store) -> None:
    one = Process(store)
    one.shards.hold(shard_of(UNKNOWN))
    one.add(UNKNOWN)
    one.found = Found("statuspage", (FeedSpec("https://elsewhere.example/summary.json"),))

    one.look()

    page = store.read(lambda tx: queries.page_by_slug(tx, "unknown"))
    assert page is not None
    assert page.platform == ""
    assert one.slugs == set()


def test_a_page_that_is_not_watched_here_is_not_loaded(store: Store) -> None:
    Process(store).add(ACME, OTHER)
    one = Process(store)
    one.shards.hold(*range(SHARDS))
    one.add(OTHER)

    one.align()

    assert one.slugs == {"other"}


def test_a_feed_that_is_no_longer_named_is_not_loaded(store: Store) -> None:
    one = Process(store)
    one.add(ACME)
    page = store.read(lambda tx: queries.page_by_slug(tx, "acme"))
    assert page is not None
    store.write(lambda tx: queries.upsert_feed(tx, page.id, FeedSpec("https://status.acme.example/old.json")))

    one.shards.hold(shard_of(ACME))
    one.align()

    named = {spec.url for spec in places.known_feeds(ACME)}
    assert {feed.spec.url for feed in one.polled.pages["acme"][1]} == named


# --- which shard -------------------------------------------------------------------------------------------------


def test_the_shard_of_a_page_is_that_of_the_host_of_its_main_feed_whatever_the_order() -> None:
    specs = [
        FeedSpec("https://c.example/history", Role.HISTORY),
        FeedSpec("https://b.example/entries", Role.ENTRIES),
        FeedSpec("https://a.example/second", Role.STATE, tier=1),
        FeedSpec("https://main.example/state", Role.STATE),
    ]

    shards = {places.shard_for("https://page.example", order) for order in (specs, specs[::-1], specs[2:] + specs[:2])}

    assert shards == {places.shard_for("https://main.example", ())}


def test_pages_of_one_host_share_a_shard() -> None:
    one = places.shard_for("https://status.example/one", ())

    assert one == places.shard_for("https://user@STATUS.example/two", ())


def test_hosts_beside_the_main_one_are_kept_as_asked_by_several(store: Store) -> None:
    target = replace(UNKNOWN, slug="raw")
    found = Found("upptime", (FeedSpec("https://raw.example/summary.json"), FeedSpec("https://api.example/issues")))

    store.write(lambda tx: places.put_found(tx, target, found, "config", FakeClock().now()))

    assert len(store.read(queries.shared_hosts)) == 1


# --- two at once -------------------------------------------------------------------------------------------------


def test_two_that_start_at_once_put_each_page_once(postgres_database: str) -> None:
    targets = [Target(f"p{n}", f"P{n}", f"https://p{n}.example", platform="statuspage") for n in range(150)]
    both = threading.Barrier(2)

    def start(order: int) -> None:
        with closing(open_store(postgres_database)) as own:
            both.wait(20)
            Process(own).add(*targets[::order])

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(start, (1, -1)))

    with closing(open_store(postgres_database)) as store:
        counts = store.read(lambda tx: tx.one("SELECT count(*), count(DISTINCT slug), min(shard) FROM page"))
        assert counts is not None
        assert counts[:2] == (150, 150)
        assert counts[2] >= 0
        feeds = store.read(lambda tx: tx.one("SELECT count(*), count(DISTINCT (page_id, url)) FROM feed"))
        assert feeds is not None
        assert feeds[0] == feeds[1]
