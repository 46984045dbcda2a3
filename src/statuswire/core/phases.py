"""The phase of an incident: whose word counts, and which updates move it.

A provider states a phase in two ways, by the incident's own word and by its updates, which need not agree and need not
come in one document.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from statuswire.core.context import Context
from statuswire.core.matching import Incoming
from statuswire.core.updates import MergedUpdates
from statuswire.model import Incident, KnownIncident, KnownUpdate, Phase, Source

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def phase_of(updates: Sequence[KnownUpdate]) -> Phase | None:
    """The phase that the newest update to name one names."""
    for update in reversed(updates):
        if _names_one(update.phase):
            return update.phase
    return None


def closed_at(updates: Sequence[KnownUpdate]) -> datetime | None:
    """When the first closing update since it was last open was written; None where the updates leave it open."""
    at = None
    for update in updates:
        if update.phase is not None and _names_one(update.phase):
            at = (at or update.at) if update.phase.is_closed else None
    return at


def is_told_closed(told: Incident) -> bool:
    phase = told.phase or (told.updates[-1].phase if told.updates else None)
    return phase is not None and phase.is_closed


# --- the incident's own word -----------------------------------------------------------------------------------


def stated_phase(told: Incident, incoming: Sequence[Incoming], updates: Sequence[KnownUpdate]) -> Phase | None:
    """The provider's explicit phase where it comes with a version stamp or beside the newest update of all; else that
    of the newest update, since a feed may be older than its reading; else what was said. A list without texts is
    believed against the updates that it does not show where the newest names no phase, and when it tells of an end.

    On first sight and ever after by the same rule: a document read again must not move the phase.
    """
    explicit = told.phase if _names_one(told.phase) else None
    shows_newest = not updates or any(one.at >= updates[-1].at for one in incoming)
    if explicit is not None and (told.updated_at is not None or shows_newest):
        return explicit
    if explicit is not None and not incoming and (explicit.is_closed or not _names_one(updates[-1].phase)):
        return explicit
    return phase_of(updates) or explicit


def says_nothing_of_phase(before: KnownIncident, told: Incident, context: Context, updates: MergedUpdates) -> bool:
    """Whether a document leaves the phase as it was before, because it cannot know better."""
    named = (told.phase, *(one.phase for one in told.updates))
    return not any(map(_names_one, named)) or _says_less(before, told) or _only_repeats(told, context, updates)


def _says_less(before: KnownIncident, told: Incident) -> bool:
    """A list without texts calls that resolved of which a text has told the postmortem."""
    return before.phase is Phase.POSTMORTEM and told.phase is Phase.RESOLVED and not told.updates


def _only_repeats(told: Incident, context: Context, updates: MergedUpdates) -> bool:
    """A feed, which neither lists what is open nor names updates by id, shows no phase of the incident but that of its
    newest update: if it has nothing new among its updates, an end or a reopening that the provider put down without one
    is unknown to it, whatever its date."""
    is_list = context.covers_open(told.kind) or any(update.id for update in told.updates)
    is_feed = context.source is not Source.HOOK and not is_list
    if not is_feed or not told.updates or updates.added or updates.edited:
        return False
    return told.phase in (None, Phase.UNKNOWN, told.updates[-1].phase)


# --- the word of its updates -------------------------------------------------------------------------------------


def is_late(update: KnownUpdate, before: KnownIncident, updates: MergedUpdates) -> bool:
    """Whether the provider wrote a new update before what we know: it is told, but moves no phase.

    That is before the newest known update, and before a phase that was put down without one or inferred from silence,
    unless it tells of an end that we know. Where something was told without an update, one of no known time may be just
    the words for that.
    """
    if before.revision and update.key in updates.timeless:
        return True
    newest = max((known.at for known in updates.known), default=EARLIEST)
    if before.phase.is_closed and update.phase is not None and update.phase.is_closed:
        return update.at < newest
    return update.at < max(newest, _settled_without_update(before, updates))


def _settled_without_update(before: KnownIncident, updates: MergedUpdates) -> datetime:
    """The moment of the document that put down a phase of which no update tells, or lacked the incident."""
    if before.absent_since is not None and before.phase.is_closed:
        return before.absent_since.as_of
    is_of_updates = before.phase in (Phase.UNKNOWN, phase_of(updates.known))
    if is_of_updates and before.cycle <= _reopenings(updates.known):
        return EARLIEST
    return before.moment.as_of


def _reopenings(updates: Sequence[KnownUpdate]) -> int:
    """How often the updates themselves open again what they had closed."""
    named = [update.phase for update in updates if _names_one(update.phase)]
    return sum(1 for one, then in pairwise(named) if one and then and one.is_closed and not then.is_closed)


def _names_one(phase: Phase | None) -> bool:
    return phase is not None and phase is not Phase.UNKNOWN
