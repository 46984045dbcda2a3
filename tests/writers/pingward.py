"""Pingward, of which nothing but hooks is known: a component's new level, or an incident without texts.

Shapes from the vendor's documentation and, for incidents, as the adapter takes them to be (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Status
from statuswire.platforms import pingward
from tests.core.histories import Provider, TrueIncident, What

from .base import Writer, nothing
from .sayings import no_update, part_name, short_of_words


def hook(provider: Provider, what: What) -> bytes | None:
    """A component or an incident; nothing is sent of what was deleted."""
    if isinstance(what, str):
        return _component(provider, what)
    return None if what.is_deleted else _incident(what)


def _component(provider: Provider, id_: str) -> bytes:
    one = provider.components[id_]
    assert one.updated_at is not None
    row = {"displayName": one.name, "previousStatus": Status.OPERATIONAL.value, "currentStatus": one.status.value}
    return _body("component.status_changed", one.updated_at.isoformat(), {"component": row})


def _incident(one: TrueIncident) -> bytes:
    name = "updated" if one.is_open else "resolved"
    row = {
        "id": one.id,
        "title": one.title,
        "status": one.phase.value,
        "createdAt": one.created_at.isoformat(),
    }
    event = "created" if len(one.updates) == 1 else name
    return _body(f"incident.{event}", one.updated_at.isoformat(), {"incident": row})


def _body(event: str, timestamp: str, of_what: dict[str, object]) -> bytes:
    return msgspec.json.encode(
        {"event": event, "timestamp": timestamp, "statusPage": {"slug": "acme-relay"}, **of_what}
    )


WRITER = Writer(
    platform=pingward.PLATFORM,
    write=nothing,
    hook=hook,
    component_id=part_name,
    phase=short_of_words,
    has_maintenances=False,
    has_renaming=False,
    shows_deletions=False,
    shown=no_update,
    shows_components=False,
    shows_troubled=True,
)
