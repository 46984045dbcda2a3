"""UptimeRobot: the list of monitors, and the feed of events, each with one text and without a phase.

Planned events go by the clock there, and so have no life of their own. Shapes from captured pages (checked 2026-11).
"""

from __future__ import annotations

from datetime import datetime
from html import escape

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms import uptimerobot
from tests.core.histories import Provider, TrueIncident

from .base import Writer
from .sayings import first_update, open_or_over

KEY = "a1B2c3D4e5"
PAGE = f"https://stats.uptimerobot.com/{KEY}"
LEVELS = {Status.OPERATIONAL: "success", Status.DEGRADED: "warning", Status.MAJOR_OUTAGE: "danger"}


def write(provider: Provider, url: str) -> bytes | None:
    """The monitors or the events, the newest first."""
    if uptimerobot.MONITORS in url:
        rows = [_monitor(one) for one in provider.components.values()]
        page = {"perPage": 30, "totalMonitors": len(rows), "monitors": rows}
        return msgspec.json.encode({"status": "ok", "psp": page, "statistics": {"counts": {"total": len(rows)}}})
    rows = [_event(one) for one in reversed(provider.alive())]
    dates = {"from": f"{provider.now:%Y-%m-%d}", "to": f"{provider.now:%Y-%m-%d}"}
    return msgspec.json.encode({"status": True, "results": rows, "meta": {"count": len(rows), "date_range": dates}})


def incident_id(one: TrueIncident) -> str:
    return str(37_000 + int(one.id[:-1]))


def component_id(number: int) -> str:
    return str(790_000_000 + number)


def _monitor(one: Component) -> dict[str, object]:
    return {
        "monitorId": int(one.id),
        "createdAt": 1_700_000_000,
        "statusClass": LEVELS[one.status],
        "name": escape(one.name),
        "url": None,
        "type": "HTTP(s)",
        "groupId": 0,
        "groupName": "",
        "dailyRatios": [],
    }


def _event(one: TrueIncident) -> dict[str, object]:
    ends = None if one.is_open else _first_of_the_last(one)
    return {
        "type": "announcement",
        "eventType": "announcement",
        "id": int(incident_id(one)),
        "title": escape(one.title),
        "content": f"<p>{escape(one.updates[0].text)}</p>",
        "description": "",
        "timestamp": int(one.created_at.timestamp()),
        "endDate": None,
        "endDateGMT": f"{ends:%Y-%m-%d %H:%M:%S}" if ends else None,
        "status": 2,
        "icon": "alert-triangle",
    }


def _first_of_the_last(one: TrueIncident) -> datetime:
    """When it ended for good."""
    last_open = max(place for place, update in enumerate(one.updates) if not update.phase.is_closed)
    return one.updates[last_open + 1].at


WRITER = Writer(
    platform=uptimerobot.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=open_or_over,
    page_url=PAGE,
    levels=tuple(LEVELS),
    has_maintenances=False,
    shown=first_update,
)
