"""Better Stack: the page as one JSON:API document, and the subscribers' hooks.

There are no phases: a level, or the clock, tells what goes on. Shapes from the vendor's documentation and captured
documents (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from statuswire.model import Component, Impact, Kind, Status
from statuswire.platforms import betterstack
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer
from .markup import in_order, lived_window, stamp
from .sayings import begun_or_over

LEVELS = {Status.OPERATIONAL: "operational", Status.DEGRADED: "degraded", Status.MAJOR_OUTAGE: "downtime"}
IMPACTS = {Impact.MINOR: "degraded", Impact.MAJOR: "degraded", Impact.CRITICAL: "downtime"}
NO_SECRETS = {"unsubscribe": "", "documentation": ""}


def write(provider: Provider, url: str) -> bytes | None:
    """`index.json`, with every report that there ever was; its rows stand in no order."""
    if url != f"{PAGE_URL}/index.json":
        return None
    rows = list(_included(provider))
    provider.random.shuffle(rows)
    return msgspec.json.encode({"data": _page(provider), "included": rows})


def hook(provider: Provider, what: What) -> bytes | None:
    """A component's level, or a report with all its updates but without its level; nothing of what was deleted."""
    page = {"id": "184201", "status_indicator": _roll_up(provider), "status_description": ""}
    head = {"meta": NO_SECRETS, "page": page}
    if isinstance(what, str):
        return msgspec.json.encode({**head, "event_type": "component_update", **_change(provider.components[what])})
    if what.is_deleted:
        return None
    name = what.kind.value
    return msgspec.json.encode({**head, "event_type": name, name: _told(what)})


def incident_id(one: TrueIncident) -> str:
    return str(int(one.id[:-1]) + 5_501)


def component_id(number: int) -> str:
    return str(number + 9_001)


# --- the page ------------------------------------------------------------------------------------------------------


def _page(provider: Provider) -> dict[str, object]:
    reports = [{"id": incident_id(one), "type": "status_report"} for one in provider.alive()]
    resources = [{"id": id_, "type": "status_page_resource"} for id_ in provider.components]
    attributes = {
        "company_name": "Acme Relay",
        "timezone": "Eastern Time (US & Canada)",
        "subdomain": "acme-relay",
        "custom_domain": "status.acme-relay.example",
        "aggregate_state": _roll_up(provider),
        "updated_at": stamp(provider.updated_at),
    }
    relationships = {
        "sections": {"data": [{"id": "77", "type": "status_page_section"}]},
        "resources": {"data": resources},
        "status_reports": {"data": reports},
    }
    return {"id": "184201", "type": "status_page", "attributes": attributes, "relationships": relationships}


def _roll_up(provider: Provider) -> str:
    worst = max((one.status for one in provider.components.values()), key=list(LEVELS).index)
    return LEVELS[worst]


def _included(provider: Provider) -> Iterator[dict[str, object]]:
    yield {"id": "77", "type": "status_page_section", "attributes": {"name": "Core", "position": 0}}
    for one in provider.components.values():
        yield _resource(one)
    for incident in provider.alive():
        yield _report(incident)
        for update in incident.updates:
            yield _update(incident, update)


def _resource(one: Component) -> dict[str, object]:
    attributes = {
        "status_page_section_id": 77,
        "resource_id": int(one.id) + 100,
        "resource_type": "Monitor",
        "public_name": one.name,
        "position": one.position,
        "status": LEVELS[one.status],
        "status_history": [],
    }
    return {"id": one.id, "type": "status_page_resource", "attributes": attributes}


def _report(one: TrueIncident) -> dict[str, object]:
    attributes: dict[str, object] = {
        "title": one.title,
        "report_type": "maintenance" if one.kind is Kind.MAINTENANCE else "manual",
        "starts_at": stamp(one.created_at),
        "ends_at": None,
        "aggregate_state": _level(one),
        "affected_resources": [{"status_page_resource_id": id_, "status": _level(one)} for id_ in one.components],
    }
    if one.kind is Kind.MAINTENANCE:
        begins, ends = lived_window(one)
        attributes |= {"starts_at": stamp(begins), "ends_at": stamp(ends)}
    updates = [{"id": update.token[1:], "type": "status_update"} for update in one.updates]
    relationships = {"status_updates": {"data": updates}}
    return {"id": incident_id(one), "type": "status_report", "attributes": attributes, "relationships": relationships}


def _update(one: TrueIncident, update: TrueUpdate) -> dict[str, object]:
    level = "operational" if update.phase.is_closed else _level(one)
    attributes = {
        "message": update.text,
        "published_at": stamp(update.at),
        "updated_at": stamp(update.edited_at),
        "published_at_timezone": "Eastern Time (US & Canada)",
        "notify_subscribers": True,
        "affected_resources": [{"status_page_resource_id": id_, "status": level} for id_ in one.components],
    }
    return {"id": update.token[1:], "type": "status_update", "attributes": attributes}


def _level(one: TrueIncident) -> str:
    if not one.is_open:
        return "resolved"
    return "maintenance" if one.kind is Kind.MAINTENANCE else IMPACTS.get(one.impact, "degraded")


# --- hooks ---------------------------------------------------------------------------------------------------------


def _change(one: Component) -> dict[str, object]:
    assert one.updated_at is not None
    change = {"component_id": one.id, "new_status": LEVELS[one.status], "created_at": stamp(one.updated_at)}
    return {"component_update": change, "component": {"id": one.id, "name": one.name, "status": LEVELS[one.status]}}


def _told(one: TrueIncident) -> dict[str, object]:
    own_id, name = incident_id(one), one.kind.value
    body: dict[str, object] = {
        "id": own_id,
        "name": one.title,
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "shortlink": f"{PAGE_URL}/incidents/{own_id}",
        "organization_id": "12345",
        f"{name}_updates": [
            {
                "id": update.token[1:],
                "status_report_id": own_id,
                "body": update.text,
                "created_at": stamp(update.at),
                "updated_at": stamp(update.edited_at),
            }
            for update in reversed(in_order(one))
        ],
    }
    if one.kind is Kind.MAINTENANCE:
        begins, ends = lived_window(one)
        body |= {"starts_at": stamp(begins), "ends_at": stamp(ends)}
    return body


WRITER = Writer(
    platform=betterstack.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    phase=begun_or_over,
    levels=tuple(LEVELS),
)
