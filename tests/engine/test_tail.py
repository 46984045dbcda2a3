"""Following the event log: every event once, in order, and never again after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from statuswire.engine.tail import BATCH, Tail, count_events
from statuswire.metrics import Metrics
from statuswire.model import Event, EventType, PageRef, Source
from statuswire.store import Store, open_store, queries
from tests.fakes import FakeClock

PAGE = PageRef("acme", "Acme", "https://status.acme.example")


class Log:
    """A store in memory with one page, to which events can be appended."""

    def __init__(self) -> None:
        self.store: Store = open_store("sqlite://")
        self.clock = FakeClock()
        self.count = 0
        self.page = self.store.write(
            lambda tx: queries.upsert_page(
                tx, slug=PAGE.slug, name=PAGE.name, url=PAGE.url, platform="statuspage", origin="config"
            )
        )

    def append(self, count: int = 1) -> None:
        now = self.clock.now()
        numbers = range(self.count, self.count + count)
        events = [
            Event(EventType.HEARTBEAT, f"key-{number}", now - timedelta(seconds=2), now, Source.HOOK, PAGE)
            for number in numbers
        ]
        self.store.write(lambda tx: queries.append_events(tx, self.page.id, events))
        self.count += count


class Ears:
    """A listener that remembers the ids it was told."""

    def __init__(self) -> None:
        self.ids: list[int] = []

    def __call__(self, events: Sequence[Event]) -> None:
        assert events, "a listener never gets an empty list"
        self.ids += [event.id for event in events]


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    yield made
    made.store.close()


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(20):
            await scene()

    asyncio.run(main())


def test_a_listener_is_told_what_comes_after_it_began_and_nothing_before(log: Log) -> None:
    ears = Ears()
    log.append(3)

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        assert await tail.follow(ears) == 3
        assert await tail.tell_new() == 0
        log.append(2)
        assert await tail.tell_new() == 2

    run(scene)

    assert ears.ids == [4, 5]


def test_more_events_than_a_batch_come_all_and_in_order(log: Log) -> None:
    ears = Ears()

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(ears)
        log.append(BATCH * 2 + 1)
        await tail.tell_new()

    run(scene)

    assert ears.ids == list(range(1, BATCH * 2 + 2))


def test_a_listener_that_dies_of_an_event_is_not_told_it_again_and_the_others_are_told(log: Log) -> None:
    ears = Ears()
    calls: list[int] = []

    def dying(events: Sequence[Event]) -> None:
        calls.append(len(events))
        raise RuntimeError("the terminal is gone")

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(dying)
        await tail.follow(ears)
        log.append(2)
        await tail.tell_new()
        await tail.tell_new()

    run(scene)

    assert (calls, ears.ids) == ([2], [1, 2])


def test_each_listener_has_its_own_position(log: Log) -> None:
    early, late = Ears(), Ears()

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(early)
        log.append(2)
        await tail.follow(late)
        log.append(1)
        await tail.tell_new()

    run(scene)

    assert (early.ids, late.ids) == ([1, 2, 3], [3])


@pytest.mark.parametrize(("notified", "advance_s"), [(True, 0.0), (False, 1.0)])
def test_the_loop_looks_when_notified_and_every_second_anyway(log: Log, notified: bool, advance_s: float) -> None:
    ears = Ears()

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(ears)
        running = asyncio.create_task(tail.run())
        await log.clock.advance(0)
        log.append(1)
        if notified:
            tail.notify()
        while not ears.ids:
            await asyncio.sleep(0.001)
            await log.clock.advance(advance_s)
        running.cancel()

    run(scene)

    assert ears.ids == [1]


def test_the_time_of_the_last_telling_is_known(log: Log) -> None:
    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(Ears())
        assert tail.last_told_at is None
        log.append(1)
        await tail.tell_new()
        assert tail.last_told_at == log.clock.now()

    run(scene)


def test_a_listener_can_count_events_for_the_metrics(log: Log) -> None:
    metrics = Metrics(CollectorRegistry(), version="1", event_types=list(EventType))

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(count_events(metrics))
        log.append(3)
        await tail.tell_new()

    run(scene)

    assert metrics.events() == {"heartbeat": 3}
    assert b'statuswire_event_lag_seconds_sum{source="hook"} 6.0' in metrics.text()
