"""Our own webhooks: one event of another instance each, which sends it until it has arrived.

An instance keeps history and does not tell it.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from statuswire.model import (
    AffectedComponent,
    Event,
    EventComponent,
    EventIncident,
    EventType,
    EventUpdate,
    Kind,
    PageRef,
    Phase,
    Source,
)
from statuswire.platforms import statuswire
from statuswire.wire import timestamp, to_mapping
from tests.core.histories import Provider, TrueIncident, What

from .base import PAGE_URL, Writer, nothing

PAGE = PageRef("acme", "Acme Relay", PAGE_URL)


def hook(provider: Provider, what: What) -> bytes | None:
    """The event of the last step; none of what was deleted without a word."""
    event = _component(provider, what) if isinstance(what, str) else _incident(provider, what)
    if event is None:
        return None
    body = {"type": event.type.value, "timestamp": timestamp(event.seen_at), "data": to_mapping(event)}
    return msgspec.json.encode(body)


def _component(provider: Provider, id_: str) -> Event:
    one = provider.components[id_]
    changed = EventComponent(one.id, one.name, one.group, one.status)
    renamed = replace(_event(provider, EventType.COMPONENT_RENAMED), component=replace(changed, old="", new=one.name))
    is_renamed = "'" in one.name
    return renamed if is_renamed else replace(_event(provider, EventType.COMPONENT_STATUS_CHANGED), component=changed)


def _incident(provider: Provider, one: TrueIncident) -> Event | None:
    if one.is_deleted:
        return None
    newest = max(one.updates, key=lambda update: update.edited_at)
    told = EventUpdate(newest.token, newest.phase, newest.text, newest.at) if newest.edited_at == provider.now else None
    return replace(_event(provider, _type(one)), incident=_told(provider, one), update=told)


def _type(one: TrueIncident) -> EventType:
    if one.kind is Kind.MAINTENANCE:
        return EventType.MAINTENANCE_SCHEDULED if len(one.updates) == 1 else EventType.MAINTENANCE_UPDATED
    if len(one.updates) == 1:
        return EventType.INCIDENT_CREATED
    return EventType.INCIDENT_RESOLVED if one.phase is Phase.RESOLVED else EventType.INCIDENT_UPDATED


def _event(provider: Provider, kind: EventType) -> Event:
    return Event(kind, "", provider.now, provider.now, Source.POLL, PAGE)


def _told(provider: Provider, one: TrueIncident) -> EventIncident:
    rows = [provider.components[id_] for id_ in one.components]
    return EventIncident(
        id=one.id,
        title=one.title,
        kind=one.kind,
        phase=one.phase,
        impact=one.impact,
        url="",
        started_at=one.created_at,
        resolved_at=None if one.is_open else one.updates[-1].at,
        components=tuple(AffectedComponent(row.id, row.name, row.group, row.status) for row in rows),
    )


WRITER = Writer(
    platform=statuswire.PLATFORM,
    write=nothing,
    hook=hook,
    has_backfilling=False,
    has_edits=False,
    shows_deletions=False,
    shows_components=False,
)
