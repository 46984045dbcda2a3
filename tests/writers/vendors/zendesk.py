"""Zendesk's own page, JSON:API: incidents without texts, the services that they hit, and the names of all services.

Shapes as captured (checked 2026-11): a service is as bad as what is open on it, and `status` is stale where it is over.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Kind, Status
from statuswire.platforms.vendors import zendesk
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import hit_at, no_update, number_text, without_report

HOME = "https://status.zendesk.com"


def write(provider: Provider, url: str) -> bytes | None:
    """The incidents of the last days, what is open, and the services."""
    if url == f"{HOME}/api/ssp/services.json":
        return msgspec.json.encode({"data": [_service(one) for one in provider.components.values()]})
    told = [one for one in reversed(provider.alive()) if one.is_open or not url.endswith("/active")]
    hits = [_hit(one, part) for one in told for part in one.components]
    return msgspec.json.encode({"data": [_incident(one) for one in told], "included": hits})


def component_id(number: int) -> str:
    return str(11 + number)


def _service(one: Component) -> dict[str, object]:
    return {"id": one.id, "type": "service", "attributes": {"name": one.name}}


def _incident(one: TrueIncident) -> dict[str, object]:
    hits = [{"id": _hit_id(one, part), "type": "incidentService"} for part in one.components]
    attributes = {
        "name": one.title,
        "impact": one.impact.value,
        "status": one.phase.value if one.is_open else "monitoring",
        "startedAt": stamp(one.created_at),
        "resolvedAt": _ended(one),
        "outage": False,
        "degradation": True,
    }
    relationships = {"incidentServices": {"data": hits}}
    return {"id": number_text(one), "type": "incident", "attributes": attributes, "relationships": relationships}


def _hit(one: TrueIncident, part: str) -> dict[str, object]:
    flags = {"outage": False, "degradation": True, "resolvedAt": _ended(one)}
    return {"id": _hit_id(one, part), "type": "incidentService", "attributes": {"serviceId": int(part), **flags}}


def _hit_id(one: TrueIncident, part: str) -> str:
    return f"{number_text(one)}{part}"


def _ended(one: TrueIncident) -> str | None:
    return None if one.is_open else stamp(in_order(one)[-1].at)


WRITER = Writer(
    platform=zendesk.PLATFORM,
    write=write,
    incident_id=number_text,
    component_id=component_id,
    phase=without_report,
    page_url=HOME,
    styles=("stamped", "untidy"),
    shown=no_update,
    level=hit_at({Kind.INCIDENT: Status.DEGRADED}),
    has_maintenances=False,
    shows_components=False,
    shows_troubled=True,
)
