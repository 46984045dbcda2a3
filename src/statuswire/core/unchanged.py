"""Whether a document says just what is known already.

Of an incident that is found out without merging anything: a feed that changed shows dozens of entries of which one is
new, and all others end there.
"""

from __future__ import annotations

from dataclasses import replace

from statuswire.core.context import Context
from statuswire.model import (
    AffectedComponent,
    Changes,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    Known,
    KnownIncident,
    KnownUpdate,
    Phase,
)


def says_new(known: Known, changes: Changes) -> bool:
    """Whether a document changed more of what is known than the moments at which it was last told."""
    if changes.updates or changes.components or changes.removed_components or changes.status is not known.status:
        return True
    before = {one.id: replace(one, updates=()) for one in known.incidents}
    return any(
        (old := before.get(one.id)) is None or replace(one, updates=(), moment=old.moment) != old
        for one in changes.incidents
    )


def is_unchanged(known: KnownIncident, told: Incident, context: Context) -> bool:
    """True only where merging would write nothing and tell nothing.

    Without a version stamp it is never claimed: then the moment of the document is all that orders it, and must be
    kept. Nor while the incident is missed, or where history turns out to be open.
    """
    if told.updated_at is None or told.updated_at != known.updated_at or known.absent_since is not None:
        return False
    if not known.is_told and context.covers_open(known.kind) and known.is_open:
        return False
    return _has_same_facts(known, told) and _has_same_updates(known.updates, told.updates)


def _has_same_facts(known: KnownIncident, told: Incident) -> bool:
    names = (known.id, *known.aliases)
    return (
        (told.title or known.title) == known.title
        and told.kind in (Kind.INCIDENT, known.kind)
        and told.phase in (None, Phase.UNKNOWN, known.phase)
        and told.impact in (Impact.UNKNOWN, known.impact)
        and told.id in names
        and all(alias in names for alias in told.aliases)
        and _is_same_or_unsaid(told.started_at, known.started_at)
        and _is_same_or_unsaid(told.created_at, known.created_at)
        and _is_same_or_unsaid(told.resolved_at, known.resolved_at)
        and _is_same_or_unsaid(told.scheduled_for, known.scheduled_for)
        and _is_same_or_unsaid(told.scheduled_until, known.scheduled_until)
        and (told.raw_phase or known.raw_phase) == known.raw_phase
        and (told.raw_impact or known.raw_impact) == known.raw_impact
        and (told.components is None or _has_same_components(known.components, told.components))
        and bool(known.url or not told.url)
    )


def _is_same_or_unsaid(told: object, known: object) -> bool:
    return told is None or told == known


def _has_same_components(known: tuple[AffectedComponent, ...], told: tuple[AffectedComponent, ...]) -> bool:
    return len(known) == len(told) and all(
        (one.id, one.status) == (other.id, other.status)
        and other.name in ("", one.name)
        and other.group in (None, one.group)
        for one, other in zip(known, told, strict=True)
    )


def _has_same_updates(known: tuple[KnownUpdate, ...], told: tuple[IncidentUpdate, ...]) -> bool:
    return len(known) == len(told) and all(map(_is_same_update, known, told))


def _is_same_update(known: KnownUpdate, told: IncidentUpdate) -> bool:
    return (
        told.text == known.text
        and told.at == known.at
        and told.phase in (None, known.phase)
        and (told.id in known.ids if told.id else not known.ids)
        and _is_same_or_unsaid(told.updated_at, known.updated_at)
        and bool(known.components or not told.components)
    )
