"""The one JSON shape of an event: in the console, the store, webhooks, the API and the stream alike.

The shape is public: it changes only by addition. What does not apply to an event is left out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

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
    PageRef,
    Phase,
    Source,
    Status,
)

_encoder = msgspec.json.Encoder()


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with as many digits as there are: `2026-05-04T10:22:31Z`, `...33.1Z`."""
    text = moment.astimezone(UTC).isoformat()[:-6]
    if "." in text:
        text = text.rstrip("0")
    return text + "Z"


def to_mapping(event: Event) -> dict[str, object]:
    """The event ready for JSON, keys in the documented order."""
    body: dict[str, object] = {
        "id": event.id,
        "type": event.type.value,
        "at": timestamp(event.at),
        "seen_at": timestamp(event.seen_at),
        "lag_s": round(event.lag.total_seconds(), 3),
        "source": event.source.value,
        "page": _page(event),
    }
    if event.incident is not None:
        body["incident"] = _incident(event.incident)
    if event.update is not None:
        body["update"] = _update(event.update)
    if event.component is not None:
        body["component"] = _component(event.component)
    if event.feed is not None:
        body["feed"] = {"url": event.feed.url, "reason": event.feed.reason}
    if event.event_name:
        body["event_name"] = event.event_name
    return body


def encode_event(event: Event) -> bytes:
    """One line of JSON, without the line end."""
    return _encoder.encode(to_mapping(event))


def decode_event(body: bytes | str, key: str = "") -> Event:
    """The event that `encode_event` wrote; unknown words become `unknown`. Raises `msgspec.DecodeError` for what is not
    one, ValueError for an unknown type."""
    told = _decode(body)
    page = told.page
    return Event(
        type=_TYPES.get(told.type) or EventType(told.type),
        key=key,
        at=told.at,
        seen_at=told.seen_at,
        source=told.source,
        page=PageRef(page.slug, page.name, page.url),
        incident=_read_incident(told.incident) if told.incident else None,
        update=_read_update(told.update) if told.update else None,
        component=_read_component(told.component) if told.component else None,
        page_change=EventPage(_status(page.old), _status(page.new)) if page.new is not None else None,
        feed=EventFeed(told.feed.url, told.feed.reason) if told.feed else None,
        event_name=told.event_name,
        id=told.id,
    )


def decode_brief(body: bytes | str) -> Brief:
    """Of the event that `encode_event` wrote, what figures need. Raises `msgspec.DecodeError`."""
    return _decode_brief(body)


def _page(event: Event) -> dict[str, object]:
    page: dict[str, object] = {"slug": event.page.slug, "name": event.page.name, "url": event.page.url}
    if event.page_change is not None:
        page |= {"from": event.page_change.old.value, "to": event.page_change.new.value}
    return page


def _incident(incident: EventIncident) -> dict[str, object]:
    body: dict[str, object] = {
        "id": incident.id,
        "title": incident.title,
        "kind": incident.kind.value,
        "phase": incident.phase.value,
        "impact": incident.impact.value,
        "url": incident.url,
        "started_at": _optional(incident.started_at),
        "resolved_at": _optional(incident.resolved_at),
        "components": [_affected(component) for component in incident.components],
    }
    if incident.kind is Kind.MAINTENANCE:
        body["scheduled_for"] = _optional(incident.scheduled_for)
        body["scheduled_until"] = _optional(incident.scheduled_until)
    return body


def _affected(component: AffectedComponent) -> dict[str, object]:
    return {
        "id": component.id,
        "name": component.name,
        "group": component.group,
        "status": component.status.value,
    }


def _update(update: EventUpdate) -> dict[str, object]:
    return {"id": update.id, "phase": update.phase.value, "text": update.text, "at": timestamp(update.at)}


def _component(component: EventComponent) -> dict[str, object]:
    body: dict[str, object] = {
        "id": component.id,
        "name": component.name,
        "group": component.group,
        "status": component.status.value,
    }
    if component.new is not None:
        body |= {"from": component.old, "to": component.new}
    return body


