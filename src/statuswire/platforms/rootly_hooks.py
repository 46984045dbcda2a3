"""Rootly's account webhooks: `{"event": {"id", "type", "issued_at"}, "data": {...}}`, signed in `X-Rootly-Signature`.

Types and payloads: <https://docs.rootly.com/configuration/webhooks> and `.../event-payloads`, checked 2026-11. They
tell of internal incidents, under other ids than the public documents, and are sent for every change: what has a text is
an update, known by that text, so that a change of something else tells nothing. Those about anything but incidents
(`alert.created`, `pulse.created`, retrospectives) tell nothing, nor do private incidents and those made for practice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.fingerprint import digest
from statuswire.model import Impact, Incident, IncidentUpdate, Kind, Phase, Problem, Snapshot
from statuswire.platforms.addresses import web_url
from statuswire.platforms.reading import as_mapping, choose, flag, ident, moment, plain, text, title
from statuswire.platforms.rootly_terms import IMPACTS, NAME, PHASES, Fields

INCIDENT_EVENTS: Final = frozenset(
    {
        *(f"incident.{done}" for done in ("created", "updated", "in_triage", "mitigated", "resolved", "cancelled")),
        "incident.deleted",
        *(f"incident.scheduled.{done}" for done in ("created", "updated", "in_progress", "completed", "deleted")),
    }
)
EVENT_FAMILIES: Final = (
    "incident.",
    "incident_post_mortem.",
    "incident_status_page_event.",
    "incident_event.",
    "alert.",
    "pulse.",
    "genius_workflow_run.",
)

_MESSAGES: Final[dict[Phase, str]] = {
    Phase.MONITORING: "mitigation_message",
    Phase.RESOLVED: "resolution_message",
    Phase.CANCELLED: "cancellation_message",
}
"""The field that says what an incident's last step was about; else its summary does."""

_PRACTICE: Final = frozenset({"test", "test_sub", "example", "example_sub"})


def event_type_of(fields: Fields) -> str:
    return text(as_mapping(fields.get("event")).get("type"), 100)


def is_hook_body(fields: Fields) -> bool:
    """Whether the keys, and the name of the event, are those of a webhook body."""
    event = as_mapping(fields.get("event"))
    return "issued_at" in event and event_type_of(fields).startswith(EVENT_FAMILIES) and "data" in fields


def read_hook(fields: Fields) -> Snapshot:
    """The Snapshot of one body, which covers nothing. Raises ParseError where it is none, or names no incident."""
    kind = event_type_of(fields)
    if not is_hook_body(fields):
        raise ParseError(ParseReason.SHAPE, "not a Rootly webhook: no event with type and issued_at beside data")
    if kind not in INCIDENT_EVENTS:
        problem = Problem("event.type", f"{kind} tells nothing of incidents")
        return Snapshot(platform=NAME, event_name=kind, problems=(problem,))
    row = as_mapping(fields.get("data"))
    if not ident(row.get("id")):
        raise ParseError(ParseReason.SHAPE, "a Rootly webhook without the id of its incident", where="data.id")
    if flag(row.get("private")) or text(row.get("kind")) in _PRACTICE:
        return Snapshot(platform=NAME, event_name=kind)
    problems: list[Problem] = []
    issued_at = moment(as_mapping(fields.get("event")).get("issued_at"))
    incident = _incident(kind, row, problems)
    at = incident.updated_at or issued_at
    return Snapshot(
        platform=NAME,
        as_of=at,
        incidents=(replace(incident, updates=_updates(row, incident, at)),),
        problems=tuple(problems),
        event_name=kind,
    )


def _incident(kind: str, row: Fields, problems: list[Problem]) -> Incident:
    is_planned = kind.startswith("incident.scheduled.") or text(row.get("kind")).startswith("scheduled")
    word = text(row.get("status"), 200)
    phase = choose(word, PHASES, Phase.UNKNOWN, "data.status", problems) if word else None
    if kind.endswith(".deleted"):
        phase, word = Phase.CANCELLED if is_planned else Phase.RESOLVED, "deleted"
    severity = _severity(row.get("severity"))
    means = choose(severity, IMPACTS, Impact.UNKNOWN, "data.severity", problems)
    url = web_url(row.get("url"))
    return Incident(
        id=ident(row.get("id")),
        title=title(row.get("public_title")) or title(row.get("title")),
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase=phase,
        impact=Impact.MAINTENANCE if is_planned else means,
        url=url,
        created_at=moment(row.get("created_at")),
        started_at=moment(row.get("started_at")),
        resolved_at=moment(row.get("resolved_at")) or moment(row.get("cancelled_at")),
        updated_at=moment(row.get("updated_at")),
        scheduled_for=moment(row.get("scheduled_for")),
        scheduled_until=moment(row.get("scheduled_until")),
        backfilled=text(row.get("kind")).startswith("backfilled"),
        raw_phase=word,
        raw_impact=severity,
    )


def _severity(value: object) -> str:
    """The word for how bad it is: a text, or a field of the object that describes the severity, however wrapped."""
    row = as_mapping(value)
    for key in ("data", "attributes"):
        row = as_mapping(row[key]) if isinstance(row.get(key), dict) else row
    return text(row.get("severity"), 200) if isinstance(value, dict) else text(value, 200)


def _updates(row: Fields, incident: Incident, at: datetime | None) -> tuple[IncidentUpdate, ...]:
    """What the body says in words; its id is made of phase and text, since every body repeats the text."""
    message = _MESSAGES.get(incident.phase, "") if incident.phase else ""
    said, raw = plain(text(row.get(message)) or text(row.get("summary")))
    if not said or incident.raw_phase == "deleted":
        return ()
    own_id = "d-" + digest("rootly", incident.id, incident.phase or "", said)[:16]
    return (IncidentUpdate(own_id, incident.phase, said, at, raw=raw, raw_phase=incident.raw_phase),)
