"""Our signals and the provider's word on one axis of time, as SVG and in words. Pure; takes plain values.

Nothing of a sender or a provider is in it but by escaping, and no style attribute: a class says what a piece is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from statuswire.model import Status

WIDTH: Final = 1000
ROW: Final = 12
"""How high a row of one bar is, in units of the drawing, and GAP what lies between ours and theirs."""

GAP: Final = 8
MOST_ROWS: Final = 6
"""Bars that overlap lie in rows of their own, up to so many; more share the last one."""

_LEAST: Final = 4.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that went on: `text` is what to say of it."""

    since: datetime
    until: datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Stripe:
    """How the page stood for a while."""

    since: datetime
    until: datetime
    level: Status


def axis(
    ours: Sequence[Mark],
    theirs: Sequence[Mark],
    stripes: Sequence[Stripe],
    since: datetime,
    until: datetime,
    label: str,
) -> Markup:
    """Ours above, theirs below, each in as many rows as it needs, and at the ground how the page stood."""
    scale = _Scale(since, until)
    above, rows_above = _lane(ours, scale, 0)
    ground = max(rows_above, 1) * ROW + GAP
    below, rows_below = _lane(theirs, scale, ground)
    foot = ground + max(rows_below, 1) * ROW
    line = Markup('<path class="ground" d="M0 {}H{}"/>').format(ground - GAP // 2, WIDTH)
    height = foot + ROW // 2
    return Markup(
        '<svg class="axis" height="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
        "{}{}{}{}</svg>"
    ).format(height, WIDTH, height, label, above, line, below, _stripes(stripes, scale, foot))


@dataclass(frozen=True, slots=True)
class _Scale:
    since: datetime
    until: datetime

    def at(self, moment: datetime) -> float:
        within = min(max(moment, self.since), self.until) - self.since
        return round(WIDTH * (within / max(self.until - self.since, timedelta(seconds=1))), 1)

    def width(self, since: datetime, until: datetime) -> float:
        return max(round(self.at(until) - self.at(since), 1), _LEAST)


def _lane(marks: Sequence[Mark], scale: _Scale, top: int) -> tuple[Markup, int]:
    """The bars of one side, and how many rows they take."""
    drawn = Markup()
    ends: list[float] = []
    for mark in sorted(marks, key=lambda one: (one.since, one.until)):
        begin = min(scale.at(mark.since), WIDTH - _LEAST)
        width = scale.width(mark.since, mark.until)
        row = next((place for place, end in enumerate(ends) if end <= begin), len(ends))
        row = min(row, MOST_ROWS - 1)
        ends[row : row + 1] = [max(begin + width, ends[row] if row < len(ends) else 0.0)]
        drawn += Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="1"><title>{}</title></rect>').format(
            mark.kind, begin, top + row * ROW + 1, width, ROW - 2, mark.text
        )
    return drawn, len(ends)


def _stripes(stripes: Sequence[Stripe], scale: _Scale, top: int) -> Markup:
    shown = (one for one in stripes if one.until > scale.since and one.since < scale.until)
    return Markup().join(
        Markup('<rect class="is-{}" x="{}" y="{}" width="{}" height="{}"/>').format(
            one.level.value, scale.at(one.since), top, scale.width(one.since, one.until), ROW // 2 - 1
        )
        for one in shown
    )
