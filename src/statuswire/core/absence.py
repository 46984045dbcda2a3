"""What it means that an open incident is no longer shown.

Absence closes nothing by itself. An incident is first *missing*: its end is looked up in the page's history. Only when
that has been read (`settle`), and the provider has said nothing there either, is the end inferred from its silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from statuswire.core.context import Context
from statuswire.core.telling import described
from statuswire.fingerprint import event_key
from statuswire.model import Event, EventType, Kind, KnownIncident, PageRef, Phase, Source

ABSENCES = 2
"""So many documents in a row without it, where the provider's time does not prove that a document is newer."""

PATIENCE_AFTER_MOVE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Missing:
    """`written` are incidents to store; `wants_history` says that one of them is missing for certain;
    `is_provisional` that one more look will tell."""

    written: tuple[KnownIncident, ...] = ()
    wants_history: bool = False
    is_provisional: bool = False


def is_missing(incident: KnownIncident) -> bool:
    """Whether its absence is certain; before that it has only been missed once."""
    return incident.absent_since is not None and incident.absences >= ABSENCES


def note_missing(known: Iterable[KnownIncident], context: Context) -> Missing:
    """`known` are the open incidents that the document does not name."""
    written = []
    wants_history = is_provisional = False
    for incident in known:
        if incident.phase.is_closed or not _is_looked_for(incident, context):
            continue
        after = _noted(incident, context)
        if after is not incident:
            written.append(after)
        wants_history |= is_missing(after)
        is_provisional |= after.absent_since is not None and not is_missing(after)
    return Missing(tuple(written), wants_history, is_provisional)


def _is_looked_for(incident: KnownIncident, context: Context) -> bool:
    """Whether the document should show it if it went on."""
    is_listed = context.covers_open(incident.kind) and context.covers_id(incident.id)
    return is_listed and not _is_of_another_page(incident, context)


def _is_of_another_page(incident: KnownIncident, context: Context) -> bool:
    """For a day after a move, what the new page does not show may yet be entered there, and nothing ends by it."""
    return incident.moved_at is not None and context.now - incident.moved_at < PATIENCE_AFTER_MOVE


def _noted(incident: KnownIncident, context: Context) -> KnownIncident:
    moment, last = context.moment, incident.absent_since or incident.moment
    if is_missing(incident):
        return incident
    if context.is_dated and moment.as_of > _known_until(incident):
        return replace(incident, absent_since=moment, absences=ABSENCES)
    is_newer = moment > last if context.is_dated else moment.served_at > last.served_at
    if not is_newer:
        return incident
    return replace(incident, absent_since=moment, absences=incident.absences + 1)


def _known_until(incident: KnownIncident) -> datetime:
    """The provider's moment up to which the incident is known to have been there. A feed without stamps shows the full
    minute, which may stand for any later second of it."""
    at = incident.moment.as_of
    newest = incident.updates[-1] if incident.updates else None
    is_to_the_minute = incident.updated_at is None and newest is not None and not newest.ids
    return at + timedelta(minutes=1) if is_to_the_minute and not at.second and not at.microsecond else at


def settle(
    known: Iterable[KnownIncident], page: PageRef, now: datetime
) -> tuple[tuple[KnownIncident, ...], tuple[Event, ...]]:
    """The missing incidents of which history told no end, closed by inference, and the events for those told before."""
    closed, events = [], []
    for incident in known:
        if incident.absent_since is None or not is_missing(incident) or incident.phase.is_closed:
            continue
        phase = _inferred_phase(incident, incident.absent_since.as_of)
        after = replace(
            incident,
            phase=phase,
            resolved_at=incident.absent_since.as_of,
            moment=max(incident.moment, incident.absent_since),
            revision=incident.revision + 1,
        )
        closed.append(after)
        if incident.is_told:
            events.append(_closing_event(after, page, now))
    return tuple(closed), tuple(events)


def _inferred_phase(incident: KnownIncident, at: datetime) -> Phase:
    """A maintenance that was never seen to start and vanishes before its time was called off."""
    if incident.kind is Kind.INCIDENT:
        return Phase.RESOLVED
    began = incident.phase in (Phase.IN_PROGRESS, Phase.VERIFYING)
    is_due = incident.scheduled_for is None or incident.scheduled_for <= at
    return Phase.COMPLETED if began or is_due else Phase.CANCELLED


_CLOSING_TYPES = {
    Phase.RESOLVED: EventType.INCIDENT_RESOLVED,
    Phase.COMPLETED: EventType.MAINTENANCE_COMPLETED,
    Phase.CANCELLED: EventType.MAINTENANCE_CANCELLED,
}


def _closing_event(incident: KnownIncident, page: PageRef, now: datetime) -> Event:
    at = incident.resolved_at or now
    return Event(
        type=_CLOSING_TYPES[incident.phase],
        key=event_key(page.slug, incident.id, f"inferred/{incident.cycle}/{incident.revision}"),
        at=at,
        seen_at=now,
        source=Source.INFER,
        page=page,
        incident=described(incident, incident.phase),
    )
