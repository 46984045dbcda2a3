"""OnlineOrNot: the summary, which says only that an incident goes on, and the feed with the stories, to the minute.

Neither has a stamp: what the feed shows of an old update cannot be told from an older version of it, so that nothing is
edited. Maintenances go by the clock there, and so have no life of their own. Shapes from the vendor's documentation and
captured feeds (checked 2026-11).
"""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

import msgspec

from statuswire.model import Component, Impact, Status
from statuswire.platforms import onlineornot
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import PAGE_URL, Writer
from .markup import in_order, stamp
from .sayings import short_of_words

SUMMARY, FEED, _ = (feed.url for feed in onlineornot.feeds(PAGE_URL))
LEVELS = {
    Status.OPERATIONAL: "OPERATIONAL",
    Status.DEGRADED: "DEGRADED_PERFORMANCE",
    Status.PARTIAL_OUTAGE: "PARTIAL_OUTAGE",
    Status.MAJOR_OUTAGE: "MAJOR_OUTAGE",
}
IMPACTS = {Impact.MINOR: "DEGRADED_PERFORMANCE", Impact.MAJOR: "PARTIAL_OUTAGE", Impact.CRITICAL: "MAJOR_OUTAGE"}


def write(provider: Provider, url: str) -> bytes | None:
    """The summary or the feed; the page for people is only in reserve."""
    if url == SUMMARY:
        return msgspec.json.encode({"success": True, "result": _summary(provider), "errors": [], "messages": []})
    return _feed(provider).encode() if url == FEED else None


def incident_id(one: TrueIncident) -> str:
    return f"LB6mQv{int(one.id[:-1]):06}"


def component_id(number: int) -> str:
    return f"mKBx18Le{number:04}"


def _summary(provider: Provider) -> dict[str, object]:
    page = {"id": "bQqZeyaw", "name": "Acme Relay", "subdomain": "acme-relay"}
    return {
        "status": {"description": "All Systems Operational"},
        "status_page": {**page, "custom_domain": "status.acme-relay.example"},
        "components": [_component(one) for one in provider.components.values()],
        "active_incidents": [_incident(one) for one in reversed(provider.alive()) if one.is_open],
        "scheduled_maintenance": [],
    }


def _component(one: Component) -> dict[str, object]:
    """The stamp is of the row, not of its level."""
    stamps = {"created_at": "2024-08-29T17:42:33.407Z", "updated_at": "2026-04-28T22:33:41.556Z"}
    return {"id": one.id, "name": one.name, "status": LEVELS[one.status], "group_id": None, **stamps}


def _incident(one: TrueIncident) -> dict[str, object]:
    return {
        "id": incident_id(one),
        "title": one.title,
        "impact": IMPACTS[one.impact],
        "started": stamp(one.created_at),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
    }


def _feed(provider: Provider) -> str:
    items = "".join(map(_item, reversed(provider.alive())))
    head = f"<title>Acme Relay - Incidents</title><link>{PAGE_URL}</link><description>Statuspage</description>"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def _item(one: TrueIncident) -> str:
    blocks = "<br/>".join(map(_block, reversed(in_order(one))))
    link = f"{PAGE_URL.removeprefix('https://')}/incidents/{incident_id(one)}"
    return (
        f"<item><title>{escape(one.title)}</title><description>{escape(blocks)}</description>"
        f"<pubDate>{format_datetime(one.created_at)}</pubDate><link>{link}</link></item>"
    )


def _block(update: TrueUpdate) -> str:
    return (
        f"<small>{update.at:%b %d, %I:%M %p} UTC</small><br/>"
        f"<strong>{update.phase.value.upper()}</strong> - <p>{escape(update.text)}</p>"
    )


WRITER = Writer(
    platform=onlineornot.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=short_of_words,
    has_maintenances=False,
    has_edits=False,
)
