"""The poller and its hosts: how much each has to bear, and when it is we who are offline."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from statuswire.engine.polled import PollSettings
from statuswire.errors import FetchError, FetchReason
from tests.engine.polling import World, gaps, run, state

HOUR = 3600.0


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


@pytest.mark.parametrize(("replicas", "at_once"), [(1, 4), (2, 2), (8, 1)])
def test_a_host_that_others_ask_too_has_our_part_of_its_polls_at_once(replicas: int, at_once: int) -> None:
    class Shared:
        def stretch(self, host: str) -> float:
            return float(replicas)

    async def story(world: World) -> None:
        world.rate = Shared()
        world.new_poller()
        urls = [f"https://slow.example/{number}.json" for number in range(12)]
        world.add(*[world.page(f"p{number}", state(url), latency_s=20) for number, url in enumerate(urls)])
        under_way = []
        async with world.running():
            for _ in range(240):
                await world.clock.advance(0.25)
                under_way.append(sum(world.sites[url].active for url in urls))

        assert max(under_way) == at_once

    run(story, PollSettings(per_host=4))


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
