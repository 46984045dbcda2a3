"""Slack's own page: what is open now, and the newest incidents. Notes have neither ids nor phases.

Shapes as the vendor's documentation and captured documents have them (checked 2026-11).
"""

from __future__ import annotations

from datetime import datetime
from html import escape

import msgspec

from statuswire.model import Phase
from statuswire.platforms.vendors import slack
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order

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


def incident_id(one: TrueIncident) -> str:
    return str(int(one.id[:-1]) + 1)


def phase(phase: Phase, number: int) -> Phase:
    """The first note finds trouble, the others its cause, until it is over."""
    if phase.is_closed:
        return Phase.RESOLVED
    return Phase.IDENTIFIED if number else Phase.INVESTIGATING


def _incident(one: TrueIncident) -> dict[str, object]:
    number = int(incident_id(one))
    return {
        "id": number,
        "title": one.title,
        "type": "incident",
        "status": "active" if one.is_open else "resolved",
        "url": f"{HOME}/2026-05/{number:016}",
        "date_created": _stamp(one.created_at),
        "date_updated": _stamp(one.updated_at),
        "services": ["Messaging", "Search"][: len(one.components)],
        "notes": [_note(update) for update in reversed(in_order(one))],
    }


def _note(update: TrueUpdate) -> dict[str, object]:
    body = escape(update.text).replace("\n\n", "</p><p>")
    return {"body": f"<p>{body}</p>", "date_created": _stamp(update.at)}


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


WRITER = Writer(
    platform=slack.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=phase,
    page_url=HOME,
    has_maintenances=False,
    shows_components=False,
)