def _optional(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


# --- reading ---------------------------------------------------------------------------------------------------------
#
# The shape as msgspec decodes it in one step, twice as quick as piece by piece: reports read tens of thousands.

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class _PageTold(msgspec.Struct, rename={"old": "from", "new": "to"}):
    slug: str
    name: str
    url: str
    old: str = ""
    new: str | None = None


class _AffectedTold(msgspec.Struct):
    id: str
    name: str
    status: str
    group: str | None = None


class _IncidentTold(msgspec.Struct):
    id: str
    title: str
    kind: Kind
    phase: str
    impact: str
    url: str
    started_at: _Moment | None = None
    resolved_at: _Moment | None = None
    components: tuple[_AffectedTold, ...] = ()
    scheduled_for: _Moment | None = None
    scheduled_until: _Moment | None = None


class _UpdateTold(msgspec.Struct):
    id: str
    phase: str
    text: str
    at: _Moment


class _ComponentTold(msgspec.Struct, rename={"old": "from", "new": "to"}):
    id: str
    name: str
    status: str
    group: str | None = None
    old: str | None = None
    new: str | None = None


class _FeedTold(msgspec.Struct, frozen=True, gc=False):
    url: str
    reason: str


class _EventTold(msgspec.Struct):
    type: str
    at: _Moment
    seen_at: _Moment
    source: Source
    page: _PageTold
    incident: _IncidentTold | None = None
    update: _UpdateTold | None = None
    component: _ComponentTold | None = None
    feed: _FeedTold | None = None
    event_name: str = ""
    id: int = 0


class BriefComponent(msgspec.Struct, rename={"old": "from", "new": "to"}, frozen=True, gc=False):
    """What an event says of a component, in its own words."""

    id: str
    name: str
    group: str | None = None
    old: str | None = None
    new: str | None = None


class _BriefPage(msgspec.Struct, rename={"old": "from", "new": "to"}, frozen=True, gc=False):
    old: str = ""
    new: str | None = None


class Brief(msgspec.Struct, frozen=True, gc=False):
    """As much of an event as figures over a long time need, read five times as quick, and out of the garbage
    collector's way: reports hold tens of thousands."""

    type: EventType
    at: _Moment
    seen_at: _Moment
    source: Source
    page: _BriefPage
    component: BriefComponent | None = None
    feed: _FeedTold | None = None

    @property
    def page_change(self) -> EventPage | None:
        page = self.page
        return None if page.new is None else EventPage(_status(page.old), _status(page.new))


_decode_brief = msgspec.json.Decoder(Brief).decode
_decode = msgspec.json.Decoder(_EventTold).decode
_TYPES = {one.value: one for one in EventType}
_STATUSES = {one.value: one for one in Status}
_PHASES = {one.value: one for one in Phase}
_IMPACTS = {one.value: one for one in Impact}


def _status(word: str | None) -> Status:
    return _STATUSES.get(word or "", Status.UNKNOWN)


def _read_incident(told: _IncidentTold) -> EventIncident:
    return EventIncident(
        id=told.id,
        title=told.title,
        kind=told.kind,
        phase=_PHASES.get(told.phase, Phase.UNKNOWN),
        impact=_IMPACTS.get(told.impact, Impact.UNKNOWN),
        url=told.url,
        started_at=told.started_at,
        resolved_at=told.resolved_at,
        components=tuple(
            AffectedComponent(one.id, one.name, one.group, _status(one.status)) for one in told.components
        ),
        scheduled_for=told.scheduled_for,
        scheduled_until=told.scheduled_until,
    )


def _read_update(told: _UpdateTold) -> EventUpdate:
    return EventUpdate(told.id, _PHASES.get(told.phase, Phase.UNKNOWN), told.text, told.at)


def _read_component(told: _ComponentTold) -> EventComponent:
    return EventComponent(told.id, told.name, told.group, _status(told.status), told.old, told.new)
