"""Oracle Cloud: a report of services by region with the numbers of what is open, and a feed with its words.

Shapes as documented and captured (checked 2026-11). Of the updates in an item only the newest has a moment, so that a
correction of an older one is not told from another.
"""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import oracle
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import without_report

HOME = "https://ocistatus.oraclecloud.com"
REGION = "us-ashburn-1"
WORDS = {
    Status.OPERATIONAL: "NormalPerformance",
    Status.PARTIAL_OUTAGE: "ServiceDisruption",
    Status.MAJOR_OUTAGE: "ServiceDown",
}


def component_id(number: int) -> str:
    return f"{REGION}/part-{number}"


def write(provider: Provider, url: str) -> bytes | None:
    """The report, the feed and the roll-up."""
    if url.endswith(".rss"):
        return _feed(provider)
    if url.endswith("/status.json"):
        page = {"name": "Oracle Cloud", "updated_at": f"{provider.updated_at:%Y-%m-%dT%H:%M:%S}"}
        return msgspec.json.encode({"page": page, "status": {"indicator": "none", "description": "Read on."}})
    cells = [_cell(one, provider) for one in provider.components.values()]
    names = {"regionId": "r1", "regionName": "US East (Ashburn)", "regionCanonicalName": REGION}
    return msgspec.json.encode({"realm": "OC1", "regionHealthReports": [names | {"serviceHealthReports": cells}]})


def incident_id(one: TrueIncident) -> str:
    return f"ocid1.oraclecloudincident.oc1.phx.amaa{one.id}"


def _cell(one: Component, provider: Provider) -> dict[str, object]:
    told = [
        {"incidentId": incident_id(other), "severity": "Major"}
        for other in provider.alive()
        if other.is_open and one.id in other.components
    ]
    key = one.id.removeprefix(f"{REGION}/")
    names = {"serviceId": key, "serviceName": one.name, "serviceCanonicalName": key}
    return {**names, "serviceStatus": WORDS[one.status], "incidents": told}


def _feed(provider: Provider) -> bytes:
    items = "".join(_item(one, part) for one in reversed(provider.alive()) for part in one.components)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Oracle Cloud Infrastructure Status'
        f"</title><link>{HOME}</link><description>Incidents</description>{items}</channel></rss>"
    ).encode()


def _item(one: TrueIncident, part: str) -> str:
    lines = [f"{update.phase.value.capitalize()} - {update.text}" for update in reversed(in_order(one))]
    body = "<br>".join(escape(line).replace("\n", "<br>") for line in lines)
    own_id = f"{incident_id(one)}#{part}"
    return (
        f'<item><title>{one.title}</title><link>{HOME}/#/incidents/{own_id}</link><guid isPermaLink="false">{own_id}'
        f"</guid><pubDate>{format_datetime(in_order(one)[-1].at)}</pubDate>"
        f"<description>{escape(body)}</description></item>"
    )


WRITER = Writer(
    platform=oracle.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=without_report,
    page_url=HOME,
    levels=tuple(WORDS),
    has_unplaced=False,
    has_maintenances=False,
    has_edits=False,
)
