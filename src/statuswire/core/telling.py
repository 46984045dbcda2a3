"""What to tell of an incident, and what to keep silently: news and history told apart, and an event for each update.

News is all that is open now, all about what was told before, and of closed things only what the provider wrote since
the last look. Everything else is history: stored, counted, never announced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from statuswire.core.incidents import Merge, is_same_row
from statuswire.core.phases import is_late, phase_of
from statuswire.core.updates import order
from statuswire.fingerprint import event_key, minute, revision
from statuswire.model import (
    Event,
    EventIncident,
    EventType,
    EventUpdate,
    Impact,
    Kind,
    KnownIncident,
    KnownUpdate,
    Phase,
    Source,
)

CREDIBLY_OPEN = timedelta(days=14)
"""A list of recent entries may hold things that nobody ever closed; open and silent for longer is not believed."""

NOTICEABLE = timedelta(minutes=1)
"""By so much planned work is moved at least."""


@dataclass(frozen=True, slots=True)
class Told:
    """`written` are the updates to store, `silent` counts the new ones among them that nobody is told."""

    incident: KnownIncident
    written: tuple[KnownUpdate, ...]
    events: tuple[Event, ...]
    is_changed: bool
    silent: int


def tell(merge: Merge) -> Told:
    """The incident as it is to be stored, and the events that follow from the merge."""
    added = _marked(merge)
    events, phase = _update_events(merge, added)
    events += [_edit_event(merge, update) for update in merge.updates.edited if update.is_told and _was_told(merge)]
    events += _events_without_update(merge, phase, has_told=bool(events))
    after = _stored(merge, added, events)
    return Told(
        incident=after,
        written=(*added, *merge.updates.changed.values()),
        events=tuple(events),
        is_changed=merge.before is None or merge.is_recast or not is_same_row(after, merge.before),
        silent=sum(1 for update in added if not update.is_told),
    )


def _stored(merge: Merge, added: tuple[KnownUpdate, ...], events: Sequence[Event]) -> KnownIncident:
    if not added and not events and merge.before is not None:
        return merge.state
    marked = {update.key: update for update in added}
    return replace(
        merge.state,
        updates=tuple(marked.get(update.key, update) for update in merge.state.updates),
        is_told=_was_told(merge) or bool(events),
        revision=merge.state.revision + sum(1 for event in events if event.update is None),
        cycle=merge.state.cycle + sum(1 for event in events if event.type is EventType.INCIDENT_REOPENED),
    )


def _was_told(merge: Merge) -> bool:
    return merge.before is not None and merge.before.is_told


# --- news or history -------------------------------------------------------------------------------------------


def _marked(merge: Merge) -> tuple[KnownUpdate, ...]:
    """The new updates, those marked silent that are history or a second posting of one already told."""
    if not merge.updates.added:
        return ()
    known = merge.before.updates if merge.before else ()
    slots = {_slot(update) for update in known if update.is_told}
    newest = merge.updates.added[-1]
    marked = []
    for update in merge.updates.added:
        is_told = _slot(update) not in slots and _is_news(merge, update.at, is_newest=update is newest)
        if is_told:
            slots.add(_slot(update))
        marked.append(update if is_told else replace(update, is_told=False))
    return tuple(marked)


def _slot(update: KnownUpdate) -> tuple[Phase | None, str, str]:
    """Updates that say the same; without a text, each is its own."""
    return update.phase, minute(update.at), update.fold or update.key


def _is_news(merge: Merge, at: datetime, *, is_newest: bool) -> bool:
    if _was_told(merge):
        return True
    if merge.told.backfilled and not merge.state.is_open:
        return False
    if merge.before is None and _is_open_now(merge):
        return True
    if merge.context.source is Source.HOOK and is_newest:
        return True
    return merge.context.news_after is not None and at >= merge.context.news_after


def _is_open_now(merge: Merge) -> bool:
    """Open by the word of a document that knows, new in a feed that we follow, or credibly so by one that merely
    remembers."""
    if merge.state.phase.is_closed:
        return False
    if merge.context.covers_open(merge.state.kind) or (merge.context.is_followed and merge.state.is_open):
        return True
    newest = max((one.at for one in merge.incoming), default=None) or _began(merge)
    return merge.state.is_open and merge.context.moment.served_at - newest <= CREDIBLY_OPEN


def _began(merge: Merge) -> datetime:
    state = merge.state
    return state.started_at or state.created_at or state.updated_at or merge.moment.as_of


# --- events ----------------------------------------------------------------------------------------------------


def _update_events(merge: Merge, added: tuple[KnownUpdate, ...]) -> tuple[list[Event], Phase | None]:
    """One event for each new update that is told, in order of provider time, and the phase that they have led to.

    An update from before the newest known one is late: it is told, but moves no phase.
    """
    events = []
    before = merge.before
    phase = before.phase if before else _phase_without_updates(merge)
    is_first = not _was_told(merge)
    for update in added:
        has_passed = before is not None and is_late(update, before, merge.updates)
        reached = _reached(phase, None if has_passed else update.phase)
        if update.is_told:
            events.append(_update_event(merge, _type(merge, phase, reached, is_first), reached, update))
            is_first = False
        phase = reached
    return events, phase


def _phase_without_updates(merge: Merge) -> Phase | None:
    """The phase of a new incident of which no update names one: the incident's own word."""
    return merge.state.phase if phase_of(merge.updates.all) is None else None


