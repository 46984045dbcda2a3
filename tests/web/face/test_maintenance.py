"""The calendar of maintenance: months, what runs and what is late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from statuswire.model import Impact, Kind, KnownIncident, Moment, PageRef, Phase
from statuswire.web.face.maintenance import planned_of
from statuswire.web.face.months import Month
from tests.web.face.house import House, text

NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)
PAGE = PageRef("acme", "Acme", "")


def work(phase: Phase, begin: datetime, hours: float = 2) -> KnownIncident:
    return KnownIncident(
        "m1",
        Kind.MAINTENANCE,
        "Moving",
        phase,
        Impact.MAINTENANCE,
        "",
        Moment(begin, begin),
        scheduled_for=begin,
        scheduled_until=begin + timedelta(hours=hours),
    )


def days_of(one: KnownIncident) -> list[date]:
    weeks = Month(date(2026, 5, 1)).weeks([planned_of(PAGE, one, NOW)], NOW)
    return [day.date for week in weeks for day in week if day.planned]


def test_a_month_is_shown_in_whole_weeks() -> None:
    weeks = Month(date(2026, 5, 1)).weeks((), NOW)

    assert (weeks[0][0].date, weeks[-1][-1].date) == (date(2026, 4, 27), date(2026, 5, 31))
    assert [day.date for week in weeks for day in week if day.is_today] == [date(2026, 5, 14)]


@pytest.mark.parametrize(
    ("text_", "first"),
    [("2026-12", date(2026, 12, 1)), ("", date(2026, 5, 1)), ("x", date(2026, 5, 1)), ("9999-12", date(2026, 5, 1))],
)
def test_any_other_word_is_the_present_month(text_: str, first: date) -> None:
    assert Month.of(text_, NOW).first == first


def test_months_follow_each_other_over_the_year() -> None:
    assert Month(date(2026, 12, 1)).after.name == "2027-01"
    assert Month(date(2026, 1, 1)).before.name == "2025-12"


def test_a_month_without_work_says_so(house: House) -> None:
    assert "Nothing is planned on these days." in text(house.look("/maintenance?month=2031-01"))
    assert "Nothing is planned on these days." not in text(house.look("/maintenance"))


def test_work_stands_on_every_day_that_it_takes() -> None:
    begin = datetime(2026, 5, 20, 22, tzinfo=UTC)

    assert days_of(work(Phase.SCHEDULED, begin, 4)) == [date(2026, 5, 20), date(2026, 5, 21)]
    assert days_of(work(Phase.SCHEDULED, begin, 2)) == [date(2026, 5, 20)], "it ends at midnight"


def test_work_that_goes_on_too_long_is_still_there_today() -> None:
    one = planned_of(PAGE, work(Phase.IN_PROGRESS, NOW - timedelta(days=2)), NOW)

    assert one.overrun(NOW) is None or one.overrun(NOW) == timedelta(hours=46)
    assert days_of(one.work) == [date(2026, 5, 12), date(2026, 5, 13), date(2026, 5, 14)]


def test_work_of_which_nothing_more_was_heard_is_late() -> None:
    assert planned_of(PAGE, work(Phase.SCHEDULED, NOW - timedelta(hours=1)), NOW).is_late(NOW)
    assert not planned_of(PAGE, work(Phase.SCHEDULED, NOW + timedelta(hours=1)), NOW).is_late(NOW)


def test_the_page_shows_what_comes_and_where_to_subscribe(house: House) -> None:
    tree = house.look("/maintenance")

    assert tree.xpath("//a[@href='/calendar.ics']")
    assert "None is running." in text(tree, "//*[@id='running']")
    assert len(tree.xpath("//ol[@id='coming']/li")) == 2
    assert len(tree.xpath("//table//td[not(contains(@class, 'bare'))]")) == 1
