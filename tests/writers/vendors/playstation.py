"""PlayStation Network: one document for each region, each with a part of the page.

Shape as working clients have it (checked 2026-11). A service that is not well has a status with an id.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import playstation
from tests.core.histories import Provider
from tests.writers.base import Writer

WORDS = {Status.DEGRADED: "Degraded", Status.MAJOR_OUTAGE: "Outage", Status.MAINTENANCE: "Maintenance"}


def write(provider: Provider, url: str) -> bytes | None:
    """The services of the region."""
    region = url.rpartition("/")[2].removesuffix(".json")
    rows = [_service(one) for one in provider.components.values() if one.id.startswith(f"{region}/")]
    country = {"countryCode": "XX", "status": [], "services": rows}
    return msgspec.json.encode({"regionName": region, "status": [], "countries": [country]})


def component_id(number: int) -> str:
    """One for each region."""
    return f"{playstation.REGIONS[number]}/XX/Part {number}"


def _service(one: Component) -> dict[str, object]:
    word = WORDS.get(one.status)
    return {"serviceName": one.name, "status": [{"statusId": "7", "statusType": word}] if word else []}


WRITER = Writer(
    platform=playstation.PLATFORM,
    write=write,
    component_id=component_id,
    page_url="https://status.playstation.com",
    levels=(Status.OPERATIONAL, *WORDS),
    has_incidents=False,
    has_renaming=False,
)
