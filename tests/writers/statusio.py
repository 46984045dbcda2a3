"""Status.io: what goes on as one JSON document, whose messages have no ids, everything in the RSS feed, and the hooks.

An incident that has ended cannot be opened again there. Shapes as captured documents and the vendor's pages on webhooks
have them (checked 2026-11).
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from html import escape

import msgspec

from statuswire.model import Component, Impact, Kind, Phase, Status
from statuswire.platforms import statusio
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer
from .markup import in_order, lived_window, stamp

PAGE_ID = "64f0a1b2c3d4e5f601020304"
CONTAINER = {"id": "65a1b2c3d4e5f60718293a4c", "name": "Europe"}
HELD = {"_id": CONTAINER["id"], "name": CONTAINER["name"]}

LEVELS = {
    Status.OPERATIONAL: (100, "Operational"),
    Status.DEGRADED: (300, "Degraded Performance"),
    Status.PARTIAL_OUTAGE: (400, "Partial Service Disruption"),
    Status.MAJOR_OUTAGE: (500, "Service Disruption"),
}
IMPACTS = {Impact.MAJOR: LEVELS[Status.PARTIAL_OUTAGE], Impact.CRITICAL: LEVELS[Status.MAJOR_OUTAGE]}
PLANNED = (200, "Planned Maintenance")
STATES = {Phase.IDENTIFIED: 200, Phase.MONITORING: 300, Phase.IN_PROGRESS: 200}
LABELS = {Phase.IN_PROGRESS: "Active"}
NEAREST = {
    Phase.VERIFYING: Phase.IN_PROGRESS,
    Phase.CANCELLED: Phase.COMPLETED,
    Phase.POSTMORTEM: Phase.RESOLVED,
}


def write(provider: Provider, url: str) -> bytes | None:
    """The document of the vendor's API, and the page's own feed."""
    if url == f"https://api.status.io/1.0/status/{PAGE_ID}":
        return msgspec.json.encode({"result": _result(provider)})
    return _rss(provider).encode() if url == f"{PAGE_URL}/pages/{PAGE_ID}/rss" else None


def hook(provider: Provider, what: What) -> bytes | None:
    """One message, for every one that is posted, and for nothing else."""
    if isinstance(what, str) or what.is_deleted or what.is_backfilled or what.updates[-1].at != provider.now:
        return None
    update = what.updates[-1]
    begins = lived_window(what)[0] if what.kind is Kind.MAINTENANCE else what.created_at
    rows = [provider.components[id_] for id_ in what.components]
    body: dict[str, object] = {
        "id": incident_id(what),
        "message_id": _message_id(update),
        "title": what.title,
        "datetime": stamp(update.at),
        "datetime_start": begins.isoformat(),
        "current_status": _level(what)[1],
        "infrastructure_affected": [{"component": _bare(id_), "container": CONTAINER["id"]} for id_ in what.components],
        "components": [{"name": one.name, "_id": _bare(one.id)} for one in rows],
        "containers": [HELD] if rows else [],
        "details": update.text,
        "status_page_url": f"{PAGE_URL}/pages/{PAGE_ID}",
    }
    return msgspec.json.encode(body | (_planned(what) if what.kind is Kind.MAINTENANCE else _unplanned(what)))


def incident_id(one: TrueIncident) -> str:
    """An ObjectId, which begins with the second of its making."""
    return f"{int(one.created_at.timestamp()):08x}{int(one.id[:-1]):016x}"


def component_id(number: int) -> str:
    return f"{number:024x}/{CONTAINER['id']}"


def phase(phase: Phase, _: int) -> Phase:
    return NEAREST.get(phase, phase)


def _bare(component_id: str) -> str:
    return component_id.partition("/")[0]


def _message_id(update: TrueUpdate) -> str:
    return f"{int(update.at.timestamp()):08x}{int(update.token[1:]):016x}"


def _level(one: TrueIncident) -> tuple[int, str]:
    """That of the infrastructure at this moment."""
    if not one.is_open:
        return LEVELS[Status.OPERATIONAL]
    return PLANNED if one.kind is Kind.MAINTENANCE else IMPACTS.get(one.impact, LEVELS[Status.DEGRADED])


# --- the document --------------------------------------------------------------------------------------------------


def _result(provider: Provider) -> dict[str, object]:
    code, word = max(LEVELS[one.status] for one in provider.components.values())
    going_on = [one for one in provider.alive() if one.is_open]
    planned = [one for one in going_on if one.kind is Kind.MAINTENANCE]
    return {
        "status_overall": {"updated": "2026-01-02T03:04:05.000Z", "status": word, "status_code": code},
        "status": [_component(one) for one in provider.components.values()],
        "incidents": [_case(provider, one) for one in going_on if one.kind is Kind.INCIDENT],
        "maintenance": {
            "active": [_case(provider, one) for one in planned if one.phase is Phase.IN_PROGRESS],
            "upcoming": [_case(provider, one) for one in planned if one.phase is Phase.SCHEDULED],
        },
    }


def _component(one: Component) -> dict[str, object]:
    code, word = LEVELS[one.status]
    assert one.updated_at is not None
    level = {"status": word, "status_code": code, "updated": stamp(one.updated_at)}
    return {"id": _bare(one.id), "name": one.name, **level, "containers": [{**CONTAINER, **level}]}


def _case(provider: Provider, one: TrueIncident) -> dict[str, object]:
    rows = [provider.components[id_] for id_ in one.components]
    body: dict[str, object] = {
        "_id": incident_id(one),
        "name": one.title,
        "datetime_open": stamp(one.created_at),
        "components_affected": [{"_id": _bare(row.id), "name": row.name} for row in rows],
        "containers_affected": [HELD] if rows else [],
        "messages": [_message(one, update) for update in in_order(one)],
    }
    if one.kind is Kind.MAINTENANCE:
        begins, ends = lived_window(one)
        body |= {"datetime_planned_start": stamp(begins), "datetime_planned_end": stamp(ends)}
    return body


def _message(one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    state = STATES.get(update.phase, 100)
    return {"details": update.text, "state": state, "status": _level(one)[0], "datetime": stamp(update.at)}


# --- the feed ------------------------------------------------------------------------------------------------------


def _rss(provider: Provider) -> str:
    items = "".join(_item(one) for one in reversed(provider.alive()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title><![CDATA[Acme Relay Status]]></title>'
        f"<description>Status Feed</description><link>{PAGE_URL}</link>"
        f"<lastBuildDate>{format_datetime(provider.now)}</lastBuildDate>{items}</channel></rss>"
    )


def _item(one: TrueIncident) -> str:
    story = "".join(_paragraph(update) for update in in_order(one))
    return (
        f"<item><title><![CDATA[{one.title}]]></title><description><![CDATA[{story}]]></description>"
        f'<link>{_url(one)}</link><guid isPermaLink="false">{incident_id(one)}</guid>'
        f"<pubDate>{format_datetime(in_order(one)[-1].at)}</pubDate></item>"
    )


def _paragraph(update: TrueUpdate) -> str:
    """Oldest first, in the page's zone, and to the minute."""
    at = update.at - timedelta(hours=7)
    label = LABELS.get(update.phase, update.phase.value.capitalize())
    text = escape(update.text).replace("\n", "<br />")
    return f"<small>{at:%B} {at.day}, {at:%Y %H:%M} PDT</small><br /><b>{label}</b> - {text}<br /><br />"


def _url(one: TrueIncident) -> str:
    return f"{PAGE_URL}/pages/{one.kind.value}/{PAGE_ID}/{incident_id(one)}"


# --- hooks ---------------------------------------------------------------------------------------------------------


def _unplanned(one: TrueIncident) -> dict[str, object]:
    before, update = (None, *one.updates)[-2:]
    assert update is not None
    return {
        "datetime_resolve": "" if one.is_open else update.at.isoformat(),
        "current_state": update.phase.value.capitalize(),
        "previous_status": "",
        "previous_state": before.phase.value.capitalize() if before else "",
        "incident_url": _url(one),
    }


def _planned(one: TrueIncident) -> dict[str, object]:
    return {"datetime_end": lived_window(one)[1].isoformat(), "maintenance_url": _url(one)}


WRITER = Writer(
    platform=statusio.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    phase=phase,
    page_id=PAGE_ID,
    levels=tuple(LEVELS),
    has_edits=False,
    has_reopening=False,
    shows_seconds=False,
)
