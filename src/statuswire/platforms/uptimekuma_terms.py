"""Uptime Kuma's words and numbers, and what its documents and its webhook share (vendor's source, checked 2026-11).

All times are in UTC and say so nowhere: `2026-05-04 10:22:31.123`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from statuswire.model import Impact, Phase, Problem, Status
from statuswire.platforms.reading import choose, moment, text
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

NAME: Final = "uptimekuma"

BEATS: Final[Mapping[str, str]] = {"0": "down", "1": "up", "2": "pending", "3": "maintenance"}
"""The state of a beat. Pending: a check failed and is repeated before the monitor counts as down."""

PENDING: Final = "pending"
NO_BEATS: Final = "no data"

STYLES: Final[Mapping[str, Impact]] = {
    "info": Impact.NONE,
    "warning": Impact.MINOR,
    "danger": Impact.MAJOR,
    "primary": Impact.NONE,
    "light": Impact.NONE,
    "dark": Impact.NONE,
}
"""An incident has no impact but a colour."""

MAINTENANCE_PHASES: Final[Mapping[str, Phase]] = {
    **PHASE_WORDS,
    "undermaintenance": Phase.IN_PROGRESS,
    "scheduled": Phase.SCHEDULED,
    "ended": Phase.COMPLETED,
    "inactive": Phase.CANCELLED,
    "unknown": Phase.UNKNOWN,
}


def beat_level(value: object, where: str, problems: list[Problem]) -> tuple[Status, str]:
    """The level that the number of a beat means, and the word for it."""
    written = text(value, 100).strip()
    word = BEATS.get(written, written)
    return choose(word, COMPONENT_WORDS, Status.UNKNOWN, where, problems), word


def at(value: object) -> datetime | None:
    return moment(value, "UTC")
