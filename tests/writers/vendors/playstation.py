"""PlayStation Network: the services of each region, with statuses that have neither text nor time nor end.

Shape as clients know it (checked 2026-11): no status means that all is well.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import playstation
from tests.core.histories import Provider
from tests.writers.base import Writer

HOME = "https://status.playstation.com"
FOLDER = f"{HOME}/data/statuses/region/"
WORDS = {Status.DEGRADED: "Degraded", Status.MAJOR_OUTAGE: "Outage", Status.MAINTENANCE: "Maintenance"}


def component_id(number: int) -> str:
    """One service in each region, known by its name there."""
    return f"{playstation.REGIONS[number]}/XX/Part {number}"


def write(provider: Provider, url: str) -> bytes | None:
    """The document of a region."""
    region = url.removeprefix(FOLDER).removesuffix(".json")
    services = [_service(one) for one in provider.components.values() if one.id.startswith(f"{region}/")]
    country = {"countryCode": "XX", "status": [], "services": services}
    return msgspec.json.encode({"regionName": region, "status": [], "countries": [country]})


def _service(one: Component) -> dict[str, object]:
    word = WORDS.get(one.status)
    return {"serviceName": one.name, "status": [{"statusId": "1", "statusType": word}] if word else []}


WRITER = Writer(
    platform=playstation.PLATFORM,
    write=write,
    component_id=component_id,
    page_url=HOME,
    levels=(Status.OPERATIONAL, *WORDS),
    has_incidents=False,
    has_renaming=False,
)
