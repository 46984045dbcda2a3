"""The webhooks of an OpenStatus page, for visitors where the owner allows it and for the owner.

    {"version": "1", "type": "status_report", "subscription": {...},
     "data": {"status_report": {"id", "title", "url"?, "update": {"id", "status", "message", "occurred_at"},
                                "page": {"id", "name", "slug", "url"?}, "components": [{"id", "name", "impact"?}]}}}
    {"version": "1", "type": "maintenance",
     "data": {"maintenance": {"id", "title", "url"?, "message", "starts_at"?, "ends_at"?, "page", "components"}}}
    {"type": "test", ...}       {"type": "verification", "token", "verifyUrl"}

From the vendor's source, checked 2026-11. Nothing is signed. `subscription`, `token` and `verifyUrl` let anyone end or
confirm the subscription: they are secrets and never read. A subscription begins only when somebody has opened
`verifyUrl`; a problem says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
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
from statuswire.platforms.derived import worst_impact
from statuswire.platforms.openstatus_terms import LEVELS, NAME, PHASES, Fields, maintenance_id, planned_phase
from statuswire.platforms.reading import as_mapping, choose, ident, items, moment, normalise_url, plain, text, title
from statuswire.platforms.remembering import Now

REPORT: Final = "status_report"
MAINTENANCE: Final = "maintenance"
TEST: Final = "test"
VERIFICATION: Final = "verification"
_TEST_KEYS: Final = frozenset({"type", "message", "timestamp"})


def is_hook_body(fields: Fields) -> bool:
    """Whether the keys are those of a webhook body."""
    event = fields.get("type")
    if event in (REPORT, MAINTENANCE):
        return "subscription" in fields and isinstance(as_mapping(fields.get("data")).get(str(event)), dict)
    if event == TEST:
        return fields.keys() == _TEST_KEYS and "openstatus" in text(fields.get("message"), 200).lower()
    return event == VERIFICATION and "verifyUrl" in fields


def read_hook(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of one body, which covers nothing; raises ParseError where it is none of the four."""
    event = text(fields.get("type"), 40)
    if event == TEST:
        return Snapshot(NAME, event_name=event)
    if event == VERIFICATION:
        problem = Problem("verifyUrl", "the subscription begins when somebody opens the verifyUrl of this body")
        return Snapshot(NAME, problems=(problem,), event_name=event)
    told = as_mapping(as_mapping(fields.get("data")).get(event)) if event in (REPORT, MAINTENANCE) else {}
    own_id = ident(told.get("id"))
    if not own_id:
        raise ParseError(ParseReason.SHAPE, "not an OpenStatus webhook: no status_report or maintenance with an id")
    problems: list[Problem] = []
    incident = _report(own_id, told, problems) if event == REPORT else _maintenance(own_id, told, document, problems)
    return Snapshot(
        platform=NAME,
        page=_page(as_mapping(told.get("page"))),
        as_of=incident.updated_at,
        incidents=(incident,),
        problems=tuple(problems),
        event_name=event,
    )


def _page(page: Fields) -> PageFacts:
    return PageFacts(
        id=ident(page.get("id")) or None,
        name=title(page.get("name")) or None,
        url=_link(page.get("url")).rstrip("/") or None,
    )


def _link(value: object) -> str:
    url = text(value).strip()
    return url if url.startswith(("https://", "http://")) else ""


def _report(own_id: str, told: Fields, problems: list[Problem]) -> Incident:
    update = as_mapping(told.get("update"))
    word = text(update.get("status"), 200)
    phase = choose(word, PHASES, Phase.UNKNOWN, "update.status", problems) if word else None
    at = moment(update.get("occurred_at")) or moment(update.get("created_at")) or moment(update.get("date"))
    body, raw = plain(text(update.get("message")))
    components = _affected(told.get("components"), problems)
    url = _link(told.get("url"))
    message = IncidentUpdate(
        ident(update.get("id")), phase, body, at, raw=raw, raw_phase=word, components=components or ()
    )
    return Incident(
        id=own_id,
        title=title(told.get("title")) or own_id,
        phase=phase,
        impact=worst_impact(one.status for one in components or ()),
        url=url,
        updated_at=at,
        components=components,
        updates=(message,) if message.id or message.text else (),
        aliases=(normalise_url(url),) if url else (),
        raw_phase=word,
    )


def _maintenance(own_id: str, told: Fields, document: Document, problems: list[Problem]) -> Incident:
    begins, ends = moment(told.get("starts_at")), moment(told.get("ends_at"))
    body, raw = plain(text(told.get("message")))
    url = _link(told.get("url"))
    return Incident(
        id=maintenance_id(own_id),
        title=title(told.get("title")) or own_id,
        kind=Kind.MAINTENANCE,
        phase=planned_phase(begins, ends, Now(document.received_at)),
        impact=Impact.MAINTENANCE,
        url=url,
        scheduled_for=begins,
        scheduled_until=ends,
        components=_affected(told.get("components"), problems),
        updates=(IncidentUpdate("", None, body, None, raw=raw),) if body else (),
        aliases=(normalise_url(url),) if url else (),
    )


def _affected(listed: object, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    """The components with the level that the report gives each; None where the body has no list."""
    return tuple(_rows(listed, problems)) if isinstance(listed, list) else None


def _rows(listed: object, problems: list[Problem]) -> Iterator[AffectedComponent]:
    for index, row in items(listed, "components", problems):
        row_id, name = ident(row.get("id")), title(row.get("name"))
        word = text(row.get("impact"), 200)
        level = (
            choose(word, LEVELS, Status.UNKNOWN, f"components[{index}].impact", problems) if word else Status.UNKNOWN
        )
        if row_id or name:
            yield AffectedComponent(row_id, name, None, level)
