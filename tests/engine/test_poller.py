"""The poller against sites that answer as told: what it asks, when, what it writes, what it tells."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from statuswire.engine.polled import PollSettings
from statuswire.errors import FetchError, FetchReason
from statuswire.model import FeedState
from tests.engine.polling import World, gaps, page_body, run, state

HOUR = 3600.0


# --- conditional polling --------------------------------------------------------------------------------------------


def test_a_new_page_is_read_at_once_and_then_asked_with_its_validators() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.add(page)
        async with world.running():
            await world.clock.advance(70)

        site = world.site(page)
        assert site.times == [0.25, 60.25]
        first, second = (request for _, request in site.requests)
        assert (first.etag, first.wire_digest) == ("", b"")
        assert second.etag and second.wire_digest
        assert (world.poller.counters.changed, world.poller.counters.not_modified) == (1, 1)

    run(story)


def test_validators_are_stored_with_what_the_document_told() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", body=page_body(world.clock.now(), "one"))
        world.add(page)
        async with world.running():
            await world.clock.advance(1)
            stored = world.feed(page)

        assert stored.etag and len(stored.wire_digest) == 32
        assert stored.read_at is not None
        assert stored.health.state is FeedState.OK
        assert world.types("incident.") == ["incident.created"]
        assert [len(recorded.events) for recorded in world.recorded] == [1]

    run(story)


def test_N12_a_file_that_is_only_touched_is_asked_for_with_its_new_date() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", has_etag=False, last_modified="Mon, 04 May 2026 09:00:00 GMT")
        site = world.site(page)
        world.add(page)
        async with world.running():
            await world.clock.advance(30)
            site.last_modified = "Mon, 04 May 2026 10:00:30 GMT"
            await world.clock.advance(300)

        assert world.poller.counters.unchanged == 1
        assert world.poller.counters.not_modified == len(site.times) - 2
        assert world.feed(page).last_modified == site.last_modified

    run(story)


def test_polls_that_find_nothing_new_do_no_database_work() -> None:
    async def story(world: World) -> None:
        pages = world.page("acme"), world.page("bolt", has_etag=False)
        world.add(*pages)
        async with world.running():
            await world.clock.advance(1)
            before = world.store.writes
            await world.clock.advance(58 * 60)

            counters = world.poller.counters
            assert counters.not_modified > 45
            assert counters.unchanged > 50
            minutes = 59
            assert world.store.writes - before <= minutes

    run(story)


def test_N12_every_twentieth_poll_is_unconditional_but_knows_the_digest() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.add(page)
        async with world.running():
            await world.clock.advance(60 * 41)

        bare = [number for number, (_, request) in enumerate(world.site(page).requests, 1) if not request.etag]
        assert bare == [1, 20, 40]
        assert all(request.wire_digest for _, request in world.site(page).requests[1:])
        assert world.poller.counters.unchanged == 2

    run(story)


def test_N4_a_document_that_cannot_be_read_leaves_the_validators_alone() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", body=page_body(world.clock.now()))
        world.add(page)
        async with world.running():
            await world.clock.advance(1)
            good = world.feed(page)
            world.site(page).body = b"<html>"
            await world.clock.advance(70)
            await world.poller._books.save()

        after = world.feed(page)
        assert (after.etag, after.wire_digest) == (good.etag, good.wire_digest)
        assert after.health.last_error == "html: a web page instead of JSON"

    run(story)


# --- pace -----------------------------------------------------------------------------------------------------------


def test_a_page_with_something_open_is_polled_faster_until_it_is_over() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", body=page_body(world.clock.now(), "one"))
        world.add(page)
        async with world.running():
            await world.clock.advance(45)
            assert gaps(world.site(page).times) == [20, 20]
            world.site(page).body = page_body(world.clock.now(), "one", phase="resolved")
            await world.clock.advance(120)

        assert gaps(world.site(page).times)[-1] == 60

    run(story)


def test_after_a_restart_an_open_page_is_still_polled_faster_though_it_answers_304() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", body=page_body(world.clock.now(), "one"))
        world.add(page)
        async with world.running():
            await world.clock.advance(1)
        world.new_poller()
        world.add(page)
        async with world.running():
            await world.clock.advance(60)

        assert world.poller.counters.not_modified >= 2
        assert max(gaps(world.site(page).times)) <= 21

    run(story)


def test_max_age_is_obeyed() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", max_age=timedelta(minutes=5))
        world.add(page)
        async with world.running():
            await world.clock.advance(650)

        assert gaps(world.site(page).times) == [300, 300]

    run(story)


def test_N9_retry_after_pauses_all_pages_of_the_host() -> None:
    async def story(world: World) -> None:
        limited = FetchError(FetchReason.RATE_LIMITED, "429", status=429, retry_after=timedelta(minutes=10))
        urls = [f"https://shared.example/{number}.json" for number in range(3)]
        pages = [world.page(f"p{number}", state(url)) for number, url in enumerate(urls)]
        other = world.page("other")
        world.add(*pages, other)
        async with world.running():
            await world.clock.advance(30)
            world.sites[urls[0]].error = limited
            await world.clock.advance(35)
            paused_at = world.sites[urls[0]].times[-1]
            world.sites[urls[0]].error = None
            await world.clock.advance(700)

        for url in urls:
            assert not [at for at in world.sites[url].times if paused_at + 3 < at < paused_at + 600]
            assert [at for at in world.sites[url].times if at > paused_at + 600]
        assert max(gaps(world.site(other).times)) < 61

    run(story)


def test_N9_a_page_that_is_replaced_still_waits_for_its_host() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        site = world.site(page)
        site.error = FetchError(FetchReason.RATE_LIMITED, "slow down (429)", status=429, retry_after=timedelta(hours=1))
        world.add(page)
        async with world.running():
            await world.clock.advance(10)
            world.add(page)
            await world.clock.advance(HOUR - 20)

        assert len(site.times) == 1

    run(story)


def test_a_page_that_is_replaced_stays_in_trouble_until_it_is_read() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", error=FetchError(FetchReason.TIMEOUT, "no answer"))
        world.add(page)
        async with world.running():
            await world.clock.advance(HOUR)
            world.add(page)

            assert [feed.page_id for feed in world.poller.feeds_failing()] == [page.id]

    run(story)


def test_failures_back_off_and_are_told_once() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", error=FetchError(FetchReason.TIMEOUT, "no answer within 20 s"))
        world.add(page)
        async with world.running():
            await world.clock.advance(2 * HOUR)
            waits = gaps(world.site(page).times)
            assert waits == sorted(waits)
            assert 60 <= waits[0] <= 67
            assert 900 <= waits[-1] <= 991
            assert world.types() == ["feed.failing"]
            assert [feed.page_id for feed in world.poller.feeds_failing()] == [page.id]

            world.site(page).error = None
            await world.clock.advance(HOUR)
            assert world.types() == ["feed.failing", "feed.recovered"]
            assert world.poller.feeds_failing() == ()

        assert world.poller.counters.failures == {"timeout": 11}
        assert world.feed(page).health.state is FeedState.OK

    run(story)


def test_a_feed_that_recovers_with_a_304_is_told_as_recovered() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.add(page)
        async with world.running():
            await world.clock.advance(1)
            world.site(page).error = FetchError(FetchReason.SERVER_ERROR, "503", status=503)
            await world.clock.advance(HOUR)
            world.site(page).error = None
            await world.clock.advance(HOUR)

        assert world.types() == ["feed.failing", "feed.recovered"]
        assert world.poller.counters.changed == 1

    run(story)


def test_a_failure_changes_no_incident() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", body=page_body(world.clock.now(), "one"))
        world.add(page)
        async with world.running():
            await world.clock.advance(1)
            for body in (b"<html>", b"", None):
                world.site(page).body = body
                await world.clock.advance(2 * HOUR)

        assert world.types("incident.") == ["incident.created"]
        assert world.types("feed.") == ["feed.unreadable"]

    run(story)


def test_N14_a_page_that_is_gone_is_asked_once_a_day() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", error=FetchError(FetchReason.GONE, "410", status=410, is_permanent=True))
        world.add(page)
        async with world.running():
            await world.clock.advance(10 * 86_400)

        assert len(world.site(page).times) < 20
        assert gaps(world.site(page).times)[-1] >= 86_400

    run(story)


# --- what else is told ----------------------------------------------------------------------------------------------


def test_P14_a_loop_that_is_started_again_polls_what_was_under_way_and_what_was_queued() -> None:
    async def story(world: World) -> None:
        pages = [world.page(f"p{number}", latency_s=5.0) for number in range(3)]
        world.add(*pages)
        world.task = asyncio.create_task(world.poller.run())
        await world.clock.advance(2)
        world.task.cancel()
        await asyncio.wait({world.task})

        async with world.running():
            await world.clock.advance(200)

        assert all(world.feed(page).read_at for page in pages)

    run(story, PollSettings(concurrency=1))


def test_a_permanent_redirect_is_told_once_for_each_target() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", moved_to="https://new.acme.example/summary.json")
        world.add(page)
        async with world.running():
            await world.clock.advance(200)
        world.new_poller()
        world.add(page)
        async with world.running():
            await world.clock.advance(200)
            assert world.types() == ["feed.moved"]
            world.site(page).moved_to = "https://newer.acme.example/summary.json"
            await world.clock.advance(200)

        moved = [event.feed.reason for event in world.events() if event.feed]
        assert moved[1] == "moved for good to https://newer.acme.example/summary.json"
        assert len(moved) == 2

    run(story)


def test_N7_a_move_to_another_host_is_told_and_not_followed() -> None:
    async def story(world: World) -> None:
        elsewhere = "https://elsewhere.example/summary.json"
        error = FetchError(FetchReason.REDIRECT, "moved", is_permanent=True, location=elsewhere)
        page = world.page("acme", error=error)
        world.add(page)
        async with world.running():
            await world.clock.advance(2 * HOUR)

        assert sorted(world.types()) == ["feed.failing", "feed.moved"]

    run(story)


def test_a_poll_is_one_log_line(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        page = world.page("acme", state("https://acme.example/api/v2/summary.json"))
        world.add(page)
        async with world.running():
            await world.clock.advance(70)

    with caplog.at_level(logging.DEBUG, "statuswire.engine.poller"):
        run(story)
    lines = [record.message for record in caplog.records if record.message.startswith("polled ")]
    assert lines == [
        "polled page=acme feed=summary outcome=changed events=0 ms=0",
        "polled page=acme feed=summary outcome=not_modified ms=0",
    ]


def test_a_feed_that_wishes_to_be_left_alone_is_asked_less_often_while_nothing_is_open() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        site = world.site(page)
        site.body = b'{"wish_s": 240}'
        world.add(page)
        async with world.running():
            await world.clock.advance(1_000)
            assert len(site.times) == 5
            site.body = b'{"wish_s": 240, "incidents": [{"id": "i1", "phase": "investigating"}]}'
            await world.clock.advance(240)
            before = len(site.times)
            await world.clock.advance(100)
            assert len(site.times) - before >= 4

    run(story)
