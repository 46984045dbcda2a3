"""Zscaler's page of a cloud: services with the events that are open on them, each with one text of when it began.

Shape as clients know it (checked 2026-11): how bad an event is stands in a legend. Its feed is one of `spare_feeds`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from statuswire.model import Component, Kind, Status
from statuswire.platforms.vendors import zscaler
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.sayings import first_part, hit_at, number, number_text, on_or_over, paragraphs

PAGE = "https://trust.zscaler.com/zscaler.net/cloud-status"
LEGEND = [{"tid": "19", "name": "Service Degradation", "visible": "1"}]


def component_id(number: int) -> str:
    return f"Core/Part {number}"


PLACES = first_part(component_id)


def write(provider: Provider, url: str) -> bytes | None:
    """The data of the cloud."""
    services = [_service(one, provider) for one in provider.components.values()]
    return msgspec.json.encode({"data": {"severity": LEGEND, "category": [{"name": "Core", "subCategory": services}]}})


def shown(one: TrueIncident) -> Sequence[TrueUpdate]:
    """The one text, as long as the event is there."""
    return one.updates[:1] if one.is_open else ()


def _service(one: Component, provider: Provider) -> dict[str, object]:
    told = [_event(other) for other in provider.alive() if other.is_open and one.id in PLACES(other)]
    return {"name": one.name, "status": True, "category_status": told}


def _event(one: TrueIncident) -> dict[str, str]:
    return {
        "nid": str(number(one)),
        "severityTid": "19",
        "title": one.title,
        "ri_date": f"{one.created_at:%Y-%m-%d %H:%M:%S}",
        "short_description": paragraphs(one.updates[0].text),
    }


WRITER = Writer(
    platform=zscaler.PLATFORM,
    write=write,
    incident_id=number_text,
    component_id=component_id,
    phase=on_or_over,
    page_url=PAGE,
    shown=shown,
    level=hit_at({Kind.INCIDENT: Status.DEGRADED}, PLACES),
    has_maintenances=False,
    has_renaming=False,
)
