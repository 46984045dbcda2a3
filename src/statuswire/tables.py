"""Columns for terminals (docs/decisions/own-terminal-tables.md). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from statuswire.channels.terminal import Style, clip, display_width, one_line, paint
from statuswire.model import Status


def minute(stamp: object, otherwise: str = "") -> str:
    """A moment of a JSON body, in UTC: `2026-05-04 10:22`. What stands there for none is said otherwise."""
    return str(stamp)[:16].replace("T", " ") if stamp else otherwise


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], style: Style, levels: Sequence[Status | None] = ()
) -> list[str]:
    """Columns as wide as their widest cell, the last one cut at the width of the terminal; the second is painted."""
    cells = [[one_line(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(display_width(row[column]) for row in cells) for column in range(len(heads))]
    room = max(style.width - sum(widths[:-1]) - 2 * (len(widths) - 1), 12) if style.width else 0
    lines = []
    for row, level in zip(cells, (None, *levels, *[None] * len(rows)), strict=False):
        padded = [cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True)]
        if len(padded) > 2:
            padded[1] = paint(padded[1], level, style)
        lines.append("  ".join([*padded[:-1], clip(row[-1], room)]).rstrip())
    return lines
