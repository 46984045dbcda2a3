"""Datadog: the one document from which a browser draws the page; the entries of a timeline stand in no order.

Shape from a captured page and a working client (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Impact, Kind, Phase, Status
from statuswire.platforms import datadog
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import PAGE_URL, Writer
from .markup import in_order, lived_window, stamp
from .sayings import without_report

LEVELS = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "major_outage",
}
IMPACTS = {Impact.MINOR: "degraded", Impact.MAJOR: "partial_outage", Impact.CRITICAL: "major_outage"}
UUID = "0c5f5a7e-40f1-4a32-8a8e-{:012}"


def write(provider: Provider, url: str) -> bytes | None:
    """`config.json`; a page without maintenances has null for their list."""
    rows = list(provider.components.values())
    group = {"id": UUID.format(1), "name": "Relay", "position": 0, "type": "ComponentGroup"}
    cases = {kind: [_case(provider, one) for one in provider.alive() if one.kind is kind] for kind in Kind}
    return msgspec.json.encode(
        {
            "id": "5d0e6a52-7c1b-4f6e-9a33-0b7d2f9c1e11",
            "name": "Acme Relay",
            "domainPrefix": "acme-relay",
            "customDomain": "",
            "customDomainEnabled": False,
            "pageUrl": PAGE_URL,
            "components": [{**group, "components": [_component(one) for one in rows[:2]]}, _component(rows[2])],
            "incidents": cases[Kind.INCIDENT],
            "maintenances": cases[Kind.MAINTENANCE] or None,
        }
    )


def incident_id(one: TrueIncident) -> str:
    return f"9b1f3c60-11d2-4f0a-b0b7-{int(one.id[:-1]):012}"


def component_id(number: int) -> str:
    return UUID.format(number + 2)


def _component(one: Component, level: str = "") -> dict[str, object]:
    status = level or LEVELS[one.status]
    return {"id": one.id, "name": one.name, "position": one.position, "status": status, "type": "Component"}


def _case(provider: Provider, one: TrueIncident) -> dict[str, object]:
    timeline = [_entry(provider, one, update) for update in one.updates]
    provider.random.shuffle(timeline)
    is_over = one.phase is Phase.RESOLVED
    body: dict[str, object] = {
        "id": incident_id(one),
        "title": one.title,
        "description": in_order(one)[-1].text,
        "currentStatus": one.phase.value,
        "publishedDate": stamp(one.created_at),
        "resolved": is_over,
        "resolvedDate": stamp(one.updates[-1].at) if is_over else None,
        "lastModifiedAt": stamp(one.updated_at),
        "componentsAffected": [_component(provider.components[id_]) for id_ in one.components],
        "timeline": timeline,
    }
    if one.kind is Kind.MAINTENANCE:
        begins, ends = lived_window(one)
        body |= {"startDate": stamp(begins), "completedDate": stamp(ends)}
    return body


def _entry(provider: Provider, one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    level = "operational" if update.phase.is_closed else IMPACTS.get(one.impact, "degraded")
    return {
        "id": UUID.format(int(update.token[1:])),
        "status": update.phase.value,
        "description": update.text,
        "startedAt": stamp(update.at),
        "createdAt": f"{update.at:%Y-%m-%dT%H:%M:%S}.{int(update.token[1:]):06}Z",
        "lastModifiedAt": stamp(update.edited_at),
        "componentsAffected": [_component(provider.components[id_], level) for id_ in one.components],
    }


WRITER = Writer(
    platform=datadog.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=without_report,
)
