"""A circuit breaker as a value: whether something that may be away is asked, or left alone for a while.

    OPEN ── retry_at has come ──> HALF_OPEN ── the probe was answered in time ──> CLOSED
      ^                               │                                             │
      └────────── it was not ─────────┴──── one answer too late, or errors in a row ┘

Only a probe, for which nobody waits, asks in HALF_OPEN. A circuit begins OPEN with its first probe due at once: nothing
is asked of what was never reached. Times are monotonic seconds, `jitter` is a number from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

MOST_ERRORS = 3
"""Errors in a row that open it."""

FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 10.0


class CircuitState(StrEnum):
    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Circuit:
    """`errors` in a row while closed; `openings` since the last time that it stayed closed for a good answer."""

    state: CircuitState = CircuitState.OPEN
    errors: int = 0
    openings: int = 0
    retry_at: float = 0.0

    @property
    def is_closed(self) -> bool:
        """Whether to ask."""
        return self.state is CircuitState.CLOSED


def answered(circuit: Circuit) -> Circuit:
    """After an answer in time: errors before it count no more. A circuit that is open stays so: a late answer to an old
    question proves nothing."""
    if circuit.state is CircuitState.OPEN:
        return circuit
    if circuit.state is CircuitState.HALF_OPEN:
        return Circuit(CircuitState.CLOSED, openings=circuit.openings)
    return circuit if not circuit.errors and not circuit.openings else Circuit(CircuitState.CLOSED)


def failed(circuit: Circuit, now: float, jitter: float, *, is_late: bool = False) -> Circuit:
    """After an error, or no answer within the deadline (`is_late`), which opens it at once. Questions that were under
    way when it opened change nothing more."""
    if circuit.state is CircuitState.OPEN:
        return circuit
    errors = circuit.errors + 1
    if circuit.state is CircuitState.CLOSED and errors < MOST_ERRORS and not is_late:
        return replace(circuit, errors=errors)
    wait_s = _wait(circuit.openings, jitter)
    return Circuit(CircuitState.OPEN, openings=circuit.openings + 1, retry_at=now + wait_s)


def probing(circuit: Circuit, now: float) -> Circuit:
    """HALF_OPEN where it is open and its time has come; else as it was."""
    is_due = circuit.state is CircuitState.OPEN and now >= circuit.retry_at
    return replace(circuit, state=CircuitState.HALF_OPEN) if is_due else circuit


def _wait(openings: int, jitter: float) -> float:
    """Twice as long each time, up to the longest; between half of it and all."""
    full_s = min(FIRST_WAIT_S * 2.0 ** min(openings, 30), LONGEST_WAIT_S)
    return full_s * (0.5 + jitter / 2)
