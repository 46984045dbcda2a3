"""Pulsetic: the answer of its API about a page, with monitors that are online or not, and incidents without texts.

Maintenances go by the clock there, and so have no life of their own. Shape from a public client (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Status
from statuswire.platforms import pulsetic
from tests.core.histories import Provider, TrueIncident

from .base import Writer
from .markup import short_stamp
from .sayings import counted, no_update, short_of_words

LEVELS = {Status.OPERATIONAL: "online", Status.MAJOR_OUTAGE: "offline"}


def write(provider: Provider, _: str) -> bytes:
    """The one document."""
    rows = [
        {"id": int(one.id), "name": one.name, "status": LEVELS[one.status], "order": place, "disabled": 0}
        for place, one in enumerate(provider.components.values(), 1)
    ]
    page = {"id": 5, "title": "Acme Relay", "slug": "acme", "domain": "status.acme-relay.example"}
    lists = {"live_maintenances": [], "upcoming_maintenances": []}
    incidents = [_incident(one) for one in reversed(provider.alive())]
    return msgspec.json.encode({"data": {**page, "monitors": rows, "incidents": incidents, **lists}})


def incident_id(one: TrueIncident) -> str:
    return str(11 + int(one.id[:-1]))


def _incident(one: TrueIncident) -> dict[str, object]:
    return {
        "id": int(incident_id(one)),
        "title": one.title,
        "status": one.phase.value,
        "started_at": short_stamp(one.created_at),
        "resolved_at": None if one.is_open else short_stamp(one.updates[-1].at),
    }


WRITER = Writer(
    platform=pulsetic.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=counted,
    phase=short_of_words,
    levels=tuple(LEVELS),
    has_maintenances=False,
    shows_deletions=False,
    shown=no_update,
)
