"""Tables that are kept by time on PostgreSQL: a month of events, a day of ended deliveries; elsewhere one table.

Parts are made ahead. What has no part of its own goes into one for all the rest (`event_other`), so nothing is ever
refused; whoever copies an old log in makes its parts first (`cover`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from statuswire.store import rows
from statuswire.store.base import Tx

AHEAD: Final = timedelta(days=62)
DAYS_AHEAD: Final = timedelta(days=7)
MOST = 2_000
"""Parts that are made at most in one go: more than five years of days."""

_PARTS = (
    "SELECT relname FROM pg_class JOIN pg_inherits ON inhrelid = pg_class.oid WHERE inhparent = to_regclass(:table)"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A table by time: the column, how parts are named, where the one of a moment begins and the next one, and how far
    ahead they are made."""

    table: str
    column: str
    form: str
    begin: Callable[[date], date]
    following: Callable[[date], date]
    ahead: timedelta

    def name(self, begin: date) -> str:
        return f"{self.table}_{begin:{self.form}}"


def _month(day: date) -> date:
    return day.replace(day=1)


def _next_month(begin: date) -> date:
    return (begin + timedelta(days=32)).replace(day=1)


def _same(day: date) -> date:
    return day


def _next_day(day: date) -> date:
    return day + timedelta(days=1)


EVENTS = Kept("event", "seen_at", "%Y_%m", _month, _next_month, AHEAD)
DELIVERIES = Kept("delivery_log", "ended_at", "%Y_%m_%d", _same, _next_day, DAYS_AHEAD)
ALL = (EVENTS, DELIVERIES)


def prepare(tx: Tx, now: datetime) -> int:
    """Make the parts of today and of some time ahead; how many were missing."""
    return sum(cover(tx, one, now, now + one.ahead) for one in ALL)


def cover(tx: Tx, kept: Kept, first: datetime, last: datetime) -> int:
    """Make the parts between two moments that are not there; how many. None where the engine has no parts."""
    if not tx.dialect.is_shared:
        return 0
    if not _missing(tx, kept, first, last):
        return 0
    tx.execute(f"LOCK TABLE {kept.table} IN SHARE UPDATE EXCLUSIVE MODE")  # another process may be making them
    missing = _missing(tx, kept, first, last)
    for begin in missing:
        _make(tx, kept, begin)
    return len(missing)


def cover_each(tx: Tx, kept: Kept, moments: Iterable[int]) -> None:
    """Make the parts in which these moments (microseconds) lie. Those of no sensible year stay without one."""
    if tx.dialect.is_shared:
        days = {kept.begin(rows.time_of(one).date()) for one in moments if _SENSIBLE[0] <= one < _SENSIBLE[1]}
        for day in sorted(days):
            cover(tx, kept, _at(day), _at(day))


_SENSIBLE: Final = (946_684_800_000_000, 4_102_444_800_000_000)
"""The years 2000 to 2099."""


def old_parts(tx: Tx, kept: Kept, before: datetime) -> list[str]:
    """The parts that end by then, the oldest first: tables that can be dropped whole. None where the engine has no
    parts."""
    return [name for name, end in _ends(tx, kept) if end <= before] if tx.dialect.is_shared else []


def drop(tx: Tx, part: str) -> None:
    tx.execute(f"DROP TABLE {part}")


def table_of_rows(tx: Tx, kept: Kept) -> str:
    """Where old rows are deleted one by one: the part of those that have none of their own, or the whole table."""
    return f"{kept.table}_other" if tx.dialect.is_shared else kept.table


def _make(tx: Tx, kept: Kept, begin: date) -> None:
    """With the rows of that time that lie in the part for all the rest, where it was not made in time."""
    low, high = (rows.micros(_at(day)) for day in (begin, kept.following(begin)))
    strays = f"{kept.table}_other WHERE {kept.column} >= {low} AND {kept.column} < {high}"
    has_strays = tx.one(f"SELECT 1 FROM {strays} LIMIT 1") is not None  # noqa: S608 - our own words and numbers
    if has_strays:
        tx.execute(f"CREATE TEMPORARY TABLE stray ON COMMIT DROP AS SELECT * FROM {strays}")  # noqa: S608
        tx.execute(f"DELETE FROM {strays}")  # noqa: S608
    tx.execute(f"CREATE TABLE {kept.name(begin)} PARTITION OF {kept.table} FOR VALUES FROM ({low}) TO ({high})")
    if has_strays:
        tx.execute(f"INSERT INTO {kept.table} SELECT * FROM stray")  # noqa: S608
        tx.execute("DROP TABLE stray")


def _missing(tx: Tx, kept: Kept, first: datetime, last: datetime) -> list[date]:
    there = _parts(tx, kept)
    return [begin for begin in _begins(kept, first, last) if kept.name(begin) not in there]


def _begins(kept: Kept, first: datetime, last: datetime) -> Iterator[date]:
    begin = kept.begin(first.astimezone(UTC).date())
    for _ in range(MOST):
        if _at(begin) > last:
            return
        yield begin
        begin = kept.following(begin)


def _parts(tx: Tx, kept: Kept) -> set[str]:
    return {row[0] for row in tx.all(_PARTS, {"table": kept.table})}


def _ends(tx: Tx, kept: Kept) -> Iterator[tuple[str, datetime]]:
    """Every part by time, and where it ends."""
    for name in sorted(_parts(tx, kept) - {f"{kept.table}_other"}):
        begin = datetime.strptime(name.removeprefix(f"{kept.table}_"), kept.form).replace(tzinfo=UTC).date()
        yield name, _at(kept.following(begin))


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
