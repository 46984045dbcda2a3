"""Salesforce Trust: instances, what is open, past incidents to look up, and maintenances, which go by their times.

Shapes as documented (checked 2026-11). An instance is known by its key. A maintenance ends by its own word, so that
nothing is learnt of one that was deleted: hence two writers, of which the second has none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec

from statuswire.model import Component, Kind, Phase, Status
from statuswire.platforms.vendors import salesforce
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import number, number_text, part_name

AHEAD = timedelta(days=30)
LEVELS = {
    Status.OPERATIONAL: "OK",
    Status.MAINTENANCE: "MAINTENANCE_CORE",
    Status.DEGRADED: "MINOR_INCIDENT_CORE",
    Status.PARTIAL_OUTAGE: "MAJOR_INCIDENT_NONCORE",
    Status.MAJOR_OUTAGE: "MAJOR_INCIDENT_CORE",
}
TYPES = {
    Phase.INVESTIGATING: "investigation",
    Phase.IDENTIFIED: "repair",
    Phase.MONITORING: "monitoring",
    Phase.RESOLVED: "resolution",
    Phase.IN_PROGRESS: "started",
}
STATES = {Phase.COMPLETED: "Completed", Phase.CANCELLED: "Canceled"}


def write(provider: Provider, url: str) -> bytes | None:
    """The five lists, of which that of general messages is empty here."""
    told = [one for one in reversed(provider.alive()) if one.kind is Kind.INCIDENT]
    path = url.removeprefix(salesforce.API).partition("?")[0]
    lists = {
        "/incidents/active": [_incident(one) for one in told if one.is_open],
        "/incidents": [_incident(one) for one in told],
        "/instances/status/preview": [_instance(one) for one in provider.components.values()],
        "/maintenances": [_maintenance(one) for one in reversed(provider.alive()) if one.kind is Kind.MAINTENANCE],
        "/generalMessages": [],
    }
    return msgspec.json.encode(lists[path])


def incident_id(one: TrueIncident) -> str:
    """The two kinds are numbered apart."""
    return f"maintenance/{number(one)}" if one.kind is Kind.MAINTENANCE else number_text(one)


def phase(phase: Phase, _: int) -> Phase:
    return Phase.IN_PROGRESS if phase is Phase.VERIFYING else phase


def _instance(one: Component) -> dict[str, object]:
    place = {"location": "EMEA", "environment": "production", "isActive": True}
    return {"key": one.name, **place, "status": LEVELS[one.status], "Incidents": [], "Maintenances": []}


def _incident(one: TrueIncident) -> dict[str, object]:
    impact = {"id": 1, "type": "serviceDisruption", "severity": one.impact.value, "startTime": stamp(one.created_at)}
    ended = None if one.is_open else stamp(in_order(one)[-1].at)
    return {
        **_shared(one),
        "message": {"rootCause": None, "actionPlan": None, "pathToResolution": None},
        "additionalInformation": None,
        "status": "Active" if one.is_open else "Resolved",
        "isCore": True,
        "affectsAll": False,
        "IncidentImpacts": [impact | {"endTime": ended}],
        "IncidentEvents": [_event(update) for update in in_order(one)],
    }


def _maintenance(one: TrueIncident) -> dict[str, object]:
    begins = one.created_at + AHEAD if one.phase is Phase.SCHEDULED else one.created_at
    return {
        **_shared(one),
        "name": one.title,
        "message": {"maintenanceType": "release"},
        "status": STATES.get(one.phase, "Scheduled"),
        "plannedStartTime": stamp(begins),
        "plannedEndTime": stamp(begins + AHEAD),
        "MaintenanceImpacts": [],
        "MaintenanceEvents": [_event(update) for update in in_order(one)],
    }


def _shared(one: TrueIncident) -> dict[str, object]:
    times = {"createdAt": stamp(one.created_at), "updatedAt": stamp(one.updated_at)}
    return {"id": number(one), **times, "instanceKeys": one.components, "serviceKeys": ["coreService"]}


def _event(update: TrueUpdate) -> dict[str, object]:
    word = TYPES.get(update.phase, update.phase.value)
    times = {"createdAt": stamp(update.at), "updatedAt": stamp(update.edited_at)}
    return {"id": int(update.token[1:]), "type": word, "message": update.text, **times}


_ALL = Writer(
    platform=salesforce.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=part_name,
    phase=phase,
    page_url=salesforce.PAGE_URL,
    styles=("stamped", "untidy"),
    levels=tuple(LEVELS),
    has_renaming=False,
    shows_deletions=False,
)

WRITERS = (_ALL, replace(_ALL, has_maintenances=False, shows_deletions=True))
