"""StatusPal's webhooks, which the owner of a page sets up: unsigned, and thinner than the API.

    {"event": "incident.created", "data": {"object": {"id", "starts_at", "ends_at", "service_ids", "l_title"}}}
    {"event": "service.monitored_status.updated", "data": {"object": {"id", "name"}, "monitored_status": "down"}}

Described at help.statuspal.io (article 44), checked 2026-11. `incident.deleted` is one of the few explicit deletions
anywhere: the incident is over, the maintenance is off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Document, Incident, Kind, Phase, Problem, Snapshot, Status
from statuswire.platforms.reading import as_mapping, choose, ident, text, title
from statuswire.platforms.remembering import Now
from statuswire.platforms.statuspal_incidents import Setting, read_incident
from statuswire.platforms.statuspal_terms import MONITORED, NAME, Fields

INCIDENT_EVENTS: Final = frozenset({"incident.created", "incident.updated", "incident.deleted"})
SERVICE_EVENT: Final = "service.monitored_status.updated"


def is_hook_body(fields: Fields) -> bool:
    """Whether the event is one of StatusPal's and has an object."""
    event = text(fields.get("event"), 100)
    has_object = isinstance(as_mapping(fields.get("data")).get("object"), dict)
    return has_object and (event == SERVICE_EVENT or event in INCIDENT_EVENTS)


def read_hook(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of one body, which covers nothing. Raises ParseError where it is none, or names nothing."""
    if not is_hook_body(fields):
        raise ParseError(ParseReason.SHAPE, "not a StatusPal webhook: no event of theirs with an object")
    event, told = text(fields.get("event")), as_mapping(fields.get("data"))
    row = as_mapping(told.get("object"))
    if not ident(row.get("id")):
        raise ParseError(ParseReason.SHAPE, "a StatusPal webhook without an id", where="data.object.id")
    problems: list[Problem] = []
    if event == SERVICE_EVENT:
        components = (_service(row, told.get("monitored_status"), problems),)
        return Snapshot(NAME, components=components, problems=tuple(problems), event_name=event)
    incident = read_incident(row, "data.object", Setting(Now(document.served_at), document.time_zone, problems))
    return Snapshot(
        platform=NAME,
        as_of=incident.updated_at,
        incidents=(_deleted(incident) if event == "incident.deleted" else incident,),
        problems=tuple(problems),
        event_name=event,
    )


def _deleted(incident: Incident) -> Incident:
    phase = Phase.CANCELLED if incident.kind is Kind.MAINTENANCE else Phase.RESOLVED
    return replace(incident, phase=phase, raw_phase="deleted")


def _service(row: Fields, word: object, problems: list[Problem]) -> Component:
    return Component(
        id=ident(row.get("id")),
        name=title(row.get("name")),
        status=choose(word, MONITORED, Status.UNKNOWN, "data.monitored_status", problems),
        raw_status=text(word, 200),
        lacks_status=not word,
    )
