"""The webhooks of Cachet 3, which only its owner can set up: `{"event", "body"}` (vendor's source, checked 2026-11).

Signed: header `Signature` holds the hexadecimal HMAC-SHA256 of the body. Components and incidents come as
`{"resource", "id", "attributes": {...}}` with times in ISO 8601, in early releases as a flat row; a change of level as
`{"component_id", "old_status", "new_status"}`. Schedules and incident updates send nothing, so that the `status` of an
incident may be the one from before its updates: only "fixed" is believed of an incident that was changed, and the page
says the rest. Its stamps are in UTC, those of the polled documents in a zone that nobody states: they are compared only
where that is known. Metrics and subscribers are no news.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Document, Incident, PageFacts, Phase, Problem, Snapshot
from statuswire.platforms.cachet_terms import LEVELS_3, NAME, PHASES_3, is_disabled, level, opening, phase
from statuswire.platforms.cachet_v3 import incident_names
from statuswire.platforms.reading import as_mapping, ident, load_json, moment, text, title

Fields = Mapping[str, object]

_OTHER_EVENTS: Final = (
    "beacon_sent",
    *(f"metric_{done}" for done in ("created", "updated", "deleted", "point_created", "point_deleted")),
    *(f"subscriber_{done}" for done in ("created", "unsubscribed", "verified")),
)
EVENTS: Final = frozenset(
    (
        *(f"component_{done}" for done in ("created", "updated", "deleted", "status_changed")),
        *(f"incident_{done}" for done in ("created", "updated", "deleted")),
        *_OTHER_EVENTS,
    )
)


def is_hook_body(fields: Fields) -> bool:
    event = fields.get("event")
    return isinstance(event, str) and event in EVENTS and isinstance(fields.get("body"), dict | list)


def read_hook(document: Document) -> Snapshot:
    """The Snapshot of one body, which covers nothing; raises ParseError where it is none of Cachet's."""
    fields = as_mapping(load_json(document))
    event = text(fields.get("event"), 100)
    if not is_hook_body(fields):
        raise ParseError(ParseReason.SHAPE, "not a Cachet webhook: no known `event` with a `body`", where="event")
    body = as_mapping(fields.get("body"))
    row = as_mapping(body.get("attributes")) or body
    problems: list[Problem] = []
    incident = _incident(event, body, row, problems, document) if event.startswith("incident_") else None
    component = _component(event, body, row, problems) if event.startswith("component_") else None
    return Snapshot(
        platform=NAME,
        page=PageFacts(),
        components=(component,) if component else (),
        incidents=(incident,) if incident else (),
        problems=tuple(problems),
        event_name=event,
    )


def _component(event: str, body: Fields, row: Fields, problems: list[Problem]) -> Component | None:
    """None for one that was deleted or switched off: a single hook cannot say that it is gone; the page will."""
    component_id = ident(body.get("component_id")) or ident(body.get("id"))
    if not component_id:
        problems.append(Problem("body", "a component without id"))
        return None
    if event == "component_deleted" or is_disabled(row):
        return None
    word = body.get("new_status") if event == "component_status_changed" else row.get("status")
    status, raw = level(word, LEVELS_3, "body.status", problems)
    return Component(
        id=component_id,
        name=title(row.get("name")),
        status=status,
        raw_status=raw,
        lacks_status=not raw,
    )


def _incident(event: str, body: Fields, row: Fields, problems: list[Problem], document: Document) -> Incident | None:
    """A deletion moves no stamp of the row: it is as new as the hook."""
    names = incident_names(ident(body.get("id")), row, "")
    if not names:
        problems.append(Problem("body", "an incident without id"))
        return None
    now, word = phase(row.get("status"), PHASES_3, "body.status", problems)
    if event == "incident_deleted":
        now, word = Phase.RESOLVED, "deleted"
    elif event == "incident_updated" and now is not Phase.RESOLVED:
        now, word = None, ""
    created_at, updated_at = moment(row.get("created_at")), moment(row.get("updated_at"))
    changed_at = document.received_at if event == "incident_deleted" else updated_at
    began = moment(row.get("occurred_at")) or created_at
    return Incident(
        id=names[0],
        title=title(row.get("name")),
        phase=now,
        created_at=created_at,
        started_at=began,
        resolved_at=updated_at if now is Phase.RESOLVED else None,
        updated_at=changed_at if document.time_zone else None,
        updates=opening(None, "", row.get("message"), began),
        aliases=names[1:],
        raw_phase=word,
    )
