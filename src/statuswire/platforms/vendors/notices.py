"""Notices of which no field says where they stand: the phase is read from closing words, and from nothing else.

Some vendors publish running, finished and planned notices in one feed without any state. The words that end one are
few, and count in the title and in the newest text, unless they are denied ("not yet resolved") or promised ("will be
resolved"). What shows no end and was not touched for a while is of an unknown phase, for nobody would have closed it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.model import Impact, Incident, Kind, Phase
from statuswire.platforms.remembering import known_again

__all__ = ["Wording", "closing_words", "settled", "with_phase"]

_DENIALS: Final = "".join(
    f"(?<!{word} )" for word in ("not", "not yet", "not been", "yet been", "be", "being", "nicht", "noch nicht", "wird")
)


def closing_words(*words: str) -> re.Pattern[str]:
    """A pattern for words that end a notice where nothing denies or promises them."""
    return re.compile(rf"{_DENIALS}\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wording:
    """How a vendor writes: what ends a notice, what makes a title that of a maintenance, how long one counts as open,
    and the impact of what goes on."""

    closing: re.Pattern[str]
    planned: re.Pattern[str]
    open_for: timedelta
    impact: Impact = Impact.UNKNOWN


def settled(incident: Incident, wording: Wording, now: datetime) -> Incident:
    """The notice with its kind, phase and impact; a phase that was stated stays."""
    told_at = _last_told(incident)
    return _settled(incident, wording, told_at is None or now - told_at > wording.open_for)


@known_again
def _settled(incident: Incident, wording: Wording, is_silent: bool) -> Incident:
    is_planned = incident.kind is Kind.MAINTENANCE or wording.planned.search(incident.title) is not None
    phase = incident.phase or _phase(incident, wording, is_silent=is_silent, is_planned=is_planned)
    if is_planned and phase is Phase.RESOLVED:
        phase = Phase.COMPLETED
    stated = wording.impact if incident.impact is Impact.UNKNOWN else incident.impact
    told = replace(
        incident,
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        impact=Impact.MAINTENANCE if is_planned else stated,
        started_at=None if is_planned else incident.started_at,
    )
    return with_phase(told, phase)


def _phase(incident: Incident, wording: Wording, *, is_silent: bool, is_planned: bool) -> Phase:
    newest = incident.updates[-1].text if incident.updates else ""
    if wording.closing.search(incident.title) or wording.closing.search(newest):
        return Phase.RESOLVED
    if is_silent:
        return Phase.UNKNOWN
    return Phase.SCHEDULED if is_planned else Phase.INVESTIGATING


def _last_told(incident: Incident) -> datetime | None:
    moments = (incident.updated_at, incident.created_at, *(update.at for update in incident.updates))
    return max((at for at in moments if at), default=None)


def with_phase(incident: Incident, phase: Phase) -> Incident:
    """The notice in that phase, which its newest update has led to, with its end where that is one."""
    if not incident.updates:
        return replace(incident, phase=phase)
    last = replace(incident.updates[-1], phase=phase)
    ended = last.at if phase.is_closed else None
    return replace(incident, phase=phase, updates=(*incident.updates[:-1], last), resolved_at=ended)
