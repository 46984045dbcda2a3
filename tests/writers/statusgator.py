"""StatusGator, which pushes the changes of levels that it sees on other pages; components are known by their names.

Shape from the vendor's help (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Status
from statuswire.platforms import statusgator
from tests.core.histories import Provider, What

from .base import Writer, nothing
from .sayings import part_name

LEVELS = {Status.OPERATIONAL: "up", Status.DEGRADED: "warn", Status.MAJOR_OUTAGE: "down"}


def hook(provider: Provider, what: What) -> bytes | None:
    """The level of one component."""
    if not isinstance(what, str):
        return None
    one = provider.components[what]
    assert one.updated_at is not None
    body = {
        "type": "status_change",
        "recorded_at": one.updated_at.isoformat(),
        "service": {"name": "Acme Relay"},
        "monitor": {"name": "Our relay"},
        "status": "up",
        "previous_status": "up",
        "message": "",
        "details": "",
        "component_status_changes": [
            {"group_name": None, "name": one.name, "last_status": "up", "current_status": LEVELS[one.status]}
        ],
    }
    return msgspec.json.encode(body)


WRITER = Writer(
    platform=statusgator.PLATFORM,
    write=nothing,
    hook=hook,
    component_id=part_name,
    levels=tuple(LEVELS),
    has_renaming=False,
    shows_components=False,
    shows_troubled=True,
    has_incidents=False,
)
