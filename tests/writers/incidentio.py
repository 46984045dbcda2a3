"""incident.io: the native summary, the native list of incidents and the account's webhook.

Shapes as captured documents and public clients have them (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from statuswire.model import Impact, Kind, Phase, Status
from statuswire.platforms import incidentio
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer
from .markup import in_order

PAGE_ID = "01J9ZK4T2Q8M3V7X5C1B6N0PRS"
NATIVE = f"{PAGE_URL}/proxy/status.acme-relay.example"
LEVELS = {
    Status.DEGRADED: "degraded_performance",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "full_outage",
}
IMPACTS = {Impact.MINOR: "degraded_performance", Impact.MAJOR: "partial_outage", Impact.CRITICAL: "full_outage"}
WORDS = {
    Phase.SCHEDULED: "maintenance_scheduled",
    Phase.IN_PROGRESS: "maintenance_in_progress",
    Phase.COMPLETED: "maintenance_complete",
}
NEAREST = {
    Phase.VERIFYING: Phase.IN_PROGRESS,
    Phase.CANCELLED: Phase.COMPLETED,
    Phase.POSTMORTEM: Phase.RESOLVED,
}


def write(provider: Provider, url: str) -> bytes | None:
    """The document at one of the native addresses."""
    if url == NATIVE:
        return msgspec.json.encode({"summary": _summary(provider)})
    if url == f"{NATIVE}/incidents":
        return msgspec.json.encode({"incidents": _cases(reversed(provider.alive()))})
    return None


def hook(provider: Provider, what: What) -> bytes | None:
    """Sent for each update that is shared, and for nothing else."""
    if isinstance(what, str) or what.is_deleted or what.is_backfilled or what.updates[-1].at != provider.now:
        return None
    case, (*others, newest) = _case(what), what.updates
    shared = {
        "id": case["id"],
        "status_page_id": PAGE_ID,
        "name": what.title,
        "incident_status": case["status"],
        "published_at": case["published_at"],
        "component_impacts": [],
        "updates": [_shared(what, update) for update in others],
    }
    event = "status_page_incident.update_shared_v1"
    body = {"event_type": event, event: {"status_page_incident": shared, "update": _shared(what, newest)}}
    return msgspec.json.encode(body)


def incident_id(one: TrueIncident) -> str:
    """A ULID."""
    return f"01KQS6YHWS{int(one.id[:-1]):016}"


def phase(phase: Phase, _: int) -> Phase:
    return NEAREST.get(phase, phase)


def _summary(provider: Provider) -> dict[str, object]:
    rows = [{"id": one.id, "name": one.name, "status_page_id": PAGE_ID} for one in provider.components.values()]
    shown = [{"component": {"component_id": one["id"], "name": one["name"], "hidden": False}} for one in rows]
    troubled = [one for one in provider.components.values() if one.status in LEVELS]
    return {
        "id": PAGE_ID,
        "name": "Acme Relay",
        "public_url": f"{PAGE_URL}/",
        "components": rows,
        "structure": {"id": "01J9ZK5B0000000000000000B1", "status_page_id": PAGE_ID, "items": shown},
        "affected_components": [{"component_id": one.id, "status": LEVELS[one.status]} for one in troubled],
        "ongoing_incidents": _cases(_open(provider, Kind.INCIDENT)),
        "scheduled_maintenances": _cases(_open(provider, Kind.MAINTENANCE)),
    }


def _open(provider: Provider, kind: Kind) -> list[TrueIncident]:
    return [one for one in provider.alive() if one.is_open and one.kind is kind]


def _cases(incidents: Iterable[TrueIncident]) -> list[dict[str, object]]:
    return [_case(one) for one in incidents]


def _case(one: TrueIncident) -> dict[str, object]:
    own_id, level = incident_id(one), IMPACTS.get(one.impact, "degraded_performance")
    impacts = [
        {"component_id": id_, "status_page_incident_id": own_id, "status": level, "start_at": _stamp(one.created_at)}
        for id_ in one.components
    ]
    return {
        "id": own_id,
        "name": one.title,
        "type": one.kind.value,
        "status": _word(one.phase),
        "published_at": _stamp(one.created_at),
        "status_page_id": PAGE_ID,
        "affected_components": [{"component_id": id_, "status": level} for id_ in one.components],
        "component_impacts": impacts,
        "updates": [_update(update) for update in reversed(in_order(one))],
    }


def _update(update: TrueUpdate) -> dict[str, object]:
    return {
        "id": update_id(update),
        "published_at": _stamp(update.at),
        "message_string": update.text,
        "to_status": _word(update.phase),
        "automated_update": False,
        "component_statuses": [],
    }


def _shared(one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    return {
        "id": update_id(update),
        "status_page_incident_id": incident_id(one),
        "message": update.text,
        "incident_status": _word(update.phase),
        "published_at": _stamp(update.at),
        "component_statuses": [],
    }


def update_id(update: TrueUpdate) -> str:
    return f"01KQS8Z0TZ{int(update.token[1:]):016}"


def _word(phase: Phase) -> str:
    return WORDS.get(phase, phase.value)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


WRITER = Writer(platform=incidentio.PLATFORM, write=write, hook=hook, incident_id=incident_id, phase=phase)
