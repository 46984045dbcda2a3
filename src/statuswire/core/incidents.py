"""One incident: what was known of it and what a document says of it -> what is known now.

The state (phase, impact, components, title) follows the newest document. A stale one may still bring an update that
nobody told us, but never turns the state back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from statuswire.core.context import Context, supersedes
from statuswire.core.matching import Incoming, settle_times
from statuswire.core.updates import MergedUpdates, latest, merge_updates
from statuswire.model import (
    AffectedComponent,
    Impact,
    Incident,
    Kind,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Moment,
    Phase,
    Source,
)

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Merge:
    """One incident before and after a document. `state` holds all updates, none of them marked as told yet."""

    context: Context
    before: KnownIncident | None
    told: Incident
    moment: Moment
    incoming: tuple[Incoming, ...]
    updates: MergedUpdates
    state: KnownIncident


def merge_incident(
    before: KnownIncident | None, told: Incident, context: Context, components: dict[str, KnownComponent]
) -> Merge:
    """`components` are the page's known ones by id, from which an affected component takes its group."""
    moment = _moment(told, context)
    fallback = told.started_at or told.created_at or moment.as_of
    incoming = tuple(settle_times(told.updates, told.updated_at, fallback))
    updates = merge_updates(
        before.updates if before else (),
        incoming,
        moment=moment,
        known_moment=before.moment if before else None,
        source=context.source,
        now=context.now,
    )
    if before is None:
        state = _new_state(told, context, moment, incoming, updates, components)
    else:
        state = _next_state(before, told, context, moment, incoming, updates, components)
    return Merge(context, before, told, moment, incoming, updates, replace(state, updates=updates.all))


def is_same_row(one: KnownIncident, other: KnownIncident) -> bool:
    """Whether there is nothing to write: equal but for the updates and for when a body with the same stamp was made."""
    moment = other.moment if one.moment.as_of == other.moment.as_of else one.moment
    return replace(one, updates=(), moment=moment) == replace(other, updates=())


def _moment(told: Incident, context: Context) -> Moment:
    """The incident's place in the provider's time.

    A hook and a feed are placed by the incident's stamp or its newest update: when a push came through or a feed was
    built orders nothing. Documents that name updates by id are the provider's own present view.
    """
    is_present_view = context.is_dated or any(update.id for update in told.updates)
    if is_present_view and context.source is not Source.HOOK:
        return context.moment
    own_times = [update.at for update in told.updates if update.at is not None]
    stamp = told.updated_at or max(own_times, default=None)
    return Moment(stamp or context.moment.as_of, context.moment.served_at)


def _new_state(
    told: Incident,
    context: Context,
    moment: Moment,
    incoming: tuple[Incoming, ...],
    updates: MergedUpdates,
    components: dict[str, KnownComponent],
) -> KnownIncident:
    phase = _stated_phase(told, incoming, updates.all) or Phase.UNKNOWN
    blank = KnownIncident(
        id=told.id,
        kind=told.kind,
        title=told.title,
        phase=phase,
        impact=told.impact,
        url=told.url,
        moment=moment,
        aliases=_aliases(told.aliases, told.id),
        first_seen_at=context.now,
    )
    return _with_facts(blank, told, updates.all, components)


def _next_state(
    before: KnownIncident,
    told: Incident,
    context: Context,
    moment: Moment,
    incoming: tuple[Incoming, ...],
    updates: MergedUpdates,
    components: dict[str, KnownComponent],
) -> KnownIncident:
    aliases = _aliases((*before.aliases, told.id, *told.aliases), before.id)
    if _lacks_newest(before, told, moment, updates) or not _is_newer(before, told, context, moment):
        return _moved_by_facts(replace(before, aliases=aliases), updates)
    is_mute = _says_nothing_of_phase(told, context, updates)
    phase = None if is_mute else _stated_phase(told, incoming, updates.all)
    state = replace(
        before,
        kind=told.kind if told.kind is Kind.MAINTENANCE else before.kind,
        phase=phase or before.phase,
        aliases=aliases,
        title=told.title or before.title,
        impact=before.impact if told.impact is Impact.UNKNOWN else told.impact,
        url=before.url or told.url,
        moment=max(before.moment, moment),
        absent_since=None,
        absences=0,
    )
    return _with_facts(state, told, updates.all, components)


def _lacks_newest(before: KnownIncident, told: Incident, moment: Moment, updates: MergedUpdates) -> bool:
    """A document from before our newest update: it shows neither that one nor a later one, nor a later version stamp
    than the one we know, which a deleted update would have left."""
    if not told.updates or not updates.known:
        return False
    newest = updates.known[-1]
    if newest.key in updates.shown or any(update.at >= newest.at for update in updates.added):
        return False
    stamp = told.updated_at or moment.as_of
    return stamp < newest.at or (before.updated_at is not None and stamp <= before.updated_at)


def _moved_by_facts(before: KnownIncident, updates: MergedUpdates) -> KnownIncident:
    """An old document changes no state, but an update newer than all we knew moves the phase, whoever brings it."""
    if not any(update.at >= settled_until(before, updates) and update.phase is not None for update in updates.added):
        return before
    phase = phase_of(updates.all) or before.phase
    return replace(before, phase=phase, resolved_at=_closed_at(updates.all) if phase.is_closed else None)


