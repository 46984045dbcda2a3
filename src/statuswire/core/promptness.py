"""What a provider told, and how late: components that went bad without an incident, or before one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Final

from statuswire.core.asof import status_of
from statuswire.core.courses import ended_at
from statuswire.core.timeline import severity
from statuswire.core.turns import Part, Turn
from statuswire.model import EventType, Kind, KnownIncident, Status

PATIENCE: Final = timedelta(minutes=30)
"""An incident that is told later than this after a component went bad is not about that."""

_WELL: Final = frozenset({Status.OPERATIONAL, Status.MAINTENANCE, Status.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Fall:
    """A component went bad. `incident` is what its provider told of it: None where it was silent. `late`: by how much
    the incident came after; zero where it was there before."""

    at: datetime
    component: Part
    status: Status
    incident: str | None
    late: timedelta

    @property
    def is_silent(self) -> bool:
        return self.incident is None


def falls(changes: Iterable[Turn], incidents: Iterable[KnownIncident], now: datetime) -> tuple[Fall, ...]:
    """Each time that a component of a page went from well to bad, with the incident that told of it.

    A fall within the last half hour is left out as long as nothing was told of it: the provider still has time.
    """
    tellers = [(told_at(one), ended_at(one, now), one) for one in incidents if one.kind is Kind.INCIDENT]
    found: list[Fall] = []
    for event in changes:
        part = event.component
        if part is None or event.type is not EventType.COMPONENT_STATUS_CHANGED or not _is_fall(part):
            continue
        fall = _judged(event.at, part, tellers)
        if fall.incident is not None or now - event.at > PATIENCE:
            found.append(fall)
    return tuple(found)


def _is_fall(part: Part) -> bool:
    old, new = status_of(part.old or ""), status_of(part.new or "")
    return old in _WELL and new not in _WELL and severity(new) > severity(old)


def _judged(at: datetime, part: Part, tellers: Sequence[tuple[datetime, datetime, KnownIncident]]) -> Fall:
    """`tellers` are incidents with the moments at which they were told, and ended."""
    status, latest = status_of(part.new or ""), at + PATIENCE
    near = [(told, one) for told, end, one in tellers if told <= latest and end >= at and _is_about(one, part)]
    if not near:
        return Fall(at, part, status, None, timedelta(0))
    told, first = min(near, key=itemgetter(0))
    return Fall(at, part, status, first.id, max(told - at, timedelta(0)))


def told_at(incident: KnownIncident) -> datetime:
    """When the provider put it up: its beginning is often dated back."""
    return incident.created_at or incident.first_seen_at or incident.started_at or incident.moment.as_of


def _is_about(incident: KnownIncident, part: Part) -> bool:
    """An incident that names no components may be about any."""
    named = incident.components
    return not named or any((one.id and one.id == part.id) or one.name == part.name for one in named)
