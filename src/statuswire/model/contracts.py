"""What a provider promised to keep up, and the documents kept as evidence of how it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from statuswire.model.vocabulary import Source, Status


class Term(StrEnum):
    """A window that the calendar gives."""

    MONTH = "month"
    QUARTER = "quarter"


class LeftOut(StrEnum):
    """What time counts as that does not count: nothing, so that it is no part of what was promised; or time that was
    up, in a window that stays as long as it was."""

    NOTHING = "nothing"
    UP = "up"


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Hours that do not count, from `begin` to `end` (on the next day if that is not later) on the days that begin on
    one of `days` (0 is Monday; none: every day)."""

    begin: time
    end: time
    reason: str
    days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A time that does not count, its end not included."""

    since: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Credit:
    """So much of the fee is owed, in percent, where the result is below this, in percent."""

    below: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Contract:
    """`objective` is in percent. `components` are globs, none: the page as a whole. `window` is one of the calendar in
    `zone`, or so long back from the end of a month. `weights` says which part of a minute at a level counts as down; a
    level that is missing counts nothing. `notice`: maintenance that was announced so long before does not count; None:
    all of it does. `left_out`: what becomes of the time that does not count."""

    name: str
    page: str
    objective: Decimal
    weights: Mapping[Status, Decimal]
    zone: tzinfo = UTC
    components: tuple[str, ...] = ()
    window: Term | timedelta = Term.MONTH
    notice: timedelta | None = None
    hours: tuple[WeeklyHours, ...] = ()
    dates: tuple[NamedTime, ...] = ()
    left_out: LeftOut = LeftOut.NOTHING
    credits: tuple[Credit, ...] = ()


class Why(StrEnum):
    """Why a document is kept: it made events, or changed what was known; it was the first or the last of its address in
    a month; or it is the last so far, and goes when the next one comes."""

    EVENT = "event"
    CHANGE = "change"
    FIRST = "first"
    LAST = "last"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """One receipt of a document of a page with a contract. `digest` is the SHA-256 of its bytes, in hexadecimal, and
    `size_bytes` how many there were. The events that it made have numbers from `first_event` to `last_event`, of
    whatever page; None where it made none. `needed_until`: the last window of a contract that it lies in ends then.
    `is_withheld`: it held a secret of ours, and its bytes are not kept."""

    page_id: int
    digest: str
    size_bytes: int
    url: str
    source: Source
    received_at: datetime
    served_at: datetime
    why: Why
    needed_until: datetime
    first_event: int | None = None
    last_event: int | None = None
    is_withheld: bool = False
    id: int = 0
