"""Instatus: the summary, which has no texts, the components, the Atom feed with the stories, and the hooks.

Nothing is reopened here: the summary may tell it before the feed has told of the end before.

Shapes from the vendor's documentation and captured documents (checked 2026-11).
"""

from __future__ import annotations

from html import escape

import msgspec

from statuswire.model import Impact, Kind, Phase, Status
from statuswire.platforms import instatus
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer
from .markup import in_order, stamp, window

LEVELS = {
    Status.OPERATIONAL: "OPERATIONAL",
    Status.DEGRADED: "DEGRADEDPERFORMANCE",
    Status.PARTIAL_OUTAGE: "PARTIALOUTAGE",
    Status.MAJOR_OUTAGE: "MAJOROUTAGE",
}
IMPACTS = {Impact.MINOR: "DEGRADEDPERFORMANCE", Impact.MAJOR: "PARTIALOUTAGE", Impact.CRITICAL: "MAJOROUTAGE"}
WORDS = {Phase.SCHEDULED: "NOTSTARTEDYET", Phase.IN_PROGRESS: "INPROGRESS"}
NEAREST = {
    Phase.VERIFYING: Phase.IN_PROGRESS,
    Phase.CANCELLED: Phase.COMPLETED,
    Phase.POSTMORTEM: Phase.RESOLVED,
}


def write(provider: Provider, url: str) -> bytes | None:
    """The document at one of the addresses of today."""
    path = url.removeprefix(PAGE_URL)
    if path == "/v3/components.json":
        rows = [
            {"id": one.id, "name": one.name, "description": "", "status": LEVELS[one.status], "group": None}
            for one in provider.components.values()
        ]
        return msgspec.json.encode({"components": rows})
    if path == "/summary.json":
        return msgspec.json.encode(_summary(provider))
    return _atom(provider).encode() if path == "/history.atom" else None


def hook(provider: Provider, what: What) -> bytes | None:
    """An incident or a maintenance as a whole."""
    if isinstance(what, str) or what.is_deleted or what.updates[-1].at != provider.now:
        return None
    page = {"id": "cm7k0a1b2000zabcdefghijkl", "status_indicator": "UP", "status_description": "", "url": PAGE_URL}
    name = what.kind.value
    body = {
        "id": incident_id(what),
        "name": what.title,
        "status": word_of(what.phase),
        "impact": impact_of(what),
        "backfilled": what.is_backfilled,
        "created_at": stamp(what.created_at),
        "updated_at": stamp(what.updated_at),
        "resolved_at": None if what.is_open else stamp(what.updates[-1].at),
        "url": _url(what),
        f"{name}_updates": [_update(what, update) for update in reversed(in_order(what))],
    }
    if what.kind is Kind.MAINTENANCE:
        body |= {"duration": 60, "maintenance_start_date": stamp(window(what)[0])}
    return msgspec.json.encode({"meta": {"unsubscribe": "", "documentation": ""}, "page": page, name: body})


def incident_id(one: TrueIncident) -> str:
    return f"cm9x1y2z3{int(one.id[:-1]):016}"


def component_id(number: int) -> str:
    return f"cm7k0a1b2{number:016}"


def phase(phase: Phase, _: int) -> Phase:
    return NEAREST.get(phase, phase)


def _summary(provider: Provider) -> dict[str, object]:
    """Lists that are empty are not there at all."""
    going_on = [one for one in provider.alive() if one.is_open]
    lists = {
        "activeIncidents": [_incident(one) for one in going_on if one.kind is Kind.INCIDENT],
        "activeMaintenances": [_maintenance(one) for one in going_on if one.kind is Kind.MAINTENANCE],
    }
    page = {"name": "Acme Relay", "url": PAGE_URL, "status": "HASISSUES" if going_on else "UP"}
    return {"page": page, **{name: rows for name, rows in lists.items() if rows}}


def _incident(one: TrueIncident) -> dict[str, object]:
    return {
        "id": incident_id(one),
        "name": one.title,
        "started": stamp(one.created_at),
        "status": word_of(one.phase),
        "impact": impact_of(one),
        "url": f"{PAGE_URL}/{incident_id(one)}",
        "updatedAt": stamp(one.updated_at),
    }


def _maintenance(one: TrueIncident) -> dict[str, object]:
    return {
        "id": incident_id(one),
        "name": one.title,
        "start": stamp(window(one)[0]),
        "status": word_of(one.phase),
        "duration": 60,
        "url": f"{PAGE_URL}/maintenance/{incident_id(one)}",
        "updatedAt": stamp(one.updated_at),
    }


def _update(one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    return {
        "id": f"cm9x1y2z4{int(update.token[1:]):016}",
        f"{one.kind.value}_id": incident_id(one),
        "body": update.text,
        "status": word_of(update.phase),
        "created_at": stamp(update.at),
        "updated_at": stamp(update.edited_at),
    }


def _atom(provider: Provider) -> str:
    entries = "".join(_entry(one) for one in reversed(provider.alive()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">'
        f"<id>tag:status.acme-relay.example,2005:/history</id><title>Acme Relay - Incident history</title>"
        f'<link rel="self" type="application/atom+xml" href="{PAGE_URL}/history.atom"/>'
        f"<updated>{stamp(provider.now)}</updated>{entries}</feed>"
    )


def _entry(one: TrueIncident) -> str:
    kind = one.kind.value.capitalize()
    story = "".join(_paragraph(update) for update in reversed(in_order(one)))
    begins = window(one)[0] if one.kind is Kind.MAINTENANCE else one.created_at
    return (
        f"<entry><id>tag:status.acme-relay.example,2005:{kind}/{incident_id(one)}</id>"
        f"<published>{stamp(begins)}</published><updated>{stamp(one.updated_at)}</updated>"
        f'<link rel="alternate" type="text/html" href="{_url(one)}"/><title>{escape(one.title)}</title>'
        f'<content type="html"><![CDATA[<p><strong>Type:</strong> {kind}</p>{story}]]></content></entry>'
    )


def _paragraph(update: TrueUpdate) -> str:
    text = escape(update.text).replace("\n", "<br />")
    return (
        f"<p><small>{update.at:%b} <var data-var='date'> {update.at.day}</var>, "
        f"<var data-var='time'>{update.at:%H:%M:%S}</var> GMT+0</small><br />"
        f"<strong>{word_of(update.phase).capitalize()}</strong> -\n {text}.</p>"
    )


def impact_of(one: TrueIncident) -> str:
    return IMPACTS.get(one.impact, "DEGRADEDPERFORMANCE")


def _url(one: TrueIncident) -> str:
    return f"{PAGE_URL}/{one.kind.value}/{incident_id(one)}"


def word_of(phase: Phase) -> str:
    return WORDS.get(phase, phase.value.upper())


WRITER = Writer(
    platform=instatus.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    phase=phase,
    has_edits=False,
    has_reopening=False,
)
