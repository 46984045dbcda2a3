"""Windows of contracts: they are those of the calendar in the zone, and every moment lies in one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.core.periods import last_month, month_after, month_at, month_before, needed_until, read_month, window_of
from statuswire.model import Contract, Term

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


def contract(window: Term | timedelta = Term.MONTH, zone: ZoneInfo = BERLIN) -> Contract:
    return Contract("acme", "acme", Decimal("99.9"), {}, zone, window=window)


@pytest.mark.parametrize(
    ("window", "since", "until"),
    [
        (Term.MONTH, "2026-09-30T22:00", "2026-10-31T23:00"),
        (Term.QUARTER, "2026-09-30T22:00", "2026-12-31T23:00"),
        (30 * DAY, "2026-10-01T23:00", "2026-10-31T23:00"),
    ],
)
def test_the_window_of_a_month_is_that_of_its_zone(window: Term | timedelta, since: str, until: str) -> None:
    found = window_of(contract(window), date(2026, 10, 1))

    assert (found.since.isoformat()[:16], found.until.isoformat()[:16]) == (since, until)


def test_every_month_of_a_quarter_has_the_same_window() -> None:
    assert len({window_of(contract(Term.QUARTER), date(2026, month, 1)) for month in (4, 5, 6)}) == 1


def test_the_last_month_is_the_one_that_is_over_in_the_zone() -> None:
    assert last_month(contract(), datetime(2026, 10, 31, 23, 30, tzinfo=UTC)) == date(2026, 10, 1)
    assert last_month(contract(), datetime(2026, 10, 31, 22, 30, tzinfo=UTC)) == date(2026, 9, 1)


@given(
    st.integers(0, 15 * 365 * 1440).map(lambda minute: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)),
    st.sampled_from([Term.MONTH, Term.QUARTER, 7 * DAY, 90 * DAY]),
)
def test_no_window_that_holds_a_moment_ends_after_it_is_needed_for_the_last_time(
    at: datetime, window: Term | timedelta
) -> None:
    mine = contract(window)
    needed = needed_until(mine, at)
    later = month_at(needed, BERLIN)

    months = [later]
    for _ in range(6):
        months.append(month_before(months[-1]))
    holding = [found for found in (window_of(mine, one) for one in months) if found.since <= at < found.until]
    assert at < needed
    assert all(one.until <= needed for one in holding)
    assert window_of(mine, month_after(later)).since > at


def test_a_month_is_written_as_year_and_month() -> None:
    assert read_month(" 2026-10 ") == date(2026, 10, 1)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-10-01", "october", "0001-01"])
def test_anything_else_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="right: 2026-10"):
        read_month(text)
