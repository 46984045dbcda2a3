"""A page that moves to other software is found again, and the move ends nothing and tells nothing twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from statuswire.catalog import Provider, Target
from statuswire.engine.healing import Healer, certainty_of
from statuswire.engine.places import Found
from statuswire.errors import FetchError, FetchReason
from statuswire.model import Document, EventType, FeedSpec, Page
from statuswire.store import queries
from tests.engine.polling import Site, World, page_body, parse, run

OLD = "https://acme.example/summary.json"
NEW = FeedSpec("https://acme.example/proxy/acme.example")
ELSEWHERE = FeedSpec("https://other.example/summary.json")


class Surroundings:
    """A world with a healer whose looks come to what the test says."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.found: Found | None = None
        self.looks: list[Target] = []
        self.provider: Provider | None = None
        self.page = world.page("acme", FeedSpec(OLD))
        self.healer = self.new_healer()

    def new_healer(self) -> Healer:
        self.healer = Healer(
            self.world.store,
            self.world.poller,
            self.world.clock,
            self._find,
            on_events=lambda: None,
            find_provider=lambda _: self.provider,
        )
        self.world.poller.healer = self.healer
        return self.healer

    async def _find(self, target: Target) -> Found | None:
        self.looks.append(target)
        return self.found

    def stored(self) -> Page:
        page = self.world.store.read(lambda tx: queries.page_by_id(tx, self.page.id))
        assert page is not None
        return page

    def sentences(self) -> list[str]:
        told = (event.feed for event in self.world.events() if event.type is EventType.FEED_MOVED)
        return [feed.reason for feed in told if feed is not None]

    @asynccontextmanager
    async def running(self):  # type: ignore[no-untyped-def]
        healing = asyncio.create_task(self.healer.run())
        async with self.world.running():
            yield
        healing.cancel()
        await asyncio.gather(healing, return_exceptions=True)


def found(surroundings: Surroundings, feed: FeedSpec, *open_ids: str, **changes: Any) -> Found:
    """What a look comes to: another platform at the host of that feed, with these incidents open."""
    now = surroundings.world.clock.now()
    body = page_body(now, *open_ids)
    surroundings.world.sites[feed.url] = Site(body)
    snapshot = parse(Document(body, now), "incidentio")
    origin = feed.url.partition("/proxy")[0].partition("/summary")[0]
    return replace(Found("incidentio", (feed,), "01J9ZK", origin, "Acme", snapshots=(snapshot,)), **changes)


def heal(story: Callable[[Surroundings], Awaitable[None]]) -> None:
    run(lambda world: story(Surroundings(world)))


def test_a_page_that_answers_with_something_else_is_looked_at_and_followed() -> None:
    async def story(it: Surroundings) -> None:
        it.world.sites[OLD].body = page_body(it.world.clock.now(), "one")
        it.world.add(it.page)
        async with it.running():
            await it.world.clock.advance(60)
            it.found = found(it, NEW, "one")
            it.world.sites[OLD].body = b"<html>We have moved"
            await it.world.clock.advance(3_600)
        assert it.stored().platform == "incidentio"
        assert [feed.spec for feed in it.world.feeds(it.page)] == [NEW]
        assert it.world.sites[NEW.url].requests, "the new feed is polled"
        (sentence,) = it.sentences()
        assert "incident.io at https://acme.example" in sentence and "same address" in sentence
        assert it.world.types("incident") == ["incident.created"], "nothing is told twice, nothing ends"

    heal(story)


def test_one_bad_quarter_of_an_hour_is_needed() -> None:
    async def story(it: Surroundings) -> None:
        it.world.sites[OLD].body = b"<html>"
        it.world.add(it.page)
        async with it.running():
            await it.world.clock.advance(600)
        assert it.looks == []

    heal(story)


def test_a_page_is_looked_at_once_a_day_also_after_a_restart() -> None:
    async def story(it: Surroundings) -> None:
        it.world.sites[OLD].body = b"<html>"
        it.world.add(it.page)
        async with it.running():
            await it.world.clock.advance(6 * 3_600)
        assert len(it.looks) == 1
        it.world.new_poller()
        it.new_healer()
        it.world.add(it.page)
        async with it.running():
            await it.world.clock.advance(3 * 3_600)
            assert len(it.looks) == 1
            await it.world.clock.advance(20 * 3_600)
        assert len(it.looks) == 2

    heal(story)


def made_by(generator: str) -> bytes:
    return json.dumps({"incidents": [], "generator": generator}).encode()


