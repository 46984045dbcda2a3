"""Polls of hosts that several processes share: whose bucket decides, and that nothing waits for it in vain."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from statuswire.engine.hosts import Host
from statuswire.engine.tokens import Tokens
from tests.engine.polling import World, gaps, run, state

URLS = [f"https://shared.example/{number}.json" for number in range(12)]


class PaperBuckets:
    """A bucket without room for bursts, of which others take `others` tokens for each of ours."""

    def __init__(self, world: World, others: int = 0, delay_s: float = 0.0) -> None:
        self.is_away = False
        self.asked: list[dict[str, int]] = []
        self._world = world
        self._others = others
        self._delay_s = delay_s
        self._full_at: dict[str, float] = {}

    async def reserve(self, wanted: Mapping[str, int], gap_s: float, slack_s: float) -> dict[str, list[float]] | None:
        if self._delay_s:
            await self._world.clock.sleep(self._delay_s)
        if self.is_away:
            return None
        self.asked.append(dict(wanted))
        return {name: [self._one(name, gap_s) for _ in range(count)] for name, count in wanted.items()}

    def _one(self, name: str, gap_s: float) -> float:
        now = self._world.clock.monotonic()
        start = max(now, self._full_at.get(name, 0.0))
        self._full_at[name] = start + gap_s * (1 + self._others)
        return start - now


def starts(world: World, seconds: float) -> list[float]:
    return sorted(at for url in URLS for at in world.sites[url].times if at <= seconds)


def add_pages(world: World) -> None:
    world.add(*[world.page(f"p{number}", state(url)) for number, url in enumerate(URLS)])


def everything(host: str) -> bool:
    return True


def test_all_polls_of_a_shared_host_keep_to_the_shared_bucket() -> None:
    async def story(world: World) -> None:
        buckets = PaperBuckets(world, others=1)
        world.poller.tokens = Tokens(buckets, everything)
        add_pages(world)
        async with world.running():
            await world.clock.advance(300)

        times = starts(world, 1e9)
        assert len(times) > 30
        for first, last in zip(times, times[10:], strict=False):
            assert last - first >= 10 * 1.0 - 0.3  # a start waits for the next tick of the wheel
        assert all(sum(one.values()) >= 1 for one in buckets.asked)

    run(story)


@pytest.mark.parametrize("delay_s", [0.0, 0.05])
def test_where_nobody_can_be_asked_the_process_goes_by_its_own_bucket(delay_s: float) -> None:
    async def story(world: World) -> None:
        buckets = PaperBuckets(world, delay_s=delay_s)
        buckets.is_away = True
        world.poller.tokens = Tokens(buckets, everything)
        add_pages(world)
        async with world.running():
            await world.clock.advance(300)

        times = starts(world, 1e9)
        assert len(times) > 40
        assert min(gaps(times)) >= 0.25
        for first, last in zip(times, times[12:], strict=False):
            assert last - first >= (12 - 4) * 0.5

    run(story)


def test_what_comes_and_goes_changes_the_judge_and_loses_no_poll() -> None:
    async def story(world: World) -> None:
        buckets = PaperBuckets(world, delay_s=0.05)
        world.poller.tokens = Tokens(buckets, everything)
        add_pages(world)
        async with world.running():
            for turn in range(10):
                buckets.is_away = turn % 2 == 1
                await world.clock.advance(60)

        for url in URLS:
            assert len(world.sites[url].times) >= 8
            assert max(gaps(world.sites[url].times)[1:]) < 65

    run(story)


def test_hosts_that_are_ours_alone_are_not_asked_for() -> None:
    async def story(world: World) -> None:
        buckets = PaperBuckets(world)
        only: Callable[[str], bool] = "shared.example".__eq__
        world.poller.tokens = Tokens(buckets, only)
        add_pages(world)
        alone = world.page("alone")
        world.add(alone)
        async with world.running():
            await world.clock.advance(200)

        assert buckets.asked and {name for one in buckets.asked for name in one} == {"shared.example"}
        assert world.site(alone).times

    run(story)


def test_the_poller_stops_while_tokens_are_asked_for() -> None:
    async def story(world: World) -> None:
        world.poller.tokens = Tokens(PaperBuckets(world, delay_s=5.0), everything)
        add_pages(world)
        async with world.running():
            await world.clock.advance(3)

        assert starts(world, 1e9) == []

    run(story)


def test_a_shared_token_counts_instead_of_the_hosts_own_and_never_runs_up_a_debt() -> None:
    host: Host[str] = Host("shared.example")

    starts = [host.reserve(0.0, 0.5, 1.5, 0.25, not_before=number * 0.1) for number in range(40)]

    assert starts[-1] == pytest.approx(39 * 0.25)
    assert host.full_at - starts[-1] <= 1.5 + 0.5