def settled_until(before: KnownIncident, updates: MergedUpdates) -> datetime:
    """What the provider wrote before this is late: it is told, but moves no phase. A phase that was put down without an
    update is settled until the moment of the document that said so, or lacked the incident."""
    newest = max((update.at for update in updates.known), default=EARLIEST)
    if before.absent_since is not None and before.phase.is_closed:
        return max(newest, before.absent_since.as_of)
    is_of_updates = before.phase in (Phase.UNKNOWN, phase_of(updates.known))
    if is_of_updates and before.cycle <= _reopenings(updates.known):
        return newest
    return max(newest, before.moment.as_of)


def _reopenings(updates: Sequence[KnownUpdate]) -> int:
    """How often the updates themselves open again what they had closed."""
    named = [update.phase for update in updates if update.phase not in (None, Phase.UNKNOWN)]
    return sum(1 for one, then in pairwise(named) if one and then and one.is_closed and not then.is_closed)


def _is_newer(before: KnownIncident, told: Incident, context: Context, moment: Moment) -> bool:
    """Whether the document may change the state. One from before the incident was missed cannot bring it back."""
    if before.absent_since is not None and context.moment <= before.absent_since and not _is_closed(told):
        return False
    return supersedes(told.updated_at, moment, before.updated_at, before.moment)


def _stated_phase(told: Incident, incoming: Sequence[Incoming], updates: Sequence[KnownUpdate]) -> Phase | None:
    """The provider's explicit phase where it comes with a version stamp or beside the newest update of all; else that
    of the newest update, since a feed may be older than its reading; else what was said. A list without texts is
    believed against the updates that it does not show where the newest names no phase, and when it tells of an end.

    On first sight and ever after by the same rule: a document read again must not move the phase.
    """
    explicit = None if told.phase is Phase.UNKNOWN else told.phase
    shows_newest = not updates or any(one.at >= updates[-1].at for one in incoming)
    if explicit is not None and (told.updated_at is not None or shows_newest):
        return explicit
    if explicit is not None and not incoming and (explicit.is_closed or updates[-1].phase in (None, Phase.UNKNOWN)):
        return explicit
    return phase_of(updates) or explicit


def _says_nothing_of_phase(told: Incident, context: Context, updates: MergedUpdates) -> bool:
    """Where neither incident nor updates name a phase, it is as before. A feed shows no phase of the incident but that
    of its newest update: if it has nothing new among its updates, an end or a reopening that the provider put down
    without one is unknown to it."""
    named = (told.phase, *(one.phase for one in told.updates))
    if all(phase in (None, Phase.UNKNOWN) for phase in named):
        return True
    is_feed = context.source is not Source.HOOK and not context.is_dated and not any(one.id for one in told.updates)
    if not is_feed or not told.updates or updates.added or updates.edited:
        return False
    return told.phase in (None, Phase.UNKNOWN, told.updates[-1].phase)


def _is_closed(told: Incident) -> bool:
    phase = told.phase or (told.updates[-1].phase if told.updates else None)
    return phase is not None and phase.is_closed


def phase_of(updates: Sequence[KnownUpdate]) -> Phase | None:
    """The phase that the newest update to name one names."""
    for update in reversed(updates):
        if update.phase is not None and update.phase is not Phase.UNKNOWN:
            return update.phase
    return None


def _with_facts(
    state: KnownIncident,
    told: Incident,
    updates: Sequence[KnownUpdate],
    components: dict[str, KnownComponent],
) -> KnownIncident:
    return replace(
        state,
        created_at=state.created_at or told.created_at,
        started_at=told.started_at or state.started_at,
        resolved_at=_resolved_at(state, told, updates),
        updated_at=latest(state.updated_at, told.updated_at),
        scheduled_for=told.scheduled_for or state.scheduled_for,
        scheduled_until=told.scheduled_until or state.scheduled_until,
        components=state.components if told.components is None else _grouped(told.components, components),
        raw_phase=told.raw_phase or state.raw_phase,
        raw_impact=told.raw_impact or state.raw_impact,
    )


def _resolved_at(state: KnownIncident, told: Incident, updates: Sequence[KnownUpdate]) -> datetime | None:
    """The provider's word, else the first closing update since it was last open."""
    if not state.phase.is_closed:
        return None
    return told.resolved_at or _closed_at(updates) or state.resolved_at or told.updated_at


def _closed_at(updates: Sequence[KnownUpdate]) -> datetime | None:
    closed_at = None
    for update in updates:
        if update.phase is not None and update.phase is not Phase.UNKNOWN:
            closed_at = (closed_at or update.at) if update.phase.is_closed else None
    return closed_at


def _grouped(
    told: tuple[AffectedComponent, ...], components: dict[str, KnownComponent]
) -> tuple[AffectedComponent, ...]:
    """The affected components with the name and the group under which the page shows them."""
    return tuple(_as_shown(one, components.get(one.id)) for one in told)


def _as_shown(told: AffectedComponent, known: KnownComponent | None) -> AffectedComponent:
    if known is None or (told.name and (told.group or not known.group)):
        return told
    return replace(told, name=told.name or known.name, group=told.group or known.group)


def _aliases(names: Sequence[str], own: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name and name != own))
