"""How a feed's health follows from its failures and good reads, and what is told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.core import health
from statuswire.core.schedule import Reason
from statuswire.errors import FetchReason, ParseReason
from statuswire.model import EventType, Feed, FeedHealth, FeedSpec, FeedState

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
OK = FeedHealth(FeedState.OK, last_ok_at=NOW)


def fail(health_now: FeedHealth, times: int, reason: Reason, every: timedelta) -> list[health.HealthChange]:
    """The changes of so many failures in a row."""
    changes = []
    for number in range(times):
        change = health.after_failure(health_now, reason, "no answer", NOW + every * number)
        changes.append(change)
        health_now = change.health
    return changes


def test_three_failures_in_a_row_are_told_once() -> None:
    changes = fail(OK, 6, FetchReason.TIMEOUT, timedelta(minutes=1))

    assert [change.event for change in changes] == [None, None, EventType.FEED_FAILING, None, None, None]
    assert changes[2].reason == "timeout: no answer"
    assert changes[1].health.state is FeedState.OK
    assert changes[2].health.state is FeedState.FAILING


def test_ten_minutes_of_failures_are_told_even_if_there_were_only_two() -> None:
    changes = fail(OK, 2, FetchReason.CONNECT, timedelta(minutes=10))

    assert changes[1].event is EventType.FEED_FAILING


def test_documents_that_cannot_be_read_are_told_as_unreadable() -> None:
    changes = fail(OK, 3, ParseReason.NOT_JSON, timedelta(seconds=1))

    assert changes[2].event is EventType.FEED_UNREADABLE
    assert changes[2].health.state is FeedState.UNREADABLE


@pytest.mark.parametrize("reason", [FetchReason.BLOCKED, FetchReason.UNAUTHORIZED, ParseReason.CHALLENGE])
def test_N10_a_challenge_is_a_block(reason: Reason) -> None:
    change = fail(OK, 3, reason, timedelta(seconds=1))[2]

    assert (change.event, change.health.state) == (EventType.FEED_FAILING, FeedState.BLOCKED)


def test_a_failure_keeps_the_last_good_moment_and_the_start_of_the_trouble() -> None:
    last = fail(OK, 4, FetchReason.DNS, timedelta(minutes=2))[3].health

    assert (last.failures, last.failing_since, last.last_ok_at) == (4, NOW, NOW)


def test_a_new_feed_that_fails_is_new_until_it_is_told() -> None:
    changes = fail(FeedHealth(), 3, FetchReason.NOT_FOUND, timedelta(seconds=1))

    assert [change.health.state for change in changes] == [FeedState.NEW, FeedState.NEW, FeedState.FAILING]


def test_recovery_is_told_only_after_trouble_was() -> None:
    quiet = fail(OK, 2, FetchReason.RESET, timedelta(seconds=1))[1].health
    loud = fail(OK, 3, FetchReason.RESET, timedelta(minutes=4))[2].health

    assert health.after_success(quiet, NOW).event is None
    recovery = health.after_success(loud, NOW + timedelta(minutes=12))
    assert recovery.event is EventType.FEED_RECOVERED
    assert recovery.reason == "read again after 12 min (reset: no answer)"
    assert recovery.health == FeedHealth(FeedState.OK, last_ok_at=NOW + timedelta(minutes=12))


def test_trouble_that_changes_its_kind_is_not_told_again() -> None:
    failing = fail(OK, 3, FetchReason.SERVER_ERROR, timedelta(seconds=1))[2].health

    change = health.after_failure(failing, ParseReason.HTML, "a web page", NOW)

    assert change.event is None
    assert change.health.state is FeedState.UNREADABLE


def test_failures_that_were_ours_are_forgiven_but_told_trouble_is_not() -> None:
    counted = fail(OK, 2, FetchReason.DNS, timedelta(seconds=1))[1].health
    told = fail(OK, 3, FetchReason.DNS, timedelta(seconds=1))[2].health

    assert health.forgive(counted) == OK
    assert health.forgive(told) == told


def test_an_error_text_is_one_short_line() -> None:
    text = health.describe(FetchReason.PROTOCOL, "line one\r\nline two " + "x" * 1000)

    assert text.startswith("protocol: line one line two x")
    assert len(text) == health.ERROR_LIMIT


def test_a_document_that_is_wrong_or_refused_is_a_miss_but_a_bad_line_is_not() -> None:
    assert health.is_miss(ParseReason.SHAPE)
    assert health.is_miss(FetchReason.BLOCKED)
    assert not health.is_miss(FetchReason.TIMEOUT)
    assert not health.is_miss(FetchReason.RATE_LIMITED)


@pytest.mark.parametrize(
    ("down", "hosts", "expected"), [(3, 3, False), (2, 4, False), (3, 4, True), (50, 100, False), (51, 100, True)]
)
def test_N11_more_than_half_of_at_least_four_hosts_is_us(down: int, hosts: int, expected: bool) -> None:
    assert health.is_offline(down, hosts) is expected


outcomes = st.lists(st.none() | st.sampled_from([*FetchReason, *ParseReason]), max_size=40)


@given(outcomes, st.timedeltas(timedelta(seconds=1), timedelta(minutes=15)))
def test_trouble_and_recovery_are_told_in_turn(story: list[Reason | None], every: timedelta) -> None:
    state, told = FeedHealth(), []
    for number, reason in enumerate(story):
        now = NOW + every * number
        change = (
            health.after_success(state, now) if reason is None else health.after_failure(state, reason, "wrong", now)
        )
        state = change.health
        told += [change.event] if change.event else []

    troubles = {EventType.FEED_FAILING, EventType.FEED_UNREADABLE}
    assert all(event in troubles for event in told[::2])
    assert all(event is EventType.FEED_RECOVERED for event in told[1::2])
    assert (state.state in health.TROUBLED) == (len(told) % 2 == 1)


def test_short_trouble_is_told_in_seconds() -> None:
    told = fail(OK, 3, FetchReason.RESET, timedelta(seconds=1))[2].health

    assert health.after_success(told, NOW + timedelta(seconds=13)).reason == "read again after 13 s (reset: no answer)"


def gone_since(reason: Reason, message: str = "") -> FeedHealth:
    """A feed that has failed since NOW and still does, told of."""
    return FeedHealth(FeedState.FAILING, 90, NOW, NOW - timedelta(minutes=1), health.describe(reason, message))


def test_N1_a_host_that_is_not_found_for_three_days_flags_its_page() -> None:
    lost = gone_since(FetchReason.DNS, "status.acme.example: name lookup failed: Domain name not found")

    assert health.flag_of(lost, NOW + timedelta(days=3, seconds=-1)) is None
    assert health.flag_of(lost, NOW + timedelta(days=3)) is health.Flag.NO_HOST


@pytest.mark.parametrize("reason", [FetchReason.NOT_FOUND, FetchReason.GONE])
def test_N14_a_page_that_is_gone_for_seven_days_is_flagged(reason: Reason) -> None:
    gone = gone_since(reason, "it answers 404")

    assert health.flag_of(gone, NOW + timedelta(days=7, seconds=-1)) is None
    assert health.flag_of(gone, NOW + timedelta(days=7)) is health.Flag.GONE


@pytest.mark.parametrize("reason", [*FetchReason, *ParseReason])
def test_only_a_lost_host_and_a_gone_document_flag_a_page(reason: Reason) -> None:
    flag = health.flag_of(gone_since(reason), NOW + timedelta(days=400))

    assert (flag is not None) == (reason in (FetchReason.DNS, FetchReason.NOT_FOUND, FetchReason.GONE))


def test_a_page_of_which_one_feed_can_be_read_is_not_flagged() -> None:
    gone, later = gone_since(FetchReason.GONE), NOW + timedelta(days=8)

    assert health.page_flag(feeds(gone, OK), later) is None
    assert health.page_flag(feeds(gone, gone_since(FetchReason.TIMEOUT)), later) is health.Flag.GONE
    assert health.page_flag(feeds(FeedHealth()), later) is None


def test_a_page_is_not_flagged_for_days_on_which_nobody_asked() -> None:
    gone, later = gone_since(FetchReason.GONE), NOW + timedelta(days=8)

    assert health.page_flag(feeds(gone, due_at=NOW + timedelta(days=6)), later) is None
    assert health.page_flag(feeds(gone, due_at=later + timedelta(hours=1)), later) is health.Flag.GONE


def test_feeds_that_are_due_and_were_not_asked_for_two_days_are_forgotten() -> None:
    assert health.is_forgotten(feeds(OK), NOW)
    assert health.is_forgotten(feeds(OK, due_at=NOW - timedelta(days=2)), NOW)
    assert not health.is_forgotten(feeds(OK, due_at=NOW - timedelta(days=1)), NOW)


def feeds(*known: FeedHealth, due_at: datetime | None = None) -> list[Feed]:
    return [Feed(1, 1, FeedSpec("https://acme.example/feed"), health=one, due_at=due_at) for one in known]


def test_a_flag_ends_with_the_first_good_read() -> None:
    later = NOW + timedelta(days=8)
    read = health.after_success(gone_since(FetchReason.GONE), later).health

    assert health.flag_of(read, later + timedelta(days=8)) is None
