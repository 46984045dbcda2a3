"""The circuit breaker: when it opens, when it is tried again, and what never happens."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.core.circuit import (
    FIRST_WAIT_S,
    LONGEST_WAIT_S,
    MOST_ERRORS,
    Circuit,
    CircuitState,
    answered,
    failed,
    probing,
)

CLOSED = answered(probing(Circuit(), 0.0))


def test_nothing_is_asked_before_the_first_probe_was_answered() -> None:
    assert not Circuit().is_closed
    assert not probing(Circuit(), 0.0).is_closed
    assert CLOSED.is_closed


def test_three_errors_in_a_row_open_it_and_an_answer_between_them_does_not_count_them() -> None:
    twice = failed(failed(CLOSED, 1.0, 0.5), 2.0, 0.5)

    assert twice.is_closed
    assert failed(twice, 3.0, 0.5).state is CircuitState.OPEN
    assert failed(failed(answered(twice), 3.0, 0.5), 4.0, 0.5).is_closed


def test_one_answer_that_comes_too_late_opens_it() -> None:
    assert failed(CLOSED, 1.0, 1.0, is_late=True) == Circuit(CircuitState.OPEN, 0, 1, 1.0 + FIRST_WAIT_S)


def test_a_probe_that_fails_doubles_the_wait_up_to_the_longest() -> None:
    circuit, now, waits = failed(CLOSED, 0.0, 1.0, is_late=True), 0.0, []
    for _ in range(8):
        waits.append(circuit.retry_at - now)
        now = circuit.retry_at
        circuit = failed(probing(circuit, now), now, 1.0)

    assert waits == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, LONGEST_WAIT_S, LONGEST_WAIT_S]


def test_the_wait_begins_anew_only_after_an_answer_that_is_no_probe() -> None:
    opened = failed(CLOSED, 0.0, 1.0, is_late=True)
    probed = answered(probing(opened, 1.0))

    assert failed(probed, 1.0, 1.0, is_late=True).retry_at == 1.5
    assert failed(answered(probed), 1.0, 1.0, is_late=True).retry_at == 1.25


@pytest.mark.parametrize("late", [True, False])
def test_what_was_under_way_when_it_opened_changes_nothing(late: bool) -> None:
    opened = failed(CLOSED, 5.0, 0.0, is_late=True)

    assert failed(opened, 9.0, 0.0, is_late=late) == opened
    assert answered(opened) == opened


# --- properties ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    kind: str
    after_s: float
    jitter: float


STEPS = st.lists(
    st.builds(Step, st.sampled_from(["answer", "error", "late", "probe"]), st.floats(0, 30), st.floats(0, 1)),
    max_size=60,
)


def move(circuit: Circuit, step: Step, now: float) -> Circuit:
    if step.kind == "answer":
        return answered(circuit)
    if step.kind == "probe":
        return probing(circuit, now)
    return failed(circuit, now, step.jitter, is_late=step.kind == "late")


@given(STEPS)
def test_whatever_comes_it_is_open_for_its_wait_and_never_longer_than_the_longest(steps: list[Step]) -> None:
    circuit, now = Circuit(), 0.0
    for step in steps:
        now += step.after_s
        before, circuit = circuit, move(circuit, step, now)
        if before.state is CircuitState.OPEN and now < before.retry_at:
            assert circuit == before
        if circuit.state is CircuitState.OPEN:
            assert circuit.retry_at <= now + LONGEST_WAIT_S


@given(STEPS)
def test_it_closes_only_by_an_answered_probe_and_opens_only_for_a_cause(steps: list[Step]) -> None:
    circuit, now, in_a_row = Circuit(), 0.0, 0
    for step in steps:
        now += step.after_s
        before, circuit = circuit, move(circuit, step, now)
        in_a_row = in_a_row + 1 if before.is_closed and step.kind == "error" else 0
        if circuit.is_closed and not before.is_closed:
            assert (before.state, step.kind) == (CircuitState.HALF_OPEN, "answer")
        if before.is_closed and not circuit.is_closed:
            assert step.kind == "late" or in_a_row == MOST_ERRORS


@given(st.integers(0, 200), st.floats(0, 1))
def test_waits_are_spread_over_half_of_their_length(openings: int, jitter: float) -> None:
    half_open = Circuit(CircuitState.HALF_OPEN, openings=openings)
    full_s = min(FIRST_WAIT_S * 2**openings, LONGEST_WAIT_S)

    assert full_s / 2 <= failed(half_open, 0.0, jitter).retry_at <= full_s
