"""What comes of polling is written only by the process that polls the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from statuswire.engine.fence import OPEN, Fence, LeaseLost, standing
from statuswire.model import FeedSpec, Page
from statuswire.store import Store, queries
from statuswire.store.queries import LeaseKind, Taking
from tests.engine.polling import World, history, page_body, run, state
from tests.engine.sharing import opened

SUMMARY = "https://acme.example/summary.json"
HISTORY = "https://acme.example/history.json"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres_database")
    with opened(url) as store:
        yield store


def take(world: World, owner: str, *, limit: int = 1) -> Fence:
    """The first shard is that owner's now, whoever had it."""
    now = world.clock.now()

    def work(tx: queries.Tx) -> Fence:
        queries.make_leases(tx, 2, ())
        tx.execute("UPDATE lease SET owner = '' WHERE name = 'shard/0'")
        taking = Taking(owner, now, now.replace(year=2027), now.replace(year=2028))
        (lease,) = queries.take_free(tx, taking, LeaseKind.SHARD, limit, ["shard/0"])
        return Fence(owner, lease)

    return world.store.real.write(work)


def fenced(world: World, *specs: FeedSpec) -> Page:
    """A page of ours, polled behind its fence."""
    page = world.page("acme", *specs)
    world.sites[page_url(specs)].body = page_body(world.clock.now())
    world.poller.add_page(page, world.feeds(page), take(world, "us"))
    return page


def page_url(specs: tuple[FeedSpec, ...]) -> str:
    return specs[0].url if specs else SUMMARY


def stale_writes(world: World) -> float:
    return world.metrics.registry.get_sample_value("statuswire_stale_writes_total") or 0.0


def test_a_document_that_was_asked_for_before_the_takeover_is_dropped_and_the_page_let_go() -> None:
    async def story(world: World) -> None:
        page = fenced(world)
        site = world.site(page)
        async with world.running():
            await world.clock.advance(61)
            assert world.poller.counters.changed == 1
            site.body, site.latency_s = page_body(world.clock.now(), "i1"), 5.0
            await world.clock.advance(61)
            take(world, "them")
            await world.clock.advance(120)

            assert world.types("incident") == []
            assert not world.poller.polls(page.id)
            assert stale_writes(world) == 1
            assert len(site.requests) == 3

    run(story)


def test_a_failing_feed_is_not_told_of_by_a_process_that_polls_the_page_no_more() -> None:
    async def story(world: World) -> None:
        page = fenced(world)
        async with world.running():
            await world.clock.advance(61)
            world.site(page).body = b"<html>"
            take(world, "them")
            await world.clock.advance(3600)

            assert world.types("feed") == []
            assert not world.poller.polls(page.id)
            assert stale_writes(world) == 1

    run(story)


def test_what_left_a_list_is_not_settled_by_a_process_that_polls_the_page_no_more() -> None:
    async def story(world: World) -> None:
        page = fenced(world, state(SUMMARY), history(HISTORY))
        world.sites[SUMMARY].body = page_body(world.clock.now(), "i1")
        world.sites[HISTORY].body = b"<html>"
        async with world.running():
            await world.clock.advance(30)
            world.sites[SUMMARY].body = page_body(world.clock.now())
            world.on_parse = lambda document: take(world, "them") if document.url == HISTORY else None
            await world.clock.advance(600)

            assert "incident.resolved" not in world.types()
            assert not world.poller.polls(page.id)

    run(story)


def test_schedules_are_written_for_the_pages_of_ours_alone() -> None:
    async def story(world: World) -> None:
        ours, theirs = world.page("ours"), fenced(world)
        world.add(ours)
        async with world.running():
            await world.clock.advance(30)
            take(world, "them")
            await world.clock.advance(40)

        assert world.feed(ours).due_at is not None
        assert world.feed(theirs).due_at is None

    run(story)


def test_a_page_that_is_handed_over_is_found_with_its_schedule() -> None:
    async def story(world: World) -> None:
        page = fenced(world)
        async with world.running():
            await world.clock.advance(30)
            assert world.feed(page).polls == 1
            await world.clock.advance(55)
            await world.poller.hand_over([page.id, 999])
            asked = len(world.site(page).requests)
            await world.clock.advance(120)

            assert world.feed(page).polls == 2
            assert not world.poller.polls(page.id)
            assert len(world.site(page).requests) == asked

    run(story)


def test_nothing_is_asked_for_while_nobody_knows_whose_the_pages_are() -> None:
    class Doubtful:
        is_sure = True

        def fence(self, shard: int) -> Fence | None:
            return OPEN

        def may_begin(self, at: float) -> bool:
            return self.is_sure

    async def story(world: World) -> None:
        world.shards = shards = Doubtful()
        world.new_poller()
        page = world.page("acme")
        world.add(page)
        async with world.running():
            await world.clock.advance(61)
            asked = len(world.site(page).requests)
            shards.is_sure = False
            await world.clock.advance(600)
            assert len(world.site(page).requests) == asked
            shards.is_sure = True
            await world.clock.advance(180)

            assert len(world.site(page).requests) > asked
            assert world.poller.polls(page.id)

    run(story)


def test_a_fence_without_a_lease_always_stands(store: Store) -> None:
    lost = Fence("us", queries.Lease("shard/0", LeaseKind.SHARD, 3))

    assert store.write(OPEN.guards(lambda tx: 7)) == 7
    assert store.write(lambda tx: standing(tx, (OPEN, lost))) == {OPEN}
    with pytest.raises(LeaseLost):
        store.write(lost.guards(lambda tx: pytest.fail("written")))
