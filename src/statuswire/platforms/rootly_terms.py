"""What the readers of Rootly's documents share: the words, and the identity of an incident."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from statuswire.fingerprint import digest
from statuswire.model import Impact, Kind, Phase, Status
from statuswire.platforms.reading import normalise_url
from statuswire.platforms.words import IMPACT_WORDS, PHASE_WORDS

NAME: Final = "rootly"

INDICATORS: Final[dict[str, Status]] = {
    "none": Status.OPERATIONAL,
    "minor": Status.DEGRADED,
    "major": Status.PARTIAL_OUTAGE,
    "critical": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}
"""The page's roll-up; documented are all but `critical` (docs.rootly.com, checked 2026-11)."""

PHASES: Final[dict[str, Phase]] = {
    **PHASE_WORDS,
    "started": Phase.INVESTIGATING,
    "intriage": Phase.INVESTIGATING,
    "mitigated": Phase.MONITORING,
    "resolved": Phase.RESOLVED,
}
"""The words of updates, and those of incidents, which are internal ones."""

IMPACTS: Final[dict[str, Impact]] = {
    **IMPACT_WORDS,
    "high": Impact.MAJOR,
    "low": Impact.MINOR,
}
"""Impacts, and the severities (critical, high, medium, low, none) from which the product makes them."""

PLANNED: Final = frozenset({Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED})

Fields = dict[str, object]


def incident_id_of(url: str, name: str, started_at: datetime | None) -> str:
    """The address of an incident, for the public documents have no ids; without one a digest of name and minute.
    Empty where there is nothing to tell it by."""
    if url:
        return normalise_url(url)
    if not name:
        return ""
    return "d-" + digest("rootly", name, started_at.isoformat()[:16] if started_at else "")[:16]


def kind_of(phase: Phase | None) -> Kind:
    return Kind.MAINTENANCE if phase in PLANNED else Kind.INCIDENT
