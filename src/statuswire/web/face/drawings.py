"""Charts of the reports, drawn as SVG. Pure: plain values in, no style attribute; a class says what a piece is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

WIDTH: Final = 1000
COLUMN: Final = 16
HEIGHT: Final = 96

Piece = tuple[str, float]
"""A class of the style sheet (`is-degraded`), and how much."""


def shares(pieces: Sequence[Piece], whole: float, label: str) -> Markup:
    """One bar of several pieces side by side, of which `whole` would fill the width."""
    drawn, begin = Markup(), 0.0
    for name, amount in pieces:
        width = WIDTH * amount / whole if whole else 0.0
        if width > 0:
            drawn += Markup('<rect class="{}" x="{}" width="{}" height="8"/>').format(
                name, round(begin, 1), round(max(width, 3.0), 1)
            )
        begin += width
    return Markup(
        '<svg class="shares" viewBox="0 0 {} 8" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, label, drawn)


def columns(stacks: Sequence[tuple[str, Sequence[Piece]]], label: str) -> Markup:
    """A column for each of the stacks, which have a name (`2026-05-04: 3 incidents`), from the ground up."""
    top = max((sum(amount for _, amount in pieces) for _, pieces in stacks), default=0.0)
    drawn = Markup().join(_column(place, name, pieces, top) for place, (name, pieces) in enumerate(stacks))
    return Markup(
        '<svg class="columns" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(max(len(stacks), 1) * COLUMN, HEIGHT, label, drawn)


def _column(place: int, name: str, pieces: Sequence[Piece], top: float) -> Markup:
    drawn, ground = Markup(), float(HEIGHT)
    for kind, amount in pieces:
        height = HEIGHT * amount / top if top else 0.0
        ground -= height
        if height > 0:
            drawn += Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                kind, place * COLUMN + 1, round(ground, 1), COLUMN - 2, round(height, 1)
            )
    return Markup("<g><title>{}</title>{}</g>").format(name, drawn)


def reach(median: float, far: float, whole: float, label: str) -> Markup:
    """From nothing to `far`, with a mark at the median."""
    end, middle = (round(WIDTH * min(one / whole, 1.0), 1) if whole else 0.0 for one in (far, median))
    return Markup(
        '<svg class="reach" viewBox="0 0 {} 8" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="far" y="3" width="{}" height="2"/><rect class="middle" x="{}" width="6" height="8"/></svg>'
    ).format(WIDTH, label, max(end, 3.0), min(middle, WIDTH - 6))
