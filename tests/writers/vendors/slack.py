"""Slack's own page: what is open now, and the newest incidents. Notes have neither ids nor phases.

Shapes as the vendor's documentation and captured documents have them (checked 2026-11).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from statuswire.model import Kind, Status
from statuswire.platforms.vendors import slack
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import by_place, hit_at, number, number_text, paragraphs

HOME = "https://slack-status.com"


def write(provider: Provider, url: str) -> bytes | None:
    """`current` and `history`."""
    if url == f"{HOME}/api/v2.0.0/current":
        going_on = [_incident(one) for one in provider.alive() if one.is_open]
        stamps = {"date_created": _stamp(provider.now), "date_updated": _stamp(provider.now)}
        return msgspec.json.encode({"status": "active" if going_on else "ok", **stamps, "active_incidents": going_on})
    if url == f"{HOME}/api/v2.0.0/history":
        return msgspec.json.encode([_incident(one) for one in reversed(provider.alive())])
    return None


def component_id(number: int) -> str:
    """Services are known by their names."""
    return slack.SERVICES[number]


def _incident(one: TrueIncident) -> dict[str, object]:
    return {
        "id": number(one),
        "title": one.title,
        "type": "incident",
        "status": "active" if one.is_open else "resolved",
        "url": f"{HOME}/2026-05/{number(one):016}",
        "date_created": _stamp(one.created_at),
        "date_updated": _stamp(one.updated_at),
        "services": one.components,
        "notes": [_note(update) for update in reversed(in_order(one))],
    }


def _note(update: TrueUpdate) -> dict[str, object]:
    return {"body": paragraphs(update.text), "date_created": _stamp(update.at)}


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


WRITER = Writer(
    platform=slack.PLATFORM,
    write=write,
    incident_id=number_text,
    component_id=component_id,
    phase=by_place,
    page_url=HOME,
    has_maintenances=False,
    level=hit_at({Kind.INCIDENT: Status.DEGRADED}),
    shows_components=False,
    shows_troubled=True,
)
