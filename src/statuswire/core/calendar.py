"""What a planned maintenance gives cause to say by itself: that it begins soon, and that it goes on too long. Pure.

Only the provider says that a maintenance has begun or is over; what is said here follows from the times that it named.
The key of each event holds these times, so that it happens once, and again where the provider moves them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from statuswire.core.telling import CREDIBLY_OPEN, described
from statuswire.fingerprint import event_key
from statuswire.model import Event, EventType, Kind, KnownIncident, PageRef, Phase, Source

ON_TIME: Final = timedelta(minutes=5)
"""An event told no later than this carries the moment that was meant, so that it reads "in 1 h" and not "in 59 min"."""

_RUNNING: Final = frozenset({Phase.IN_PROGRESS, Phase.VERIFYING})


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """How long before its beginning a maintenance is told again, and how long after its planned end that it goes on."""

    leads: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=1))
    overrun_after: timedelta = timedelta(minutes=15)


def due(page: PageRef, known: KnownIncident, rule: CalendarRule, now: datetime) -> Event | None:
    """What is to be said of a maintenance now, if it was not said before: the key of the event tells.

    Of several reminders that are due the one nearest to the beginning alone: who was away for a day is told once.
    """
    if known.kind is not Kind.MAINTENANCE or known.absent_since is not None:
        return None
    if known.phase is Phase.SCHEDULED:
        return _reminder(page, known, rule, now)
    return _overrun(page, known, rule, now) if known.phase in _RUNNING and known.is_told else None


def next_at(known: Iterable[KnownIncident], rule: CalendarRule, now: datetime) -> datetime | None:
    """The next moment after now at which something becomes due of these maintenances; None for never."""
    moments = (moment for one in known for moment in _moments(one, rule))
    return min((moment for moment in moments if moment > now), default=None)


def _moments(known: KnownIncident, rule: CalendarRule) -> list[datetime]:
    if known.phase is Phase.SCHEDULED and (begins := _utc(known.scheduled_for)) is not None:
        return [begins - lead for lead in rule.leads]
    if known.phase in _RUNNING and (ends := _utc(known.scheduled_until)) is not None:
        return [ends + rule.overrun_after]
    return []


def _utc(moment: datetime | None) -> datetime | None:
    """In UTC: a day before is 24 hours whatever the clocks do, and the same moment gives the same key."""
    return None if moment is None else moment.astimezone(UTC)


def _reminder(page: PageRef, known: KnownIncident, rule: CalendarRule, now: datetime) -> Event | None:
    begins = _utc(known.scheduled_for)
    if begins is None or begins <= now:
        return None
    lead = min((one for one in rule.leads if begins - one <= now), default=None)
    if lead is None:
        return None
    part = f"reminder/{begins.isoformat()}/{int(lead.total_seconds())}"
    return _event(EventType.MAINTENANCE_REMINDER, page, known, part, begins - lead, now)


def _overrun(page: PageRef, known: KnownIncident, rule: CalendarRule, now: datetime) -> Event | None:
    """What was never closed on a page that nobody looks after goes on for ever: that is no news."""
    ends = _utc(known.scheduled_until)
    if ends is None or not ends + rule.overrun_after <= now <= ends + CREDIBLY_OPEN:
        return None
    part = f"overrun/{ends.isoformat()}"
    return _event(EventType.MAINTENANCE_OVERRUN, page, known, part, ends + rule.overrun_after, now)


def _event(kind: EventType, page: PageRef, known: KnownIncident, part: str, meant_at: datetime, now: datetime) -> Event:
    return Event(
        type=kind,
        key=event_key(page.slug, known.id, part),
        at=meant_at if now - meant_at <= ON_TIME else now,
        seen_at=now,
        source=Source.INFER,
        page=page,
        incident=described(known, known.phase),
    )
