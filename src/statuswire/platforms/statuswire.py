"""What `POST /webhook` takes: our own outbound bodies, those of the small monitors that came before, and all others.

Tried in this order, each by its shape alone:

1. another statuswire's events, `{"type", "timestamp", "data": <event>}` or a bare event: chaining keeps every id, so
   that what one instance told the next tells once; its signs of life and its tests;
2. flat bodies: `status.heartbeat`, `incident.update`, `status.change`;
3. `{"event": "test"}`, a connection test: one sample incident per sender, with an update per test;
4. Statuspage and incident.io webhooks, which their own adapters read;
5. any other JSON object with an incident in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from statuswire.errors import ParseError, ParseReason
from statuswire.fingerprint import digest
from statuswire.model import (
    AffectedComponent,
    Component,
    Document,
    EventType,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms import generic, incidentio_hooks, statuspage_hooks
from statuswire.platforms.base import Platform
from statuswire.platforms.reading import as_mapping, choose, ident, items, load_json, moment, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_WORDS, PHASE_WORDS

NAME = "statuswire"

_EVENT_TYPES = frozenset(kind.value for kind in EventType)
_TEST_EVENTS = frozenset({"test", "ping", "connection_test"})
Fields = Mapping[str, object]
_Word = TypeVar("_Word", Status, Phase, Impact)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """None: instances tell each other by webhook."""
    return ()


def parse(document: Document) -> Snapshot:
    """What a body says, whichever of the kinds above it is. Raises ParseError for a body that tells of nothing."""
    body = load_json(document)
    if not isinstance(body, dict):
        raise ParseError(ParseReason.SHAPE, "not a JSON object")
    for is_such, read in _READERS:
        if is_such(body):
            return read(body, document)
    return generic.read(body)


def recognize(sight: Sight) -> bool:
    """True for our own events and the flat bodies."""
    return bool(sight.fields) and (_is_event(sight.fields) or _is_flat(sight.fields))


# --- our own events --------------------------------------------------------------------------------------------


def _event_of(body: Fields) -> Fields:
    """The event, out of its envelope if it has one."""
    inner = as_mapping(body.get("data"))
    return inner if text(inner.get("type")) in _EVENT_TYPES else body


def _is_event(body: Fields) -> bool:
    event = _event_of(body)
    return (
        not _is_trial(body)
        and text(event.get("type")) in _EVENT_TYPES
        and "seen_at" in event
        and isinstance(event.get("page"), dict)
    )


def _read_event(body: Fields, document: Document) -> Snapshot:
    """The part of the world that an event tells of. Events about feeds and heartbeats tell of none."""
    event = _event_of(body)
    problems: list[Problem] = []
    page = as_mapping(event.get("page"))
    told_at = moment(event.get("at"))
    incident = as_mapping(event.get("incident"))
    component = as_mapping(event.get("component"))
    return Snapshot(
        platform=NAME,
        page=PageFacts(
            id=ident(page.get("slug")) or None,
            name=title(page.get("name")) or None,
            url=text(page.get("url")).rstrip("/") or None,
            status=choose(page["to"], COMPONENT_WORDS, Status.UNKNOWN, "page.to", problems) if "to" in page else None,
        ),
        as_of=told_at,
        components=_component(component, event, problems),
        incidents=_incident(incident, event, problems),
        problems=tuple(problems),
        event_name=text(event.get("event_name")) or text(event.get("type")),
    )


def _component(told: Fields, event: Fields, problems: list[Problem]) -> tuple[Component, ...]:
    component_id = ident(told.get("id"))
    if not component_id or event.get("type") == EventType.COMPONENT_REMOVED:
        return ()
    status = choose(told.get("status"), COMPONENT_WORDS, Status.UNKNOWN, "component.status", problems)
    return (
        Component(
            id=component_id,
            name=title(told.get("name")) or component_id,
            group=title(told.get("group")) or None,
            status=status,
            raw_status=text(told.get("status")),
            updated_at=moment(event.get("at")),
        ),
    )


def _incident(told: Fields, event: Fields, problems: list[Problem]) -> tuple[Incident, ...]:
    incident_id = ident(told.get("id"))
    if not incident_id:
        return ()
    update = as_mapping(event.get("update"))
    incident = Incident(
        id=incident_id,
        title=title(told.get("title")),
        kind=Kind.MAINTENANCE if told.get("kind") == Kind.MAINTENANCE else Kind.INCIDENT,
        phase=_word(told.get("phase"), PHASE_WORDS, Phase.UNKNOWN, "incident.phase", problems),
        impact=_word(told.get("impact"), IMPACT_WORDS, Impact.UNKNOWN, "incident.impact", problems),
        url=text(told.get("url")),
        started_at=moment(told.get("started_at")),
        resolved_at=moment(told.get("resolved_at")),
        updated_at=moment(event.get("at")),
        scheduled_for=moment(told.get("scheduled_for")),
        scheduled_until=moment(told.get("scheduled_until")),
        components=_affected(told.get("components"), problems),
        updates=(_update(update, problems),) if update else (),
        raw_phase=text(told.get("phase")),
        raw_impact=text(told.get("impact")),
    )
    return (incident,)


def _update(told: Fields, problems: list[Problem]) -> IncidentUpdate:
    return IncidentUpdate(
        id=ident(told.get("id")),
        phase=_word(told.get("phase"), PHASE_WORDS, Phase.UNKNOWN, "update.phase", problems),
        text=text(told.get("text")),
        at=moment(told.get("at")),
        raw_phase=text(told.get("phase")),
    )


def _affected(listed: object, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    if not isinstance(listed, list):
        return None
    return tuple(
        AffectedComponent(
            ident(one.get("id")),
            title(one.get("name")),
            title(one.get("group")) or None,
            choose(one.get("status"), COMPONENT_WORDS, Status.UNKNOWN, f"components[{place}].status", problems),
        )
        for place, one in items(listed, "components", problems)
    )


def _word(word: object, table: Mapping[str, _Word], default: _Word, where: str, problems: list[Problem]) -> _Word:
    return choose(word, table, default, where, problems)


def _is_sign_of_life(body: Fields) -> bool:
    """A heartbeat of another instance, or a notice about itself."""
    kind, inner = text(body.get("type")), as_mapping(body.get("data"))
    return (kind == EventType.HEARTBEAT and "state" in inner) or (kind == "notice" and "title" in inner)


def _read_sign_of_life(body: Fields, document: Document) -> Snapshot:
    """Of no page: it says only how the other instance is."""
    return Snapshot(platform=NAME, as_of=moment(body.get("timestamp")), event_name=text(body.get("type")))


def _is_trial(body: Fields) -> bool:
    """Whether another instance tries its channel: the event inside is a sample that never happened."""
    return text(body.get("type")) == "test" and text(as_mapping(body.get("data")).get("type")) in _EVENT_TYPES


# --- flat bodies -----------------------------------------------------------------------------------------------


def _is_flat(body: Fields) -> bool:
    return text(body.get("event")) in _FLAT


def _read_flat(body: Fields, document: Document) -> Snapshot:
    return _FLAT[text(body.get("event"))](body)


def _read_heartbeat(body: Fields) -> Snapshot:
    """The page's level. The last incident is history that its own event has told, so it is not told again."""
    return _page_level(body, body.get("state"), "state")


