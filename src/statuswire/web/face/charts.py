"""Charts, drawn here as SVG: bars of days. Pure; takes plain values.

Nothing of a provider is in them but by escaping, and no style attribute: a class says the state, the style sheet its
colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from statuswire.channels import wording
from statuswire.model import Status

STEP, WIDTH = 8, 6
"""From one bar to the next, and how wide one is, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day. `level` is its colour; UNKNOWN, where too little was observed, is hatched. `facts` is what to say of it,
    such as `12 min degraded`; `seen` the share of the day that was observed, 0 to 1."""

    date: date
    level: Status
    facts: str = ""
    seen: float = 1.0

    @property
    def text(self) -> str:
        """`2026-05-04: 12 min degraded`."""
        said = self.facts or (
            "not observed" if self.level is Status.UNKNOWN else wording.STATUS_WORDS[self.level].lower()
        )
        partly = f"; observed {self.seen:.0%}" if 0 < self.seen < 0.995 else ""
        return f"{self.date:%Y-%m-%d}: {said}{partly}"


def bars(days: Sequence[Bar], label: str, height: int = 32) -> Markup:
    """One bar for each day, oldest first, each with its text on hover; the arrow keys go through them."""
    shown = Markup().join(
        Markup('<rect class="is-{}" x="{}" y="0" width="{}" height="{}" rx="1"><title>{}</title></rect>').format(
            bar.level.value, place * STEP, WIDTH, height, bar.text
        )
        for place, bar in enumerate(days)
    )
    return _drawing(len(days), label, height, "bars", shown, 'tabindex="0" data-bars')


def strip(levels: Sequence[Status], name: str, height: int = 16) -> Markup:
    """The days of one component in few bytes, for pages with hundreds of them: days of one state next to each other are
    one stroke."""
    strokes = []
    start = 0
    for place in range(1, len(levels) + 1):
        if place < len(levels) and levels[place] is levels[start]:
            continue
        end = (place - 1) * STEP + WIDTH
        strokes.append(f'<path class="is-{levels[start].value}" d="M{start * STEP} {height // 2}H{end}"/>')
        start = place
    shown = Markup("".join(strokes))  # noqa: S704  (our own words and numbers)
    return _drawing(len(levels), f"{name}, {summary(levels)}", height, "strip", shown, "")


def _drawing(count: int, label: str, height: int, name: str, shown: Markup, more: str) -> Markup:
    width = max(count * STEP - (STEP - WIDTH), 1)
    return Markup(
        '<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}" {}>{}</svg>'
    ).format(name, width, height, label, Markup(more), shown)  # noqa: S704  (ours)


def summary(levels: Sequence[Status]) -> str:
    """What the bars say, in a sentence, for those who do not see them."""
    blind = levels.count(Status.UNKNOWN)
    bad = len(levels) - blind - levels.count(Status.OPERATIONAL)
    return f"{len(levels)} days: {bad} with trouble, {blind} not observed"
