"""Gatus: the newest result of every endpoint, and the announcements of the configuration file.

An announcement is one text with one moment, and its type says whether something is wrong: it is rewritten when that is
over. Shapes from the vendor's source (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Impact, Status
from statuswire.platforms import gatus
from tests.core.histories import Provider, TrueIncident

from .base import PAGE_URL, Writer
from .markup import stamp
from .sayings import begun_or_over

STATUSES = f"{PAGE_URL}/api/v1/endpoints/statuses?page=1&pageSize=1"
TYPES = {Impact.MINOR: "warning", Impact.MAJOR: "outage", Impact.CRITICAL: "outage"}


def write(provider: Provider, url: str) -> bytes | None:
    """The endpoints, and the configuration with all announcements."""
    if url == STATUSES:
        return msgspec.json.encode([_endpoint(provider, one) for one in provider.components.values()])
    if url == f"{PAGE_URL}/api/v1/config":
        told = [_announcement(one) for one in reversed(provider.alive())]
        return msgspec.json.encode({"oidc": False, "authenticated": True, "announcements": told})
    return None


def incident_id(one: TrueIncident) -> str:
    """The moment."""
    return stamp(one.created_at)


def component_id(number: int) -> str:
    """The key is made of group and name."""
    return f"core_part-{number}"


def _endpoint(provider: Provider, one: Component) -> dict[str, object]:
    is_well = one.status is Status.OPERATIONAL
    result = {"success": is_well, "timestamp": stamp(provider.now), "duration": 48_213_377, "conditionResults": []}
    return {"name": one.name, "group": "core", "key": one.id, "results": [result]}


def _announcement(one: TrueIncident) -> dict[str, object]:
    kind = TYPES.get(one.impact, "warning") if one.is_open else "operational"
    return {"timestamp": stamp(one.created_at), "type": kind, "message": one.updates[-1].text, "archived": False}


WRITER = Writer(
    platform=gatus.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=begun_or_over,
    levels=(Status.OPERATIONAL, Status.MAJOR_OUTAGE),
    has_updates=False,
    has_maintenances=False,
    has_backfilling=False,
    has_renaming=False,
    has_reopening=False,
)
