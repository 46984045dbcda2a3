"""When a failed channel is tried again, and when not any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from statuswire.core.retry import DISABLE_AFTER, KEEP_TRYING, STEPS, Disable, Retry, after_failure, is_given_up

from .told import T0


def decided(
    failures: int = 1,
    *,
    since: timedelta = timedelta(0),
    after: timedelta | None = None,
    disables_after: int | None = None,
    refusals: int = 0,
    jitter: float = 0.0,
) -> Retry | Disable:
    return after_failure(
        failures,
        T0 - since,
        T0,
        reason="HTTP 503",
        after=after,
        disables_after=disables_after,
        refusals=refusals,
        jitter=jitter,
    )


@pytest.mark.parametrize(("failures", "step"), [*enumerate(STEPS, 1), (10, STEPS[-1]), (99, STEPS[-1])])
def test_each_failure_in_a_row_waits_for_the_next_step(failures: int, step: timedelta) -> None:
    assert decided(failures) == Retry(T0 + step)


def test_the_steps_of_a_delivery_reach_beyond_its_75_hours() -> None:
    assert sum(STEPS, timedelta(0)) >= KEEP_TRYING


def test_jitter_makes_a_step_up_to_a_quarter_longer() -> None:
    assert decided(2, jitter=1.0) == Retry(T0 + STEPS[1] * 1.25)


def test_the_receivers_own_wish_goes_before_the_steps() -> None:
    assert decided(5, after=timedelta(seconds=7), jitter=0.5) == Retry(T0 + timedelta(seconds=7))


def test_the_third_refusal_in_a_row_disables() -> None:
    assert decided(2, disables_after=3, refusals=2) == Retry(T0 + STEPS[1])
    assert decided(3, disables_after=3, refusals=3) == Disable("HTTP 503 (3 times in a row)")


def test_one_refusal_after_many_other_failures_does_not_disable() -> None:
    assert isinstance(decided(9, disables_after=3, refusals=1), Retry)


def test_five_days_of_failures_disable() -> None:
    assert isinstance(decided(12, since=DISABLE_AFTER - timedelta(seconds=1)), Retry)
    assert decided(12, since=DISABLE_AFTER) == Disable("HTTP 503 (for 5 days)")


def test_a_delivery_is_given_up_after_75_hours() -> None:
    assert not is_given_up(T0 - KEEP_TRYING + timedelta(seconds=1), T0)
    assert is_given_up(T0 - KEEP_TRYING, T0)
