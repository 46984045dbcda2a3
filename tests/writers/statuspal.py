"""StatusPal: the summary of what goes on and is to come, the list of all incidents, and the owner's hooks.

There are no phases: the clock tells what goes on. Times are those of the page's zone and do not say so. Shapes as
captured answers and the vendor's help pages have them (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import msgspec

from statuswire.model import Component, Impact, Kind, Phase, Status
from statuswire.platforms import statuspal
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer
from .markup import in_order, lived_window
from .sayings import begun_or_over

ZONE = "Asia/Tehran"
API = "https://statuspal.io/api/v2/status_pages/acme-relay"

LEVELS = {Status.OPERATIONAL: None, Status.DEGRADED: "minor", Status.MAJOR_OUTAGE: "major"}
MONITORED = {Status.OPERATIONAL: "up", Status.MAJOR_OUTAGE: "down"}


def write(provider: Provider, url: str) -> bytes | None:
    """The two documents of the API."""
    if url == f"{API}/incidents":
        rows = [_case(one) for one in reversed(provider.alive())]
        return msgspec.json.encode({"incidents": rows, "meta": {"total_count": len(rows)}})
    return msgspec.json.encode(_summary(provider)) if url == f"{API}/summary" else None


def hook(provider: Provider, what: What) -> bytes | None:
    """That a monitor is up or down, or that an incident was changed in whatever way; what of it is left to be asked."""
    if isinstance(what, str):
        one = provider.components[what]
        if one.status not in MONITORED:
            return None
        told = {"object": {"id": int(one.id), "name": one.name}, "monitored_status": MONITORED[one.status]}
        return msgspec.json.encode({"event": "service.monitored_status.updated", "data": told})
    done = "deleted" if what.is_deleted else "created" if len(what.updates) == 1 else "updated"
    begins, ends = _window(what)
    row = {
        "id": int(incident_id(what)),
        "starts_at": _stamp(begins),
        "ends_at": _stamp(ends),
        "service_ids": [int(id_) for id_ in what.components],
        "l_title": [{"lang": "fa", "text": "کندی"}, {"lang": "en", "text": what.title}],
    }
    return msgspec.json.encode({"event": f"incident.{done}", "data": {"object": row}})


def incident_id(one: TrueIncident) -> str:
    return str(int(one.id[:-1]) + 9_001)


def component_id(number: int) -> str:
    return str(number + 312)


def _summary(provider: Provider) -> dict[str, object]:
    going_on = [one for one in provider.alive() if one.is_open]
    planned = [one for one in going_on if one.kind is Kind.MAINTENANCE]
    worst = max((one.status for one in provider.components.values()), key=list(LEVELS).index)
    group = {"id": 311, "name": "API", "current_incident_type": LEVELS[worst]}
    return {
        "status_page": {
            "name": "Acme Relay",
            "url": PAGE_URL,
            "subdomain": "acme-relay",
            "time_zone": ZONE,
            "current_incident_type": LEVELS[worst],
        },
        "services": [{**group, "children": [{}, *map(_service, provider.components.values())]}],
        "incidents": _cases(one for one in going_on if one.kind is Kind.INCIDENT),
        "maintenances": _cases(one for one in planned if one.phase is not Phase.SCHEDULED),
        "upcoming_maintenances": _cases(one for one in planned if one.phase is Phase.SCHEDULED),
    }


def _service(one: Component) -> dict[str, object]:
    return {"id": int(one.id), "name": one.name, "current_incident_type": LEVELS[one.status], "children": []}


def _cases(incidents: Iterable[TrueIncident]) -> list[dict[str, object]]:
    return [_case(one) for one in incidents]


def _case(one: TrueIncident) -> dict[str, object]:
    begins, ends = _window(one)
    return {
        "id": int(incident_id(one)),
        "title": one.title,
        "type": _type(one),
        "inserted_at": _stamp(one.created_at),
        "updated_at": _stamp(one.updated_at),
        "starts_at": _stamp(begins),
        "ends_at": _stamp(ends),
        "service_ids": [int(id_) for id_ in one.components],
        "url": f"{PAGE_URL}/incidents/{incident_id(one)}",
        "translations": {"en": {"title": one.title}},
        "updates": [_update(update) for update in reversed(in_order(one))],
    }


def _type(one: TrueIncident) -> str:
    if one.kind is Kind.MAINTENANCE:
        return "scheduled"
    return "major" if one.impact is Impact.CRITICAL else "minor"


def _window(one: TrueIncident) -> tuple[datetime, datetime | None]:
    """An incident ends with the first message since it was last open."""
    if one.kind is Kind.MAINTENANCE:
        return lived_window(one)
    ended: datetime | None = None
    for update in in_order(one):
        ended = (ended or update.at) if update.phase.is_closed else None
    return one.created_at, ended


def _update(update: TrueUpdate) -> dict[str, object]:
    lines = escape(update.text).replace("\n", "<br>")
    return {
        "id": int(update.token[1:]),
        "type": "issue",
        "description": update.text,
        "description_html": f"<p>{lines}</p>",
        "posted_at": _stamp(update.at),
        "inserted_at": _stamp(update.at),
        "updated_at": _stamp(update.edited_at),
        "translations": {},
    }


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(ZoneInfo(ZONE)):%Y-%m-%dT%H:%M:%S}"


WRITER = Writer(
    platform=statuspal.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    phase=begun_or_over,
    page_id="acme-relay",
    time_zone=ZONE,
    levels=tuple(LEVELS),
)
