"""The webhooks that visitors of an Instatus page subscribe to (instatus.com/help/webhooks, checked 2026-11).

    {"meta": {"unsubscribe", "documentation"}, "page": {"id", "status_indicator", "status_description", "url"},
     "incident": {...}}  or  "maintenance": {...}
     or "component": {"id", "name", "status"}, "component_update": {"component_id", "new_status", "created_at"}

Signed by `x-instatus-webhook-signature`, a hexadecimal HMAC-SHA256 of the JSON text, except for older subscriptions,
which have no secret. There is no time in it: what has been read is known by the ids of its updates. `meta` holds a
token and is never read. The components of an incident are not told: the page is polled after it.
"""

from __future__ import annotations

from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Document, Incident, Kind, PageFacts, Problem, Snapshot
from statuswire.platforms.instatus_incidents import Setting, first_moment, read_incident, said
from statuswire.platforms.instatus_terms import (
    NAME,
    OWN_LEVELS,
    PAGE_WORDS,
    PHASES,
    Fields,
    is_own_id,
    level_of,
    link_of,
)
from statuswire.platforms.reading import as_mapping, fold_word, ident, moment, text, title

COMPONENT_EVENT: Final = "component_update"
"""Instatus names no events; this is the key by which a component's body is told from an incident's."""

_KINDS: Final = (("incident", Kind.INCIDENT), ("maintenance", Kind.MAINTENANCE))


def is_hook_body(fields: Fields) -> bool:
    """Whether it is theirs and not Statuspage's, whose keys are the same: by ids, or by words in capitals."""
    for name, _ in _KINDS:
        told = as_mapping(fields.get(name))
        if told and ("name" in told or f"{name}_updates" in told):
            return is_own_id(told.get("id")) or _is_capital(told.get("status")) or _is_our_page(fields)
    change = as_mapping(fields.get(COMPONENT_EVENT))
    word = change.get("new_status")
    return isinstance(word, str) and (word in OWN_LEVELS or is_own_id(change.get("component_id")))


def _is_capital(word: object) -> bool:
    return isinstance(word, str) and word.isalpha() and word.isupper() and fold_word(word) in PHASES


def _is_our_page(fields: Fields) -> bool:
    return as_mapping(fields.get("page")).get("status_indicator") in PAGE_WORDS


def read_hook(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of one body, which covers nothing; raises ParseError where it tells of nothing."""
    problems: list[Problem] = []
    incident = _incident(fields, Setting(problems, document.time_zone))
    change = as_mapping(fields.get(COMPONENT_EVENT))
    changed = _component(as_mapping(fields.get("component")), change, problems) if incident is None else None
    if incident is None and changed is None:
        raise ParseError(ParseReason.SHAPE, "not an Instatus webhook: it names no incident, maintenance or component")
    return Snapshot(
        platform=NAME,
        page=_page(as_mapping(fields.get("page"))),
        as_of=incident.updated_at if incident else changed.updated_at if changed else None,
        components=(changed,) if changed else (),
        incidents=(incident,) if incident else (),
        problems=tuple(problems),
        event_name="" if incident else COMPONENT_EVENT,
    )


def _page(page: Fields) -> PageFacts:
    return PageFacts(
        id=ident(page.get("id")) or None,
        name=title(page.get("name")) or None,
        url=link_of(page.get("url")).rstrip("/") or None,
        status_text=title(page.get("status_description")) or title(page.get("status_indicator")),
    )


def _incident(fields: Fields, setting: Setting) -> Incident | None:
    for name, kind in _KINDS:
        told = as_mapping(fields.get(name))
        if told:
            return read_incident(told, name, kind, setting)
    return None


def _component(component: Fields, change: Fields, problems: list[Problem]) -> Component | None:
    """`new_status` is the level the body was sent for; `component.status` may already be a later one."""
    component_id, name = ident(component.get("id")) or ident(change.get("component_id")), said(component.get("name"))
    word = text(change.get("new_status"), 200) or text(component.get("status"), 200)
    if not component_id and not name:
        return None
    return Component(
        id=component_id or name,
        name=name,
        status=level_of(word, f"{COMPONENT_EVENT}.new_status", problems),
        raw_status=word,
        updated_at=moment(change.get("created_at")) or first_moment(component, ("updated_at",), None),
        lacks_status=not word,
    )
