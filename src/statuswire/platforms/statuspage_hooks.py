"""The subscriber webhooks of Atlassian Statuspage: an incident, or the new level of a component.

Documented at <https://support.atlassian.com/statuspage/docs/enable-webhook-notifications/> (checked 2026-11):
`{"meta", "page": {"id", "status_indicator", "status_description"}}` beside either `incident`, always whole, or
`component` and `component_update`. Nothing is signed. `meta.unsubscribe` lets anyone end the subscription, so `meta`
is read for its time alone and never kept. Bodies made by hand have neither ids nor times; they are read all the same.
"""

from __future__ import annotations

from datetime import datetime

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Document, Problem, Snapshot, Status
from statuswire.platforms.reading import as_mapping, choose, moment, text
from statuswire.platforms.statuspage_incidents import Setting, read_incident
from statuswire.platforms.statuspage_json import read_page, read_position
from statuswire.platforms.statuspage_terms import Fields, read_id, read_name
from statuswire.platforms.words import COMPONENT_WORDS

COMPONENT_EVENT = "component_update"
"""Statuspage names no events; this is the key by which a component's body is told from an incident's."""


def is_hook_body(loaded: object) -> bool:
    """Whether the keys are those of a subscriber body."""
    if not isinstance(loaded, dict):
        return False
    incident, change = loaded.get("incident"), loaded.get("component_update")
    if isinstance(incident, dict):
        return "incident_updates" in incident or ("name" in incident and "status" in incident)
    return isinstance(change, dict) and "new_status" in change


def read_hook(loaded: object, document: Document) -> Snapshot:
    """The Snapshot of one body, which covers nothing; raises ParseError where it tells of nothing."""
    fields = as_mapping(loaded)
    incident, change = as_mapping(fields.get("incident")), as_mapping(fields.get("component_update"))
    if not incident and not change:
        raise ParseError(ParseReason.SHAPE, "not a Statuspage webhook: neither incident nor component_update")
    problems: list[Problem] = []
    page = read_page(as_mapping(fields.get("page")), {}, problems)
    zone = page.time_zone or document.time_zone
    setting = Setting(problems, page.url or "", zone)
    told = read_incident(incident, "incident", setting) if incident else None
    changed = _component(as_mapping(fields.get("component")), change, problems, zone) if change else None
    if told is None and changed is None:
        raise ParseError(ParseReason.SHAPE, "a Statuspage webhook that names neither incident nor component")
    return Snapshot(
        platform="statuspage",
        page=page,
        as_of=_as_of(fields, told.updated_at if told else None, changed.updated_at if changed else None, zone),
        components=(changed,) if changed else (),
        incidents=(told,) if told else (),
        problems=tuple(problems),
        event_name="" if told else COMPONENT_EVENT,
    )


def _as_of(
    fields: Fields, incident_at: datetime | None, component_at: datetime | None, zone: str | None
) -> datetime | None:
    """When that was so: the stamp of what changed, and only without one the making of the body.

    A body is made up to a second after the change it tells, and later changes must not look older than it.
    """
    generated_at = moment(as_mapping(fields.get("meta")).get("generated_at"), zone)
    return incident_at or component_at or generated_at


def _component(component: Fields, change: Fields, problems: list[Problem], zone: str | None) -> Component | None:
    """`new_status` is the level the body was sent for; `component.status` may already be a later one."""
    component_id = read_id(component.get("id")) or read_id(change.get("component_id"))
    name = read_name(component.get("name"))
    if not component_id and not name:
        problems.append(Problem("component", "a component without id and name"))
        return None
    word = change.get("new_status") or component.get("status")
    return Component(
        id=component_id or name,
        name=name,
        status=choose(word, COMPONENT_WORDS, Status.UNKNOWN, "component_update.new_status", problems),
        raw_status=text(word),
        updated_at=moment(change.get("created_at"), zone) or moment(component.get("updated_at"), zone),
        position=read_position(component.get("position")),
    )
