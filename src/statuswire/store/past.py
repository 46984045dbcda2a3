"""What is kept of events, verdicts and deliveries that are forgotten (`forgetting`), for the sake of reports.

Of an event there remain its place in time, its page and its incident, and the whole body where it says how a page
stood: so uptime, falls and lags of any window are the same afterwards. Of verdicts and deliveries there remain counts,
for each quarter of an hour: no month of any zone begins within one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from statuswire.store.base import Tx, named

VERDICT: Final = "verdict"
DELIVERY: Final = "delivery"

_QUARTER_US = 900_000_000
_ADD = """
INSERT INTO past_count (ended_at, page_id, what, route, channel, word, count)
VALUES (:ended_at, :page_id, :what, :route, :channel, :word, :count)
ON CONFLICT (ended_at, page_id, what, route, channel, word) DO UPDATE SET count = past_count.count + excluded.count
"""
_NAMES = ("ended_at", "page_id", "what", "route", "channel", "word")

Count = tuple[int, int, str, str, str, str]
"""End of the quarter, page, what, route, channel, word."""


def quarter(at: int) -> int:
    """The end of the quarter of an hour in which it was, or that moment itself where it is one."""
    return -(-at // _QUARTER_US) * _QUARTER_US


def add_counts(tx: Tx, counts: Counter[Count]) -> None:
    tx.many(
        _ADD,
        [{**dict(zip(_NAMES, place, strict=True)), "count": count} for place, count in sorted(counts.items())],
    )


def pages_of_events(tx: Tx, ids: Iterable[int]) -> dict[int, int]:
    """The page of each of these events, also of those that are forgotten."""
    found: dict[int, int] = {}
    for names, params in in_numbers(ids):
        for table in ("event", "past_event"):
            found |= dict(tx.all(f"SELECT id, page_id FROM {table} WHERE id IN ({names})", params))  # noqa: S608
    return found


def in_numbers(ids: Iterable[int]) -> Iterator[tuple[str, dict[str, object]]]:
    """Chunks of an IN list as placeholders and their values."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), 500):
        params: dict[str, object] = {}
        yield named("id", wanted[start : start + 500], params), params
