"""When a digest is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from statuswire.core.collecting import next_digest
from statuswire.model import Digest

VIENNA = ZoneInfo("Europe/Vienna")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-05-04T10:20", "2026-05-04T12:00"),
        ("2026-05-04T11:59", "2026-05-04T12:00"),
        ("2026-05-04T12:00", "2026-05-04T16:00"),
        ("2026-05-04T22:10", "2026-05-05T00:00"),
    ],
)
def test_a_digest_of_several_hours_is_due_at_fixed_hours(now: str, due: str) -> None:
    """Else what comes an hour later would be in another digest, an hour later."""
    assert next_digest(Digest(timedelta(hours=4)), at(now)) == at(due)


def test_hours_that_do_not_divide_a_day_begin_anew_at_midnight() -> None:
    assert next_digest(Digest(timedelta(hours=5)), at("2026-05-04T21:00")) == at("2026-05-05T00:00")


def test_an_hourly_digest_is_due_on_the_full_hour_of_its_zone() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")

    assert next_digest(Digest(timedelta(hours=1)), at("2026-05-04T10:20")) == at("2026-05-04T11:00")
    assert next_digest(Digest(timedelta(hours=1), zone=kolkata), at("2026-05-04T10:20")) == at("2026-05-04T10:30")


def test_a_daily_digest_is_due_at_its_time_by_the_clock_of_its_zone() -> None:
    daily = Digest(timedelta(days=1), time(9), VIENNA)

    assert next_digest(daily, at("2026-05-04T06:59")) == at("2026-05-04T07:00")
    assert next_digest(daily, at("2026-12-04T07:30")) == at("2026-12-04T08:00")
