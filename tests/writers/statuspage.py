"""Atlassian Statuspage: the summary, both histories as JSON, the Atom history and the subscriber's hooks.

Shapes as <https://metastatuspage.com/api> and the vendor's page on webhooks give them (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

import msgspec

from statuswire.model import Component, Kind, Status
from statuswire.platforms import statuspage
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer
from .markup import in_order, story, window

PAGE_ID = "acmerelay000"
SHOWN_IN_JSON, SHOWN_IN_FEED = 50, 25

LEVELS = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded_performance",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "major_outage",
}
INDICATORS = dict(zip(LEVELS, ("none", "minor", "major", "critical"), strict=True))
LISTS = {Kind.INCIDENT: "incidents", Kind.MAINTENANCE: "scheduled_maintenances"}


def write(provider: Provider, url: str) -> bytes | None:
    """The document at one of the platform's addresses; None for those on other hosts."""
    path = url.removeprefix(PAGE_URL)
    if path == "/api/v2/summary.json":
        return msgspec.json.encode(_summary(provider))
    if path == "/api/v2/incidents.json":
        return msgspec.json.encode(_history(provider, Kind.INCIDENT))
    if path == "/api/v2/scheduled-maintenances.json":
        return msgspec.json.encode(_history(provider, Kind.MAINTENANCE))
    return _atom(provider).encode() if path == "/history.atom" else None


def hook(provider: Provider, what: What) -> bytes | None:
    """A component's level, or an incident as a whole; nothing is sent of what was deleted."""
    page = {"id": PAGE_ID, "status_indicator": _indicator(provider)["indicator"], "status_description": ""}
    head = {"meta": {"generated_at": _stamp(provider.now)}, "page": page}
    if isinstance(what, str):
        return msgspec.json.encode({**head, **_component_update(provider.components[what])})
    if what.is_deleted:
        return None
    return msgspec.json.encode({**head, "incident": {**_case(provider, what), "backfilled": what.is_backfilled}})


def _summary(provider: Provider) -> dict[str, object]:
    going_on = [one for one in provider.alive() if one.is_open]
    return {
        "page": _page(provider),
        "status": _indicator(provider),
        "components": [_component(one) for one in provider.components.values()],
        **{name: _cases(provider, going_on, kind) for kind, name in LISTS.items()},
    }


def _history(provider: Provider, kind: Kind) -> dict[str, object]:
    newest_first = [one for one in reversed(provider.alive()) if one.kind is kind]
    return {"page": _page(provider), LISTS[kind]: _cases(provider, newest_first[:SHOWN_IN_JSON], kind)}


def _page(provider: Provider) -> dict[str, str]:
    stamp = _stamp(provider.updated_at)
    return {"id": PAGE_ID, "name": "Acme Relay", "url": PAGE_URL, "time_zone": "Etc/UTC", "updated_at": stamp}


def _indicator(provider: Provider) -> dict[str, str]:
    worst = max((one.status for one in provider.components.values()), key=list(LEVELS).index)
    return {"indicator": INDICATORS[worst], "description": ""}


def _component(one: Component) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "status": LEVELS[one.status],
        "updated_at": _stamp(one.updated_at),
        "position": one.position,
        "group": False,
        "group_id": None,
    }


def _component_update(one: Component) -> dict[str, object]:
    change = {"component_id": one.id, "created_at": _stamp(one.updated_at), "new_status": LEVELS[one.status]}
    return {"component_update": change, "component": _component(one)}


def _cases(provider: Provider, incidents: Iterable[TrueIncident], kind: Kind) -> list[dict[str, object]]:
    return [_case(provider, one) for one in incidents if one.kind is kind]


def _case(provider: Provider, one: TrueIncident) -> dict[str, object]:
    body: dict[str, object] = {
        "id": one.id,
        "name": one.title,
        "status": one.phase.value,
        "impact": one.impact.value,
        "created_at": _stamp(one.created_at),
        "started_at": _stamp(one.created_at),
        "updated_at": _stamp(one.updated_at),
        "resolved_at": None,
        "shortlink": f"https://stspg.example/{one.id}",
        "components": [_component(provider.components[id_]) for id_ in one.components],
        "incident_updates": [_update(update) for update in reversed(in_order(one))],
    }
    if one.kind is Kind.MAINTENANCE:
        begins, ends = window(one)
        body |= {"scheduled_for": _stamp(begins), "scheduled_until": _stamp(ends)}
    return body


def _update(update: TrueUpdate) -> dict[str, object]:
    return {
        "id": f"{update.token:0>12}",
        "status": update.phase.value,
        "body": update.text,
        "created_at": _stamp(update.at),
        "display_at": _stamp(update.at),
        "updated_at": _stamp(update.edited_at),
        "affected_components": None,
    }


def _atom(provider: Provider) -> str:
    entries = "".join(_entry(one) for one in reversed(provider.alive()[-SHOWN_IN_FEED:]))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        "<id>tag:status.acme-relay.example,2005:/history</id><title>Acme Relay Status - Incident History</title>"
        f'<link rel="self" href="{PAGE_URL}/history.atom"/><updated>{_stamp(provider.now)}</updated>{entries}</feed>'
    )


def _entry(one: TrueIncident) -> str:
    shown_at = window(one)[0] if one.kind is Kind.MAINTENANCE else in_order(one)[-1].at
    return (
        f"<entry><id>tag:status.acme-relay.example,2005:Incident/{int(one.id, 36)}</id>"
        f"<title>{escape(one.title)}</title>"
        f'<link rel="alternate" href="{PAGE_URL}/incidents/{one.id}"/>'
        f"<published>{_stamp(shown_at)}</published><updated>{_stamp(one.updated_at)}</updated>"
        f'<content type="html">{escape(story(one))}</content></entry>'
    )


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


WRITER = Writer(platform=statuspage.PLATFORM, write=write, hook=hook, styles=("stamped", "untidy"))
