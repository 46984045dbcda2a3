"""Uptime.com: the same object in a document of its own and in the page for people, with the latest update of what is
open.

Maintenances go by the clock there, and so have no life of their own. Shape from captured pages (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms import uptimecom
from tests.core.histories import Provider, TrueIncident

from .base import PAGE_URL, Writer
from .markup import in_order, short_stamp
from .sayings import counted, newest_of_the_open, over_is_resolved

LEVELS = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded-performance",
    Status.PARTIAL_OUTAGE: "partial-outage",
    Status.MAJOR_OUTAGE: "major-outage",
}
SLUG = "acme-relay"


def write(provider: Provider, url: str) -> bytes | None:
    """Either document."""
    page = _page(provider)
    if url.endswith("/ajax"):
        return msgspec.json.encode({"error": None, "fields": {}, "data": page})
    inside = msgspec.json.encode({"siteURL": "https://uptime.com", "statuspage": page}).decode()
    drawn = f"React.createElement(StatusPageDisplayController, {inside})"
    script = f'<script>ReactDOM.render({drawn}, document.getElementById("r"));</script>'
    head = "<!DOCTYPE html><html><head><title>Acme Relay Status</title></head>"
    return f'{head}<body><div id="r"></div>{script}</body></html>'.encode()


def incident_id(one: TrueIncident) -> str:
    return str(700 + int(one.id[:-1]))


def _page(provider: Provider) -> dict[str, object]:
    return {
        "id": 7,
        "name": "Acme Relay",
        "public_url": f"/statuspage/{SLUG}",
        "slug": SLUG,
        "global_is_operational": all(one.status is Status.OPERATIONAL for one in provider.components.values()),
        "components": [_component(one) for one in provider.components.values()],
        "active_incidents": [_incident(provider, one) for one in reversed(provider.alive()) if one.is_open],
        "upcoming_maintenance": [],
    }


def _component(one: Component) -> dict[str, object]:
    return {
        "id": int(one.id),
        "is_group": False,
        "name": one.name,
        "status": LEVELS[one.status],
        "group": None,
        "last_updated_at": None,
        "subcomponents": [],
    }


def _incident(provider: Provider, one: TrueIncident) -> dict[str, object]:
    newest = in_order(one)[-1]
    affected = [provider.components[id_] for id_ in one.components]
    update = {
        "id": int(newest.token[1:]),
        "updated_at": short_stamp(newest.at),
        "description": newest.text,
        "incident_state": newest.phase.value,
    }
    return {
        "id": int(incident_id(one)),
        "name": one.title,
        "starts_at": short_stamp(one.created_at),
        "ends_at": None,
        "affected_components": [
            {"id": int(each.id), "name": each.name, "status": LEVELS[each.status]} for each in affected
        ],
        "updates": [update],
        "incident_type": "INCIDENT",
    }


WRITER = Writer(
    platform=uptimecom.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=counted,
    phase=over_is_resolved,
    page_url=PAGE_URL,
    page_id=SLUG,
    has_maintenances=False,
    has_edits=False,
    shown=newest_of_the_open,
)
