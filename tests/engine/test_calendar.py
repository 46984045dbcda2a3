"""The loop of the calendar on a real store: once across restarts and replicas, and seen by whoever follows the log."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from statuswire.core.calendar import CalendarRule
from statuswire.engine.calendar import Calendar
from statuswire.model import Changes, EventType, Impact, Kind, KnownIncident, Moment, Phase
from statuswire.store import Store, open_store, queries
from tests.fakes import FakeClock

HOUR = timedelta(hours=1)


class Office:
    """A store in memory with one page and one planned maintenance, which begins in 30 hours and takes two."""

    def __init__(self) -> None:
        self.store: Store = open_store("sqlite://")
        self.clock = FakeClock()
        self.begins = self.clock.now() + 30 * HOUR
        self.rings = 0
        self.page = self.store.write(
            lambda tx: queries.upsert_page(
                tx, slug="acme", name="Acme", url="https://s.example", platform="statuspage", origin="config"
            )
        )
        self._version = 0
        self.known = KnownIncident(
            id="m1",
            kind=Kind.MAINTENANCE,
            title="Database upgrade",
            phase=Phase.SCHEDULED,
            impact=Impact.MAINTENANCE,
            url="",
            moment=Moment(self.clock.now(), self.clock.now()),
            scheduled_for=self.begins,
            scheduled_until=self.begins + 2 * HOUR,
        )
        self.say()

    def say(self, phase: Phase | None = None, until: datetime | None = None) -> None:
        """The page says so of its maintenance."""
        self.known = replace(
            self.known, phase=phase or self.known.phase, scheduled_until=until or self.known.scheduled_until
        )
        changes = Changes(incidents=(self.known,))
        assert self.store.write(lambda tx: queries.save_changes(tx, self.page.id, self._version, changes))
        self._version += 1

    def calendar(self) -> Calendar:
        return Calendar(self.store, self.clock, CalendarRule(), on_events=self._ring)

    def _ring(self) -> None:
        self.rings += 1

    @property
    def log(self) -> list[tuple[EventType, datetime]]:
        return [(event.type, event.at) for event in self.store.read(lambda tx: queries.events_after(tx, 0))]


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.store.close()


async def during(office: Office, span: timedelta, *calendars: Calendar) -> None:
    """Let the loops run for so long, a minute at a time: their reads are on threads."""
    loops = [asyncio.ensure_future(calendar.run()) for calendar in calendars]
    for _ in range(int(span / timedelta(minutes=10))):
        await office.clock.advance(600)
        for calendar in calendars:
            await calendar.tell_due()
    for loop in loops:
        loop.cancel()


def test_reminders_and_overrun_are_told_once_by_two_replicas(office: Office) -> None:
    async def scenario() -> None:
        both = (office.calendar(), office.calendar())

        await during(office, 30 * HOUR, *both)
        office.say(Phase.IN_PROGRESS)
        await during(office, 5 * HOUR, *both)

        reminder, overrun = EventType.MAINTENANCE_REMINDER, EventType.MAINTENANCE_OVERRUN
        assert [kind for kind, _ in office.log] == [reminder, reminder, overrun]
        assert office.rings == 3

    asyncio.run(scenario())


def test_a_restart_repeats_nothing(office: Office) -> None:
    async def scenario() -> None:
        await during(office, 7 * HOUR, office.calendar())

        await during(office, 2 * HOUR, office.calendar())

        assert [kind for kind, _ in office.log] == [EventType.MAINTENANCE_REMINDER]

    asyncio.run(scenario())


def test_after_a_day_away_one_reminder_is_told_and_no_burst(office: Office) -> None:
    async def scenario() -> None:
        await office.clock.advance((29.5 * HOUR).total_seconds())

        await office.calendar().tell_due()

        assert office.log == [(EventType.MAINTENANCE_REMINDER, office.begins - HOUR / 2)]

    asyncio.run(scenario())


def test_nobody_but_the_provider_says_that_it_began_or_ended(office: Office) -> None:
    async def scenario() -> None:
        await during(office, 40 * HOUR, office.calendar())

        assert {kind for kind, _ in office.log} == {EventType.MAINTENANCE_REMINDER}

    asyncio.run(scenario())


def test_an_extension_is_overrun_in_its_turn(office: Office) -> None:
    async def scenario() -> None:
        office.say(Phase.IN_PROGRESS)
        calendar = office.calendar()
        await office.clock.advance((33 * HOUR).total_seconds())
        await calendar.tell_due()
        office.say(until=office.begins + 5 * HOUR)
        assert await calendar.tell_due() == ()

        await office.clock.advance((3 * HOUR).total_seconds())
        await calendar.tell_due()

        assert [kind for kind, _ in office.log] == [EventType.MAINTENANCE_OVERRUN, EventType.MAINTENANCE_OVERRUN]

    asyncio.run(scenario())


def test_nothing_is_written_while_there_is_nothing_new(office: Office) -> None:
    async def scenario() -> None:
        calendar = office.calendar()
        await office.clock.advance((7 * HOUR).total_seconds())

        assert len(await calendar.tell_due()) == 1
        assert await calendar.tell_due() == ()

    asyncio.run(scenario())


def test_nothing_is_said_of_maintenance_of_a_page_that_was_dropped(office: Office) -> None:
    office.store.write(lambda tx: queries.drop_pages(tx, [office.page.id], office.clock.now()))

    asyncio.run(during(office, 40 * HOUR, office.calendar()))

    assert office.log == []
