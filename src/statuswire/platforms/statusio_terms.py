"""Status.io's numbers and the few words that stand in their place in hooks.

The numbers are documented at <https://kb.status.io/> (status codes; checked 2026-11); words are those that a new page
has, before its owner renames them.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from statuswire.model import Impact, Phase, Status
from statuswire.platforms.reading import moment
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

NAME: Final = "statusio"

OWN_ID: Final = re.compile(r"[0-9a-f]{24}")
"""Ids are Mongo ObjectIds: the first eight digits are the second of their making."""

LEVELS: Final[dict[str, Status]] = {
    "100": Status.OPERATIONAL,
    "200": Status.MAINTENANCE,
    "300": Status.DEGRADED,
    "400": Status.PARTIAL_OUTAGE,
    "500": Status.MAJOR_OUTAGE,
    "600": Status.DEGRADED,
}
"""600 is a security event: the service runs, but not as it should. Other clients judge it otherwise."""

IMPACTS: Final[dict[str, Impact]] = {
    "100": Impact.NONE,
    "200": Impact.MAINTENANCE,
    "300": Impact.MINOR,
    "400": Impact.MAJOR,
    "500": Impact.CRITICAL,
    "600": Impact.CRITICAL,
}
"""Of an incident, by the worst code of its messages."""

STATES: Final[dict[str, Phase]] = {"100": Phase.INVESTIGATING, "200": Phase.IDENTIFIED, "300": Phase.MONITORING}
MAINTENANCE_STATES: Final[dict[str, Phase]] = {"100": Phase.SCHEDULED, "200": Phase.IN_PROGRESS}
"""`state` of a message. Of a maintenance, as captured in 2020: 100 when it was planned, 200 from its start."""

LEVEL_WORDS: Final[dict[str, Status]] = {
    **COMPONENT_WORDS,
    "securityevent": Status.DEGRADED,
    "securityissue": Status.DEGRADED,
}
IMPACT_OF_WORDS: Final[dict[str, Impact]] = {
    "operational": Impact.NONE,
    "plannedmaintenance": Impact.MAINTENANCE,
    "degradedperformance": Impact.MINOR,
    "partialservicedisruption": Impact.MAJOR,
    "servicedisruption": Impact.CRITICAL,
    "securityevent": Impact.CRITICAL,
    "securityissue": Impact.CRITICAL,
}
PHASE_OF_WORDS: Final[dict[str, Phase]] = dict(PHASE_WORDS)


def made_at(own_id: str) -> datetime | None:
    """When an id was made; None for what is no id of this kind."""
    return moment(int(own_id[:8], 16)) if OWN_ID.fullmatch(own_id) else None
