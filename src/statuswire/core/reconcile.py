"""What we knew + a Snapshot -> what we know now + Events. The heart of statuswire, and pure.

Rules that hold whatever order, repetition or delay documents arrive in:

- each provider update yields one event, across poll, feed, hook and restart; the same document twice yields none;
- a first sight announces what is open now and upcoming maintenance, never closed history;
- a stale body never undoes what a newer one told; absence closes only what `covers` includes;
- backfilled and back-dated entries are stored, not announced; resolved and then open again is a reopening;
- the text of an incident decides nothing.

    Snapshot ─┬─ incidents  → incidents.merge_incident → telling.tell ─┐
              ├─ components → components.merge_components ─────────────┼─ Outcome(changes, events, ...)
              ├─ (absence)  → absence.note_missing ... absence.settle ─┤
              └─ page       → page status ─────────────────────────────┘
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.core.absence import is_missing, note_missing
from statuswire.core.components import ComponentChanges, merge_components, worst
from statuswire.core.context import Context, context_of
from statuswire.core.incidents import merge_incident
from statuswire.core.telling import Told, tell
from statuswire.core.unchanged import is_unchanged
from statuswire.fingerprint import event_key
from statuswire.model import (
    Changes,
    Event,
    EventPage,
    EventType,
    Impact,
    Kind,
    Known,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Moment,
    PageRef,
    Phase,
    Snapshot,
    Source,
    Status,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to store and what to tell.

    `wants_history`: an incident left a list that should show it; read the page's history, then `settle`.
    `is_provisional`: the document hints at what it does not prove; look again soon. `has_open`: something goes on.
    `silent`: how many updates are stored without being told. `wants_levels`: there are new components whose level the
    document does not state.
    """

    changes: Changes
    events: tuple[Event, ...]
    wants_history: bool
    is_provisional: bool
    has_open: bool
    silent: int
    wants_levels: bool = False


def reconcile(
    known: Known, snapshot: Snapshot, *, page: PageRef, source: Source, served_at: datetime, now: datetime
) -> Outcome:
    """`known` must hold every incident that the snapshot names by id or alias, and every open one if it covers any."""
    context = context_of(known, snapshot, page, source, served_at, now)
    components = snapshot.components
    if _is_stale(known, context):
        context = replace(context, covers=frozenset())
        components = tuple(one for one in components if one.updated_at is not None)
    parts = merge_components(known, components, context)
    if parts.is_doubtful:
        context = replace(context, covers=frozenset())
    incidents, named, told = _merge_incidents(known, snapshot, context, parts.all)
    missing = note_missing((one for one in known.incidents if one.id not in named), context)
    incidents |= {one.id: one for one in missing.written}
    status = _page_status(known, snapshot, context, parts.all, incidents)
    changes = _changes(known, context, parts, told, missing.written, status)
    return Outcome(
        changes=changes,
        events=_in_order(known, context, parts, told, status),
        wants_history=missing.wants_history,
        is_provisional=missing.is_provisional or parts.is_provisional,
        has_open=any(_goes_on(one) for one in incidents.values()),
        silent=sum(one.silent for one in told),
        wants_levels=parts.wants_levels,
    )


def _is_stale(known: Known, context: Context) -> bool:
    """A body older than the newest one of its kind that we have read: it may add facts, but says nothing by silence."""
    if not context.covers:
        return False
    newest = known.feed_moment or known.moment
    return newest is not None and context.moment < newest


def _merge_incidents(
    known: Known, snapshot: Snapshot, context: Context, components: dict[str, KnownComponent]
) -> tuple[dict[str, KnownIncident], set[str], tuple[Told, ...]]:
    """All known incidents by id afterwards, the ids of those that the snapshot names, and what came of them."""
    incidents = {one.id: one for one in known.incidents}
    names = {alias: one.id for one in known.incidents for alias in one.aliases}
    names |= {one: one for one in incidents}
    named: set[str] = set()
    told: dict[str, Told] = {}
    for incident in snapshot.incidents:
        id_ = next((names[name] for name in (incident.id, *incident.aliases) if name in names), incident.id)
        named.add(id_)
        before = incidents.get(id_)
        if before is not None and is_unchanged(before, incident, context):
            continue
        result = tell(merge_incident(before, incident, context, components))
        told[id_] = _joined(told.get(id_), result)
        incidents[id_] = result.incident
        names |= dict.fromkeys((incident.id, *incident.aliases), id_)
    return incidents, named, tuple(told.values())


