"""DocuSign's own page: a tree of components, and incidents of any state without texts and times.

Shapes as clients know them (checked 2026-11): what has others below it is no component.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import docusign
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.sayings import no_update, without_report

WORDS = {
    Status.OPERATIONAL: "available",
    Status.DEGRADED: "performanceDegradation",
    Status.MAJOR_OUTAGE: "serviceDisruption",
}
PRODUCT = {"id": "p1", "name": "eSignature", "type": "product", "parentId": None, "status": "available"}


def write(provider: Provider, url: str) -> bytes | None:
    """`components.json` and `incidents.json`."""
    if url.endswith("/components.json"):
        sites = [_site(one) for one in provider.components.values()]
        return msgspec.json.encode({"components": [PRODUCT, *sites]})
    return msgspec.json.encode({"incidents": [_incident(one) for one in reversed(provider.alive())]})


def _site(one: Component) -> dict[str, object]:
    return {"id": one.id, "name": one.name, "type": "site", "parentId": "p1", "status": WORDS[one.status]}


def _incident(one: TrueIncident) -> dict[str, str]:
    impact = "serviceDisruption" if one.impact.value == "critical" else "performanceDegradation"
    return {"incidentId": one.id, "title": one.title, "status": one.phase.value, "impact": impact}


WRITER = Writer(
    platform=docusign.PLATFORM,
    write=write,
    phase=without_report,
    page_url=docusign.HOME,
    styles=("stamped", "untidy"),
    levels=tuple(WORDS),
    shown=no_update,
    has_maintenances=False,
    shows_deletions=False,
)
