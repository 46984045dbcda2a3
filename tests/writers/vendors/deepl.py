"""DeepL's own page: data centres, and incidents of any state without texts and times. Shape as seen in 2026-08."""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import deepl
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.sayings import no_update, part_name, without_report

HOME = "https://api-status.deepl.com"
WORDS = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "major_outage",
}


def write(provider: Provider, url: str) -> bytes | None:
    """`/api/status`, where what is over stays listed."""
    if url != f"{HOME}/api/status":
        return None
    places = [_place(one) for one in provider.components.values()]
    told = [_incident(one) for one in reversed(provider.alive())]
    return msgspec.json.encode({"overall": "operational", "incidents": told, "datacenters": places})


def _place(one: Component) -> dict[str, str]:
    return {"name": one.name, "status": WORDS[one.status]}


def _incident(one: TrueIncident) -> dict[str, str]:
    return {"id": one.id, "title": one.title, "status": one.phase.value}


WRITER = Writer(
    platform=deepl.PLATFORM,
    write=write,
    component_id=part_name,
    phase=without_report,
    page_url=HOME,
    styles=("stamped", "untidy"),
    levels=tuple(WORDS),
    shown=no_update,
    has_maintenances=False,
    has_renaming=False,
)
