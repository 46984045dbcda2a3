"""`statuswire uptime`: how much of a time pages and their components were up, as the reports reckon it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from statuswire.channels.terminal import Style
from statuswire.channels.wording import duration
from statuswire.core.timeline import Window
from statuswire.engine.reports import Grounds, ReportQuery, Uptime, load_uptime
from statuswire.model import Filter
from statuswire.store import Tx
from statuswire.tables import table


def load(tx: Tx, slugs: Sequence[str], length: timedelta, now: datetime) -> tuple[Uptime, ...]:
    """Of the pages that the slugs mean, each before its components; of all pages where none is named, without
    components. Raises StoreError."""
    query = ReportQuery(Window(now - length, now), Filter(pages=tuple(slugs)))
    return load_uptime(Grounds(tx, query, now, pages_alone=not slugs)).parts


def render(parts: Sequence[Uptime], style: Style) -> str:
    return "\n".join(table(("Page", "Up", "Down", "Observed", "Component"), [_cells(one) for one in parts], style))


def _cells(one: Uptime) -> tuple[str, ...]:
    whole = one.whole
    up = "-" if whole.uptime is None else f"{whole.uptime:.2f} %"
    return (
        one.page.slug,
        up,
        duration(whole.down) if whole.down else "-",
        f"{whole.observed_share:.0%}",
        one.timeline.label,
    )
