"""Pages and routes of the database, taken up while the service runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TypeVar, cast

import pytest

from statuswire.catalog import Target
from statuswire.config import Config, layers, validate
from statuswire.engine import orders
from statuswire.engine.adopting import LOOK_EVERY_S, Adopter
from statuswire.engine.orders import Order
from statuswire.engine.owning import DropPage, DropRoute, PutPage, PutRoute
from statuswire.engine.places import Found
from statuswire.engine.planner import Planner
from statuswire.engine.poller import Poller
from statuswire.engine.targets import PAUSES, Targets
from statuswire.model import DeliveryState, FeedSpec
from statuswire.store import Store, open_store, queries
from tests.engine.polling import Site, World, page_body, run
from tests.fakes import FakeClock

T = TypeVar("T")

FILE = """
pages: []
channels: {ops: {kind: webhook, url: "https://ops.example.com/hook"}, log: {kind: webhook, url: "https://b.example"}}
routes: [{name: all, channel: log}, {name: none, channel: ops, page: nothing-else}]
"""
FEED = "https://status.acme.example/summary.json"
ACME: dict[str, object] = {"slug": "acme", "name": "Acme", "feed": FEED, "tags": ["critical-path"]}


def config(text: str = FILE) -> Config:
    return validate(layers.parse(text, "statuswire.yaml"), {})


def give(store: Store, *some: Order, file: Config | None = None) -> None:
    for one in some:
        obeyed = store.write(lambda tx, one=one: orders.obey(tx, one, FakeClock().now(), file or config()))
        assert obeyed.done, obeyed


# --- with a provider, a poller and a planner -----------------------------------------------------------------------


class Service:
    """The loops that pages and routes are given to, in a world of fake sites; a step is taken when a test says so."""

    def __init__(self, world: World, file: Config | None = None) -> None:
        self.world = world
        self.file = file or config()
        self.found: Found | None = None
        self.adopter = Adopter(world.store, world.clock, self.file)
        self.planner = Planner(world.store, world.clock, self.adopter.rules)
        self.targets = Targets(world.store, world.poller, world.clock, self._find, is_own=self.adopter.is_own)
        world.sites.setdefault(FEED, Site(page_body(world.clock.now())))

    async def _find(self, target: Target) -> Found | None:
        return self.found

    async def begin(self) -> None:
        await self._quietly(self.planner.begin())
        await self._quietly(self.adopter.begin(self._adopt, self._take))

    def _adopt(self, now: Config) -> None:
        self.planner.adopt(self.adopter.rules)

    async def _take(self, fresh: Sequence[Target], gone: Sequence[str]) -> None:
        await self.targets.drop(gone)
        await self.targets.add(fresh)

    async def obey(self, *some: Order) -> None:
        give(self.world.store.real, *some, file=self.file)
        assert await self._quietly(self.adopter.look())

    async def meet_an_incident(self) -> None:
        """The page is added while one is open."""
        self.world.sites[FEED].body = page_body(self.world.clock.now(), "i1")
        await self.obey(PutPage(ACME))
        await self.pass_time(minutes=2)

    async def plan(self) -> None:
        await self._quietly(self.planner.plan_new())

    async def settle(self) -> None:
        """As it does now and then although nothing has changed."""
        await self._quietly(self.adopter.settle())

    async def look(self) -> None:
        await self._quietly(self.targets.look())

    async def pass_time(self, **length: float) -> None:
        await self.world.clock.advance(timedelta(**length).total_seconds())

    def told(self, channel: str) -> list[str]:
        """The types of the events on their way."""
        listed = self.world.store.read(
            lambda tx: queries.delivery_list(
                tx, channel=channel, state=DeliveryState.WAITING, since=FakeClock().now(), limit=100
            )
        )
        ids = [one.delivery.event_ids[0] for one in reversed(listed)]
        return [event.type.value for event in self.world.store.read(lambda tx: queries.events_by_ids(tx, ids))]

    async def _quietly(self, work: Awaitable[T]) -> T:
        """No time passes while threads are at work."""
        self.world.store.pending += 1
        try:
            return await work
        finally:
            self.world.store.pending -= 1


@asynccontextmanager
async def served(world: World, file: Config | None = None) -> AsyncIterator[Service]:
    """A service that has begun, and whose poller runs inside."""
    service = Service(world, file)
    async with world.running():
        await service.begin()
        yield service


def test_a_page_that_is_added_is_polled_and_told_by_a_route_that_is_added() -> None:
    async def story(world: World) -> None:
        async with served(world) as service:
            await service.obey(
                PutPage(ACME), PutRoute({"channel": "ops", "tag": "critical-path", "hold": "0s"}, name="critical")
            )
            await service.pass_time(minutes=1)
            world.sites[FEED].body = page_body(world.clock.now(), "i1")
            await service.pass_time(minutes=2)
            await service.plan()

        assert len(world.sites[FEED].requests) > 1
        assert world.types("incident") == ["incident.created"]
        assert service.told("ops") == ["incident.created"]

    run(story)


def test_a_page_that_is_dropped_is_polled_no_more_and_what_is_known_stays() -> None:
    async def story(world: World) -> None:
        async with served(world) as service:
            await service.meet_an_incident()
            await service.obey(DropPage("acme"))
            asked = len(world.sites[FEED].requests)
            await service.pass_time(hours=1)

        assert len(world.sites[FEED].requests) == asked > 0
        assert world.store.read(queries.open_incidents) == [], "nothing of it is wrong now"
        page = world.store.read(partial(queries.page_by_slug, slug="acme"))
        assert [one.id for one in world.store.read(partial(queries.open_of, page_id=page.id))] == ["i1"]
        assert service.adopter.config.targets == ()

    run(story)


def test_a_page_that_is_dropped_and_added_again_is_watched_again_with_what_is_known_of_it() -> None:
    async def story(world: World) -> None:
        async with served(world) as service:
            await service.meet_an_incident()
            before = world.store.read(queries.pages)
            await service.obey(DropPage("acme"))
            assert world.store.read(queries.pages) == []
            await service.obey(PutPage(ACME))
            asked = len(world.sites[FEED].requests)
            await service.pass_time(minutes=5)

        assert world.store.read(queries.pages) == before
        assert len(world.sites[FEED].requests) > asked
        assert [incident.id for _, incident in world.store.read(queries.open_incidents)] == ["i1"]

    run(story)


WITH_ACME = FILE.replace("pages: []", f"pages: [{{slug: acme, feed: '{FEED}'}}]")


def slugs(world: World) -> list[str]:
    return [page.slug for page in world.store.read(queries.pages)]


def test_a_page_that_is_taken_out_of_the_file_is_watched_no_more_after_the_next_start() -> None:
    async def story(world: World) -> None:
        async with served(world, config(WITH_ACME)) as service:
            await service.pass_time(minutes=2)
            assert slugs(world) == ["acme"]
        started_at = world.clock.now()
        await Service(world, config()).begin()

        assert slugs(world) == []
        page = world.store.read(partial(queries.page_by_slug, slug="acme"))
        assert page is not None and page.dropped_at == started_at

        await Service(world, config(WITH_ACME)).begin()
        assert slugs(world) == ["acme"]

    run(story)


def test_a_page_that_the_file_has_is_watched_whoever_drops_it() -> None:
    """A command that does not know the file."""

    async def story(world: World) -> None:
        async with served(world, config(WITH_ACME)) as service:
            page = world.store.read(queries.pages)[0]
            world.store.real.write(lambda tx: queries.drop_pages(tx, [page.id], world.clock.now()))
            await service.settle()

        assert slugs(world) == ["acme"]

    run(story)


def test_a_page_that_was_dropped_and_is_added_again_goes_on_where_it_was() -> None:
    async def story(world: World) -> None:
        async with served(world) as service:
            await service.meet_an_incident()
            await service.obey(DropPage("acme"))
            await service.obey(PutPage(ACME))
            await service.pass_time(minutes=2)

        assert world.types("incident") == ["incident.created"]

    run(story)


def test_a_page_is_read_at_the_address_that_is_said_last() -> None:
    async def story(world: World) -> None:
        moved = FEED.replace("summary", "index")
        world.sites[moved] = Site(page_body(world.clock.now()))
        async with served(world) as service:
            await service.obey(PutPage(ACME))
            await service.pass_time(minutes=2)
            await service.obey(PutPage({**ACME, "feed": moved}))
            await service.look()
            await service.look()
            asked = len(world.sites[FEED].requests)
            await service.pass_time(minutes=5)

        assert len(world.sites[FEED].requests) == asked
        assert len(world.sites[moved].requests) > 1

    run(story)


def test_what_does_not_decide_where_a_page_is_read_does_not_disturb_its_polling() -> None:
    async def story(world: World) -> None:
        async with served(world) as service:
            await service.obey(PutPage(ACME))
            await service.pass_time(seconds=30)
            asked = len(world.sites[FEED].requests)
            await service.obey(PutPage({**ACME, "tags": ["other"], "components": ["API"]}))
            await service.pass_time(seconds=1)

        assert len(world.sites[FEED].requests) == asked == 1
        assert service.adopter.labels().tags == {"acme": ("other",)}

    run(story)


def test_a_page_that_is_not_recognised_yet_is_looked_at_and_then_polled() -> None:
    async def story(world: World) -> None:
        async with served(world) as service:
            await service.obey(PutPage({"slug": "acme", "url": "https://status.acme.example"}))
            await service.look()
            assert [one.slug for one in service.targets.unrecognised] == ["acme"]
            service.found = Found("statuspage", (FeedSpec(FEED),))
            await service.look()
            await service.pass_time(minutes=2)

        assert service.targets.unrecognised == ()
        assert len(world.sites[FEED].requests) > 1

    run(story)


def test_after_a_route_is_dropped_nothing_more_is_told_by_it() -> None:
    async def story(world: World) -> None:
        async with served(world) as service:
            await service.obey(PutPage(ACME), PutRoute({"channel": "ops", "hold": "10m"}, name="critical"))
            world.sites[FEED].body = page_body(world.clock.now(), "i1")
            await service.pass_time(minutes=2)
            await service.plan()
            await service.obey(DropRoute("critical"))
            await service.pass_time(minutes=20)
            await service.plan()

        (event,) = [one for one in world.events() if one.type == "incident.created"]
        verdicts = world.store.read(lambda tx: queries.verdicts(tx, event.id))
        assert service.told("ops") == []
        assert "its route is gone" in [one.reason for one, _ in verdicts if one.route == "critical"]

    run(story)


def test_a_restart_keeps_what_was_added() -> None:
    async def story(world: World) -> None:
        async with served(world) as before:
            await before.obey(PutPage(ACME), PutRoute({"channel": "ops", "hold": "0s"}, name="critical"))
        world.new_poller()
        async with served(world) as after:
            await after.pass_time(minutes=1)

        assert [target.slug for target in after.adopter.config.targets] == ["acme"]
        assert [route.name for route in after.adopter.rules.routes] == ["all", "none", "critical"]
        assert len(world.sites[FEED].requests) == 1

    run(story)


def test_the_file_wins_after_a_restart_and_the_log_says_what_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    taken = FILE.replace("pages: []", 'pages: [{slug: acme, feed: "https://status.acme.example/other.json"}]')

    async def story(world: World) -> None:
        give(world.store.real, PutPage(ACME))
        world.sites["https://status.acme.example/other.json"] = Site(page_body(world.clock.now()))
        async with served(world, config(taken)) as service:
            await service.pass_time(minutes=1)
            assert not service.adopter.is_own("acme")
            await service.obey(DropPage("acme"))

        assert world.sites[FEED].requests == []
        assert [target.feed_url for target in service.adopter.config.targets] == [
            "https://status.acme.example/other.json"
        ]

    with caplog.at_level(logging.WARNING):
        run(story)
    said = [one.message for one in caplog.records if "left out" in one.message]
    why = "`slug` is `acme`, which stands in the configuration file; change it there"
    assert said == [f"page acme of the database is left out: {why}"]


# --- the loops -----------------------------------------------------------------------------------------------------


class Unpolled:
    """Takes no page but to forget it."""

    def remove_page(self, page_id: int) -> None:
        """Nothing was polled."""


class Watching:
    """An adopter whose loop runs, and what it has given on."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.adopter = Adopter(store, clock, config())
        self.slugs: list[str] = []
        self.has_changed = asyncio.Event()

    async def take(self, fresh: Sequence[Target], gone: Sequence[str]) -> None:
        self.slugs = [one for one in self.slugs if one not in gone] + [target.slug for target in fresh]
        self.has_changed.set()

    async def next(self) -> list[str]:
        async with asyncio.timeout(10):
            await self.has_changed.wait()
        self.has_changed.clear()
        return self.slugs


