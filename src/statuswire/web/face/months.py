"""A month as weeks of days, with what is planned on each. Pure; days are in UTC, for a page is made without knowing
where its reader is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from statuswire.model import KnownIncident, PageRef, Phase

LONGEST: Final = timedelta(days=60)
"""A plan that claims to go on for longer is shown on its first days only."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One maintenance with the time that it takes, as planned or as it went; `end` None: not named, and not over."""

    page: PageRef
    work: KnownIncident
    begin: datetime
    end: datetime | None

    @property
    def is_over(self) -> bool:
        return self.work.phase.is_closed

    @property
    def is_running(self) -> bool:
        return not self.is_over and self.work.phase is not Phase.SCHEDULED

    def overrun(self, now: datetime) -> timedelta | None:
        """How long it has gone on beyond its planned end; None where it has not."""
        until = self.work.scheduled_until
        return now - until if self.is_running and until is not None and until < now else None

    def is_late(self, now: datetime) -> bool:
        """Whether it was to have begun, and the provider has not said that it did."""
        return self.work.phase is Phase.SCHEDULED and self.begin < now

    def touches(self, day: date) -> bool:
        return self.begin.astimezone(UTC).date() <= day <= self._last_day

    @property
    def _last_day(self) -> date:
        """What ends at midnight is not there on the next day."""
        end = min(self.end or self.begin, self.begin + LONGEST)
        return max(end - timedelta(microseconds=1), self.begin).astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    is_in_month: bool
    is_today: bool
    planned: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """`first` is its first day."""

    first: date

    @classmethod
    def of(cls, text: str, now: datetime) -> Month:
        """`2026-12`; the present one for any other text."""
        try:
            found = date.fromisoformat(f"{text}-01")
        except ValueError:
            found = now.astimezone(UTC).date()
        return cls(found.replace(day=1) if 1970 <= found.year <= 9000 else now.astimezone(UTC).date().replace(day=1))

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> Month:
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> Month:
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def shown_from(self) -> date:
        """The Monday of its first week."""
        return self.first - timedelta(days=self.first.weekday())

    @property
    def shown_until(self) -> date:
        """The Monday after its last week."""
        last = self.after.first - timedelta(days=1)
        return last + timedelta(days=7 - last.weekday())

    @property
    def window(self) -> tuple[datetime, datetime]:
        begin, end = (datetime.combine(one, time(), UTC) for one in (self.shown_from, self.shown_until))
        return begin, end

    def weeks(self, some: Iterable[Planned], now: datetime) -> tuple[tuple[Day, ...], ...]:
        planned = sorted(some, key=lambda one: one.begin)
        today = now.astimezone(UTC).date()
        count = (self.shown_until - self.shown_from).days
        dates = [self.shown_from + timedelta(days=number) for number in range(count)]
        days = [
            Day(
                one,
                is_in_month=(one.year, one.month) == (self.first.year, self.first.month),
                is_today=one == today,
                planned=tuple(work for work in planned if work.touches(one)),
            )
            for one in dates
        ]
        return tuple(tuple(days[place : place + 7]) for place in range(0, count, 7))