def _joined(before: Told | None, after: Told) -> Told:
    """Two tellings of one incident within one document."""
    if before is None:
        return after
    written = {update.key: update for update in (*before.written, *after.written)}
    return Told(
        after.incident,
        tuple(written.values()),
        (*before.events, *after.events),
        before.is_changed or after.is_changed,
        before.silent + after.silent,
    )


def _goes_on(incident: KnownIncident) -> bool:
    if incident.kind is Kind.MAINTENANCE:
        return incident.phase in (Phase.IN_PROGRESS, Phase.VERIFYING)
    return incident.is_open


# --- the page's own status -------------------------------------------------------------------------------------

STATUS_OF_IMPACT = {
    Impact.NONE: Status.OPERATIONAL,
    Impact.MINOR: Status.DEGRADED,
    Impact.MAJOR: Status.PARTIAL_OUTAGE,
    Impact.CRITICAL: Status.MAJOR_OUTAGE,
    Impact.MAINTENANCE: Status.MAINTENANCE,
    Impact.UNKNOWN: Status.DEGRADED,
}


def _page_status(
    known: Known,
    snapshot: Snapshot,
    context: Context,
    components: dict[str, KnownComponent],
    incidents: dict[str, KnownIncident],
) -> Status | None:
    """The provider's roll-up; where it gives none, the worst of what its state documents show."""
    if known.moment is not None and context.moment < known.moment:
        return known.status
    if snapshot.page.status is not None:
        return snapshot.page.status
    if not context.covers:
        return known.status
    going_on = (one for one in incidents.values() if _goes_on(one) and not is_missing(one))
    impacts = [STATUS_OF_IMPACT[one.impact] for one in going_on]
    return worst((*(component.status for component in components.values()), *impacts, Status.OPERATIONAL))


def _page_event(known: Known, context: Context, status: Status | None) -> tuple[Event, ...]:
    if known.status is None or status is None or status is known.status:
        return ()
    at = context.moment.as_of
    key = event_key(context.page.slug, "page", status, at.isoformat(), context.moment.served_at.isoformat())
    return (
        Event(
            type=EventType.PAGE_STATUS_CHANGED,
            key=key,
            at=at,
            seen_at=context.now,
            source=context.source,
            page=context.page,
            page_change=EventPage(known.status, status),
        ),
    )


# --- the result ------------------------------------------------------------------------------------------------


def _in_order(
    known: Known, context: Context, parts: ComponentChanges, told: tuple[Told, ...], status: Status | None
) -> tuple[Event, ...]:
    """Incidents first, by provider time; then what they did to components; the page last."""
    incidents = sorted((event for one in told for event in one.events), key=lambda event: event.at)
    return (*incidents, *parts.events, *_page_event(known, context, status))


def _changes(
    known: Known,
    context: Context,
    parts: ComponentChanges,
    told: tuple[Told, ...],
    missing: tuple[KnownIncident, ...],
    status: Status | None,
) -> Changes:
    speaks_of_state = bool(context.covers) or status is not known.status
    return Changes(
        status=status,
        moment=_newest(known.moment, context.moment) if speaks_of_state else known.moment,
        baseline_at=known.baseline_at or context.moment.served_at,
        feed_moment=_newest(known.feed_moment, context.moment),
        components=parts.written,
        removed_components=parts.removed,
        incidents=(*(one.incident for one in told if one.is_changed), *missing),
        updates=tuple(_written(told)),
    )


def _written(told: tuple[Told, ...]) -> list[tuple[str, KnownUpdate]]:
    return [(one.incident.id, update) for one in told for update in one.written]


def _newest(one: Moment | None, other: Moment) -> Moment:
    return other if one is None else max(one, other)