def _read_change(body: Fields) -> Snapshot:
    return _page_level(body, body.get("to"), "to")


def _page_level(body: Fields, word: object, where: str) -> Snapshot:
    problems: list[Problem] = []
    return Snapshot(
        platform=NAME,
        page=PageFacts(
            name=title(body.get("page") or body.get("provider")) or None,
            status=choose(word, COMPONENT_WORDS, Status.UNKNOWN, where, problems) if word else None,
            status_text=text(body.get("message")) or text(body.get("status_label")),
        ),
        as_of=moment(body.get("timestamp")),
        problems=tuple(problems),
        event_name=text(body.get("event")),
    )


def _read_flat_incident(body: Fields) -> Snapshot:
    """An incident known by its title alone, in the phase that the body names."""
    name = title(body.get("incident_title") or body.get("title"))
    if not name:
        raise ParseError(ParseReason.SHAPE, "an incident.update without incident_title")
    problems: list[Problem] = []
    word = body.get("phase") or body.get("status")
    phase = choose(word, PHASE_WORDS, Phase.UNKNOWN, "phase", problems) if word else None
    at = moment(body.get("timestamp"))
    is_planned = phase in (Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED)
    said = text(body.get("message") or body.get("text"))
    incident = Incident(
        id=ident(body.get("incident_id")) or "flat-" + digest("flat", name.casefold())[:16],
        title=name,
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase=phase,
        url=text(body.get("url")),
        updated_at=at,
        components=generic.affected_components(body, "incident.update", problems),
        updates=(IncidentUpdate(ident(body.get("update_id")), phase, said, at, raw_phase=text(word)),),
        raw_phase=text(word),
    )
    return Snapshot(
        platform=NAME,
        page=PageFacts(name=title(body.get("page") or body.get("provider")) or None),
        as_of=at,
        incidents=(incident,),
        problems=tuple(problems),
        event_name=text(body.get("event")),
    )


