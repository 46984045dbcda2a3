"""PagerDuty: the names of services and the open posts, which say what is hit and how badly; no texts, no stamps.

A service has the level that an open post gives it, and none of its own. Shapes from public clients (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Impact
from statuswire.platforms import pagerduty
from tests.core.histories import Provider, TrueIncident

from .base import PAGE_URL, Writer
from .sayings import no_update, open_or_over

SERVICES, POSTS = (feed.url for feed in pagerduty.feeds(PAGE_URL))
SEVERITIES = {Impact.MINOR: "minor", Impact.MAJOR: "major", Impact.CRITICAL: "major"}


def write(provider: Provider, url: str) -> bytes | None:
    """The services, or what is open now."""
    if url == SERVICES:
        return msgspec.json.encode({"services": [_service(one.id, one.name) for one in provider.components.values()]})
    return msgspec.json.encode({"posts": [_post(one) for one in reversed(provider.alive()) if one.is_open]})


def incident_id(one: TrueIncident) -> str:
    return f"PABC{int(one.id[:-1]):03}"


def component_id(number: int) -> str:
    return f"PSVC{number:03}"


def _service(own_id: str, name: str) -> dict[str, object]:
    return {
        "id": own_id,
        "name": name.lower(),
        "display_name": name,
        "is_active": True,
        "status_page_id": "PPAGE01",
        "business_service_id": f"PB{own_id}",
    }


def _post(one: TrueIncident) -> dict[str, object]:
    return {
        "id": incident_id(one),
        "title": one.title,
        "incident_services": [{"id": id_} for id_ in one.components],
        "current_post_severity_enum": {"name": SEVERITIES[one.impact]},
        "starts_at": one.created_at.isoformat(),
    }


WRITER = Writer(
    platform=pagerduty.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=open_or_over,
    has_maintenances=False,
    shows_components=False,
    shown=no_update,
)
