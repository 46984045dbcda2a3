"""OpenStatus's words, from the vendor's source (github.com/openstatusHQ/openstatus, checked 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from statuswire.model import Phase, Status
from statuswire.platforms.remembering import Now
from statuswire.platforms.words import COMPONENT_WORDS

NAME: Final = "openstatus"
TITLE: Final = "OpenStatus"
Fields = Mapping[str, object]

LEVELS: Final[dict[str, Status]] = {
    **COMPONENT_WORDS,
    "success": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "error": Status.MAJOR_OUTAGE,
    "info": Status.MAINTENANCE,
    "incident": Status.DEGRADED,
}
"""Of the page and its monitors (`success`, `degraded`, `error`, `info`), of components in the imitation of
Statuspage (`incident` beside the usual words), and the `impact` of a component in hooks."""

PHASES: Final[dict[str, Phase]] = {
    "investigating": Phase.INVESTIGATING,
    "identified": Phase.IDENTIFIED,
    "monitoring": Phase.MONITORING,
    "resolved": Phase.RESOLVED,
}


def maintenance_id(own_id: str) -> str:
    """Reports and maintenances are numbered apart, so that one number may be both."""
    return f"maintenance/{own_id}"


def planned_phase(begins: datetime | None, ends: datetime | None, now: Now) -> Phase | None:
    """Of a maintenance, which has no more than its window."""
    if ends is not None and now.has_come(ends):
        return Phase.COMPLETED
    if begins is None:
        return None
    return Phase.SCHEDULED if now.is_before(begins) else Phase.IN_PROGRESS


def report_url(base: str, own_id: str) -> str:
    return f"{base}/events/report/{own_id}" if base else ""


def maintenance_url(base: str, own_id: str) -> str:
    return f"{base}/events/maintenance/{own_id}" if base else ""
