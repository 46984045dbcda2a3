"""What of a window does not count by the words of a contract: maintenance told in time, hours, and named times. Pure.

Maintenance counts as told when the provider says that it was first announced, else when it was first seen here. What
does not count is the part of the work that lies within the plan: what began early or went on for longer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from statuswire.core.courses import went_on
from statuswire.core.timeline import Span, Window
from statuswire.model import Contract, KnownIncident, WeeklyHours

_DAY = timedelta(days=1)


class Ground(StrEnum):
    """By which word of the contract some time does not count; of several, the first."""

    DATES = "dates"
    HOURS = "hours"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class Exemption:
    """A span that does not count."""

    span: Span
    ground: Ground
    reason: str


class Finding(StrEnum):
    """Whether a maintenance counts, and why."""

    EXEMPT = "announced in time: what lies within its plan is excluded"
    NO_RULE = "the contract exempts no maintenance"
    NEVER_RAN = "it did not take place"
    NO_PLAN = "no beginning and end were announced"
    TOO_LATE = "it was announced too late"
    OUTSIDE = "none of it lies within its plan and this window"


@dataclass(frozen=True, slots=True)
class Judged:
    """One maintenance. `exempt` is the part of it that does not count; `ran` when it went on."""

    work: KnownIncident
    finding: Finding
    announced_at: datetime | None
    ran: Span | None = None
    exempt: Span | None = None

    @property
    def notice(self) -> timedelta | None:
        """How long before its planned beginning it was announced."""
        planned = self.work.scheduled_for
        return None if planned is None or self.announced_at is None else planned - self.announced_at

    def was_seen_late(self, notice: timedelta) -> bool:
        """Whether it does not count by the provider's word alone: it was first seen here later than it should have
        been announced."""
        planned, seen_at = self.work.scheduled_for, self.work.first_seen_at
        is_late = planned is not None and seen_at is not None and planned - seen_at < notice
        return self.exempt is not None and is_late


def judge(contract: Contract, works: Iterable[KnownIncident], window: Window, now: datetime) -> tuple[Judged, ...]:
    """What the contract says of each maintenance."""
    return tuple(_judge(contract, one, window, now) for one in works)


def _judge(contract: Contract, work: KnownIncident, window: Window, now: datetime) -> Judged:
    told, ran = announced_at(work), went_on(work, now)
    if ran is None:
        return Judged(work, Finding.NEVER_RAN, told)
    if contract.notice is None:
        return Judged(work, Finding.NO_RULE, told, ran)
    begin, end = work.scheduled_for, work.scheduled_until
    if begin is None or end is None:
        return Judged(work, Finding.NO_PLAN, told, ran)
    if told is None or begin - told < contract.notice:
        return Judged(work, Finding.TOO_LATE, told, ran)
    planned = (max(begin, ran[0]), min(end, ran[1]))
    exempt = window.clip(planned)
    return Judged(work, Finding.EXEMPT if exempt else Finding.OUTSIDE, told, ran, exempt)


def announced_at(work: KnownIncident) -> datetime | None:
    """By the provider's word, else since when it is known here."""
    first = min((one.at for one in work.updates), default=None)
    return work.created_at or first or work.first_seen_at


def exemptions(contract: Contract, judged: Sequence[Judged], window: Window) -> tuple[Exemption, ...]:
    """Every span of the window that does not count; they may overlap. The earliest first."""
    found = [*_named(contract), *_weekly(contract, window), *_announced(judged)]
    clipped = ((window.clip(one.span), one) for one in found)
    return tuple(sorted((Exemption(span, one.ground, one.reason) for span, one in clipped if span), key=_begin))


def _begin(one: Exemption) -> tuple[Span, str]:
    return one.span, one.ground


def _named(contract: Contract) -> Iterator[Exemption]:
    for one in contract.dates:
        yield Exemption((one.since, one.until), Ground.DATES, one.reason)


def _announced(judged: Sequence[Judged]) -> Iterator[Exemption]:
    for one in judged:
        if one.exempt is not None:
            yield Exemption(one.exempt, Ground.MAINTENANCE, one.work.title or one.work.id)


def _weekly(contract: Contract, window: Window) -> Iterator[Exemption]:
    day = window.since.astimezone(contract.zone).date() - _DAY
    last = window.until.astimezone(contract.zone).date()
    while day <= last and contract.hours:
        for hours in contract.hours:
            if not hours.days or day.weekday() in hours.days:
                yield Exemption(_hours_of(hours, day, contract), Ground.HOURS, hours.reason)
        day += _DAY


def _hours_of(hours: WeeklyHours, day: date, contract: Contract) -> Span:
    ends_on = day if hours.end > hours.begin else day + _DAY
    begin, end = (
        datetime.combine(on, at, contract.zone).astimezone(UTC) for on, at in ((day, hours.begin), (ends_on, hours.end))
    )
    return begin, end