def _reached(phase: Phase | None, named: Phase | None) -> Phase:
    """Where an update leads from `phase`; a word that no table knows leads nowhere."""
    if named is not None and named is not Phase.UNKNOWN:
        return named
    return phase or Phase.UNKNOWN


def _events_without_update(merge: Merge, phase: Phase | None, *, has_told: bool) -> tuple[Event, ...]:
    """What changed although no update says so: the incident itself, its phase, impact, set of components or plan.

    `phase` is where the told updates have led to; the provider may set the incident's own further than that.
    """
    before, state = merge.before, merge.state
    if not has_told and not _was_told(merge):
        return _reveal(merge)
    if state.phase is not phase:
        return (_plain_event(merge, _type(merge, phase, state.phase, False), _changed_at(merge)),)
    if before is None or has_told or _is_as_told(before, state) or _is_enrichment(merge, before):
        return ()
    return (_plain_event(merge, _UPDATED[state.kind], _changed_at(merge)),)


def _is_as_told(before: KnownIncident, after: KnownIncident) -> bool:
    return after.impact is before.impact and _names(after) == _names(before) and not _is_replanned(before, after)


def _is_replanned(before: KnownIncident, after: KnownIncident) -> bool:
    """Whether work that is not over was moved."""
    is_moved = _is_moved(before.scheduled_for, after.scheduled_for)
    return after.is_open and (is_moved or _is_moved(before.scheduled_until, after.scheduled_until))


def _is_moved(before: datetime | None, after: datetime | None) -> bool:
    """A time that was not known is only filled in, and seconds are a matter of how a source writes it."""
    return before is not None and after is not None and abs(after - before) >= NOTICEABLE


def _is_enrichment(merge: Merge, before: KnownIncident) -> bool:
    """Whether another source only filled in what the first one did not say of the very same version."""
    has_new_impact = merge.state.impact is not before.impact and before.impact is not Impact.UNKNOWN
    has_new_names = bool(before.components) and _names(merge.state) != _names(before)
    has_new_plan = merge.told.updated_at is None and _is_replanned(before, merge.state)
    is_same_version = merge.told.updated_at == before.updated_at
    return is_same_version and not has_new_impact and not has_new_names and not has_new_plan


