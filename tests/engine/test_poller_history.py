"""The poller when something left a list, or a feed cannot be read: history documents and tiers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import cast

import pytest

from statuswire.engine.fence import AllShards
from statuswire.errors import FetchError, FetchReason, StoreError, StoreReason
from statuswire.store import queries
from tests.engine.polling import World, gaps, history, history_body, page_body, run, state

HOUR = 3600.0


# --- history --------------------------------------------------------------------------------------------------------


def test_when_an_incident_leaves_its_list_the_history_tells_how_it_ended() -> None:
    async def story(world: World) -> None:
        start = world.clock.now()
        summary, past = "https://acme.example/summary.json", "https://acme.example/incidents.json"
        page = world.page("acme", state(summary), history(past))
        world.sites[summary].body = page_body(start, "one")
        world.sites[past].body = history_body(start + timedelta(seconds=15), "one")
        world.add(page)
        async with world.running():
            await world.clock.advance(10)
            assert world.sites[past].times == []
            world.sites[summary].body = page_body(start + timedelta(seconds=20))
            await world.clock.advance(60)

        assert len(world.sites[past].times) == 1
        ended = world.events()[-1]
        assert (ended.type, ended.source) == ("incident.resolved", "poll")
        assert ended.update is not None and ended.update.id == "one-resolved"
        assert world.types("incident.") == ["incident.created", "incident.resolved"]

    run(story)


def test_an_end_that_no_history_tells_is_inferred() -> None:
    async def story(world: World) -> None:
        start = world.clock.now()
        page = world.page("acme", body=page_body(start, "one"))
        world.add(page)
        async with world.running():
            await world.clock.advance(10)
            world.site(page).body = page_body(start + timedelta(seconds=20))
            await world.clock.advance(15)

        assert world.types("incident.") == ["incident.created", "incident.resolved"]
        assert world.events()[-1].source == "infer"

    run(story)


def test_a_history_that_cannot_be_fetched_is_tried_three_times_within_a_minute() -> None:
    async def story(world: World) -> None:
        start = world.clock.now()
        summary, past = "https://acme.example/summary.json", "https://acme.example/incidents.json"
        page = world.page("acme", state(summary), history(past))
        world.sites[summary].body = page_body(start, "one")
        world.sites[past].error = FetchError(FetchReason.TIMEOUT, "no answer")
        world.add(page)
        async with world.running():
            await world.clock.advance(10)
            world.sites[summary].body = page_body(start + timedelta(seconds=20))
            await world.clock.advance(200)

        assert len(world.sites[past].times) == 3
        assert world.sites[past].times[-1] - world.sites[past].times[0] < 60
        assert world.types("incident.") == ["incident.created", "incident.resolved"]

    run(story)


def test_validators_are_not_kept_before_a_missing_incident_is_settled() -> None:
    async def story(world: World) -> None:
        start = world.clock.now()
        summary, past = "https://acme.example/summary.json", "https://acme.example/incidents.json"
        page = world.page("acme", state(summary), history(past))
        world.sites[summary].body = page_body(start, "one")
        world.sites[past].latency_s = 1000
        world.add(page)
        async with world.running():
            await world.clock.advance(10)
            world.sites[summary].body = page_body(start + timedelta(seconds=20))
            await world.clock.advance(15)

        assert world.feed(page).etag == ""
        world.sites[past].latency_s = 0
        world.sites[past].body = history_body(start + timedelta(seconds=15), "one")
        world.new_poller()
        world.add(page)
        async with world.running():
            await world.clock.advance(120)
        assert world.types("incident.") == ["incident.created", "incident.resolved"]
        assert world.feed(page).etag != ""

    run(story)


def test_N13_a_document_that_proves_nothing_is_looked_at_again_without_validators() -> None:
    async def story(world: World) -> None:
        start = world.clock.now()
        page = world.page("acme", body=page_body(start, "one", is_dated=False))
        world.add(page)
        async with world.running():
            await world.clock.advance(10)
            world.site(page).body = page_body(start, is_dated=False)
            await world.clock.advance(11)
            assert world.types("incident.") == ["incident.created"]
            assert world.feed(page).etag == ""
            await world.clock.advance(10)

        second, third = world.site(page).requests[1:3]
        assert third[0] - second[0] <= 5.25
        assert (third[1].etag, third[1].wire_digest) == ("", b"")
        assert world.types("incident.") == ["incident.created", "incident.resolved"]

    run(story)


# --- what came and went while nobody looked -------------------------------------------------------------------------

SUMMARY, PAST = "https://acme.example/summary.json", "https://acme.example/incidents.json"
AWAY = timedelta(minutes=10)


async def _cannot_write(world: World) -> None:
    world.store.refusal = StoreError(StoreReason.UNAVAILABLE, "the database is away")
    world.sites[SUMMARY].body = page_body(world.clock.now(), "two")
    await world.clock.advance(AWAY.total_seconds())
    world.store.refusal = None


async def _cannot_begin(world: World) -> None:
    shards = cast(Closing, world.shards)
    shards.is_closed = True
    await world.clock.advance(AWAY.total_seconds())
    shards.is_closed = False


async def _cannot_read(world: World) -> None:
    world.sites[SUMMARY].error = FetchError(FetchReason.TIMEOUT, "no answer")
    await world.clock.advance(AWAY.total_seconds())
    world.sites[SUMMARY].error = None


async def _does_not_run(world: World) -> None:
    world.poller.stop()
    assert world.task is not None
    await world.task
    await world.clock.advance(AWAY.total_seconds())
    world.new_poller()
    world.add(world.store.read(lambda tx: queries.page_by_slug(tx, "acme")))
    world.task = asyncio.create_task(world.poller.run())


class Closing(AllShards):
    """Shards of which nothing may be begun while they are closed."""

    is_closed = False

    def may_begin(self, at: float) -> bool:
        return not self.is_closed


@pytest.mark.parametrize("absence", [_cannot_write, _cannot_begin, _cannot_read, _does_not_run])
def test_what_began_and_ended_while_nobody_looked_is_told_from_the_history_once(
    absence: Callable[[World], Awaitable[None]],
) -> None:
    async def story(world: World) -> None:
        start = world.clock.now()
        world.shards = Closing()
        world.new_poller()
        world.add(world.page("acme", state(SUMMARY), history(PAST)))
        world.sites[SUMMARY].body = page_body(start)
        world.sites[PAST].body = history_body(start - timedelta(hours=3), "before we came")
        async with world.running():
            await world.clock.advance(100)
            at = world.clock.now()
            await absence(world)
            world.sites[SUMMARY].body = page_body(start)
            world.sites[PAST].body = history_body(at + timedelta(minutes=4), "two")
            await world.clock.advance(HOUR)

        assert len(world.sites[PAST].times) == 1
        assert [event.incident.id for event in world.events() if event.incident] == ["two"]

    run(story)


def test_history_is_not_read_after_a_moment_or_at_a_slow_pace() -> None:
    async def story(world: World) -> None:
        world.add(world.page("acme", state(SUMMARY), history(PAST)))
        world.sites[SUMMARY].body = page_body(world.clock.now())
        async with world.running():
            await world.clock.advance(100)
            world.sites[SUMMARY].error = FetchError(FetchReason.TIMEOUT, "no answer")
            await world.clock.advance(150)
            world.sites[SUMMARY].error = None
            world.sites[SUMMARY].max_age = timedelta(hours=1)
            await world.clock.advance(5 * HOUR)

        assert len(world.sites[SUMMARY].times) > 5
        assert world.sites[PAST].times == []

    run(story)


# --- tiers ----------------------------------------------------------------------------------------------------------


def test_a_page_whose_feed_cannot_be_read_falls_back_to_the_next_tier_and_returns() -> None:
    async def story(world: World) -> None:
        summary, feed = "https://acme.example/summary.json", "https://acme.example/history.atom"
        page = world.page("acme", state(summary), state(feed, tier=1))
        world.add(page)
        async with world.running():
            await world.clock.advance(300)
            assert world.sites[feed].times == []
            world.sites[summary].body = b"<html>"
            await world.clock.advance(3 * HOUR)
            fallen_back = len(world.sites[feed].times)
            assert fallen_back > 100
            probes = [at for at in world.sites[summary].times if at > 600]
            assert 2 <= len(probes) <= 4
            world.sites[summary].body = b"{}"
            await world.clock.advance(2 * HOUR)
            returned = len(world.sites[feed].times)
            await world.clock.advance(HOUR)

        assert len(world.sites[feed].times) == returned
        assert gaps(world.sites[summary].times)[-1] < 61

    run(story)


def test_a_bad_line_is_no_reason_to_change_the_tier() -> None:
    async def story(world: World) -> None:
        summary, feed = "https://acme.example/summary.json", "https://acme.example/history.atom"
        page = world.page("acme", state(summary), state(feed, tier=1))
        world.sites[summary].error = FetchError(FetchReason.CONNECT, "refused")
        world.add(page)
        async with world.running():
            await world.clock.advance(3 * HOUR)

        assert world.sites[feed].times == []

    run(story)
