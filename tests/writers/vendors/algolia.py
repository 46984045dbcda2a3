"""Algolia's own page: clusters, services, and incidents that are open or over and have no texts.

Shapes as the Monitoring API documents them and clients know them (checked 2026-11): a cluster is known by its name, and
so that none gets another, nothing is renamed here.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import algolia
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.markup import stamp
from tests.writers.sayings import no_update, on_or_over

HOME = "https://status.algolia.com"
WORDS = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded_performance",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "major_outage",
}


def component_id(number: int) -> str:
    """Two clusters and a service."""
    return f"cluster/Part {number}" if number < 2 else f"service-{number}"


def write(provider: Provider, url: str) -> bytes | None:
    """The three documents, words with `_` in one and `-` in the others."""
    parts = list(provider.components.values())
    if url.endswith("/1/status"):
        return msgspec.json.encode({"status": {one.name: WORDS[one.status] for one in parts if _is_cluster(one)}})
    if url.endswith("/availability"):
        return msgspec.json.encode({one.id: _service(one) for one in parts if not _is_cluster(one)})
    return msgspec.json.encode([_incident(one) for one in reversed(provider.alive())])


def _is_cluster(one: Component) -> bool:
    return one.id.startswith("cluster/")


def _service(one: Component) -> dict[str, object]:
    today = {"status": WORDS[one.status].replace("_", "-")}
    return {"type": one.id, "name": one.name, "uptime_days": [{"status": "operational"}, today]}


def _incident(one: TrueIncident) -> dict[str, object]:
    ended = None if one.is_open else stamp(one.updates[-1].at)
    return {"id": one.id, "name": one.title, "resolved_at": ended, "current_severity": "degraded-performance"}


WRITER = Writer(
    platform=algolia.PLATFORM,
    write=write,
    component_id=component_id,
    phase=on_or_over,
    page_url=HOME,
    styles=("stamped", "untidy"),
    levels=tuple(WORDS),
    shown=no_update,
    has_maintenances=False,
    has_renaming=False,
    shows_deletions=False,
)
