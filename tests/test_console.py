"""The console follows the log at the pace of its reader: a pause loses nothing, an end knows what is out."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from typing import TextIO

import pytest

from statuswire.channels.terminal import PLAIN
from statuswire.console import BATCH, Console, Follower
from statuswire.model import Event, EventIncident, EventType, EventUpdate, Impact, Kind, PageRef, Phase, Source
from statuswire.store import Store, open_store, queries
from tests.fakes import FakeClock

PAGE = PageRef("acme", "Acme Relay", "https://status.acme-relay.example")
NAME = "console"


class Log:
    """A store in memory with one page, to which events can be appended; each has its number as its text."""

    def __init__(self) -> None:
        self.store: Store = open_store("sqlite://")
        self.clock = FakeClock()
        self.count = 0
        self.page = self.store.write(
            lambda tx: queries.upsert_page(
                tx, slug=PAGE.slug, name=PAGE.name, url=PAGE.url, platform="statuspage", origin="config"
            )
        )

    def append(self, count: int, padding: int = 0) -> None:
        numbers = range(self.count, self.count + count)
        events = [self._event(number, "x" * padding) for number in numbers]
        self.store.write(lambda tx: queries.append_events(tx, self.page.id, events))
        self.count += count

    def _event(self, number: int, padding: str) -> Event:
        moment = self.clock.now()
        incident = EventIncident(
            f"i{number}", "Slow API", Kind.INCIDENT, Phase.INVESTIGATING, Impact.MINOR, "", moment, None, ()
        )
        update = EventUpdate(f"u{number}", Phase.INVESTIGATING, f"text {number} {padding}".strip(), moment)
        kind = EventType.INCIDENT_CREATED
        return Event(kind, f"key-{number}", moment, moment, Source.HOOK, PAGE, incident, update)

    def follower(self, out: TextIO, name: str = NAME, when_unread: Callable[[], object] | None = None) -> Follower:
        return Follower(self.store, Console(out, "default", PLAIN, when_unread=when_unread), self.clock, name)

    @property
    def place(self) -> int | None:
        return self.store.read(lambda tx: queries.follower(tx, NAME))


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    with closing(made.store):
        yield made


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(20):
            await scene()

    asyncio.run(main())


def numbers(shown: str) -> list[int]:
    return [int(line.split()[2]) for line in shown.splitlines() if line.startswith("Status: text ")]


def test_everything_after_the_beginning_is_printed_in_order_over_many_batches(log: Log) -> None:
    out = io.StringIO()
    log.append(2)

    async def scene() -> None:
        follower = log.follower(out)
        await follower.begin()
        log.append(BATCH * 2 + 1)
        await follower.tell_new()

    run(scene)

    assert numbers(out.getvalue()) == list(range(2, BATCH * 2 + 3))
    assert log.place == BATCH * 2 + 3


def test_nothing_is_printed_before_the_beginning(log: Log) -> None:
    out = io.StringIO()
    log.append(1)

    run(lambda: log.follower(out).tell_new())

    assert out.getvalue() == ""


def test_with_a_name_it_goes_on_after_a_restart_where_it_was(log: Log) -> None:
    out = io.StringIO()

    async def life() -> None:
        follower = log.follower(out)
        await follower.begin()
        await follower.tell_new()
        await follower.end()

    run(life)
    log.append(3)
    run(life)
    run(life)

    assert numbers(out.getvalue()) == [0, 1, 2]


def test_without_a_name_it_begins_at_the_head_and_keeps_no_place(log: Log) -> None:
    out = io.StringIO()
    log.append(2)

    async def scene() -> None:
        follower = log.follower(out, name="")
        await follower.begin()
        log.append(1)
        await follower.tell_new()
        await follower.end()

    run(scene)

    assert numbers(out.getvalue()) == [2]
    assert log.place is None


async def stopped_while_nobody_reads(log: Log, out: TextIO) -> None:
    follower = log.follower(out)
    await follower.begin()
    log.append(BATCH * 2, padding=2_000)
    telling = asyncio.ensure_future(follower.tell_new())
    await asyncio.wait((telling,), timeout=0.3)
    assert not telling.done(), "the pipe is full"
    telling.cancel()
    await follower.end()


def test_what_a_paused_reader_has_not_taken_is_told_by_the_next_process(log: Log) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as pipe:
        with os.fdopen(writing, "w", encoding="utf-8") as out:
            run(lambda: stopped_while_nobody_reads(log, out))
        before = numbers(pipe.read())
    rest = io.StringIO()

    async def next_process() -> None:
        follower = log.follower(rest)
        await follower.begin()
        await follower.tell_new()

    run(next_process)

    assert 0 < len(before) < BATCH * 2
    assert before + numbers(rest.getvalue()) == list(range(BATCH * 2))


def test_a_kill_between_moving_on_and_printing_repeats_nothing(log: Log) -> None:
    """The place is saved before the first line is out: seen from the stream itself."""
    places: list[int | None] = []

    class Watching(io.StringIO):
        def write(self, text: str) -> int:
            places.append(log.place)
            return super().write(text)

    async def scene() -> None:
        follower = log.follower(Watching())
        await follower.begin()
        log.append(2)
        await follower.tell_new()

    run(scene)

    assert places == [2]


def test_a_reader_who_has_gone_is_noticed_once_and_the_console_keeps_up_with_the_log(log: Log) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    noticed: list[str] = []

    async def scene() -> None:
        with os.fdopen(writing, "w", encoding="utf-8") as out:
            follower = log.follower(out, when_unread=lambda: noticed.append("gone"))
            await follower.begin()
            for _ in range(3):
                log.append(2)
                await follower.tell_new()

    run(scene)

    assert noticed == ["gone"]
    assert log.place == 6