_FLAT: dict[str, Callable[[Fields], Snapshot]] = {
    "status.heartbeat": _read_heartbeat,
    "status.change": _read_change,
    "incident.update": _read_flat_incident,
}


# --- a connection test -----------------------------------------------------------------------------------------


def _is_test(body: Fields) -> bool:
    if _is_trial(body):
        return True
    return text(body.get("event")) in _TEST_EVENTS and not generic.find_incidents(body)


def _read_test(body: Fields, document: Document) -> Snapshot:
    """A sample incident that is over: one per sender, so that tests do not pile up, with an update per test."""
    sender = title(body.get("provider") or body.get("source")) or "test"
    at = document.received_at.replace(microsecond=0)
    said = text(body.get("message")) or f"Connection test from {sender}."
    incident_id = "test-" + digest("test", sender.casefold())[:12]
    update = IncidentUpdate(f"{incident_id}-{int(at.timestamp())}", Phase.RESOLVED, said, at, raw_phase="resolved")
    incident = Incident(
        id=incident_id,
        title="Test event",
        phase=Phase.RESOLVED,
        impact=Impact.NONE,
        updated_at=at,
        components=(),
        updates=(update,),
        raw_phase="resolved",
    )
    return Snapshot(
        platform=NAME,
        page=PageFacts(name=sender),
        as_of=at,
        incidents=(incident,),
        event_name=text(body.get("event")) or text(body.get("type")),
    )


# --- others ----------------------------------------------------------------------------------------------------


def _is_statuspage(body: Fields) -> bool:
    return "event_type" not in body and "data" not in body and statuspage_hooks.is_hook_body(body)


def _read_statuspage(body: Fields, document: Document) -> Snapshot:
    return statuspage_hooks.read_hook(body, document)


_Test = Callable[[Fields], bool]
_Reader = Callable[[Fields, Document], Snapshot]
_READERS: tuple[tuple[_Test, _Reader], ...] = (
    (_is_event, _read_event),
    (_is_sign_of_life, _read_sign_of_life),
    (_is_flat, _read_flat),
    (_is_test, _read_test),
    (_is_statuspage, _read_statuspage),
    (incidentio_hooks.is_hook, incidentio_hooks.read_hook),
)

PLATFORM = Platform(name=NAME, title="statuswire", feeds=feeds, parse=parse, parse_hook=parse, recognize=recognize)
