"""Cachet 3: JSON:API lists of components, incidents and schedules with their updates beside them; the owner's hooks.

The first message of an incident or a schedule stands in the row itself and has no phase. Times carry no zone, those of
hooks do. Shapes from the vendor's source (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from statuswire.model import Component, Kind, Phase, Status
from statuswire.platforms import cachet
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer
from .markup import in_order, lived_window
from .sayings import counted, number

API = f"{PAGE_URL}/api"
LEVELS = {Status.OPERATIONAL: 1, Status.DEGRADED: 2, Status.PARTIAL_OUTAGE: 3, Status.MAJOR_OUTAGE: 4}
PHASES = {Phase.INVESTIGATING: 1, Phase.IDENTIFIED: 2, Phase.MONITORING: 3, Phase.RESOLVED: 4}
PLANNED = {Phase.SCHEDULED: 0, Phase.IN_PROGRESS: 1, Phase.COMPLETED: 2}
NEAREST = {
    Phase.VERIFYING: Phase.IN_PROGRESS,
    Phase.CANCELLED: Phase.COMPLETED,
    Phase.POSTMORTEM: Phase.RESOLVED,
}
Row = dict[str, object]


def write(provider: Provider, url: str) -> bytes | None:
    """One of the lists, which fits on one page."""
    parts = [_component(one) for one in provider.components.values()]
    if url.startswith(f"{API}/components?"):
        return _listing(parts, ())
    kind = next((kind for kind, name in _LISTS.items() if url.startswith(f"{API}/{name}?")), None)
    if kind is None:
        return None
    shown = [one for one in reversed(provider.alive()) if one.kind is kind]
    updates = [_update(one, update) for one in shown for update in in_order(one)[1:]]
    return _listing([_case(one) for one in shown], (*parts, *updates))


_LISTS = {Kind.INCIDENT: "incidents", Kind.MAINTENANCE: "schedules"}


def hook(provider: Provider, what: What) -> bytes | None:
    """A component's level, or an incident itself; schedules and updates send nothing, and leave the phase of the row
    behind the truth."""
    if isinstance(what, str):
        level = LEVELS[provider.components[what].status]
        body: Row = {"component_id": int(what), "old_status": 1, "new_status": level}
        return msgspec.json.encode({"event": "component_status_changed", "body": body})
    if what.kind is Kind.MAINTENANCE:
        return None
    opening = in_order(what)[0]
    done = "deleted" if what.is_deleted else "created" if len(what.updates) == 1 else "updated"
    attributes = {
        "guid": incident_id(what),
        "name": what.title,
        "message": opening.text,
        "status": PHASES[opening.phase],
        "visibility": 1,
        "occurred_at": f"{opening.at:%Y-%m-%dT%H:%M:%S.000000Z}",
        "created_at": f"{opening.at:%Y-%m-%dT%H:%M:%S.000000Z}",
        "updated_at": f"{what.updated_at:%Y-%m-%dT%H:%M:%S.000000Z}",
    }
    told = {"resource": "incident", "id": number(what), "attributes": attributes}
    return msgspec.json.encode({"event": f"incident_{done}", "body": told})


def incident_id(one: TrueIncident) -> str:
    """The guid; schedules have a number alone."""
    if one.kind is Kind.MAINTENANCE:
        return f"schedule/{number(one)}"
    return f"7d3f0b52-2f0e-4c64-9d5b-{number(one):012}"


def phase(phase: Phase, _: int) -> Phase:
    return NEAREST.get(phase, phase)


def _listing(rows: Sequence[Row], included: Iterable[Row]) -> bytes:
    links = {"first": None, "last": None, "prev": None, "next": None}
    meta = {"current_page": 1, "per_page": 100}
    return msgspec.json.encode({"data": rows, "included": list(included), "links": links, "meta": meta})


def _row(kind: str, number: int, attributes: Row, relationships: Row) -> Row:
    return {"id": str(number), "type": kind, "attributes": {"id": number, **attributes}, "relationships": relationships}


def _component(one: Component) -> Row:
    assert one.updated_at is not None
    attributes: Row = {
        "name": one.name,
        "description": None,
        "order": one.position,
        "status": {"human": "", "value": LEVELS[one.status]},
        "enabled": True,
        "created": {"human": "", "string": "2026-01-12 08:00:00"},
        "updated": _stamp(one.updated_at),
    }
    return _row("components", int(one.id), attributes, {"group": {"data": None}})


def _case(one: TrueIncident) -> Row:
    related: Row = {
        "components": {"data": [{"type": "components", "id": id_} for id_ in one.components]},
        "updates": {"data": [{"type": "updates", "id": update.token[1:]} for update in in_order(one)[1:]]},
    }
    opening = in_order(one)[0]
    common: Row = {
        "name": one.title,
        "message": opening.text,
        "created": _stamp(opening.at),
        "updated": _stamp(one.updated_at),
    }
    if one.kind is Kind.MAINTENANCE:
        begins, ends = lived_window(one)
        times = {"scheduled": _stamp(begins), "completed": _stamp(ends)}
        status = {"human": "", "value": PLANNED[one.phase]}
        return _row("schedules", number(one), {**common, **times, "status": status}, related)
    own: Row = {"guid": incident_id(one), "stickied": False, "visible": 1, "occurred": _stamp(opening.at)}
    status = {"human": "", "value": PHASES[one.phase]}
    return _row("incidents", number(one), {**common, **own, "status": status}, related)


def _update(one: TrueIncident, update: TrueUpdate) -> Row:
    attributes: Row = {
        "updateable_id": number(one),
        "updateable_type": _LISTS[one.kind].removesuffix("s"),
        "message": update.text,
        "created": _stamp(update.at),
        "updated": _stamp(update.edited_at),
    }
    if one.kind is Kind.INCIDENT:
        attributes["status"] = {"human": "", "value": PHASES[update.phase]}
    return _row("updates", int(update.token[1:]), attributes, {})


def _stamp(moment: datetime) -> Row:
    return {"human": "", "string": f"{moment:%Y-%m-%d %H:%M:%S}"}


WRITER = Writer(
    platform=cachet.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=counted,
    phase=phase,
    page_id=cachet.VERSION_3,
    time_zone="UTC",
)
