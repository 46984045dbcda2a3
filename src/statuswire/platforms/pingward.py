"""Pingward: webhooks of subscribers about components and incidents of a status page.

Documentation: <https://docs-dev.pingward.com> (checked 2026-11). The body is `{"event": "component.status_changed",
"timestamp", "statusPage": {"slug"}, "component": {"displayName", "previousStatus", "currentStatus"}}`; the shape of
`incident.created`, `incident.updated` and `incident.resolved` beyond that was not seen, so the incident in it is read
as the generic reader reads it. Nothing is signed; no public document is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Document, FeedSpec, Incident, PageFacts, Phase, Problem, Snapshot, Status
from statuswire.platforms import generic
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import oldest_first
from statuswire.platforms.reading import as_mapping, choose, ident, load_json, moment, require_mapping, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import COMPONENT_WORDS

NAME: Final = "pingward"
LEVELS: Final[Mapping[str, Status]] = COMPONENT_WORDS
_EVENTS: Final = ("component.", "incident.")

Fields = Mapping[str, object]


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """None: nobody knows a public document of these pages."""
    return ()


def parse(document: Document) -> Snapshot:
    """The body of a webhook that was kept. Raises ParseError."""
    return parse_hook(document)


def parse_hook(document: Document) -> Snapshot:
    """The new level of a component, or an incident. Raises ParseError."""
    fields = require_mapping(load_json(document), "the body")
    if not _is_own(fields):
        raise ParseError(ParseReason.SHAPE, "no event with a statusPage: not a webhook of Pingward")
    event = text(fields.get("event"), 200)
    page = PageFacts(id=title(as_mapping(fields.get("statusPage")).get("slug")) or None)
    if event.startswith("incident."):
        return _incident(fields, event, page)
    return _component(fields, event, page)


def _incident(fields: Fields, event: str, page: PageFacts) -> Snapshot:
    told = generic.read(dict(fields), NAME)
    incidents = tuple(_dated(one, moment(fields.get("timestamp"))) for one in told.incidents)
    if event == "incident.resolved":
        incidents = tuple(replace(one, phase=Phase.RESOLVED) for one in incidents)
    return replace(told, incidents=incidents, page=page, event_name=event)


def _dated(incident: Incident, at: datetime | None) -> Incident:
    """By the time of the event, or a hook that comes late would pass for news: the incident has that of its beginning
    only, and so has what the generic reader takes for its update."""
    updates = (
        replace(one, at=at or one.at) if not one.id and one.at in (None, incident.created_at) else one
        for one in incident.updates
    )
    return replace(incident, updated_at=incident.updated_at or at, updates=oldest_first(updates))


def _component(fields: Fields, event: str, page: PageFacts) -> Snapshot:
    problems: list[Problem] = []
    row = as_mapping(fields.get("component"))
    name = title(row.get("displayName"))
    own_id = ident(row.get("id")) or name
    if not own_id:
        problems.append(Problem("component", "a component without displayName"))
        return Snapshot(NAME, page=page, problems=tuple(problems), event_name=event)
    word = row.get("currentStatus")
    level = choose(word, LEVELS, Status.UNKNOWN, "component.currentStatus", problems)
    at = moment(fields.get("timestamp"))
    told = Component(own_id, name, None, level, text(word, 200), at, lacks_group=True)
    return Snapshot(NAME, page=page, components=(told,), problems=tuple(problems), event_name=event)


def _is_own(fields: Fields) -> bool:
    is_event = isinstance(fields.get("event"), str) and str(fields["event"]).startswith(_EVENTS)
    return is_event and isinstance(fields.get("statusPage"), dict)


def recognize(sight: Sight) -> bool:
    return _is_own(sight.fields) and "timestamp" in sight.fields


PLATFORM: Final = Platform(
    name=NAME,
    title="Pingward",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    coverage=Coverage(
        components=True,
        incidents=True,
        identity="the sender's id of an incident; components by name",
        absence="nothing",
        confidence=Confidence.LOW,
    ),
)
