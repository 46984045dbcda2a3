"""When a feed is due: the rules one by one, then what must hold whatever is put in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.core import schedule
from statuswire.core.schedule import Due, DueReason, Pace
from statuswire.errors import FetchReason, ParseReason

PACE = Pace(interval=timedelta(seconds=60), while_open=timedelta(seconds=20))

delays = st.timedeltas(timedelta(seconds=-10), timedelta(days=4000))
paces = st.builds(
    Pace,
    interval=st.timedeltas(timedelta(seconds=1), timedelta(hours=2)),
    while_open=st.timedeltas(timedelta(seconds=1), timedelta(hours=2)),
)
jitters = st.floats(0, 1, exclude_max=True)
reasons = st.sampled_from([*FetchReason, *ParseReason])


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


# --- after a good poll ----------------------------------------------------------------------------------------------


def test_a_plain_answer_is_due_after_the_interval() -> None:
    assert schedule.after_answer(PACE) == Due(seconds(60), DueReason.INTERVAL)


def test_a_page_with_something_open_is_polled_faster() -> None:
    assert schedule.after_answer(PACE, has_open=True) == Due(seconds(20), DueReason.OPEN)


def test_while_open_never_slows_a_page_down() -> None:
    pace = Pace(interval=seconds(10), while_open=seconds(20))

    assert schedule.after_answer(pace, has_open=True) == Due(seconds(10), DueReason.INTERVAL)


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        (timedelta(hours=23), Due(seconds(60), DueReason.INTERVAL)),
        (timedelta(days=4), Due(seconds(90), DueReason.QUIET)),
        (timedelta(days=7), Due(seconds(120), DueReason.QUIET)),
        (timedelta(days=900), Due(seconds(120), DueReason.QUIET)),
    ],
)
def test_a_quiet_page_drifts_to_twice_the_interval(quiet: timedelta, expected: Due) -> None:
    assert schedule.after_answer(PACE, quiet_for=quiet) == expected


def test_drifting_stops_at_five_minutes() -> None:
    pace = Pace(interval=timedelta(minutes=4))

    assert schedule.after_answer(pace, quiet_for=timedelta(days=30)).after == timedelta(minutes=5)


def test_a_long_interval_is_not_shortened_by_the_drift_cap() -> None:
    pace = Pace(interval=timedelta(hours=1))

    assert schedule.after_answer(pace, quiet_for=timedelta(days=30)).after == timedelta(hours=1)


def test_an_open_page_is_never_quiet() -> None:
    assert schedule.after_answer(PACE, has_open=True, quiet_for=timedelta(days=30)).after == seconds(20)


def test_max_age_is_obeyed_even_while_something_is_open() -> None:
    due = schedule.after_answer(PACE, has_open=True, max_age=seconds(45))

    assert due == Due(seconds(45), DueReason.MAX_AGE)


def test_a_max_age_of_a_year_counts_as_an_hour() -> None:
    assert schedule.after_answer(PACE, max_age=timedelta(days=365)).after == timedelta(hours=1)


def test_retry_after_of_a_good_answer_is_obeyed() -> None:
    due = schedule.after_answer(PACE, retry_after=seconds(90), max_age=seconds(70))

    assert due == Due(seconds(90), DueReason.RETRY_AFTER)


@pytest.mark.parametrize(
    ("wish", "has_open", "expected"),
    [
        (timedelta(minutes=2), False, Due(timedelta(minutes=2), DueReason.WISH)),
        (timedelta(hours=1), False, Due(timedelta(minutes=5), DueReason.WISH)),
        (timedelta(seconds=30), False, PACE.usual),
        (timedelta(hours=1), True, PACE.faster),
        (None, False, PACE.usual),
    ],
)
def test_a_documents_wish_is_followed_for_some_minutes_while_nothing_is_open(
    wish: timedelta | None, has_open: bool, expected: Due
) -> None:
    assert schedule.after_answer(PACE, wish=wish, has_open=has_open) == expected


def test_what_the_server_asks_for_goes_before_a_documents_wish() -> None:
    due = schedule.after_answer(PACE, wish=timedelta(hours=1), max_age=timedelta(minutes=10))

    assert due == Due(timedelta(minutes=10), DueReason.MAX_AGE)


@pytest.mark.parametrize(
    ("idle_limit", "expected"),
    [
        (60, Due(seconds(55), DueReason.KEEP_ALIVE)),
        (65, Due(seconds(60), DueReason.INTERVAL)),
        (61, Due(seconds(56), DueReason.KEEP_ALIVE)),
        (15, Due(seconds(60), DueReason.INTERVAL)),
        (75, Due(seconds(60), DueReason.INTERVAL)),
    ],
)
def test_a_host_is_asked_just_before_it_hangs_up(idle_limit: int, expected: Due) -> None:
    assert schedule.after_answer(PACE, idle_limit=seconds(idle_limit)) == expected


def test_keeping_a_connection_does_not_override_max_age() -> None:
    due = schedule.after_answer(PACE, idle_limit=seconds(60), max_age=seconds(60))

    assert due == Due(seconds(60), DueReason.MAX_AGE)


@given(
    pace=paces,
    max_age=st.none() | delays,
    retry_after=st.none() | delays,
    has_open=st.booleans(),
    quiet_for=delays,
    idle_limit=st.none() | st.timedeltas(timedelta(seconds=1), timedelta(hours=3)),
)
def test_no_answer_is_followed_up_earlier_than_allowed_or_later_than_promised(
    pace: Pace,
    max_age: timedelta | None,
    retry_after: timedelta | None,
    has_open: bool,
    quiet_for: timedelta,
    idle_limit: timedelta | None,
) -> None:
    due = schedule.after_answer(
        pace,
        max_age=max_age,
        retry_after=retry_after,
        has_open=has_open,
        quiet_for=quiet_for,
        idle_limit=idle_limit,
    )

    wanted = min(pace.interval, pace.while_open) if has_open else pace.interval
    asked = schedule.clamp_retry_after(retry_after) if retry_after is not None else timedelta(0)
    fresh = min(max_age, schedule.MAX_AGE_CAP) if max_age is not None else timedelta(0)
    assert due.after >= wanted / schedule.IDLE_REACH - timedelta(microseconds=1)
    assert due.after >= fresh
    assert due.after >= asked
    assert due.after <= max(pace.interval * 2, fresh, asked)


# --- after a failure ------------------------------------------------------------------------------------------------


def test_transient_failures_double_the_wait_up_to_a_quarter_of_an_hour() -> None:
    waits = [schedule.after_failure(PACE, FetchReason.TIMEOUT, n).after.total_seconds() for n in range(1, 8)]

    assert waits == [60, 120, 240, 480, 900, 900, 900]


@pytest.mark.parametrize(
    ("reason", "longest"),
    [
        (FetchReason.BLOCKED, timedelta(hours=1)),
        (ParseReason.CHALLENGE, timedelta(hours=1)),
        (FetchReason.GONE, timedelta(days=1)),
        (FetchReason.NOT_FOUND, timedelta(hours=6)),
        (FetchReason.SERVER_ERROR, timedelta(minutes=15)),
        (ParseReason.NOT_JSON, timedelta(minutes=15)),
    ],
)
def test_each_reason_has_its_cap(reason: schedule.Reason, longest: timedelta) -> None:
    assert schedule.after_failure(PACE, reason, 1000).after == longest


def test_every_reason_has_a_finite_wait() -> None:
    for reason in (*FetchReason, *ParseReason):
        assert seconds(60) <= schedule.after_failure(PACE, reason, 10**6).after <= timedelta(days=1)


def test_N9_retry_after_is_obeyed_and_clamped() -> None:
    wait = schedule.after_failure(PACE, FetchReason.RATE_LIMITED, 1, retry_after=timedelta(days=3650))

    assert wait == Due(timedelta(hours=6), DueReason.RETRY_AFTER)
    assert schedule.clamp_retry_after(seconds(-5)) == seconds(1)


def test_a_shorter_retry_after_does_not_undo_the_back_off() -> None:
    wait = schedule.after_failure(PACE, FetchReason.SERVER_ERROR, 3, retry_after=seconds(1))

    assert wait == Due(seconds(240), DueReason.BACK_OFF)


@given(pace=paces, reason=reasons, failures=st.integers(1, 5000), jitter=jitters)
def test_back_off_never_shrinks_while_failures_go_on(
    pace: Pace, reason: schedule.Reason, failures: int, jitter: float
) -> None:
    now = schedule.after_failure(pace, reason, failures, jitter=jitter)
    then = schedule.after_failure(pace, reason, failures + 1, jitter=jitter)

    assert pace.interval <= now.after <= then.after


@given(pace=paces, reason=reasons, failures=st.integers(1, 50), jitter=jitters, retry_after=delays)
def test_nothing_comes_back_before_retry_after(
    pace: Pace, reason: schedule.Reason, failures: int, jitter: float, retry_after: timedelta
) -> None:
    due = schedule.after_failure(pace, reason, failures, jitter=jitter, retry_after=retry_after)

    assert due.after >= schedule.clamp_retry_after(retry_after)


def test_only_a_host_that_asks_for_it_is_paused_as_a_whole() -> None:
    assert schedule.host_pause(FetchReason.SERVER_ERROR, seconds(30)) == seconds(30)
    assert schedule.host_pause(FetchReason.RATE_LIMITED, None) == seconds(60)
    assert schedule.host_pause(FetchReason.TIMEOUT, None) == timedelta(0)
    assert schedule.host_pause(ParseReason.SHAPE, None) == timedelta(0)


# --- jitter, the start ----------------------------------------------------------------------------------------------


def test_P16_jitter_is_the_same_everywhere() -> None:
    assert schedule.jitter_of("https://status.acme.example/api/v2/summary.json") == pytest.approx(0.29292, abs=1e-5)


@given(st.text())
def test_jitter_is_a_stable_fraction(url: str) -> None:
    assert 0 <= schedule.jitter_of(url) < 1
    assert schedule.jitter_of(url) == schedule.jitter_of(url)


def test_jitter_is_uniform() -> None:
    counts = [0] * 20
    for number in range(10_000):
        counts[int(schedule.jitter_of(f"https://s{number}.acme.example/summary.json") * 20)] += 1

    assert min(counts) > 400
    assert max(counts) < 600


def test_a_new_feed_is_read_at_once() -> None:
    assert schedule.at_start(PACE, None, 0.5) == Due(timedelta(0), DueReason.FIRST)


def test_many_new_feeds_queue_but_not_for_longer_than_an_interval() -> None:
    assert schedule.at_start(PACE, None, 0.5, seconds(12)).after == seconds(12)
    assert schedule.at_start(PACE, None, 0.5, seconds(600)).after == seconds(30)


def test_an_overdue_feed_takes_its_place_in_the_interval() -> None:
    assert schedule.at_start(PACE, timedelta(hours=-3), 0.25) == Due(seconds(15), DueReason.OVERDUE)


def test_a_feed_that_is_not_due_yet_keeps_its_time() -> None:
    assert schedule.at_start(PACE, seconds(33), 0.9) == Due(seconds(33), DueReason.RESUMED)


def test_P10_a_stored_time_in_the_far_future_does_not_silence_a_feed() -> None:
    assert schedule.at_start(PACE, timedelta(days=4000), 0.9).after == timedelta(days=1)


def test_many_feeds_read_in_a_row_part_company_after_their_first_poll() -> None:
    due = Due(seconds(60), DueReason.INTERVAL)

    assert schedule.after_first(due, 0.5, feeds=3) == due
    assert schedule.after_first(due, 0.5, feeds=500).after == seconds(90)


# --- the rest -------------------------------------------------------------------------------------------------------


def test_N12_every_twentieth_poll_is_unconditional() -> None:
    assert [polls + 1 for polls in range(60) if schedule.is_unconditional(polls)] == [20, 40, 60]


def test_a_provisional_document_is_looked_at_again_but_not_for_ever() -> None:
    assert schedule.look_again(PACE, 1) == Due(seconds(5), DueReason.LOOK_AGAIN)
    assert schedule.look_again(PACE, 7) == Due(seconds(60), DueReason.INTERVAL)


def test_a_feed_out_of_use_is_probed_once_an_hour() -> None:
    soon, late = Due(seconds(60), DueReason.BACK_OFF), Due(timedelta(days=1), DueReason.BACK_OFF)

    assert schedule.probe(soon, 0.0) == Due(timedelta(hours=1), DueReason.PROBE)
    assert schedule.probe(late, 0.0) == late


def test_a_wish_is_granted_at_once_but_every_ten_seconds_at_most() -> None:
    assert schedule.soon(None).after == timedelta(0)
    assert schedule.soon(seconds(4)).after == seconds(6)
    assert schedule.soon(seconds(11)).after == timedelta(0)


def test_history_is_tried_three_times_within_a_minute() -> None:
    tries = [schedule.history_retry(failures) for failures in (1, 2, 3)]

    assert tries[2] is None
    assert sum((due.after for due in tries if due), timedelta(0)) < timedelta(minutes=1)


def test_while_we_are_offline_no_feed_backs_off() -> None:
    assert schedule.while_offline(PACE, 0.5) == Due(seconds(63), DueReason.OFFLINE)
