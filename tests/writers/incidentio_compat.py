"""incident.io without its native documents: the imitation of Statuspage's API, whose updates have no texts, and beside
it the widget and the feed, which have the last one of each incident.

The reserve of a page whose native document cannot be had. Maintenances are shown by the widget alone, as long as they
go on. Shapes as captured documents and the vendor's documentation have them (checked 2026-11).
"""

from __future__ import annotations

from html import escape

import msgspec

from statuswire.model import Component, Impact, Kind, Phase, Status
from statuswire.platforms import incidentio
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import PAGE_URL, Writer
from .incidentio import LEVELS, PAGE_ID, incident_id, phase, update_id
from .markup import in_order, stamp

WORDS = {**LEVELS, Status.OPERATIONAL: "operational"}
IMPACTS = {Impact.MINOR: "minor", Impact.MAJOR: "major", Impact.CRITICAL: "critical"}
WORST = {Impact.MINOR: "degraded_performance", Impact.MAJOR: "partial_outage", Impact.CRITICAL: "full_outage"}


def write(provider: Provider, url: str) -> bytes | None:
    """One of the documents that are not native."""
    path = url.removeprefix(PAGE_URL)
    if path == "/api/v2/components.json":
        return msgspec.json.encode({"page": _page(), "components": _rows(provider)})
    if path == "/api/v2/summary.json":
        return msgspec.json.encode(_imitation(provider))
    if path == "/api/v1/summary":
        return msgspec.json.encode(_widget(provider))
    return _atom(provider).encode() if path == "/feed.atom" else None


def _page() -> dict[str, object]:
    """The stamp is that of the settings."""
    return {"id": PAGE_ID, "name": "Acme Relay", "url": f"{PAGE_URL}/", "updated_at": "2026-04-02T08:00:00Z"}


def _rows(provider: Provider) -> list[dict[str, object]]:
    return [_component(one) for one in provider.components.values()]


def _component(one: Component) -> dict[str, object]:
    stamps = {"created_at": "2025-02-01T00:00:00Z", "updated_at": "2026-04-02T08:00:00Z"}
    return {"id": one.id, "name": one.name, "status": WORDS[one.status], "page_id": PAGE_ID, **stamps}


def _imitation(provider: Provider) -> dict[str, object]:
    """Lists that are empty are left out."""
    cases = [_case(one) for one in _open(provider)]
    is_well = not cases and all(one.status is Status.OPERATIONAL for one in provider.components.values())
    status = {"indicator": "none" if is_well else "minor", "description": ""}
    return {"page": _page(), "status": status, "components": _rows(provider), **({"incidents": cases} if cases else {})}


def _case(one: TrueIncident) -> dict[str, object]:
    return {
        "id": incident_id(one),
        "name": one.title,
        "status": one.phase.value,
        "impact": IMPACTS.get(one.impact, "minor"),
        "shortlink": f"{PAGE_URL}/incidents/{incident_id(one)}",
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "components": [],
        "incident_updates": [_bare(update) for update in reversed(in_order(one))],
    }


def _bare(update: TrueUpdate) -> dict[str, object]:
    return {"id": update_id(update), "status": update.phase.value, "body": "", "created_at": stamp(update.at)}


def _open(provider: Provider) -> list[TrueIncident]:
    return [one for one in provider.alive() if one.is_open]


def _widget(provider: Provider) -> dict[str, object]:
    return {
        "page_title": "Acme Relay",
        "page_url": f"{PAGE_URL}/",
        "ongoing_incidents": [_shown(provider, one) for one in _open(provider)],
        "in_progress_maintenances": [],
        "scheduled_maintenances": [],
    }


def _shown(provider: Provider, one: TrueIncident) -> dict[str, object]:
    update = in_order(one)[-1]
    rows = [provider.components[id_] for id_ in one.components]
    return {
        "id": incident_id(one),
        "name": one.title,
        "status": one.phase.value,
        "url": f"{PAGE_URL}/incidents/{incident_id(one)}",
        "last_update_at": stamp(update.at),
        "last_update_message": update.text,
        "current_worst_impact": WORST.get(one.impact, "degraded_performance"),
        "affected_components": [
            {"id": row.id, "name": row.name, "group_name": None, "current_status": WORDS[row.status]} for row in rows
        ],
    }


def _atom(provider: Provider) -> str:
    entries = "".join(_entry(one) for one in reversed(provider.alive()))
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{PAGE_URL}/</id><title>Acme Relay</title><updated>{stamp(provider.now)}</updated>"
        f"<generator>incident.io</generator>{entries}</feed>"
    )


def _entry(one: TrueIncident) -> str:
    link, update = f"{PAGE_URL}//incidents/{incident_id(one)}", in_order(one)[-1]
    return (
        f'<entry><id>{link}</id><link href="{link}"/><updated>{stamp(update.at)}</updated>'
        f'<title><![CDATA[{one.title}]]></title><content type="html"><![CDATA[{_html(update)}]]></content></entry>'
    )


def _html(update: TrueUpdate) -> str:
    text = escape(update.text).replace("\n", "<br/>")
    return f"<b>Status: {update.phase.value.capitalize()}</b><br/><br/>{text}"


WRITER = Writer(
    platform=incidentio.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=phase,
    has_maintenances=False,
    has_edits=False,
    shows_whole_story=False,
)
