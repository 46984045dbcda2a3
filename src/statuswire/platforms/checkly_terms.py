"""What the readers of Checkly's documents share: the words, and the worst of several levels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from statuswire.model import Impact, Phase, Status
from statuswire.platforms.words import PHASE_WORDS

NAME: Final = "checkly"

SEVERITY_LEVELS: Final[dict[str, Status]] = {
    "operational": Status.OPERATIONAL,
    "minor": Status.DEGRADED,
    "medium": Status.DEGRADED,
    "major": Status.PARTIAL_OUTAGE,
    "critical": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}
"""What the severity of an incident means for the services that it names."""

SEVERITY_IMPACTS: Final[dict[str, Impact]] = {
    "minor": Impact.MINOR,
    "medium": Impact.MINOR,
    "major": Impact.MAJOR,
    "critical": Impact.CRITICAL,
    "maintenance": Impact.MAINTENANCE,
}

PHASES: Final[dict[str, Phase]] = {
    **PHASE_WORDS,
    "investigating": Phase.INVESTIGATING,
    "identified": Phase.IDENTIFIED,
    "monitoring": Phase.MONITORING,
    "resolved": Phase.RESOLVED,
}

PAGE_LEVELS: Final[dict[str, Status]] = {"operational": Status.OPERATIONAL, "hasissues": Status.DEGRADED}
"""The roll-up tells that there are issues, not how bad they are: degraded at least."""

_BY_BADNESS: Final = (
    Status.OPERATIONAL,
    Status.UNKNOWN,
    Status.MAINTENANCE,
    Status.DEGRADED,
    Status.PARTIAL_OUTAGE,
    Status.MAJOR_OUTAGE,
)

Fields = dict[str, object]


def worst(levels: Iterable[Status]) -> Status:
    """The worst of them; operational of none, unknown where something is the matter and nobody knows what."""
    return max(levels, key=_BY_BADNESS.index, default=Status.OPERATIONAL)
