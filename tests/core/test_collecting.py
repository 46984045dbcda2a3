"""Which messages wait to be told with others, and until when: quiet hours, digests, storms."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from statuswire.core.collecting import (
    Recent,
    StormRule,
    batch_for,
    in_storm,
    is_urgent,
    latest_of_each,
    next_digest,
    quiet_until,
)
from statuswire.core.quiet import Tell
from statuswire.model import Digest, Impact, MessageKind, Quiet, QuietHours, Story

from .told import T0

BERLIN = ZoneInfo("Europe/Berlin")
DELHI = ZoneInfo("Asia/Kolkata")
NIGHT = QuietHours(time(22), time(7), BERLIN)
NOON = QuietHours(time(12), time(13, 30), BERLIN)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


NIGHTS: dict[str, tuple[QuietHours, str, str | None]] = {
    "before the night": (NIGHT, "2026-05-04 21:59:59", None),
    "at its beginning": (NIGHT, "2026-05-04 22:00", "2026-05-05 07:00"),
    "after midnight": (NIGHT, "2026-05-05 03:00", "2026-05-05 07:00"),
    "at its end": (NIGHT, "2026-05-05 07:00", None),
    "within a day": (NOON, "2026-05-04 13:29", "2026-05-04 13:30"),
    "after it": (NOON, "2026-05-04 13:30", None),
    "the night in which the clock goes forward": (NIGHT, "2026-03-29 01:30", "2026-03-29 07:00"),
    "the night in which the clock goes back": (NIGHT, "2026-10-25 01:30", "2026-10-25 07:00"),
}


@pytest.mark.parametrize(("hours", "now", "end"), NIGHTS.values(), ids=NIGHTS)
def test_quiet_hours_end_when_the_clock_of_their_zone_says(hours: QuietHours, now: str, end: str | None) -> None:
    assert quiet_until(hours, at(now)) == (at(end) if end else None)


def test_an_end_that_the_clock_shows_twice_is_the_first_of_the_two() -> None:
    hours = QuietHours(time(22), time(2, 30), BERLIN)

    assert quiet_until(hours, at("2026-10-25 02:15")) == at("2026-10-25 02:30")
    assert quiet_until(hours, at("2026-10-25 02:15", fold=1)) is None


def test_an_end_that_the_clock_leaves_out_is_an_hour_later() -> None:
    hours = QuietHours(time(22), time(2, 30), BERLIN)

    assert quiet_until(hours, at("2026-03-29 01:00")) == at("2026-03-29 03:30")


WEEKEND = QuietHours(time(0), time(0), BERLIN, days=frozenset({5, 6}))
FRIDAY = QuietHours(time(22), time(7), BERLIN, days=frozenset({4}))
DAYS: dict[str, tuple[QuietHours, str, str | None]] = {
    "the night that begins on a chosen day": (FRIDAY, "2026-05-08 23:00", "2026-05-09 07:00"),
    "the morning after it": (FRIDAY, "2026-05-09 06:00", "2026-05-09 07:00"),
    "the morning of the chosen day itself": (FRIDAY, "2026-05-08 06:00", None),
    "the night after it": (FRIDAY, "2026-05-09 23:00", None),
    "two whole days are one": (WEEKEND, "2026-05-09 10:00", "2026-05-11 00:00"),
    "the second of them": (WEEKEND, "2026-05-10 10:00", "2026-05-11 00:00"),
    "the day after them": (WEEKEND, "2026-05-11 00:00", None),
}


@pytest.mark.parametrize(("hours", "now", "end"), DAYS.values(), ids=DAYS)
def test_quiet_hours_of_some_days(hours: QuietHours, now: str, end: str | None) -> None:
    assert quiet_until(hours, at(now)) == (at(end) if end else None)


DIGESTS: dict[str, tuple[Digest, datetime, datetime]] = {
    "hourly, at the full hour": (Digest(HOUR), T0 + timedelta(minutes=5), T0 + HOUR),
    "hourly, just then": (Digest(HOUR), T0, T0 + HOUR),
    "hourly, of a zone with half hours": (
        Digest(HOUR, zone=DELHI),
        at("2026-05-04 10:10", DELHI),
        at("2026-05-04 11:00", DELHI),
    ),
    "hourly, while the clock goes back": (
        Digest(HOUR, zone=BERLIN),
        at("2026-10-25 02:10"),
        at("2026-10-25 02:00", fold=1),
    ),
    "every six hours, at the same for all": (Digest(6 * HOUR), T0 + timedelta(minutes=61), T0 + 2 * HOUR),
    "daily, later that day": (Digest(DAY, time(9), BERLIN), at("2026-05-04 08:00"), at("2026-05-04 09:00")),
    "daily, the next day": (Digest(DAY, time(9), BERLIN), at("2026-05-04 09:00"), at("2026-05-05 09:00")),
    "daily, after 23 hours": (Digest(DAY, time(9), BERLIN), at("2026-03-28 09:00"), at("2026-03-29 09:00")),
    "daily, after 25 hours": (Digest(DAY, time(9), BERLIN), at("2026-10-24 09:00"), at("2026-10-25 09:00")),
    "daily, at a time that is left out": (
        Digest(DAY, time(2, 30), BERLIN),
        at("2026-03-28 03:00"),
        at("2026-03-29 03:30"),
    ),
    "daily, at a time that comes twice": (
        Digest(DAY, time(2, 30), BERLIN),
        at("2026-10-25 02:40"),
        at("2026-10-26 02:30"),
    ),
}


@pytest.mark.parametrize(("digest", "now", "due"), DIGESTS.values(), ids=DIGESTS)
def test_a_digest_is_due(digest: Digest, now: datetime, due: datetime) -> None:
    assert next_digest(digest, now) == due


# --- which batch ------------------------------------------------------------------------------------------------


def tell(impact: Impact | None = Impact.MINOR, kind: MessageKind = MessageKind.EVENT) -> Tell:
    return Tell(("ops",), kind, (1,), Story("r", "acme/incident/i1", "t", T0), impact=impact)


def test_in_quiet_hours_all_but_the_loud_waits_for_their_end() -> None:
    quiet, now = Quiet(quiet_hours=NIGHT), at("2026-05-04 23:00")

    batch = batch_for("r", quiet, tell(), now)

    assert batch is not None
    assert (batch.due_at, batch.reason) == (at("2026-05-05 07:00"), "quiet hours")
    assert batch_for("r", quiet, tell(None), now) == batch
    assert batch_for("r", quiet, tell(Impact.CRITICAL), now) is None
    assert is_urgent(quiet, tell(Impact.CRITICAL), now)
    assert not is_urgent(quiet, tell(Impact.CRITICAL), at("2026-05-04 12:00"))


def test_all_of_one_digest_of_one_route_have_one_batch() -> None:
    quiet = Quiet(digest=Digest(HOUR))

    batches = {batch_for("r", quiet, tell(), T0 + timedelta(minutes=count)) for count in (1, 20, 59)}

    assert len(batches) == 1
    assert batch_for("other", quiet, tell(), T0 + timedelta(minutes=1)) not in batches


def test_an_escalation_never_waits() -> None:
    quiet = Quiet(quiet_hours=NIGHT, digest=Digest(HOUR))

    assert batch_for("r", quiet, tell(kind=MessageKind.ESCALATION), at("2026-05-04 23:00")) is None


def test_a_digest_tells_the_newest_of_each_thread() -> None:
    assert latest_of_each([5, 3, 4, 9], ["a", "a", "b", "b"]) == (5, 9)


# --- storms -------------------------------------------------------------------------------------------------------

RULE = StormRule(pages=3, within=timedelta(minutes=1))


def storm(pages: list[tuple[float, str]]) -> list[datetime | None]:
    """Until when each of these waits, as (seconds, page)."""
    recent, waits = Recent(), []
    for seconds, page in pages:
        recent, batch = in_storm(RULE, recent, "ops", page, T0 + timedelta(seconds=seconds))
        waits.append(batch.due_at if batch else None)
    return waits


def second(count: float) -> datetime:
    return T0 + timedelta(seconds=count)


def test_one_page_too_many_begins_a_storm_and_what_follows_is_in_it() -> None:
    waits = storm([(0, "a"), (1, "b"), (2, "c"), (3, "d"), (4, "e"), (4, "a")])

    assert waits == [None, None, None, second(63), second(63), second(63)]


def test_a_storm_that_goes_on_is_told_again_after_as_long() -> None:
    waits = storm([(0, "a"), (1, "b"), (2, "c"), (3, "d"), (60, "e"), (61, "f"), (62, "g"), (63, "h")])

    assert waits[-1] == second(123)


def test_a_storm_ends() -> None:
    waits = storm([(0, "a"), (1, "b"), (2, "c"), (3, "d"), (200, "e")])

    assert waits[-1] is None


def test_one_page_alone_is_no_storm_however_much_it_has_to_tell() -> None:
    assert storm([(count, "a") for count in range(50)]) == [None] * 50
