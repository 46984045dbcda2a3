"""Vultr's own page: alerts of any state, each of one region, with messages that have neither ids nor phases.

Shape as clients know it (checked 2026-11). A maintenance is known by its subject, and where it stands by its beginning.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from statuswire.model import Kind, Phase, Status
from statuswire.platforms.vendors import vultr
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import begun_or_over, hit_at

HOME = "https://status.vultr.com"
AHEAD = timedelta(days=30)


def write(provider: Provider, url: str) -> bytes | None:
    """`/alerts.json`."""
    return msgspec.json.encode({"service_alerts": [_alert(one) for one in reversed(provider.alive())]})


def _alert(one: TrueIncident) -> dict[str, object]:
    begins = one.created_at + AHEAD if one.phase is Phase.SCHEDULED else one.created_at
    return {
        "id": one.id,
        "region": one.components[0] if one.components else "",
        "subject": f"Scheduled Maintenance: {one.title}" if one.kind is Kind.MAINTENANCE else one.title,
        "status": "ongoing" if one.is_open else "resolved",
        "start_date": stamp(begins),
        "updated_at": stamp(one.updated_at),
        "entries": [_entry(update) for update in reversed(in_order(one))],
    }


def _entry(update: TrueUpdate) -> dict[str, str]:
    return {"updated_at": stamp(update.at), "message": update.text}


def _region(one: TrueIncident) -> list[str]:
    return [] if one.phase is Phase.SCHEDULED else one.components[:1]


WRITER = Writer(
    platform=vultr.PLATFORM,
    write=write,
    phase=begun_or_over,
    page_url=HOME,
    level=hit_at({Kind.INCIDENT: Status.DEGRADED, Kind.MAINTENANCE: Status.MAINTENANCE}, _region),
    shows_components=False,
    shows_troubled=True,
)
