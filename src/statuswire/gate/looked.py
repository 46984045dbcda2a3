"""What one look of our own says of the things asked for, as `statuswire status` looks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from statuswire import lookup
from statuswire.channels.terminal import one_line
from statuswire.client.shapes import Status
from statuswire.client.standing import Freshness
from statuswire.gate.judging import Found
from statuswire.options import LookOptions
from statuswire.verdict import Verdict


def find(wanted: Sequence[str], config: Path | None, allow_private: bool) -> list[Found]:
    """One for each. Raises ConfigError."""
    verdicts = lookup.each(LookOptions(tuple(wanted), config, allow_private=allow_private))
    return [_found(what, verdict) for what, verdict in zip(wanted, verdicts, strict=True)]


def _found(what: str, verdict: Verdict) -> Found:
    level = Status(verdict.status.value)
    freshness = Freshness.UNKNOWN if level is Status.UNKNOWN else Freshness.FRESH
    reasons = verdict.doubts if level is Status.UNKNOWN else tuple(one.title for one in verdict.open_incidents)
    told = next((f": {one_line(reason)}" for reason in reasons), "")
    is_misnamed = bool(verdict.read) and not verdict.snapshots
    return Found(what, level, freshness, f"{what}: {level.value}{told}", is_misnamed)
