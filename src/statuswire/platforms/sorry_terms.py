"""What the readers of Sorry's documents share: the words for levels and phases."""

from __future__ import annotations

from typing import Final

from statuswire.model import Phase, Status
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

NAME: Final = "sorry"

LEVELS: Final[dict[str, Status]] = {
    **COMPONENT_WORDS,
    "operational": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "undermaintenance": Status.MAINTENANCE,
}
"""Documented are these three; `partial_outage` and `major_outage` are read where somebody sends them."""

PHASES: Final[dict[str, Phase]] = {
    **PHASE_WORDS,
    "investigating": Phase.INVESTIGATING,
    "identified": Phase.IDENTIFIED,
    "recovering": Phase.MONITORING,
    "resolved": Phase.RESOLVED,
    "falsealarm": Phase.RESOLVED,
    "scheduled": Phase.SCHEDULED,
    "underway": Phase.IN_PROGRESS,
    "complete": Phase.COMPLETED,
    "cancelled": Phase.CANCELLED,
}

Fields = dict[str, object]
