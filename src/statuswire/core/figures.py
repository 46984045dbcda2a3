"""Figures of many lengths of time, and tables as CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Final

Cell = str | int | float | None
Table = Sequence[Mapping[str, Cell]]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the beginning of a formula (OWASP, CSV injection, checked 2026-11-29)."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Of so many lengths of time: the middle one, the one that 95 of 100 do not exceed, the longest; None of none."""

    count: int
    median: timedelta | None
    p95: timedelta | None
    longest: timedelta | None

    def as_cells(self, what: str) -> dict[str, Cell]:
        """In seconds, under names that begin with `what`."""
        return {
            f"{what}_median_s": seconds(self.median),
            f"{what}_p95_s": seconds(self.p95),
            f"{what}_longest_s": seconds(self.longest),
        }


def spread(lengths: Iterable[timedelta]) -> Spread:
    """By nearest rank: each figure is one of the lengths, but for the median of an even number."""
    ordered = sorted(lengths)
    count = len(ordered)
    if not count:
        return Spread(0, None, None, None)
    median = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    return Spread(count, median, ordered[ceil(0.95 * count) - 1], ordered[-1])


def seconds(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds(), 1)


def to_csv(table: Table) -> str:
    """With a line of names and CRLF (RFC 4180); empty for an empty table. Text that a spreadsheet would run is led by
    an apostrophe."""
    if not table:
        return ""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(table[0]))
    writer.writeheader()
    writer.writerows({name: _safe(cell) for name, cell in row.items()} for row in table)
    return out.getvalue()


def _safe(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
