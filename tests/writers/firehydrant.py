"""FireHydrant: one document with the whole history, whose incidents end by a moment and have notes without ids.

Shape as a working client has it (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.platforms import firehydrant
from tests.core.histories import Provider, TrueIncident

from .base import PAGE_URL, Writer
from .markup import in_order
from .sayings import open_or_over


def write(provider: Provider, url: str) -> bytes | None:
    """The document of the page."""
    if url != f"{PAGE_URL}/data/payload.json":
        return None
    listed = [{"id": one.id, "name": one.name} for one in provider.components.values()]
    incidents = [_incident(one) for one in reversed(provider.alive())]
    return msgspec.json.encode({"components": listed, "conditions": {"Slow": "DEGRADED"}, "incidents": incidents})


def _incident(one: TrueIncident) -> dict[str, object]:
    stamps = {"detected": one.created_at.isoformat(), "started": one.created_at.isoformat()}
    ended = {} if one.is_open else {"resolved": one.updated_at.isoformat()}
    return {
        "id": one.id,
        "title": one.title,
        "severitySlug": "SEV3",
        "components": [{"id": id_, "name": "", "condition": "Slow"} for id_ in one.components],
        "timestamps": stamps | ended,
        "timeline": [
            {"occurredAt": update.at.isoformat(), "details": {"note": update.text}}
            for update in reversed(in_order(one))
        ],
    }


WRITER = Writer(
    platform=firehydrant.PLATFORM,
    write=write,
    phase=open_or_over,
    has_maintenances=False,
    shows_components=False,
)
