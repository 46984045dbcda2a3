"""Rootly: the document of the state with what goes on, and the history's feed with what was said last; apart from them
the account's webhooks, which tell of internal incidents under other ids, so that no page has both. What the list of
active incidents lacks is over, which is not known of maintenances.

Shapes from the vendor's documentation (checked 2026-11).
"""

from __future__ import annotations

from dataclasses import replace
from email.utils import format_datetime
from html import escape

import msgspec

from statuswire.model import Impact, Kind, Phase
from statuswire.platforms import rootly
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer, nothing
from .markup import in_order, lived_window, stamp
from .sayings import newest_update

HISTORY = "/history.rss"
IMPACTS = {Impact.MINOR: "minor", Impact.MAJOR: "major", Impact.CRITICAL: "critical"}
SEVERITIES = {Impact.MINOR: "low", Impact.MAJOR: "high", Impact.CRITICAL: "critical"}
LABELS = {Phase.IN_PROGRESS: "Underway", Phase.COMPLETED: "Complete"}
INTERNAL = {Phase.IDENTIFIED: "started", Phase.INVESTIGATING: "started", Phase.MONITORING: "mitigated"}
MESSAGES = {
    Phase.MONITORING: "mitigation_message",
    Phase.RESOLVED: "resolution_message",
    Phase.CANCELLED: "cancellation_message",
}
EVENTS = {
    Phase.SCHEDULED: "scheduled.created",
    Phase.IN_PROGRESS: "scheduled.in_progress",
    Phase.COMPLETED: "scheduled.completed",
    Phase.MONITORING: "mitigated",
    Phase.RESOLVED: "resolved",
}


def write(provider: Provider, url: str) -> bytes | None:
    """The state with its updates; the feed where it is known."""
    if url == f"{PAGE_URL}/api/v1/status.json":
        return msgspec.json.encode(_state(provider))
    return _rss(provider).encode() if url == f"{PAGE_URL}{HISTORY}" else None


def hook(provider: Provider, what: What) -> bytes | None:
    """An internal incident, for each of its steps, each of which has a text of its own in the field named for it."""
    if isinstance(what, str) or what.is_deleted or what.updates[-1].at != provider.now:
        return None
    update = what.updates[-1]
    begins, ends = lived_window(what)
    is_planned = what.kind is Kind.MAINTENANCE
    event = EVENTS.get(what.phase, "created" if len(what.updates) == 1 else "updated")
    row: dict[str, object] = {
        "id": internal_id(what),
        "title": "relay-eu deploy broken",
        "public_title": what.title,
        "kind": "scheduled" if is_planned else "normal",
        "private": False,
        "summary": update.text,
        "status": what.phase.value if is_planned else INTERNAL.get(what.phase, what.phase.value),
        "severity": {"data": {"attributes": {"severity": SEVERITIES[what.impact]}}},
        "url": f"https://rootly.com/account/incidents/{internal_id(what)}",
        "started_at": stamp(what.created_at),
        "scheduled_for": stamp(begins) if is_planned else None,
        "scheduled_until": stamp(ends) if is_planned else None,
        "created_at": stamp(what.created_at),
        "updated_at": stamp(what.updated_at),
    }
    if what.phase in MESSAGES:
        row |= {MESSAGES[what.phase]: update.text}
    head = {"id": f"e-{update.token}", "type": f"incident.{event}", "issued_at": stamp(provider.now)}
    return msgspec.json.encode({"event": head, "data": row})


def incident_id(one: TrueIncident) -> str:
    """The address."""
    return f"{PAGE_URL}/incidents/{one.id}"


def internal_id(one: TrueIncident) -> str:
    return f"b7e0d587-50e6-44fe-b010-{int(one.id[:-1]):012}"


def phase(phase: Phase, _: int) -> Phase:
    return {Phase.VERIFYING: Phase.IN_PROGRESS, Phase.POSTMORTEM: Phase.RESOLVED}.get(phase, phase)


def internal_phase(wanted: Phase, number: int) -> Phase:
    """An internal incident has started or is mitigated."""
    known = phase(wanted, number)
    return Phase.INVESTIGATING if known is Phase.IDENTIFIED else known


def _state(provider: Provider) -> dict[str, object]:
    going_on = [one for one in provider.alive() if one.is_open]
    page = {"name": "Acme Relay", "url": PAGE_URL, "time_zone": "America/Los_Angeles"}
    return {
        "page": {**page, "updated_at": stamp(provider.updated_at)},
        "status": {"indicator": "minor" if going_on else "none", "description": ""},
        "incidents": [_case(one) for one in going_on],
    }


def _case(one: TrueIncident) -> dict[str, object]:
    return {
        "name": one.title,
        "status": INTERNAL.get(one.phase, one.phase.value),
        "impact": IMPACTS.get(one.impact, "none"),
        "started_at": stamp(one.created_at),
        "resolved_at": None,
        "url": incident_id(one),
        "incident_updates": [_update(update) for update in reversed(in_order(one))],
    }


def _update(update: TrueUpdate) -> dict[str, object]:
    return {"body": update.text, "status": update.phase.value, "created_at": stamp(update.at)}


def _rss(provider: Provider) -> str:
    items = "".join(_item(one) for one in reversed(provider.alive()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Acme Relay Status</title>'
        f"<link>{PAGE_URL}</link><description>Incident history</description>{items}</channel></rss>"
    )


def _item(one: TrueIncident) -> str:
    update = in_order(one)[-1]
    label = LABELS.get(update.phase, update.phase.value.capitalize())
    text = escape(escape(update.text).replace("\n", "<br />"))
    return (
        f"<item><title>{escape(one.title)}</title><description>[{label}] {text}</description>"
        f"<pubDate>{format_datetime(update.at)}</pubDate>"
        f"<link>{incident_id(one)}</link><guid>{incident_id(one)}</guid></item>"
    )


PAGE = Writer(
    platform=rootly.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=phase,
    page_id=HISTORY,
    has_maintenances=False,
    has_edits=False,
    shown=newest_update,
    shows_components=False,
)
WRITERS = (
    PAGE,
    replace(PAGE, has_maintenances=True, shows_deletions=False),
    Writer(
        platform=rootly.PLATFORM,
        write=nothing,
        hook=hook,
        incident_id=internal_id,
        phase=internal_phase,
        has_backfilling=False,
        has_edits=False,
        shows_deletions=False,
        shows_components=False,
    ),
)