def _reveal(merge: Merge) -> tuple[Event, ...]:
    """The first event of an incident without a new update that could tell it.

    Either it is new and has no updates at all, or it is history that a document which knows now shows as open; then
    its newest update tells it.
    """
    state = merge.state
    kind = _type(merge, None, state.phase, True)
    if merge.before is None:
        is_news = not merge.incoming and _is_news(merge, _began(merge), is_newest=True)
        return (_plain_event(merge, kind, _began(merge)),) if is_news else ()
    if not (state.is_open and merge.context.covers_open(state.kind)):
        return ()
    if not state.updates:
        return (_plain_event(merge, kind, _changed_at(merge)),)
    return (_update_event(merge, kind, state.phase, max(state.updates, key=order)),)


def _names(incident: KnownIncident) -> frozenset[str]:
    return frozenset(component.id or component.name for component in incident.components)


_UPDATED = {Kind.INCIDENT: EventType.INCIDENT_UPDATED, Kind.MAINTENANCE: EventType.MAINTENANCE_UPDATED}

_MAINTENANCE_TYPES = {
    Phase.IN_PROGRESS: EventType.MAINTENANCE_STARTED,
    Phase.COMPLETED: EventType.MAINTENANCE_COMPLETED,
    Phase.RESOLVED: EventType.MAINTENANCE_COMPLETED,
    Phase.CANCELLED: EventType.MAINTENANCE_CANCELLED,
}


def _type(merge: Merge, before: Phase | None, after: Phase, is_first: bool) -> EventType:
    if merge.state.kind is Kind.MAINTENANCE:
        default = EventType.MAINTENANCE_SCHEDULED if is_first else EventType.MAINTENANCE_UPDATED
        return default if after is before else _MAINTENANCE_TYPES.get(after, default)
    if is_first:
        return EventType.INCIDENT_CREATED
    if after is Phase.POSTMORTEM:
        return EventType.INCIDENT_POSTMORTEM
    was_closed = before is not None and before.is_closed
    if after.is_closed:
        return EventType.INCIDENT_UPDATED if was_closed else EventType.INCIDENT_RESOLVED
    return EventType.INCIDENT_REOPENED if was_closed else EventType.INCIDENT_UPDATED


def _update_event(merge: Merge, kind: EventType, phase: Phase, update: KnownUpdate) -> Event:
    told = EventUpdate(update.key, update.phase or phase, update.text, update.at)
    return _event(merge, kind, phase, update.at, told, update.key)


def _edit_event(merge: Merge, update: KnownUpdate) -> Event:
    phase = merge.state.phase
    told = EventUpdate(update.key, update.phase or phase, update.text, update.at)
    stamp = "" if update.updated_at is None else update.updated_at.isoformat()
    part = f"edit/{update.key}/{update.phase}/{revision(update.text)}/{stamp}"
    return _event(merge, EventType.INCIDENT_EDITED, phase, update.updated_at or merge.moment.as_of, told, part)


def _changed_at(merge: Merge) -> datetime:
    """When the document has it that the incident changed; not before what its new updates say."""
    at = merge.told.updated_at or merge.moment.as_of
    return max(at, *(update.at for update in merge.updates.added)) if merge.updates.added else at


def _plain_event(merge: Merge, kind: EventType, at: datetime) -> Event:
    state = merge.state
    part = f"{kind}/{state.phase}/{state.cycle}/{state.revision}"
    return _event(merge, kind, state.phase, at, None, part)


def _event(merge: Merge, kind: EventType, phase: Phase, at: datetime, update: EventUpdate | None, part: str) -> Event:
    context = merge.context
    return Event(
        type=kind,
        key=event_key(context.page.slug, merge.state.id, part),
        at=at,
        seen_at=context.now,
        source=context.source,
        page=context.page,
        incident=described(merge.state, phase),
        update=update,
        event_name=context.event_name,
    )


def described(state: KnownIncident, phase: Phase) -> EventIncident:
    """The incident as an event shows it, in the phase that the event is about."""
    return EventIncident(
        id=state.id,
        title=state.title,
        kind=state.kind,
        phase=phase,
        impact=state.impact,
        url=state.url,
        started_at=state.started_at,
        resolved_at=state.resolved_at if phase.is_closed else None,
        components=state.components,
        scheduled_for=state.scheduled_for,
        scheduled_until=state.scheduled_until,
    )
