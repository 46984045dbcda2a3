"""What an address of the reports asks for: over which time, of what, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from statuswire.core.timeline import Window
from statuswire.web.face.filterform import FilterForm, moment_of, read_form
from statuswire.web.filters import read_pairs
from statuswire.web.problems import Refusal, RefusedRequest

PATH: Final = "/reports"
LONGEST: Final = timedelta(days=400)
USUAL: Final = "90d"
SPANS: Final[Mapping[str, str]] = {
    "30d": "30 days",
    "90d": "90 days",
    "month": "this month",
    "last-month": "last month",
    "year": "12 months",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """`span` is a word of SPANS, empty where `since` and `until` were named. `table` is what is wanted as CSV."""

    form: FilterForm
    window: Window
    span: str = USUAL
    since: str = ""
    until: str = ""
    fault: str = ""
    table: str = ""

    @property
    def is_right(self) -> bool:
        return not (self.fault or self.form.faults)

    def address(self, **other: str) -> str:
        """The same with something else asked."""
        kept = {"since": self.since, "until": self.until, "span": self.span} | other
        fields = [(name, value) for name, value in kept.items() if value]
        return f"{PATH}?{urlencode([*self.form.pairs, *fields])}"


def read_asked(query: bytes, now: datetime) -> Asked:
    """What a query string asks for. Raises RefusedRequest for one that cannot be read at all."""
    pairs = read_pairs(query)
    if isinstance(pairs, Refusal):
        raise RefusedRequest(pairs)
    given = dict(pairs)
    form, table = read_form(pairs), given.get("table", "") if given.get("format") == "csv" else ""
    since, until = given.get("since", "").strip(), given.get("until", "").strip()
    if not (since or until):
        span = given.get("span", USUAL)
        span = span if span in SPANS else USUAL
        return Asked(form, _window(span, now), span, table=table)
    try:
        return Asked(form, _named(since, until, now), "", since, until, table=table)
    except ValueError as error:
        return Asked(form, _window(USUAL, now), "", since, until, str(error), table)


def _named(since: str, until: str, now: datetime) -> Window:
    """Raises ValueError."""
    end = moment_of(until, is_end=True) or now
    begin = moment_of(since) or end - timedelta(days=90)
    end = min(end, now)
    if begin >= end:
        raise ValueError("ends before it begins, or lies in the future.")
    if end - begin > LONGEST:
        raise ValueError(f"is longer than {LONGEST.days} days.")
    return Window(begin, end)


def _window(span: str, now: datetime) -> Window:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today.replace(day=1)
    if span == "month":
        return Window(first, max(now, first + timedelta(seconds=1)))
    if span == "last-month":
        return Window((first - timedelta(days=1)).replace(day=1), first)
    days = {"30d": 30, "90d": 90, "year": 365}[span]
    return Window(today - timedelta(days=days - 1), now + timedelta(microseconds=1))
