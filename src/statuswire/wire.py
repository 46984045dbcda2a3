"""The one JSON shape of an event: in the console, the store, webhooks, the API and the stream alike.

The shape is public: it changes only by addition. What does not apply to an event is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

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
_Word = TypeVar("_Word", bound=StrEnum)


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
    """The event that `encode_event` wrote. Raises `msgspec.DecodeError`, KeyError, TypeError or ValueError."""
    return from_mapping(msgspec.json.decode(body), key)


def from_mapping(body: Mapping[str, Any], key: str = "") -> Event:
    """The event of a decoded body; unknown words become `unknown`, an unknown type is a ValueError."""
    page = body["page"]
    incident = body.get("incident")
    update = body.get("update")
    component = body.get("component")
    feed = body.get("feed")
    return Event(
        type=EventType(body["type"]),
        key=key,
        at=_moment(body["at"]),
        seen_at=_moment(body["seen_at"]),
        source=Source(body["source"]),
        page=PageRef(page["slug"], page["name"], page["url"]),
        incident=_read_incident(incident) if incident else None,
        update=_read_update(update) if update else None,
        component=_read_component(component) if component else None,
        page_change=EventPage(_word(Status, page["from"]), _word(Status, page["to"])) if "to" in page else None,
        feed=EventFeed(feed["url"], feed["reason"]) if feed else None,
        event_name=body.get("event_name", ""),
        id=int(body.get("id", 0)),
    )


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


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _optional_moment(text: str | None) -> datetime | None:
    return _moment(text) if text else None


def _word(kind: type[_Word], text: str) -> _Word:
    try:
        return kind(text)
    except ValueError:
        return kind("unknown")


def _read_incident(body: Mapping[str, Any]) -> EventIncident:
    return EventIncident(
        id=body["id"],
        title=body["title"],
        kind=Kind(body["kind"]),
        phase=_word(Phase, body["phase"]),
        impact=_word(Impact, body["impact"]),
        url=body["url"],
        started_at=_optional_moment(body.get("started_at")),
        resolved_at=_optional_moment(body.get("resolved_at")),
        components=tuple(_read_affected(one) for one in body.get("components", ())),
        scheduled_for=_optional_moment(body.get("scheduled_for")),
        scheduled_until=_optional_moment(body.get("scheduled_until")),
    )


def _read_affected(body: Mapping[str, Any]) -> AffectedComponent:
    return AffectedComponent(body["id"], body["name"], body.get("group"), _word(Status, body["status"]))


def _read_update(body: Mapping[str, Any]) -> EventUpdate:
    return EventUpdate(body["id"], _word(Phase, body["phase"]), body["text"], _moment(body["at"]))


def _read_component(body: Mapping[str, Any]) -> EventComponent:
    return EventComponent(
        body["id"],
        body["name"],
        body.get("group"),
        _word(Status, body["status"]),
        body.get("from"),
        body.get("to"),
    )
