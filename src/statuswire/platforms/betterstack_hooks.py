"""The webhooks that visitors of a Better Stack page subscribe to (documented, checked 2026-11).

    {"event_type": "incident" | "maintenance" | "component_update", "meta": {"unsubscribe", ...},
     "page": {"id", "status_indicator", "status_description"},
     "incident": {"id", "name", "created_at", "updated_at", "shortlink",
                  "incident_updates": [{"id", "status_report_id", "body", "created_at", "updated_at"}]}}

A maintenance has `starts_at`, `ends_at` and `maintenance_updates`. The event is also the header `X-BetterUptime-Event`.
Nothing is signed, and `meta.unsubscribe` ends the subscription for anyone who has it: it is never read. An incident has
no status here, so that the page is polled after every hook. How a component's change looks is not shown in the
documentation; it is read as the products do whose shape the other two have.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Document,
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
from statuswire.platforms.betterstack_terms import LEVELS, NAME, Fields, leading_phase, phase_by_time
from statuswire.platforms.derived import oldest_first
from statuswire.platforms.reading import as_mapping, choose, ident, items, moment, normalise_url, plain, text, title
from statuswire.platforms.remembering import Now

EVENT_HEADER: Final = "x-betteruptime-event"
COMPONENT_EVENT: Final = "component_update"
_KINDS: Final = {"incident": Kind.INCIDENT, "maintenance": Kind.MAINTENANCE}
_EVENTS: Final = frozenset({*_KINDS, COMPONENT_EVENT})


def is_hook_body(fields: Fields) -> bool:
    """Whether the keys are those of a webhook body: an event, the object of its name, and a page with its roll-up."""
    event = fields.get("event_type")
    return (
        isinstance(event, str)
        and event in _EVENTS
        and bool(fields.keys() & {event, "component", COMPONENT_EVENT})
        and "status_indicator" in as_mapping(fields.get("page"))
    )


def read_hook(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of one body, which covers nothing; raises ParseError where it tells of nothing."""
    event = text(fields.get("event_type"), 40) or document.headers.get(EVENT_HEADER, "")
    problems: list[Problem] = []
    incident = _incident(fields, document.received_at, problems)
    changed = None if incident else _component(fields, problems)
    if incident is None and changed is None:
        raise ParseError(
            ParseReason.SHAPE, "not a Better Stack webhook: no incident, maintenance or component with an id"
        )
    return Snapshot(
        platform=NAME,
        page=_page(as_mapping(fields.get("page")), problems),
        as_of=incident.updated_at if incident else changed.updated_at if changed else None,
        components=(changed,) if changed else (),
        incidents=(incident,) if incident else (),
        problems=tuple(problems),
        event_name=event,
    )


def _page(page: Fields, problems: list[Problem]) -> PageFacts:
    word = page.get("status_indicator")
    return PageFacts(
        id=ident(page.get("id")) or None,
        status=choose(word, LEVELS, Status.UNKNOWN, "page.status_indicator", problems) if word else None,
        status_text=title(page.get("status_description")),
    )


# --- incidents -------------------------------------------------------------------------------------------------


def _incident(fields: Fields, now: datetime, problems: list[Problem]) -> Incident | None:
    name = next((name for name in _KINDS if isinstance(fields.get(name), dict)), "")
    told = as_mapping(fields.get(name)) if name else {}
    incident_id = ident(told.get("id"))
    if not incident_id:
        return None
    kind = _KINDS[name]
    is_planned = kind is Kind.MAINTENANCE
    begins, ends = moment(told.get("starts_at")), moment(told.get("ends_at"))
    updates = oldest_first(_updates(told.get(f"{name}_updates"), f"{name}.{name}_updates", problems))
    link = text(told.get("shortlink")).strip()
    return Incident(
        id=incident_id,
        title=title(told.get("name")) or incident_id,
        kind=kind,
        phase=phase_by_time(begins, ends, Now(now)) if is_planned else _told_phase(updates),
        impact=Impact.MAINTENANCE if is_planned else Impact.UNKNOWN,
        url=link if link.startswith(("https://", "http://")) else "",
        created_at=moment(told.get("created_at")),
        started_at=None if is_planned else begins,
        updated_at=moment(told.get("updated_at")),
        scheduled_for=begins if is_planned else None,
        scheduled_until=ends if is_planned else None,
        updates=updates,
        aliases=(normalise_url(link),) if link else (),
    )


def _told_phase(updates: tuple[IncidentUpdate, ...]) -> Phase | None:
    return next((update.phase for update in reversed(updates) if update.phase), None)


def _updates(listed: object, where: str, problems: list[Problem]) -> Iterator[IncidentUpdate]:
    for _, row in items(listed, where, problems):
        message = text(row.get("body"))
        body, raw = plain(message)
        phase, word = leading_phase(message)
        yield IncidentUpdate(
            id=ident(row.get("id")),
            phase=phase,
            text=body,
            at=moment(row.get("created_at")),
            updated_at=moment(row.get("updated_at")),
            raw=raw,
            raw_phase=word,
        )


# --- components ------------------------------------------------------------------------------------------------


def _component(fields: Fields, problems: list[Problem]) -> Component | None:
    change = as_mapping(fields.get(COMPONENT_EVENT))
    component = as_mapping(fields.get("component")) or as_mapping(change.get("component"))
    component_id = ident(component.get("id")) or ident(change.get("component_id"))
    word = text(change.get("new_status"), 200) or text(component.get("status"), 200) or text(change.get("status"), 200)
    if not component_id:
        return None
    return Component(
        id=component_id,
        name=title(component.get("name")) or title(component.get("public_name")),
        status=choose(word, LEVELS, Status.UNKNOWN, "component_update.new_status", problems),
        raw_status=word,
        updated_at=moment(change.get("created_at")) or moment(component.get("updated_at")),
        lacks_status=not word,
    )
