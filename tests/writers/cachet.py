"""Cachet 2: lists of components and incidents, whose first message stands in the incident itself.

Shapes as a captured demonstration page and the vendor's source have them (checked 2026-11). Times carry no zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from statuswire.model import Component, Phase, Status
from statuswire.platforms import cachet
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import PAGE_URL, Writer
from .markup import in_order
from .sayings import counted, number_text, short_of_words

LEVELS = {Status.OPERATIONAL: 1, Status.DEGRADED: 2, Status.PARTIAL_OUTAGE: 3, Status.MAJOR_OUTAGE: 4}
PHASES = {Phase.INVESTIGATING: 1, Phase.IDENTIFIED: 2, Phase.MONITORING: 3, Phase.RESOLVED: 4}


def write(provider: Provider, url: str) -> bytes | None:
    """The lists of components and of incidents."""
    path = url.removeprefix(PAGE_URL)
    if path.startswith("/api/v1/components?"):
        return _listing([_component(one) for one in provider.components.values()])
    if path.startswith("/api/v1/incidents?"):
        return _listing([_incident(one) for one in reversed(provider.alive())])
    return None


def _listing(rows: Sequence[object]) -> bytes:
    pages = {"total": len(rows), "count": len(rows), "per_page": 100, "current_page": 1, "total_pages": 1, "links": {}}
    return msgspec.json.encode({"meta": {"pagination": pages}, "data": rows})


def _component(one: Component) -> dict[str, object]:
    return {
        "id": int(one.id),
        "name": one.name,
        "description": "",
        "link": "",
        "status": LEVELS[one.status],
        "order": 0,
        "group_id": 0,
        "enabled": True,
        "created_at": "2026-01-12 08:00:00",
        "updated_at": _stamp(one.updated_at),
        "deleted_at": None,
        "status_name": "",
    }


def _incident(one: TrueIncident) -> dict[str, object]:
    opening, *later = in_order(one)
    number = int(number_text(one))
    return {
        "id": number,
        "component_id": int(one.components[0]) if one.components else 0,
        "name": one.title,
        "status": PHASES[opening.phase],
        "visible": 1,
        "message": opening.text,
        "occurred_at": _stamp(opening.at),
        "created_at": _stamp(opening.at),
        "updated_at": _stamp(one.updated_at),
        "deleted_at": None,
        "is_resolved": not one.is_open,
        "updates": [_update(number, update) for update in reversed(later)],
        "human_status": "",
        "latest_status": PHASES[one.phase],
        "permalink": f"{PAGE_URL}/incidents/{number}",
    }


def _update(number: int, update: TrueUpdate) -> dict[str, object]:
    own_id = int(update.token[1:])
    return {
        "id": own_id,
        "incident_id": number,
        "status": PHASES[update.phase],
        "message": update.text,
        "created_at": _stamp(update.at),
        "updated_at": _stamp(update.edited_at),
        "human_status": "",
        "permalink": f"{PAGE_URL}/incidents/{number}#update-{own_id}",
    }


def _stamp(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment:%Y-%m-%d %H:%M:%S}"


WRITER = Writer(
    platform=cachet.PLATFORM,
    write=write,
    incident_id=number_text,
    component_id=counted,
    phase=short_of_words,
    time_zone="UTC",
    has_maintenances=False,
)
