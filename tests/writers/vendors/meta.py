"""Meta's page for businesses: the levels of services, and the outages of one organisation, open ones and past ones.

Shapes as clients know them (checked 2026-11). An outage stands on one service, has neither id nor title, and moves the
level of its service; what it says of a phase is whether it is over. The feed is one of `spare_feeds`.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import meta
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import first_part, on_or_over, seconds

HOME = "https://metastatus.com"
WORDS = {
    Status.OPERATIONAL: "No known issues",
    Status.DEGRADED: "Low disruptions",
    Status.PARTIAL_OUTAGE: "Medium disruptions",
    Status.MAJOR_OUTAGE: "High disruptions",
}


def component_id(number: int) -> str:
    return f"acme/{41 + number}"


PLACES = first_part(component_id)


def write(provider: Provider, url: str) -> bytes | None:
    """The organisation with its services, its open outages, its past ones."""
    if url == f"{HOME}/data/orgs.json":
        services = [_service(one, provider) for one in provider.components.values()]
        return msgspec.json.encode([{"id": "acme", "name": "Acme", "services": services, "rss_file_paths": []}])
    if url.endswith(".rss"):
        return None
    is_past = url.endswith(".history.json")
    told = [one for one in provider.alive() if one.is_open is not is_past]
    return msgspec.json.encode([_outage(one) for one in reversed(told)])


def incident_id(one: TrueIncident) -> str:
    """By the service and the moment of the first post."""
    return f"{PLACES(one)[0]}/{seconds(in_order(one)[0].at)}"


def level(provider: Provider, component: Component) -> Status:
    is_hit = any(one.is_open and component.id in PLACES(one) for one in provider.alive())
    return Status.DEGRADED if is_hit and component.status is Status.OPERATIONAL else component.status


def _service(one: Component, provider: Provider) -> dict[str, object]:
    word, number = WORDS[level(provider, one)], int(one.id.removeprefix("acme/"))
    return {"id": number, "name": one.name, "status": word, "time": seconds(provider.updated_at)}


def _outage(one: TrueIncident) -> dict[str, object]:
    return {
        "service_id": int(PLACES(one)[0].removeprefix("acme/")),
        "status": "Low disruptions" if one.is_open else "Resolved",
        "time": seconds(one.created_at),
        "posts": [_post(update) for update in reversed(in_order(one))],
    }


def _post(update: TrueUpdate) -> dict[str, object]:
    return {"description": update.text, "time": seconds(update.at)}


WRITER = Writer(
    platform=meta.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=on_or_over,
    page_url=f"{HOME}/acme",
    levels=tuple(WORDS),
    level=level,
    has_maintenances=False,
    shows_deletions=False,
)
