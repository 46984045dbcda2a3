"""OpenStatus: the whole page as one document, and the subscribers' hooks. Maintenances go by the clock there, and so
have no life of their own.

Shape from the vendor's source (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Status
from statuswire.platforms import openstatus
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer
from .markup import in_order, stamp
from .sayings import counted, number_text, without_report

LEVELS = {Status.OPERATIONAL: "success", Status.DEGRADED: "degraded", Status.MAJOR_OUTAGE: "error"}


def write(provider: Provider, url: str) -> bytes | None:
    """`/feed/json`, with every report that there ever was."""
    if url != f"{PAGE_URL}/feed/json":
        return None
    rows = list(provider.components.values())
    return msgspec.json.encode(
        {
            "title": "Acme Relay",
            "description": "",
            "status": "success",
            "updatedAt": stamp(provider.now),
            "monitors": [{"id": int(one.id) + 40, "name": one.name, "status": LEVELS[one.status]} for one in rows],
            "pageComponents": [
                {"id": int(one.id), "name": one.name, "monitorId": int(one.id) + 40, "order": place, "groupId": None}
                for place, one in enumerate(rows)
            ],
            "pageComponentGroups": [],
            "maintenances": [],
            "statusReports": [_report(one) for one in reversed(provider.alive())],
        }
    )


def hook(provider: Provider, what: What) -> bytes | None:
    """One update of a report, when it is posted, with what the report touches."""
    if isinstance(what, str) or what.is_deleted or what.is_backfilled or what.updates[-1].at != provider.now:
        return None
    update = what.updates[-1]
    rows = [provider.components[id_] for id_ in what.components]
    report = {
        "id": int(number_text(what)),
        "title": what.title,
        "url": f"{PAGE_URL}/events/report/{number_text(what)}",
        "update": {
            "id": int(update.token[1:]),
            "status": update.phase.value,
            "message": update.text,
            "occurred_at": stamp(update.at),
        },
        "page": {"id": 5, "name": "Acme Relay", "slug": "acme-relay", "url": PAGE_URL},
        "components": [{"id": int(one.id), "name": one.name, "impact": None} for one in rows],
    }
    body = {"version": "1", "type": "status_report", "data": {"status_report": report}, "subscription": {}}
    return msgspec.json.encode(body)


def _report(one: TrueIncident) -> dict[str, object]:
    return {
        "id": int(number_text(one)),
        "title": one.title,
        "status": one.phase.value,
        "updatedAt": stamp(one.updated_at),
        "monitors": [],
        "pageComponents": [int(id_) for id_ in one.components],
        "statusReportUpdates": [_update(update) for update in reversed(in_order(one))],
    }


def _update(update: TrueUpdate) -> dict[str, object]:
    return {
        "id": int(update.token[1:]),
        "status": update.phase.value,
        "message": update.text,
        "date": stamp(update.at),
        "updatedAt": stamp(update.edited_at),
    }


WRITER = Writer(
    platform=openstatus.PLATFORM,
    write=write,
    hook=hook,
    incident_id=number_text,
    component_id=counted,
    phase=without_report,
    levels=tuple(LEVELS),
    has_maintenances=False,
)
