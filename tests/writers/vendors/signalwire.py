"""SignalWire's own page: components and nothing else, known by their names. Shape as clients know it (2026-11)."""

from __future__ import annotations

import msgspec

from statuswire.model import Status
from statuswire.platforms.vendors import signalwire
from tests.core.histories import Provider
from tests.writers.base import Writer
from tests.writers.sayings import part_name

HOME = "https://status.signalwire.com"
WORDS = {
    Status.OPERATIONAL: "Operational",
    Status.MAINTENANCE: "Under Maintenance",
    Status.DEGRADED: "Degraded Performance",
    Status.PARTIAL_OUTAGE: "Partial Outage",
    Status.MAJOR_OUTAGE: "Major Outage",
}


def write(provider: Provider, url: str) -> bytes | None:
    """`/api/components`."""
    rows = [{"name": one.name, "status": WORDS[one.status]} for one in provider.components.values()]
    return msgspec.json.encode(rows) if url == f"{HOME}/api/components" else None


WRITER = Writer(
    platform=signalwire.PLATFORM,
    write=write,
    component_id=part_name,
    page_url=HOME,
    levels=tuple(WORDS),
    has_incidents=False,
    has_renaming=False,
)
