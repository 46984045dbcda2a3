"""The poller's pages come and go, it is stopped and started, and meets trouble of our own."""

from __future__ import annotations

import asyncio

import pytest

from statuswire.errors import FetchError, FetchReason, StoreError, StoreReason
from tests.engine.polling import World, gaps, page_body, run

HOUR = 3600.0


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
        assert world.poller.counters.failures == {"error": 4}

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


def test_N1_a_page_whose_host_is_not_found_for_three_days_is_flagged() -> None:
    async def story(world: World) -> None:
        lost, well = world.page("lost"), world.page("well")
        world.site(lost).error = FetchError(FetchReason.DNS, "lost.example: name lookup failed")
        world.add(lost, well)
        async with world.running() as poller:
            await world.clock.advance(2 * 86_400)
            assert poller.flags() == {}
            await world.clock.advance(2 * 86_400)
            assert poller.flags() == {"lost": "no_host"}

    run(story)
