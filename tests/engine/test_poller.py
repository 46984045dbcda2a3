"""The poller against sites that answer as told: what it asks, when, what it writes, what it tells."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from statuswire.engine.polled import PollSettings
from statuswire.errors import FetchError, FetchReason, StoreError, StoreReason
from statuswire.model import FeedState
from tests.engine.polling import World, gaps, history, history_body, page_body, run, state

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


# --- hosts ----------------------------------------------------------------------------------------------------------


def test_never_two_polls_of_one_host_in_one_burst() -> None:
    async def story(world: World) -> None:
        urls = [f"https://shared.example/{number}.json" for number in range(30)]
        world.add(*[world.page(f"p{number}", state(url)) for number, url in enumerate(urls)])
        async with world.running():
            await world.clock.advance(300)

        times = sorted(at for url in urls for at in world.sites[url].times)
        assert len(times) > 90
        assert min(gaps(times)) >= 0.25
        for first, last in zip(times, times[20:], strict=False):
            assert last - first >= (20 - 4) * 0.5

    run(story)


def test_N16_a_slow_host_delays_nobody_else_and_has_two_polls_at_most() -> None:
    async def story(world: World) -> None:
        urls = [f"https://slow.example/{number}.json" for number in range(12)]
        slow = [world.page(f"p{number}", state(url), latency_s=20) for number, url in enumerate(urls)]
        quick = world.page("quick")
        world.add(*slow, quick)
        under_way = []
        async with world.running():
            for _ in range(1200):
                await world.clock.advance(0.25)
                under_way.append(sum(world.sites[url].active for url in urls))

        assert max(under_way) == 2
        assert all(world.sites[url].times for url in urls)
        assert max(gaps(world.site(quick).times)[1:]) < 61

    run(story)


def test_all_polls_under_way_are_bounded() -> None:
    async def story(world: World) -> None:
        pages = [world.page(f"p{number}", latency_s=5) for number in range(40)]
        world.add(*pages)
        under_way = []
        async with world.running():
            for _ in range(160):
                await world.clock.advance(0.25)
                under_way.append(sum(site.active for site in world.sites.values()))

        assert max(under_way) == 8
        assert all(world.site(page).times for page in pages)

    run(story, PollSettings(concurrency=8))


# --- wishes, removal ------------------------------------------------------------------------------------------------


def test_W11_poll_soon_polls_at_once_but_every_ten_seconds_at_most() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.add(page)
        async with world.running() as poller:
            await world.clock.advance(20)
            for _ in range(40):
                assert poller.poll_soon(page.id)
                await world.clock.advance(0.5)

        assert world.site(page).times == [0.25, 20.0, 30.0, 40.0]

    run(story)


def test_a_wish_while_the_page_is_being_polled_leads_to_one_more_poll() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", latency_s=5)
        world.add(page)
        async with world.running() as poller:
            await world.clock.advance(2)
            poller.poll_soon(page.id)
            await world.clock.advance(10)

        assert len(world.site(page).times) == 2
        assert world.site(page).most_active == 1

    run(story)


def test_hooks_do_not_hammer_a_page_that_refuses_us() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", error=FetchError(FetchReason.BLOCKED, "403", status=403))
        world.add(page)
        async with world.running() as poller:
            for _ in range(60):
                await world.clock.advance(10)
                poller.poll_soon(page.id)

        assert min(gaps(world.site(page).times)) >= 60

    run(story)


def test_what_a_hook_told_makes_the_page_faster_even_if_the_poll_finds_nothing_new() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.add(page)
        async with world.running() as poller:
            await world.clock.advance(30)
            poller.poll_soon(page.id, has_open=True)
            await world.clock.advance(45)

        assert gaps(world.site(page).times) == [29.75, 20, 20]

    run(story)


def test_nobody_polls_an_unknown_or_removed_page() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.add(page)
        async with world.running() as poller:
            await world.clock.advance(1)
            poller.remove_page(page.id)
            poller.remove_page(page.id)
            assert not poller.poll_soon(page.id)
            await world.clock.advance(HOUR)

        assert world.site(page).times == [0.25]

    run(story)


def test_a_page_added_while_running_is_read_within_a_tick_or_two() -> None:
    async def story(world: World) -> None:
        late = world.page("late")
        async with world.running():
            await world.clock.advance(1000.1)
            world.add(late)
            await world.clock.advance(1)

        assert len(world.site(late).times) == 1
        assert world.site(late).times[0] < 1000.6

    run(story)


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


# --- offline --------------------------------------------------------------------------------------------------------


def test_N11_when_most_hosts_fail_at_once_it_is_us_and_no_page_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        pages = [world.page(f"p{number}") for number in range(8)]
        world.add(*pages)
        async with world.running() as poller:
            await world.clock.advance(100)
            for page in pages:
                world.site(page).error = FetchError(FetchReason.DNS, "no such host")
            await world.clock.advance(3 * HOUR)
            assert poller.is_offline
            for page in pages:
                world.site(page).error = None
            await world.clock.advance(90)
            assert not poller.is_offline

        assert world.types() == []
        assert world.poller.counters.offline_spells == 1
        assert all(gaps(world.site(page).times)[-1] < 140 for page in pages)

    with caplog.at_level(logging.WARNING, "statuswire.engine.poller"):
        run(story)
    assert len([record for record in caplog.records if "observer" in record.message]) == 2


def test_a_minority_of_failing_hosts_is_told_of() -> None:
    async def story(world: World) -> None:
        pages = [world.page(f"p{number}") for number in range(8)]
        for page in pages[:3]:
            world.site(page).error = FetchError(FetchReason.DNS, "no such host")
        world.add(*pages)
        async with world.running() as poller:
            await world.clock.advance(HOUR)
            assert not poller.is_offline

        assert world.types() == ["feed.failing"] * 3

    run(story)


# --- restarts, saving -----------------------------------------------------------------------------------------------


def test_a_restart_goes_on_where_we_were() -> None:
    async def story(world: World) -> None:
        pages = [world.page(f"p{number}") for number in range(20)]
        world.add(*pages)
        async with world.running():
            await world.clock.advance(100)
        polls = [world.feed(page).polls for page in pages]
        world.new_poller()
        world.add(*pages)
        async with world.running():
            await world.clock.advance(1)
            assert world.poller.counters.polls < 5
            await world.clock.advance(125)

        assert all(polls)
        assert min(gap for page in pages for gap in gaps(world.site(page).times)) >= 59.9
        assert world.poller.counters.changed == 0

    run(story)


def test_after_a_long_stop_overdue_pages_are_spread_over_the_interval() -> None:
    async def story(world: World) -> None:
        pages = [world.page(f"p{number}") for number in range(60)]
        world.add(*pages)
        async with world.running():
            await world.clock.advance(200)
        await world.clock.advance(3 * HOUR)
        world.new_poller()
        world.add(*pages)
        began = world.clock.monotonic()
        async with world.running():
            await world.clock.advance(61)

        first = sorted(next(at for at in world.site(page).times if at >= began) - began for page in pages)
        assert len(first) == 60
        for quarter in range(4):
            assert 5 <= len([at for at in first if quarter * 15 <= at < quarter * 15 + 15]) <= 25

    run(story)


def test_schedules_are_saved_once_a_minute_and_at_the_end() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.add(page)
        async with world.running():
            await world.clock.advance(59)
            assert world.feed(page).due_at is None
            await world.clock.advance(2)
            assert world.feed(page).due_at is not None
            await world.clock.advance(500)

        stored = world.feed(page)
        assert (stored.polls, stored.not_modified) == (len(world.site(page).times), world.poller.counters.not_modified)
        assert stored.due_at is not None and stored.due_at > world.clock.now()
        assert stored.health.last_ok_at is not None

    run(story)


def test_schedules_that_cannot_be_saved_are_saved_later(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.add(page)
        async with world.running():
            await world.clock.advance(30)
            world.store.refusal = StoreError(StoreReason.FULL, "disk full")
            await world.clock.advance(120)
            assert world.feed(page).due_at is None
            world.store.refusal = None
            await world.clock.advance(60)
            assert world.feed(page).polls >= 3

    run(story)
    assert "schedules not saved: reason=full" in caplog.text


def test_P10_a_loop_that_was_stopped_makes_up_for_it_once() -> None:
    async def story(world: World) -> None:
        pages = [world.page(f"p{number}") for number in range(40)]
        world.add(*pages)
        async with world.running():
            await world.clock.advance(130)
            before = {page.id: len(world.site(page).times) for page in pages}
            world.clock.freeze(7200)
            thawed = world.clock.monotonic()
            await world.clock.advance(62)

        for page in pages:
            assert len(world.site(page).times) - before[page.id] <= 2
        again = [at for page in pages for at in world.site(page).times if thawed <= at < thawed + 5]
        assert len(again) < 12

    run(story)


# --- trouble of our own ---------------------------------------------------------------------------------------------


def test_P14_a_bug_in_an_adapter_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        broken, fine = world.page("broken", body=b"!"), world.page("fine")
        world.add(broken, fine)
        async with world.running():
            await world.clock.advance(200)

        assert len(world.site(broken).times) == 4
        assert len(world.site(fine).times) == 4
        assert world.poller.counters.failures == {"bug": 4}

    run(story)
    assert "ZeroDivisionError" in caplog.text


def test_a_document_that_could_not_be_written_is_read_again(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        page = world.page("acme", body=page_body(world.clock.now(), "one"))
        world.add(page)
        world.store.refusal = StoreError(StoreReason.FULL, "disk full")
        async with world.running():
            await world.clock.advance(90)
            world.store.refusal = None
            await world.clock.advance(90)

        assert world.types("incident.") == ["incident.created"]
        assert world.site(page).requests[1][1].etag == ""

    run(story)
    assert "poll not recorded page=acme reason=full" in caplog.text


def test_stopping_gives_up_polls_that_hang() -> None:
    async def story(world: World) -> None:
        page = world.page("acme", latency_s=10_000)
        world.add(page)
        async with world.running():
            await world.clock.advance(5)

        assert world.site(page).active == 0
        assert world.feed(page).due_at is not None

    run(story)


def test_cancelling_saves_too() -> None:
    async def story(world: World) -> None:
        page = world.page("acme")
        world.add(page)
        world.task = asyncio.create_task(world.poller.run())
        await world.clock.advance(5)
        world.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await world.task

        assert world.feed(page).polls == 1

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


# --- a day ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [30, pytest.param(1, marks=pytest.mark.nightly)])
def test_F11_a_day_of_a_thousand_pages_is_polite_complete_and_spread(minutes: int) -> None:
    """Some pages share a host, some ask for patience, some fail; time is virtual."""
    interval_s = minutes * 60.0

    async def story(world: World) -> None:
        pages = [world.page(f"p{number}") for number in range(900)]
        urls = [f"https://shared{number % 4}.example/{number}.json" for number in range(100)]
        pages += [world.page(f"s{number}", state(url)) for number, url in enumerate(urls)]
        for page in pages[:50]:
            world.site(page).max_age = timedelta(seconds=interval_s * 2)
        for page in pages[50:80]:
            world.site(page).error = FetchError(FetchReason.SERVER_ERROR, "503", status=503)
        world.add(*pages)
        async with world.running():
            await world.clock.advance(24 * HOUR)

        times = {page.slug: world.site(page).times for page in pages}
        assert min(gap for slug in times for gap in gaps(times[slug])) >= interval_s
        assert min(gap for page in pages[:50] for gap in gaps(times[page.slug])) >= interval_s * 2
        wanted = 24 * HOUR / interval_s
        assert all(wanted * 0.95 <= len(times[page.slug]) <= wanted for page in pages[80:])
        assert all(20 < len(times[page.slug]) <= wanted for page in pages[50:80])
        for number in range(4):
            host = sorted(at for url in urls[number::4] for at in world.sites[url].times)
            assert min(gaps(host)) >= 0.25
        evening = [at for slug in times for at in times[slug] if at > 12 * HOUR]
        window_s = interval_s / 60
        assert max(_counts(evening, window_s)) <= 3 * len(evening) / (12 * HOUR) * window_s
        assert world.types("feed.") == ["feed.failing"] * 30

    run(story, PollSettings(interval=timedelta(minutes=minutes)))


def _counts(times: list[float], width_s: float) -> list[int]:
    """How many of the times fall into each window of that width."""
    counts: dict[int, int] = {}
    for at in times:
        counts[int(at / width_s)] = counts.get(int(at / width_s), 0) + 1
    return list(counts.values())
