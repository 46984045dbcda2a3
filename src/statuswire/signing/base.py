"""What the schemes of signatures share: their names, what is tolerated, and what a verified body is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from statuswire.errors import SignatureError

TOLERANCE = timedelta(minutes=5)
"""How far a signed time may lie from ours, in either direction (the specification's figure)."""

MAX_SECRETS = 3
"""Rotation needs two; more would only make forging attempts dearer for us than for the forger."""

MAX_SIGNATURES = 10
MAX_HEADER = 4096
"""Characters of one signature header that are looked at; ten signatures need under 1,000."""


class Scheme(StrEnum):
    """How a body was signed."""

    STANDARD = "standard_webhooks"
    HEX = "hex"
    STAMPED = "stamped_hex"


@dataclass(frozen=True, slots=True)
class Verified:
    """A body that one of our secrets signed. `message_id` is the sender's own and empty in the hexadecimal schemes."""

    scheme: Scheme
    message_id: str = ""


def check_time(timestamp: str, now: datetime) -> None:
    """Raise SignatureError: `malformed` for no whole seconds since 1970, `expired` for a moment too far from `now`."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise SignatureError("malformed", "the signed timestamp is not a whole number of seconds since 1970")
    skew_s = int(timestamp) - now.timestamp()
    if abs(skew_s) > TOLERANCE.total_seconds():
        direction = "past" if skew_s < 0 else "future"
        raise SignatureError(
            "expired", f"the signed time lies {abs(skew_s):.0f} s in the {direction}; 300 s are allowed"
        )
