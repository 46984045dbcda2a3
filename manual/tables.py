"""Tables of the reference that follow the code: which rows there are, in which order, and what the code says in them.

A column that the code knows nothing of, or knows in fewer words, is written by hand and stays as it is; a new row
begins with the words of the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Cells = tuple[str, ...]
Known = Mapping[str, Cells]
"""The rows that stand there, by the code words of their first cells: `GET /api/v1/pages`, `poll.interval`."""

_ROW = re.compile(r"^\|.*\|\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a page of docs/: the first one with this head behind this heading. `make` is given what it has."""

    page: str
    heading: str
    head: str
    make: Callable[[Known], Sequence[Cells]]


def remade(text: str, table: Table) -> str:
    """The page with this table as it is to be. Raises LookupError where the page has no such table."""
    start = _after(text, table)
    end = start
    while row := _ROW.match(text, end):
        end = row.end()
    known = {_key(cells): cells for cells in map(_cells, text[start:end].splitlines())}
    return text[:start] + "".join(_line(cells) for cells in table.make(known)) + text[end:]


def _after(text: str, table: Table) -> int:
    """Where the first row stands."""
    heading = text.find(f"\n## {table.heading}\n") if table.heading else 0
    head = text.find(f"\n{table.head}\n| ---", heading)
    if heading < 0 or head < 0:
        raise LookupError(f"{table.page} has no table {table.head!r} behind {table.heading or 'its title'!r}")
    return text.index("\n", text.index("\n| ---", head) + 1) + 1


def _cells(line: str) -> Cells:
    """What stands between the bars; a bar behind a backslash is part of a word."""
    return tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|")))


def _key(cells: Cells) -> str:
    """`GET /api/v1/pages` of `| GET | `/api/v1/pages` | ...`."""
    first = cells[0].strip("`")
    return f"{first} {cells[1].strip('`')}" if first.isupper() else first


def _line(cells: Cells) -> str:
    return f"| {' | '.join(cells)} |\n".replace("|  |", "| |")
