"""Yandex Cloud's page: services with what is open on them, and past incidents to look up, both with their comments.

Shapes as clients know them (checked 2026-11): a service is as bad as what is open on it.
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Kind, Phase, Status
from statuswire.platforms.vendors import yandex
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import hit_at, number, number_text, paragraphs

HOME = "https://status.yandex.cloud"
TYPES = {Phase.INVESTIGATING: "investigation", Phase.IDENTIFIED: "update", Phase.RESOLVED: "resolved"}


def component_id(number: int) -> str:
    return f"ru/part-{number}"


def write(provider: Provider, url: str) -> bytes | None:
    """`/services` and `/incidents`."""
    if "/api/services" in url:
        return msgspec.json.encode([_service(one, provider) for one in provider.components.values()])
    return msgspec.json.encode({"items": [_incident(one) for one in reversed(provider.alive())]})


def phase(phase: Phase, _: int) -> Phase:
    if phase.is_closed:
        return Phase.RESOLVED
    return phase if phase in TYPES else Phase.IDENTIFIED


def _service(one: Component, provider: Provider) -> dict[str, object]:
    told = [_incident(other) for other in provider.alive() if other.is_open and one.id in other.components]
    names = {"slug": one.id.removeprefix("ru/"), "name": one.name, "fullName": one.name, "installationCode": "ru"}
    return {"id": int(one.id[-1]) + 1, **names, "status": "fine", "isProduct": True, "incidents": told}


def _incident(one: TrueIncident) -> dict[str, object]:
    return {
        "id": number(one),
        "title": one.title,
        "status": "open" if one.is_open else "resolved",
        "levelId": 1,
        "level": {"level": 1, "label": "Minor"},
        "startDate": stamp(one.created_at),
        "endDate": None if one.is_open else stamp(in_order(one)[-1].at),
        "createdAt": stamp(one.created_at),
        "updatedAt": stamp(one.updated_at),
        "zones": [{"id": "ru-central1-a", "installation": "ru"}],
        "installations": [{"code": "ru"}],
        "services": [{"slug": part.removeprefix("ru/"), "name": part} for part in one.components],
        "comments": [_comment(update) for update in reversed(in_order(one))],
        "report": None,
        "isReportPublished": False,
    }


def _comment(update: TrueUpdate) -> dict[str, object]:
    own = {"id": int(update.token[1:]), "type": TYPES[update.phase]}
    return {**own, "content": paragraphs(update.text), "createdAt": stamp(update.at)}


WRITER = Writer(
    platform=yandex.PLATFORM,
    write=write,
    incident_id=number_text,
    component_id=component_id,
    phase=phase,
    page_url=HOME,
    styles=("stamped", "untidy"),
    level=hit_at({Kind.INCIDENT: Status.DEGRADED}),
    has_unplaced=False,
    has_maintenances=False,
)
