"""Uptime: days add up, splitting changes nothing, and what was not seen is neither up nor down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.core.timeline import Change, Course, Stretch, Window, from_changes, from_harms, observed
from statuswire.core.uptime import Tally, day_edges, tallies, together
from statuswire.model import Status

START = datetime(2026, 10, 20, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=12))
BERLIN = ZoneInfo("Europe/Berlin")

statuses = st.sampled_from(list(Status))
minutes = st.integers(0, 12 * 1440)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    changes: list[Change] = []
    status = draw(statuses)
    for minute in sorted(draw(st.lists(minutes, max_size=8))):
        new = draw(statuses)
        changes.append(Change(at(minute), status, new))
        status = new
    return from_changes(changes, status, WINDOW)


gaps = st.lists(st.tuples(minutes, minutes), max_size=4).map(
    lambda some: [(at(min(one)), at(max(one))) for one in some]
)


@given(courses(), gaps)
def test_a_day_has_as_many_minutes_as_its_zone_gives_it(
    course: Course, missing: list[tuple[datetime, datetime]]
) -> None:
    window = Window(datetime(2026, 10, 20, 22, tzinfo=UTC), datetime(2026, 10, 30, 23, tzinfo=UTC))
    edges = day_edges(window, BERLIN)
    days = tallies(course, observed(WINDOW, START, missing), edges)

    assert [day.total / timedelta(minutes=1) for day in days] == [1440] * 4 + [1500] + [1440] * 5


@given(courses(), gaps, minutes)
def test_splitting_the_window_changes_no_sum(
    course: Course, missing: list[tuple[datetime, datetime]], cut: int
) -> None:
    seen = observed(WINDOW, START, missing)
    whole = tallies(course, seen, (WINDOW.since, WINDOW.until))[0]
    parts = together(tallies(course, seen, (WINDOW.since, at(cut), WINDOW.until)))

    assert (parts.spent, parts.unobserved) == (whole.spent, whole.unobserved)
    assert whole.uptime is None or 0 <= whole.uptime <= 100


@pytest.mark.parametrize(
    ("spent", "uptime"),
    [
        ({Status.OPERATIONAL: 100}, 100.0),
        ({Status.OPERATIONAL: 90, Status.MAJOR_OUTAGE: 10}, 90.0),
        ({Status.OPERATIONAL: 90, Status.PARTIAL_OUTAGE: 10}, 97.0),
        ({Status.OPERATIONAL: 90, Status.DEGRADED: 10}, 100.0),
        ({Status.OPERATIONAL: 90, Status.MAINTENANCE: 10}, 100.0),
        ({Status.OPERATIONAL: 90, Status.MAJOR_OUTAGE: 10, Status.UNKNOWN: 900}, 90.0),
        ({Status.OPERATIONAL: 10_000_000, Status.MAJOR_OUTAGE: 1}, 99.99),
        ({Status.UNKNOWN: 5}, None),
    ],
)
def test_what_counts_as_down(spent: dict[Status, int], uptime: float | None) -> None:
    tally = Tally({status: timedelta(minutes=count) for status, count in spent.items()})

    assert tally.uptime == uptime


def test_the_colour_of_a_day_is_what_harmed_most() -> None:
    tally = Tally({Status.MAJOR_OUTAGE: timedelta(minutes=5), Status.DEGRADED: timedelta(hours=3)})

    assert tally.level is Status.DEGRADED


def test_of_several_incidents_at_once_the_worst_counts() -> None:
    harms = [Stretch(Status.DEGRADED, at(0), at(60)), Stretch(Status.MAJOR_OUTAGE, at(20), at(30))]
    course = from_harms(harms, Window(at(0), at(100)))

    assert [(one.status, one.until) for one in course] == [
        (Status.DEGRADED, at(20)),
        (Status.MAJOR_OUTAGE, at(30)),
        (Status.DEGRADED, at(60)),
        (Status.OPERATIONAL, at(100)),
    ]
