"""OneUptime: the overview of a page and the list of its past incidents, with public notes and a timeline of states.

All states are the owner's own rows, told apart by their flags. What is written first is the incident's description; a
note has no phase, and a change of state no text. Shape from the vendor's documentation (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Impact, Phase, Status
from statuswire.platforms import oneuptime
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import PAGE_URL, Writer
from .markup import in_order, stamp

PAGE_ID = "00000000-0000-4000-8000-000000000099"
HISTORY = f"{PAGE_URL}/status-page-api/incidents/{PAGE_ID}"
LEVELS = {
    Status.OPERATIONAL: ("1", "Fine", {"isOperationalState": True}),
    Status.DEGRADED: ("2", "Slow", {}),
    Status.MAJOR_OUTAGE: ("3", "Gone", {"isOfflineState": True}),
}
STATES = {
    Phase.INVESTIGATING: ("41", "New", {"isCreatedState": True}),
    Phase.IDENTIFIED: ("42", "Seen", {"isAcknowledgedState": True}),
    Phase.RESOLVED: ("44", "Over", {"isResolvedState": True}),
}
ORDERS = {Impact.CRITICAL: 1, Impact.MAJOR: 2, Impact.MINOR: 3}


def write(provider: Provider, url: str) -> bytes | None:
    """The overview, or every incident there ever was."""
    is_history = url == HISTORY
    shown = [one for one in reversed(provider.alive()) if one.is_open or is_history]
    resources = {"statusPageResources": [_resource(one) for one in provider.components.values()]}
    lists = {
        "incidents" if is_history else "activeIncidents": [_incident(one) for one in shown],
        "incidentPublicNotes": [_note(one, update) for one in shown for update in in_order(one)[1:]],
        "incidentStateTimelines": [_step(one, update) for one in shown for update in in_order(one)],
    }
    if is_history:
        return msgspec.json.encode({**resources, **lists})
    head = {
        "statusPage": {"_id": PAGE_ID, "pageTitle": "Acme Relay", "name": "internal"},
        "monitorStatuses": [_state(row) for row in LEVELS.values()],
        "scheduledMaintenanceEvents": [],
    }
    return msgspec.json.encode({**head, **resources, **lists})


def incident_id(one: TrueIncident) -> str:
    return _uuid(6, int(one.id[:-1]))


def component_id(number: int) -> str:
    return _uuid(1, number)


def phase(phase: Phase, _: int) -> Phase:
    """An owner's own state between these changes nothing."""
    if phase.is_closed:
        return Phase.RESOLVED
    return phase if phase in STATES else Phase.IDENTIFIED


def _uuid(kind: int, number: int | str) -> str:
    return f"00000000-0000-4000-8000-{kind:04}{int(number):08}"


def _wrapped(value: str) -> dict[str, str]:
    return {"_type": "ObjectID", "value": value}


def _state(row: tuple[str, str, dict[str, bool]]) -> dict[str, object]:
    number, name, flags = row
    return {"_id": _uuid(0, number), "name": name, **flags}


def _resource(one: Component) -> dict[str, object]:
    monitor = _uuid(2, one.id[-8:])
    present = _wrapped(_uuid(0, LEVELS[one.status][0]))
    return {
        "_id": one.id,
        "displayName": one.name,
        "monitorId": _wrapped(monitor),
        "monitor": {"_id": monitor, "name": "internal", "currentMonitorStatusId": present},
    }


def _incident(one: TrueIncident) -> dict[str, object]:
    return {
        "_id": incident_id(one),
        "title": one.title,
        "description": one.updates[0].text,
        "createdAt": stamp(one.created_at),
        "currentIncidentState": _state(STATES[one.phase]),
        "incidentSeverity": {"name": "Bad", "order": ORDERS[one.impact]},
        "monitors": [{"_id": _uuid(2, id_[-8:])} for id_ in one.components],
    }


def _note(one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    return {
        "_id": _uuid(7, update.token[1:]),
        "incidentId": _wrapped(incident_id(one)),
        "note": update.text,
        "postedAt": stamp(update.at),
    }


def _step(one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    return {
        "_id": _uuid(8, update.token[1:]),
        "incidentId": _wrapped(incident_id(one)),
        "incidentState": _state(STATES[update.phase]),
        "startsAt": {"_type": "DateTime", "value": stamp(update.at)},
    }


WRITER = Writer(
    platform=oneuptime.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=phase,
    page_id=PAGE_ID,
    levels=tuple(LEVELS),
    has_maintenances=False,
)
