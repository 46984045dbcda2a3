"""Incident or maintenance: which of both something is, and what the words for one mean on the other.

Many documents cannot tell them apart and call everything an incident. So who speaks of a maintenance knows it, whoever
spoke first, and what the others say of it is taken in the words for a maintenance.
"""

from __future__ import annotations

from dataclasses import replace

from statuswire.model import Incident, Kind, KnownIncident, KnownUpdate, Phase

_AS_MAINTENANCE = {
    Phase.INVESTIGATING: Phase.IN_PROGRESS,
    Phase.IDENTIFIED: Phase.IN_PROGRESS,
    Phase.MONITORING: Phase.VERIFYING,
    Phase.RESOLVED: Phase.COMPLETED,
}


def is_recast(before: KnownIncident, told: Incident) -> bool:
    """Whether what was known as an incident turns out to be a maintenance."""
    return before.kind is Kind.INCIDENT and told.kind is Kind.MAINTENANCE


def recast(before: KnownIncident) -> KnownIncident:
    """What was known, as of a maintenance."""
    updates = tuple(_in_kind(update) for update in before.updates)
    phase = _AS_MAINTENANCE.get(before.phase, before.phase)
    return replace(before, kind=Kind.MAINTENANCE, phase=phase, updates=updates)


def told_as(told: Incident, kind: Kind) -> Incident:
    """The incident in the words for the kind that it is known to be; its own kind stays what the document said."""
    if told.kind is kind:
        return told
    updates = tuple(replace(one, phase=_in_words(one.phase)) for one in told.updates)
    return replace(told, phase=_in_words(told.phase), updates=updates)


def _in_kind(update: KnownUpdate) -> KnownUpdate:
    phase = _in_words(update.phase)
    return update if phase is update.phase else replace(update, phase=phase)


def _in_words(phase: Phase | None) -> Phase | None:
    return None if phase is None else _AS_MAINTENANCE.get(phase, phase)
