"""StatusCast's words, and what follows from them for the kind and the phase of an incident."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from statuswire.model import Impact, Kind, Phase, Status
from statuswire.platforms.words import COMPONENT_WORDS

NAME: Final = "statuscast"

LEVELS: Final[Mapping[str, Status]] = {
    **COMPONENT_WORDS,
    "allsystemsoperational": Status.OPERATIONAL,
    "monitoring": Status.DEGRADED,
    "investigating": Status.DEGRADED,
    "identified": Status.DEGRADED,
    "servicedisruption": Status.PARTIAL_OUTAGE,
    "partial": Status.PARTIAL_OUTAGE,
    "serviceunavailable": Status.MAJOR_OUTAGE,
}
"""A "service disruption" is less than "service unavailable" here. The words of work on a problem stand in the place of
a level at some tenants: something is not well, and nothing says how bad it is."""

KINDS: Final[Mapping[str, Kind]] = {
    "serviceunavailable": Kind.INCIDENT,
    "informational": Kind.INCIDENT,
    "scheduledmaintenance": Kind.MAINTENANCE,
}

_PHASES: Final[Mapping[str, Phase]] = {
    "investigating": Phase.INVESTIGATING,
    "identified": Phase.IDENTIFIED,
    "monitoring": Phase.MONITORING,
    "future": Phase.SCHEDULED,
    "upcoming": Phase.SCHEDULED,
    "scheduled": Phase.SCHEDULED,
    "cancelled": Phase.CANCELLED,
    "canceled": Phase.CANCELLED,
}
PHASES: Final[Mapping[Kind, Mapping[str, Phase]]] = {
    Kind.INCIDENT: {
        **_PHASES,
        "inprogress": Phase.INVESTIGATING,
        "resolved": Phase.RESOLVED,
        "closed": Phase.RESOLVED,
    },
    Kind.MAINTENANCE: {
        **_PHASES,
        "inprogress": Phase.IN_PROGRESS,
        "resolved": Phase.COMPLETED,
        "closed": Phase.COMPLETED,
    },
}

IMPACTS: Final[Mapping[str, Impact]] = {
    "available": Impact.NONE,
    "informational": Impact.NONE,
    "degraded": Impact.MINOR,
    "disruption": Impact.MAJOR,
    "unavailable": Impact.CRITICAL,
    "maintenance": Impact.MAINTENANCE,
}
"""The worst level that an incident ever had, as its row on the page says."""

TYPE_IMPACTS: Final[Mapping[str, Impact]] = {
    "informational": Impact.NONE,
    "scheduledmaintenance": Impact.MAINTENANCE,
}

_INCIDENT_LINK: Final = re.compile(r"/incident/(\d{1,20})(?![\w-])")


def incident_number(link: str) -> str:
    """The incident's number in a link such as `/incident/375707`; empty where there is none."""
    found = _INCIDENT_LINK.search(link)
    return found[1] if found else ""
