"""An invented event that has every part an event can have, for trying templates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from statuswire.channels.template_values import values
from statuswire.model import (
    AffectedComponent,
    Event,
    EventComponent,
    EventFeed,
    EventIncident,
    EventPage,
    EventType,
    EventUpdate,
    Impact,
    Kind,
    Message,
    MessageKind,
    PageRef,
    Phase,
    Source,
    Standing,
    Status,
)

_AT: Final = datetime(2026, 5, 4, 10, 22, 31, tzinfo=UTC)
_BEGUN: Final = _AT - timedelta(minutes=12)
_URL: Final = "https://status.acme-relay.example"

_EVENT: Final = Event(
    type=EventType.INCIDENT_UPDATED,
    key="sample",
    at=_AT,
    seen_at=_AT + timedelta(seconds=2),
    source=Source.POLL,
    page=PageRef("acme", "Acme Relay", _URL),
    incident=EventIncident(
        id="w2x4y6z8b1c3",
        title="Slow API",
        kind=Kind.MAINTENANCE,
        phase=Phase.IDENTIFIED,
        impact=Impact.MINOR,
        url=f"{_URL}/incidents/w2x4y6z8b1c3",
        started_at=_BEGUN,
        resolved_at=_AT,
        components=(AffectedComponent("k3m9s8d1f2gh", "API", "Europe", Status.DEGRADED),),
        scheduled_for=_BEGUN,
        scheduled_until=_AT,
    ),
    update=EventUpdate("u2", Phase.IDENTIFIED, "A bad deploy.", _AT),
    component=EventComponent("k3m9s8d1f2gh", "API", "Europe", Status.DEGRADED, "operational", "degraded"),
    page_change=EventPage(Status.OPERATIONAL, Status.DEGRADED),
    feed=EventFeed(f"{_URL}/history.rss", "time-out"),
    event_name="public_incident.incident_updated_v2",
    id=812,
)


def _sample() -> dict[str, Any]:
    message = Message(
        id="msg_sample",
        events=(replace(_EVENT, id=811, type=EventType.INCIDENT_CREATED), _EVENT),
        route="everything",
        opened_at=_BEGUN,
        reason="still so after 3 min",
        evidence=("both name eu-west",),
    )
    standing = Standing("operational", "ACTIVE", "All systems operational.", _AT, ("API",))
    beat = replace(message, kind=MessageKind.HEARTBEAT, events=(), standing=standing)
    return {**values(message), "standing": values(beat)["standing"]}


SAMPLE: Final = _sample()
"""Values for all names, none of them None."""
