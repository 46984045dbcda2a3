"""Cisco Webex's own page: components and what is open, in words that Statuspage made common.

Shape as its documentation has it (checked 2026-11); that of an incident was seen nowhere: it is written as the adapter
reads it, with the names that Statuspage has. The feed is one of `spare_feeds`.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Kind, Phase, Status
from statuswire.platforms.vendors import webex
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import every_one_of_the_open, part_name

HOME = "https://status.webex.com"
WORDS = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded_performance",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "major_outage",
}


def write(provider: Provider, url: str) -> bytes | None:
    """`/index.json`."""
    if url != f"{HOME}/index.json":
        return None
    going_on = [one for one in provider.alive() if one.is_open]
    return msgspec.json.encode(
        {
            "status": {"indicator": "yellow" if going_on else "green"},
            "components": [_component(one) for one in provider.components.values()],
            "incidents": [_incident(one) for one in going_on if one.kind is Kind.INCIDENT],
            "scheduled_maintenances": [_incident(one) for one in going_on if one.kind is Kind.MAINTENANCE],
        }
    )


def phase(phase: Phase, _: int) -> Phase:
    """A word for each, but for what leaves the page when it is over."""
    if phase.is_closed:
        return Phase.COMPLETED if phase in (Phase.COMPLETED, Phase.CANCELLED) else Phase.RESOLVED
    return phase


def _component(one: Component) -> dict[str, str]:
    return {"name": one.name, "status": WORDS[one.status]}


def _incident(one: TrueIncident) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.title,
        "status": one.phase.value,
        "impact": one.impact.value,
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "resolved_at": None,
        "incident_updates": [_update(update) for update in reversed(in_order(one))],
    }


def _update(update: TrueUpdate) -> dict[str, str]:
    return {
        "id": update.token,
        "status": update.phase.value,
        "body": update.text,
        "created_at": stamp(update.at),
    }


WRITER = Writer(
    platform=webex.PLATFORM,
    write=write,
    component_id=part_name,
    phase=phase,
    page_url=HOME,
    styles=("stamped", "untidy"),
    levels=tuple(WORDS),
    shown=every_one_of_the_open,
    has_renaming=False,
)
