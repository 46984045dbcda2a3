"""WEDOS: one list of incidents of any state without texts, as far as the one client that knows it tells.

Shape as that client has it (checked 2026-11). What a list that lacks an incident says is not known: nothing.
"""

from __future__ import annotations

import msgspec

from statuswire.platforms.vendors import wedos
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.markup import in_order, short_stamp
from tests.writers.sayings import no_update, number, number_text, without_report


def write(provider: Provider, _: str) -> bytes | None:
    """`/en/json/incidents.json`, the newest incident first."""
    return msgspec.json.encode({"incidents": [_incident(one) for one in reversed(provider.alive())]})


def _incident(one: TrueIncident) -> dict[str, object]:
    ended = None if one.is_open else short_stamp(max(in_order(one)[-1].at, one.updated_at))
    return {
        "id": number(one),
        "name": one.title,
        "status": one.phase.value,
        "started_at": short_stamp(one.created_at),
        "resolved_at": ended,
        "updated_at": short_stamp(one.updated_at),
        "url": f"{wedos.HOME}/en/incidents/{number_text(one)}",
    }


WRITER = Writer(
    platform=wedos.PLATFORM,
    write=write,
    incident_id=number_text,
    phase=without_report,
    page_url=wedos.HOME,
    styles=("stamped", "untidy"),
    shown=no_update,
    has_maintenances=False,
    shows_deletions=False,
    shows_components=False,
)
