"""Uptime Kuma: the page with one text for each incident, the heartbeats, the past incidents, the monitors' hooks.

An incident is one text that is put in the place of the one before, and its end changes none. There are no maintenances
that one could know of before they begin. Shapes from the vendor's source (checked 2026-11).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from statuswire.model import Component, Impact, Status
from statuswire.platforms import uptimekuma
from tests.core.histories import Provider, TrueIncident, What

from .base import PAGE_URL, Writer
from .markup import in_order
from .sayings import begun_or_over, newest_update

API = f"{PAGE_URL}/api/status-page"
BEATS = {Status.MAJOR_OUTAGE: 0, Status.OPERATIONAL: 1}
STYLES = {Impact.MINOR: "warning", Impact.MAJOR: "danger"}


def write(provider: Provider, url: str) -> bytes | None:
    """The heartbeats, the page, and the history as one page of it."""
    if url == f"{API}/heartbeat/acme":
        beats = {one.id: _beats(provider, one) for one in provider.components.values()}
        return msgspec.json.encode({"heartbeatList": beats, "uptimeList": {f"{id_}_24": 1 for id_ in beats}})
    if url == f"{API}/acme":
        return msgspec.json.encode(_page(provider))
    if url == f"{API}/acme/incident-history":
        rows = [_incident(one) for one in reversed(provider.alive())]
        body = {"ok": True, "incidents": rows, "total": len(rows), "nextCursor": None, "hasMore": False}
        return msgspec.json.encode(body)
    return None


def hook(provider: Provider, what: What) -> bytes | None:
    """One beat of one monitor; nothing is sent of incidents."""
    if not isinstance(what, str):
        return None
    one = provider.components[what]
    body = {"heartbeat": _beat(one, provider.now), "monitor": {"id": int(one.id), "name": one.name}, "msg": ""}
    return msgspec.json.encode(body)


def incident_id(one: TrueIncident) -> str:
    return str(int(one.id[:-1]) + 12)


def component_id(number: int) -> str:
    return str(number + 4)


def _beats(provider: Provider, one: Component) -> list[dict[str, object]]:
    """Since the level began and now."""
    assert one.updated_at is not None
    return [_beat(one, one.updated_at), _beat(one, provider.now)]


def _beat(one: Component, at: datetime) -> dict[str, object]:
    return {"status": BEATS[one.status], "time": _stamp(at), "msg": "", "ping": 120}


def _page(provider: Provider) -> dict[str, object]:
    monitors = [{"id": int(one.id), "name": one.name, "sendUrl": 0} for one in provider.components.values()]
    return {
        "config": {"slug": "acme", "title": "Acme Relay", "published": True},
        "incidents": [_incident(one) for one in provider.alive() if one.is_open],
        "publicGroupList": [{"id": 1, "name": "Services", "weight": 1, "monitorList": monitors}],
        "maintenanceList": [],
    }


def _incident(one: TrueIncident) -> dict[str, object]:
    return {
        "id": int(incident_id(one)),
        "style": STYLES.get(one.impact, "info"),
        "title": one.title,
        "content": in_order(one)[-1].text,
        "pin": one.is_open,
        "active": one.is_open,
        "createdDate": _stamp(one.created_at),
        "lastUpdatedDate": _stamp(one.updated_at),
        "status_page_id": 1,
    }


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}.000"


WRITER = Writer(
    platform=uptimekuma.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    phase=begun_or_over,
    page_url=f"{PAGE_URL}/status/acme",
    levels=tuple(BEATS),
    has_maintenances=False,
    has_edits=False,
    styles=("stamped", "untidy"),
    shown=newest_update,
)
