"""RingCentral's own page: services in regions, each with the alerts that are open on it, and nothing of what is over.

Shape as clients know it (checked 2026-11). That of an alert was seen nowhere: it is written as the adapter reads it.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import ringcentral
from tests.core.histories import Provider
from tests.writers.base import Writer
from tests.writers.sayings import no_update, number_text, on_or_over

HOME = "https://status.ringcentral.com"
WORDS = {
    Status.OPERATIONAL: "Good",
    Status.DEGRADED: "Minor",
    Status.PARTIAL_OUTAGE: "Major",
    Status.MAJOR_OUTAGE: "Critical",
}


def component_id(number: int) -> str:
    return f"Americas/Part {number}"


def write(provider: Provider, url: str) -> bytes | None:
    """`/status.json`."""
    return msgspec.json.encode([_row(one, provider) for one in provider.components.values()])


def _row(one: Component, provider: Provider) -> dict[str, object]:
    alerts = [
        {"id": number_text(told), "title": told.title}
        for told in provider.alive()
        if told.is_open and one.id in told.components
    ]
    level = WORDS[one.status]
    return {"category": "Core", "service": one.name, "region": "Americas", "level": level, "alerts": alerts}


WRITER = Writer(
    platform=ringcentral.PLATFORM,
    write=write,
    incident_id=number_text,
    component_id=component_id,
    phase=on_or_over,
    page_url=HOME,
    styles=("stamped", "untidy"),
    levels=tuple(WORDS),
    shown=no_update,
    has_unplaced=False,
    has_maintenances=False,
    has_renaming=False,
)