def test_a_feed_that_other_software_makes_now_is_looked_at_also_after_a_restart() -> None:
    async def story(it: Surroundings) -> None:
        it.world.sites[OLD].body = made_by("Pager v4.1 (pager.example)")
        it.world.add(it.page)
        async with it.running():
            await it.world.clock.advance(120)
            it.world.sites[OLD].body = made_by("Pager v5")
            await it.world.clock.advance(120)
        assert it.looks == [], "another version is the same software"
        it.world.new_poller()
        it.new_healer()
        it.world.add(it.page)
        it.found = found(it, NEW)
        async with it.running():
            it.world.sites[OLD].body = made_by("Incidents 1.0")
            await it.world.clock.advance(120)
        assert it.stored().platform == "incidentio"
        assert "made by other software: Incidents 1.0" in it.sentences()[-1]

    heal(story)


def test_a_permanent_redirect_to_another_host_is_asked_about() -> None:
    async def story(it: Surroundings) -> None:
        it.found = found(it, ELSEWHERE, name="Somebody else", is_permanent=True)
        it.world.sites[OLD].error = FetchError(
            FetchReason.REDIRECT, "moved", is_permanent=True, location="https://other.example/"
        )
        it.world.add(it.page)
        async with it.running():
            await it.world.clock.advance(60)
        assert it.stored().platform == "test", "nothing changes"
        assert it.sentences()[-1].startswith("seems to have moved to incident.io at https://other.example")
        assert it.world.store.read(lambda tx: queries.setting(tx, f"page.{it.page.id}.suggestion"))

    heal(story)


def test_a_permanent_redirect_to_the_page_of_the_same_name_is_followed() -> None:
    async def story(it: Surroundings) -> None:
        it.found = found(it, ELSEWHERE, name="ACME", is_permanent=True)
        it.world.sites[OLD].error = FetchError(
            FetchReason.REDIRECT, "moved", is_permanent=True, location="https://other.example/"
        )
        it.world.add(it.page)
        async with it.running():
            await it.world.clock.advance(60)
        assert it.stored().url == "https://other.example"

    heal(story)


def test_an_incident_that_the_new_page_does_not_show_ends_a_day_later() -> None:
    async def story(it: Surroundings) -> None:
        it.world.sites[OLD].body = page_body(it.world.clock.now(), "one")
        it.world.add(it.page)
        async with it.running():
            await it.world.clock.advance(60)
            it.found = found(it, NEW)
            it.world.sites[OLD].body = None
            await it.world.clock.advance(20 * 3_600)
            it.world.sites[NEW.url].body = page_body(it.world.clock.now())
            await it.world.clock.advance(600)
            assert it.world.types("incident") == ["incident.created"]
            await it.world.clock.advance(5 * 3_600)
            it.world.sites[NEW.url].body = page_body(it.world.clock.now())
            await it.world.clock.advance(1_200)
        assert it.world.types("incident") == ["incident.created", "incident.resolved"]

    heal(story)


def test_a_host_that_died_is_found_where_the_catalog_says() -> None:
    async def story(it: Surroundings) -> None:
        it.provider = Provider(
            "acme", "Acme", "https://other.example", "incidentio", "", "", "cloud", "", (), 3, False, "", ()
        )
        it.found = found(it, ELSEWHERE, name="Acme, Inc.")
        it.world.sites[OLD].error = FetchError(FetchReason.DNS, "no such host")
        it.world.add(it.page)
        async with it.running():
            await it.world.clock.advance(3 * 3_600)
        assert it.stored().url == "https://other.example"
        assert "the catalog names" in it.sentences()[-1]

    heal(story)


def test_the_same_page_found_again_changes_nothing() -> None:
    async def story(it: Surroundings) -> None:
        it.found = found(it, NEW, platform="test", provider_id=None)
        it.world.sites[OLD].body = b"<html>"
        it.world.add(it.page)
        async with it.running():
            await it.world.clock.advance(3_600)
        assert len(it.looks) == 1
        assert [feed.spec.url for feed in it.world.feeds(it.page)] == [OLD]
        assert it.sentences() == []

    heal(story)


@pytest.mark.parametrize(
    ("url", "name", "is_permanent", "words"),
    [
        ("https://www.acme.example", "", False, "same address"),
        ("https://new.example", "Acme", True, "same name"),
        ("https://new.example", "Acme", False, ""),
        ("https://new.example", "Other", True, ""),
        ("https://new.example", "", True, ""),
    ],
)
def test_when_it_is_certain_that_it_is_the_same_page(url: str, name: str, is_permanent: bool, words: str) -> None:
    page = Page(1, "acme", "Acme", "https://acme.example/", "statuspage")
    told = certainty_of(page, Found("incidentio", (), None, url, name, is_permanent), None)

    assert words in told and bool(told) is bool(words)
