"""What an operator's word changes: the event that tells of it when it is said, and when it no longer holds. Pure.

An override is locked: as long as it holds, no change of the provider counts for what it says. So the log has two
changes of ours, into it and out of it, and what the provider says meanwhile is kept and withheld (`routing.locked`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from statuswire.core.telling import described
from statuswire.fingerprint import event_key
from statuswire.model import (
    Event,
    EventComponent,
    EventType,
    EventUpdate,
    Kind,
    KnownComponent,
    KnownIncident,
    Mark,
    PageRef,
    Phase,
    Source,
)

LIFTED = "By our word no longer; the provider's counts again."


def refusal(known: KnownComponent | KnownIncident, name: str, mark: Mark) -> str:
    """Why an override cannot say this of it; empty where it can."""
    if isinstance(known, KnownComponent):
        if mark.impact is not None or mark.phase is not None:
            return f"{name} is a component: say what it is with --status"
        return "" if mark.status is not None else f"{name} is a component, so an override needs a --status"
    if mark.status is not None:
        return f"{name} is an incident: say what it is with --impact or --phase"
    if mark.phase is not None and (mark.phase is not Phase.RESOLVED or known.kind is Kind.MAINTENANCE):
        return f"{name} can be overridden as resolved only where it is an incident"
    return "" if mark.impact or mark.phase else f"{name} is an incident, so an override needs an --impact or a --phase"


def change(
    page: PageRef, known: KnownComponent | KnownIncident, before: Mark | None, after: Mark | None, now: datetime
) -> Event | None:
    """What our word changes where it replaces an earlier one, or none; None where all stays as it was."""
    if isinstance(known, KnownComponent):
        return _of_component(page, known, before, after, now)
    return _of_incident(page, known, before, after, now)


def _of_component(
    page: PageRef, known: KnownComponent, before: Mark | None, after: Mark | None, now: datetime
) -> Event | None:
    old = (before and before.status) or known.status
    new = (after and after.status) or known.status
    if old is new:
        return None
    event = _event(EventType.COMPONENT_STATUS_CHANGED, page, f"component/{known.id}/{new.value}", after, now)
    return replace(event, component=EventComponent(known.id, known.name, known.group, new, old.value, new.value))


def _of_incident(
    page: PageRef, known: KnownIncident, before: Mark | None, after: Mark | None, now: datetime
) -> Event | None:
    """Nothing where the provider has ended it: then there is no state to change."""
    was = ((before and before.phase) or known.phase, (before and before.impact) or known.impact)
    phase, impact = (after and after.phase) or known.phase, (after and after.impact) or known.impact
    if known.phase.is_closed or was == (phase, impact):
        return None
    kind = EventType.MAINTENANCE_UPDATED if known.kind is Kind.MAINTENANCE else EventType.INCIDENT_UPDATED
    if was[0] is not phase:
        kind = EventType.INCIDENT_RESOLVED if phase.is_closed else EventType.INCIDENT_REOPENED
    event = _event(kind, page, f"incident/{known.id}/{phase.value}/{impact.value}", after, now, phase)
    return replace(event, incident=replace(described(known, phase), impact=impact))


def _event(
    kind: EventType, page: PageRef, subject: str, after: Mark | None, now: datetime, phase: Phase = Phase.UNKNOWN
) -> Event:
    key = event_key(page.slug, subject, f"operator/{now.isoformat()}")
    text = LIFTED if after is None else words(after)
    return Event(kind, key, now, now, Source.OPERATOR, page, update=EventUpdate(key, phase, text, now))


def words(mark: Mark) -> str:
    """`By our word major outage: checkout fails (ann), until 2026-05-04 12:00 UTC`."""
    said = ", ".join(one.value.replace("_", " ") for one in (mark.status, mark.phase, mark.impact) if one is not None)
    author = f" ({mark.author})" if mark.author else ""
    end = f", until {mark.until:%Y-%m-%d %H:%M} UTC" if mark.until is not None else ""
    return f"By our word {said}{': ' if mark.reason else ''}{mark.reason}{author}{end}"
