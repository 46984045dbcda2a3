"""Freshstatus: a list of components, of open incidents and of all, and visitors' hooks. An incident has one text.

Maintenances go by the clock there, and so have no life of their own. Shapes from public clients and a guide to
webhooks (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import msgspec

from statuswire.model import Status
from statuswire.platforms import freshstatus
from tests.core.histories import Provider, TrueIncident, What

from .base import Writer
from .markup import short_stamp
from .sayings import first_update, open_or_over

ACCOUNT = "4711"
COMPONENTS, OPEN, ALL = (feed.url for feed in freshstatus.feeds("https://acme.freshstatus.io", ACCOUNT))
LEVELS = {
    Status.OPERATIONAL: "OP",
    Status.DEGRADED: "PD",
    Status.PARTIAL_OUTAGE: "PO",
    Status.MAJOR_OUTAGE: "MO",
}


def write(provider: Provider, url: str) -> bytes | None:
    """One of the lists."""
    if url == COMPONENTS:
        return _listing(
            [
                {"id": int(one.id), "name": one.name, "status": LEVELS[one.status], "display_options": {}}
                for one in provider.components.values()
            ]
        )
    shown = [one for one in provider.alive() if one.is_open or url == ALL]
    return _listing([_incident(one) for one in reversed(shown)])


def hook(provider: Provider, what: What) -> bytes | None:
    """An incident as it is; nothing is sent of a component alone."""
    if isinstance(what, str) or what.is_deleted:
        return None
    services = [{"id": int(id_), "name": provider.components[id_].name} for id_ in what.components]
    return msgspec.json.encode({"event_data": {"affected_services": services, "incident": _incident(what)}})


def incident_id(one: TrueIncident) -> str:
    return str(7_000 + int(one.id[:-1]))


def component_id(number: int) -> str:
    return str(5_000 + number)


def _listing(rows: Sequence[object]) -> bytes:
    return msgspec.json.encode({"count": len(rows), "next": None, "results": rows})


def _incident(one: TrueIncident) -> dict[str, object]:
    return {
        "id": int(incident_id(one)),
        "title": one.title,
        "description": f"<p>{escape(one.updates[0].text)}</p>",
        "start_time": short_stamp(one.created_at),
        "end_time": None if one.is_open else short_stamp(one.updates[-1].at),
        "scheduled_start_time": None,
        "scheduled_end_time": None,
        "is_planned": False,
        "affected_components": [{"component": int(id_)} for id_ in one.components],
        "updated_at": short_stamp(one.updated_at),
    }


WRITER = Writer(
    platform=freshstatus.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    phase=open_or_over,
    page_id=ACCOUNT,
    has_maintenances=False,
    shown=first_update,
)
