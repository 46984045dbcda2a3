"""Google Cloud's own page: every incident of a year in one document, and no word for where one stands.

Shape as captured documents have it (checked 2026-11). What phases there are follow from the order and from the end.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from statuswire.model import Kind, Phase, Status
from statuswire.platforms.vendors import google
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import hit_at

HOME = "https://status.cloud.google.com"
PLACE = {"title": "Ruritania (europe-west99)", "id": "europe-west99"}


def write(provider: Provider, url: str) -> bytes | None:
    """`incidents.json`, the newest first."""
    if url != f"{HOME}/incidents.json":
        return None
    return msgspec.json.encode([_incident(one) for one in reversed(provider.alive())])


def incident_id(one: TrueIncident) -> str:
    return f"AbCdEfGh{one.id}"


def phase(phase: Phase, number: int) -> Phase:
    if phase.is_closed or phase is Phase.MONITORING:
        return Phase.RESOLVED if phase.is_closed else phase
    return Phase.IDENTIFIED if number else Phase.INVESTIGATING


def _incident(one: TrueIncident) -> dict[str, object]:
    updates = [_update(update) for update in reversed(in_order(one))]
    ends = [update.at for update in one.updates if update.phase is Phase.RESOLVED]
    return {
        "id": incident_id(one),
        "number": f"9{int(one.id[:-1]):018}",
        "begin": one.created_at.isoformat(),
        "created": one.created_at.isoformat(),
        "end": None if one.is_open else _first_of_the_last(one, ends).isoformat(),
        "modified": one.updated_at.isoformat(),
        "external_desc": one.title,
        "updates": updates,
        "most_recent_update": updates[0],
        "status_impact": "SERVICE_DISRUPTION",
        "severity": "medium",
        "service_key": "zall",
        "service_name": "Multiple Products",
        "affected_products": [{"title": part, "id": part} for part in one.components],
        "uri": f"incidents/{incident_id(one)}",
        "currently_affected_locations": [PLACE] if one.is_open else [],
        "previously_affected_locations": [] if one.is_open else [PLACE],
    }


def _first_of_the_last(one: TrueIncident, ends: list[datetime]) -> datetime:
    """When it ended for good: what is said after that does not move the end."""
    again = [update.at for update in one.updates if not update.phase.is_closed]
    return min(end for end in ends if end >= max(again))


def _update(update: TrueUpdate) -> dict[str, object]:
    return {
        "created": update.at.isoformat(),
        "modified": update.edited_at.isoformat(),
        "when": update.at.isoformat(),
        "text": update.text,
        "status": "AVAILABLE" if update.phase in (Phase.MONITORING, Phase.RESOLVED) else "SERVICE_DISRUPTION",
        "affected_locations": [PLACE],
    }


WRITER = Writer(
    platform=google.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=phase,
    page_url=HOME,
    has_maintenances=False,
    level=hit_at({Kind.INCIDENT: Status.DEGRADED}),
    shows_components=False,
    shows_troubled=True,
)
