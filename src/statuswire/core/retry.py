"""A failed attempt: try again at a moment, or give up. Pure; jitter and now are arguments.

The steps are those that the Standard Webhooks specification recommends (checked 2026-11). They are a channel's: while
it fails, one delivery is tried at each step, and the others wait for it without using up attempts of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

STEPS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long to wait after the first failure, the second, and so on; after the last one as long as after the last."""

KEEP_TRYING: Final = timedelta(hours=75)
"""A delivery older than this is given up at its next failure."""

DISABLE_AFTER: Final = timedelta(days=5)
"""A channel that has failed for so long is disabled until an operator looks."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Nothing is sent to the channel before `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Disable:
    """The channel has failed for too long, or refused too often."""

    reason: str


def after_failure(
    failures: int,
    failing_since: datetime,
    now: datetime,
    *,
    reason: str,
    after: timedelta | None,
    disables_after: int | None,
    refusals: int,
    jitter: float,
) -> Retry | Disable:
    """What follows the channel's failure number `failures` (from 1) in a row.

    `after` is the receiver's own wish. `refusals` counts those of the newest failures in a row, this one included, that
    have a `disables_after`: a server that was down for hours is not disabled by one odd answer. `jitter` in [0, 1)
    makes a step up to a quarter longer, so that many channels of one dead host do not come back at once.
    """
    if disables_after is not None and refusals >= disables_after:
        return Disable(f"{reason} ({refusals} times in a row)")
    if now - failing_since >= DISABLE_AFTER:
        return Disable(f"{reason} (for {(now - failing_since).days} days)")
    return Retry(now + (step(failures) * (1 + jitter / 4) if after is None else after))


def step(failures: int) -> timedelta:
    """How long to wait after failure number `failures` (from 1) in a row."""
    return STEPS[min(failures, len(STEPS)) - 1]


def is_given_up(created_at: datetime, now: datetime) -> bool:
    """Whether a delivery made then has been tried for long enough."""
    return now - created_at >= KEEP_TRYING
