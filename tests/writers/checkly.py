"""Checkly: the older pages with their checks and incidents, whose updates have no times, and the newer ones, which
carry their data inside and whose services are as bad as what goes on.

Shapes from captures of one page and from working clients (checked 2026-11).
"""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec

from statuswire.model import Component, Impact, Phase, Status
from statuswire.platforms import checkly
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.platforms.flattening import flatten

from .base import PAGE_URL, Writer
from .markup import in_order, stamp
from .sayings import begun_or_over

PAGE_ID = "4711"
API = f"https://api.checklyhq.com/v1/status-page/{PAGE_ID}"
FLAGS = {Status.OPERATIONAL: "", Status.DEGRADED: "isDegraded", Status.MAJOR_OUTAGE: "hasFailures"}
SEVERITIES = {Impact.MINOR: "MINOR", Impact.MAJOR: "MAJOR", Impact.CRITICAL: "CRITICAL"}
UUID = "89a10173-714f-4ba6-9ad3-{:012}"


def write_older(provider: Provider, url: str) -> bytes | None:
    """The checks, or all incidents."""
    if url == f"{API}/statuses?page=1&limit=50":
        checks = [_check(one) for one in provider.components.values()]
        return msgspec.json.encode({"results": checks, "summary": {"total": len(checks), "totalPassing": 0}})
    if url == f"{API}/incidents":
        return msgspec.json.encode([_older(one) for one in reversed(provider.alive())])
    return None


def write_newer(provider: Provider, url: str) -> bytes | None:
    """The page for people."""
    if url != PAGE_URL:
        return None
    services = [{"id": one.id, "name": one.name} for one in provider.components.values()]
    cases = {one.id: _newer(provider, one) for one in reversed(provider.alive())}
    open_ones = [cases[one.id] for one in provider.alive() if one.is_open]
    page_id = UUID.format(901)
    page = {"id": page_id, "name": "Acme Relay", "customDomain": "status.acme-relay.example", "url": "acme-relay"}
    data = {
        "status-page-resolver-status.acme-relay.example": {"notFound": False, "statusPage": page},
        "maintenance-windows-acme-relay": {"upcoming": [], "active": [], "recentlyCompleted": [], "past": []},
        f"unresolved-incidents-{page_id}": {"incidents": open_ones},
        f"uptime-{page_id}": {"metadata": [{"id": "7fa", "name": "Relay", "services": services}], "uptime": []},
        f"incidents-by-date-{page_id}-2026-05": list(cases.values()),
    }
    flat = json.dumps(flatten({"data": data, "serverRendered": True}, has_named_keys=True)).replace("<", "\\u003c")
    script = f'<script type="application/json" data-ssr="true" id="__NUXT_DATA__">{flat}</script>'
    return f"<!DOCTYPE html><html><head><title>Acme Relay</title></head><body>{script}</body></html>".encode()


def incident_id(one: TrueIncident) -> str:
    return UUID.format(int(one.id[:-1]))


def component_id(number: int) -> str:
    return f"0a0{number}"


def phase(phase: Phase, number: int) -> Phase:
    return phase if phase in (Phase.IDENTIFIED, Phase.MONITORING) else begun_or_over(phase, number)


def _check(one: Component) -> dict[str, object]:
    assert one.updated_at is not None
    flags = {name: FLAGS[one.status] == name for name in ("hasFailures", "hasErrors", "isDegraded")}
    status = {**flags, "updated_at": stamp(one.updated_at)}
    return {"id": one.id, "name": one.name, "activated": True, "muted": False, "group": None, "status": status}


def _older(one: TrueIncident) -> dict[str, object]:
    return {
        "id": incident_id(one),
        "name": one.title,
        "impact": SEVERITIES[one.impact],
        "startedAt": stamp(one.created_at),
        "stoppedAt": None if one.is_open else stamp(in_order(one)[-1].at),
        "created_at": stamp(one.created_at),
        "incidentUpdates": [_update(update) for update in reversed(in_order(one))],
    }


def _newer(provider: Provider, one: TrueIncident) -> dict[str, object]:
    updates = [{**_update(update), "publicIncidentUpdateDate": stamp(update.at)} for update in reversed(in_order(one))]
    return {
        "id": incident_id(one),
        "name": one.title,
        "severity": SEVERITIES[one.impact],
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "lastUpdateStatus": one.phase.value.upper(),
        "services": [{"id": id_, "name": provider.components[id_].name} for id_ in one.components],
        "incidentUpdates": updates,
    }


def _update(update: TrueUpdate) -> dict[str, object]:
    return {"id": update.token, "status": update.phase.value.upper(), "description": update.text}


OLDER = Writer(
    platform=checkly.PLATFORM,
    write=write_older,
    incident_id=incident_id,
    component_id=component_id,
    phase=phase,
    page_id=PAGE_ID,
    levels=tuple(FLAGS),
    has_maintenances=False,
)
WRITERS = (OLDER, replace(OLDER, write=write_newer, page_id=None, shows_components=False))
