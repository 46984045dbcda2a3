"""What a planned maintenance gives cause to say: each reminder once, the overrun once, again when times move."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from statuswire.core.calendar import CalendarRule, due, next_at
from statuswire.model import EventType, Impact, Kind, KnownIncident, Moment, PageRef, Phase

BEGINS = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=2)
PAGE = PageRef("acme", "Acme Relay", "https://status.acme-relay.example")
RULE = CalendarRule()
HOUR = timedelta(hours=1)
VIENNA = ZoneInfo("Europe/Vienna")
PLANNED = KnownIncident(
    id="m1",
    kind=Kind.MAINTENANCE,
    title="Database upgrade",
    phase=Phase.SCHEDULED,
    impact=Impact.MAINTENANCE,
    url="",
    moment=Moment(BEGINS - 72 * HOUR, BEGINS - 72 * HOUR),
    scheduled_for=BEGINS,
    scheduled_until=ENDS,
)
RUNNING = replace(PLANNED, phase=Phase.IN_PROGRESS)


def said(known: KnownIncident, now: datetime, rule: CalendarRule = RULE) -> EventType | None:
    event = due(PAGE, known, rule, now)
    return None if event is None else event.type


def key(known: KnownIncident, now: datetime) -> str:
    event = due(PAGE, known, RULE, now)
    assert event is not None
    return event.key


def walked(known: KnownIncident, begin: datetime, end: datetime) -> list[tuple[datetime, EventType]]:
    """What is said when somebody looks every ten minutes, each key once."""
    seen: dict[str, tuple[datetime, EventType]] = {}
    now = begin
    while now <= end:
        event = due(PAGE, known, RULE, now)
        if event is not None:
            seen.setdefault(event.key, (event.at, event.type))
        now += timedelta(minutes=10)
    return list(seen.values())


def test_each_reminder_is_told_once_at_its_time() -> None:
    told = walked(PLANNED, BEGINS - 72 * HOUR, BEGINS + HOUR)

    reminder = EventType.MAINTENANCE_REMINDER
    assert told == [(BEGINS - 24 * HOUR, reminder), (BEGINS - HOUR, reminder)]


def test_a_first_sight_half_an_hour_before_gives_the_nearest_reminder_alone() -> None:
    told = walked(PLANNED, BEGINS - HOUR / 2, BEGINS)

    assert told == [(BEGINS - HOUR / 2, EventType.MAINTENANCE_REMINDER)]


def test_nothing_is_said_once_it_should_have_begun() -> None:
    assert said(PLANNED, BEGINS) is None
    assert said(PLANNED, ENDS + HOUR) is None, "only the provider says that it runs"


def test_a_postponed_start_gives_new_reminders() -> None:
    now = BEGINS - HOUR
    later = replace(PLANNED, scheduled_for=BEGINS + timedelta(minutes=10))

    assert key(later, now + timedelta(minutes=10)) != key(PLANNED, now)


def test_a_start_spelt_in_another_zone_gives_no_new_reminder() -> None:
    elsewhere = replace(PLANNED, scheduled_for=BEGINS.astimezone(ZoneInfo("Asia/Tokyo")))

    assert key(elsewhere, BEGINS - HOUR) == key(PLANNED, BEGINS - HOUR)


@pytest.mark.parametrize(
    "begins",
    [datetime(2026, 3, 29, 12, 0, tzinfo=VIENNA), datetime(2026, 10, 25, 12, 0, tzinfo=VIENNA)],
    ids=["spring", "autumn"],
)
def test_a_day_before_is_24_hours_before_where_clocks_change_in_between(begins: datetime) -> None:
    known = replace(PLANNED, scheduled_for=begins)
    day_before = begins.astimezone(UTC) - 24 * HOUR

    assert said(known, day_before - timedelta(seconds=1)) is None
    assert said(known, day_before) is EventType.MAINTENANCE_REMINDER


def test_it_is_told_once_that_one_goes_on_beyond_its_end() -> None:
    told = walked(RUNNING, BEGINS, ENDS + 30 * HOUR)

    assert told == [(ENDS + timedelta(minutes=15), EventType.MAINTENANCE_OVERRUN)]


def test_an_extension_arms_the_overrun_anew() -> None:
    late = ENDS + HOUR
    extended = replace(RUNNING, scheduled_until=ENDS + 2 * HOUR)

    assert said(extended, late) is None
    assert key(extended, ENDS + 3 * HOUR) != key(RUNNING, late)


@pytest.mark.parametrize("phase", [Phase.COMPLETED, Phase.CANCELLED, Phase.UNKNOWN])
def test_what_is_over_or_unknown_gives_nothing(phase: Phase) -> None:
    known = replace(PLANNED, phase=phase)

    assert said(known, BEGINS - HOUR) is None
    assert said(known, ENDS + HOUR) is None


def test_one_that_the_page_no_longer_shows_gives_nothing() -> None:
    gone = replace(PLANNED, absent_since=PLANNED.moment)

    assert said(gone, BEGINS - HOUR) is None


def test_an_incident_is_no_maintenance() -> None:
    assert said(replace(PLANNED, kind=Kind.INCIDENT), BEGINS - HOUR) is None


def test_what_nobody_ever_closed_is_no_news_and_neither_is_what_was_kept_silently() -> None:
    assert said(RUNNING, ENDS + timedelta(days=60)) is None
    assert said(replace(RUNNING, is_told=False), ENDS + HOUR) is None


def test_without_times_nothing_is_said() -> None:
    assert said(replace(PLANNED, scheduled_for=None), BEGINS) is None
    assert said(replace(RUNNING, scheduled_until=None), ENDS + HOUR) is None


def test_no_leads_no_reminders() -> None:
    assert said(PLANNED, BEGINS - HOUR, CalendarRule(leads=())) is None


def test_an_event_a_moment_late_carries_the_moment_that_was_meant() -> None:
    event = due(PAGE, PLANNED, RULE, BEGINS - HOUR + timedelta(seconds=29))

    assert event is not None
    assert (event.at, event.seen_at) == (BEGINS - HOUR, BEGINS - HOUR + timedelta(seconds=29))


def test_the_next_moment_is_the_nearest_of_all_that_are_planned() -> None:
    now = BEGINS - 2 * HOUR

    assert next_at([PLANNED, RUNNING], RULE, now) == BEGINS - HOUR
    assert next_at([RUNNING], RULE, now) == ENDS + timedelta(minutes=15)
    assert next_at([RUNNING], RULE, ENDS + HOUR) is None