def test_two_processes_over_one_store_see_what_the_other_has_changed() -> None:
    store, clock = open_store("sqlite://"), FakeClock()

    async def main() -> None:
        one, other = Watching(store, clock), Watching(store, clock)
        for process in (one, other):
            await process.adopter.begin(lambda config: None, process.take)
            assert await process.next() == []
        async with asyncio.TaskGroup() as group:
            loops = [group.create_task(process.adopter.run()) for process in (one, other)]
            give(store, PutPage(ACME))
            one.adopter.notify()
            assert await one.next() == ["acme"]
            assert other.slugs == []
            await clock.advance(LOOK_EVERY_S)
            assert await other.next() == ["acme"]
            give(store, DropPage("acme"))
            other.adopter.notify()
            assert await other.next() == []
            for loop in loops:
                loop.cancel()

    asyncio.run(main())
    store.close()


def test_a_page_that_is_added_later_is_looked_at_at_once_and_again_after_a_pause() -> None:
    store, clock = open_store("sqlite://"), FakeClock()

    async def main() -> None:
        looked: asyncio.Queue[str] = asyncio.Queue()

        async def find(target: Target) -> Found | None:
            looked.put_nowait(target.slug)
            return None

        async def next_look() -> str:
            async with asyncio.timeout(10):
                return await looked.get()

        targets = Targets(store, cast(Poller, Unpolled()), clock, find)
        loop = asyncio.create_task(targets.run())
        await clock.advance(3600)
        await targets.add([Target("acme", "Acme", "https://status.acme.example")])
        assert await next_look() == "acme"
        await clock.advance(PAUSES[0].total_seconds())
        assert await next_look() == "acme"
        await targets.add([Target("brook", "Brook", "https://status.brook.example")])
        assert await next_look() == "brook"
        await targets.drop(["acme", "brook"])
        await clock.advance(86_400)
        assert looked.empty()
        loop.cancel()

    asyncio.run(main())
    store.close()


def test_a_page_that_is_dropped_while_it_is_looked_at_is_not_polled() -> None:
    async def story(world: World) -> None:
        service = Service(world)
        begun, may_end = asyncio.Event(), asyncio.Event()

        async def find(target: Target) -> Found | None:
            begun.set()
            await may_end.wait()
            return Found("statuspage", (FeedSpec(FEED),))

        targets = Targets(world.store, world.poller, world.clock, find)
        async with world.running():
            world.store.pending += 1
            await targets.add([Target("acme", "Acme", "https://status.acme.example")])
            look = asyncio.create_task(targets.look())
            await begun.wait()
            await targets.drop(["acme"])
            may_end.set()
            await look
            world.store.pending -= 1
            await service.pass_time(minutes=5)

        assert world.sites[FEED].requests == []
        assert targets.unrecognised == ()

    run(story)
