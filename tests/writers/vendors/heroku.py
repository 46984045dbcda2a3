"""Heroku's own page: the present, and the newest incidents of any state. Components are systems, known by their names.

Shapes as the vendor's documentation and captured documents have them (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Phase, Status
from statuswire.platforms.vendors import heroku
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import number_text, part_name

HOME = "https://status.heroku.com"
COLOURS = {Status.OPERATIONAL: "green", Status.DEGRADED: "yellow", Status.MAJOR_OUTAGE: "red"}
TYPES = {
    Phase.INVESTIGATING: "investigating",
    Phase.IDENTIFIED: "update",
    Phase.MONITORING: "monitoring",
    Phase.RESOLVED: "resolved",
}


def write(provider: Provider, url: str) -> bytes | None:
    """`current-status` and the list of incidents."""
    if url == f"{HOME}/api/v4/current-status":
        systems = [{"system": one.name, "status": COLOURS[one.status]} for one in provider.components.values()]
        going_on = [_incident(one) for one in provider.alive() if one.is_open]
        return msgspec.json.encode({"status": systems, "incidents": going_on, "scheduled": []})
    if url.startswith(f"{HOME}/api/v4/incidents"):
        return msgspec.json.encode([_incident(one) for one in reversed(provider.alive())])
    return None


def phase(phase: Phase, _: int) -> Phase:
    return phase if phase in TYPES else Phase.RESOLVED


def _incident(one: TrueIncident) -> dict[str, object]:
    number = number_text(one)
    return {
        "id": int(number),
        "title": one.title,
        "state": "open" if one.is_open else "resolved",
        "resolved": not one.is_open,
        "resolved_at": None if one.is_open else stamp(one.updates[-1].at),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "full_url": f"{HOME}/incidents/{number}",
        "systems": [{"name": name, "status": "yellow", "services": []} for name in one.components],
        "tags": [],
        "updates": [_update(update) for update in reversed(in_order(one))],
    }


def _update(update: TrueUpdate) -> dict[str, object]:
    return {
        "id": int(update.token[1:]),
        "created_at": stamp(update.at),
        "updated_at": stamp(update.edited_at),
        "update_type": TYPES[update.phase],
        "contents": update.text,
    }


WRITER = Writer(
    platform=heroku.PLATFORM,
    write=write,
    incident_id=number_text,
    component_id=part_name,
    phase=phase,
    page_url=HOME,
    levels=tuple(COLOURS),
    has_maintenances=False,
    has_renaming=False,
)
