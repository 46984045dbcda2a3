"""Riot Games: what is open in one game and region, and nothing of how it ended. The one component is that place.

Shape as the keyed API documents it (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Kind, Phase, Status
from statuswire.platforms.vendors import riot
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import begun_by_place, every_one_of_the_open, number, number_text

PAGE = "https://status.riotgames.com/lol?region=na1"
PLANNED = {Phase.SCHEDULED: "scheduled", Phase.IN_PROGRESS: "in_progress"}


def write(provider: Provider, url: str) -> bytes | None:
    """The document of the region."""
    going_on = [one for one in provider.alive() if one.is_open]
    return msgspec.json.encode(
        {
            "id": "NA1",
            "name": "Part 0",
            "locales": ["en_US", "de_DE"],
            "maintenances": [_incident(one) for one in going_on if one.kind is Kind.MAINTENANCE],
            "incidents": [_incident(one) for one in going_on if one.kind is Kind.INCIDENT],
        }
    )


def level(provider: Provider, _: Component) -> Status:
    """Whatever is open is open there."""
    going_on = [one for one in provider.alive() if one.is_open]
    if any(one.kind is Kind.INCIDENT for one in going_on):
        return Status.DEGRADED
    is_worked_on = any(one.phase is Phase.IN_PROGRESS for one in going_on)
    return Status.MAINTENANCE if is_worked_on else Status.OPERATIONAL


def _incident(one: TrueIncident) -> dict[str, object]:
    is_planned = one.kind is Kind.MAINTENANCE
    return {
        "id": number(one),
        "incident_severity": None if is_planned else "warning",
        "maintenance_status": PLANNED[one.phase] if is_planned else None,
        "titles": _translated(one.title),
        "updates": [_update(update) for update in reversed(in_order(one))],
        "platforms": ["windows"],
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "archive_at": None,
    }


def _update(update: TrueUpdate) -> dict[str, object]:
    return {
        "id": int(update.token[1:]),
        "author": "Ops",
        "publish": True,
        "publish_locations": ["riotstatus"],
        "translations": _translated(update.text),
        "created_at": stamp(update.at),
        "updated_at": stamp(update.edited_at),
    }


def _translated(words: str) -> list[dict[str, str]]:
    return [{"locale": "de_DE", "content": "Ein Problem."}, {"locale": "en_US", "content": words}]


WRITER = Writer(
    platform=riot.PLATFORM,
    write=write,
    incident_id=number_text,
    phase=begun_by_place,
    page_url=PAGE,
    shown=every_one_of_the_open,
    shows_components=False,
)
