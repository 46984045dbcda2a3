"""Azure DevOps: the health of services by geography, and on the page for people the active events, without texts.

The health is documented, the page as captured in 2022 (checked 2026-11): numbers for words, and of an event the moments
of its log. Services are known by their names.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import azuredevops
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import by_place, no_update, number, number_text, seconds

WORDS = {
    Status.OPERATIONAL: ("healthy", 4),
    Status.DEGRADED: ("advisory", 3),
    Status.PARTIAL_OUTAGE: ("degraded", 2),
    Status.MAJOR_OUTAGE: ("unhealthy", 1),
}


def component_id(number: int) -> str:
    return f"Part {number}/US"


def write(provider: Provider, url: str) -> bytes | None:
    """The health, and the page."""
    if url != f"{azuredevops.PAGE}/":
        return msgspec.json.encode({"lastUpdated": provider.now.isoformat(), **_health(provider, place=0)})
    going_on = [_event(one) for one in provider.alive() if one.is_open]
    held = {
        "ms.vss-status-web.public-status-data-provider": {
            "serviceStatus": {"lastUpdated": _date(provider.now), **_health(provider, place=1)}
        },
        "ms.vss-status-web.active-public-live-site-events-data-provider": {"liveSiteEvents": going_on},
    }
    script = msgspec.json.encode({"data": held}).decode()
    return (
        f'<!DOCTYPE html><html><body><script id="dataProviders" type="application/json">{script}</script></body></html>'
    ).encode()


def _health(provider: Provider, place: int) -> dict[str, object]:
    """In words (`place` 0) or in numbers."""
    services = [_service(one, place) for one in provider.components.values()]
    return {"status": {"health": WORDS[Status.OPERATIONAL][place], "message": "Read on."}, "services": services}


def _service(one: Component, place: int) -> dict[str, object]:
    geography = {"id": "US", "name": "United States", "health": WORDS[one.status][place]}
    return {"id": one.name, "geographies": [geography]}


def _event(one: TrueIncident) -> dict[str, object]:
    parts = [part.partition("/")[0] for part in one.components]
    return {
        "id": number(one),
        "severity": 1,
        "state": 1,
        "startTime": _date(one.created_at),
        "title": one.title,
        "impact": [{"serviceId": part, "scopeType": 1, "scopeName": "United States"} for part in parts],
        "logs": [_log(update) for update in reversed(in_order(one))],
    }


def _log(update: TrueUpdate) -> dict[str, object]:
    times = {"creationDateTime": _date(update.at), "lastUpdatedDateTime": _date(update.edited_at)}
    return {"id": int(update.token[1:]), "type": 1, "scopeType": 1, **times}


def _date(moment: datetime) -> str:
    return f"/Date({seconds(moment) * 1000})/"


WRITER = Writer(
    platform=azuredevops.PLATFORM,
    write=write,
    incident_id=number_text,
    component_id=component_id,
    phase=by_place,
    page_url=azuredevops.PAGE,
    levels=tuple(WORDS),
    shown=no_update,
    has_maintenances=False,
    has_renaming=False,
)
