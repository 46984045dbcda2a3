"""Incidents: how many, how bad, how long until they were resolved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from statuswire.core.courses import began_at, ended_at
from statuswire.core.figures import Cell, Spread, spread
from statuswire.core.timeline import Window
from statuswire.engine.reports.base import Grounds, Rows
from statuswire.model import (
    Impact,
    Kind,
    KnownIncident,
    Page,
)


@dataclass(frozen=True, slots=True)
class PageIncidents:
    """The incidents of one page (None: of all) that began within the window. `resolve`: how long those took that are
    over."""

    page: Page | None
    by_impact: dict[Impact, int]
    open: int
    resolve: Spread

    @property
    def count(self) -> int:
        return sum(self.by_impact.values())


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """All pages together first, then those that had any."""

    window: Window
    total: PageIncidents
    pages: tuple[PageIncidents, ...]

    def as_rows(self) -> Rows:
        return tuple(_incident_row(one) for one in (self.total, *self.pages))


def load_incidents(grounds: Grounds) -> IncidentReport:
    """Raises StoreError."""
    mine = [(page, [one for one in some if one.kind is Kind.INCIDENT]) for page, some in grounds.begun]
    every = [one for _, some in mine for one in some]
    parts = tuple(_page_incidents(page, some, grounds.now) for page, some in mine if some)
    return IncidentReport(grounds.query.window, _page_incidents(None, every, grounds.now), parts)


def _page_incidents(page: Page | None, some: Sequence[KnownIncident], now: datetime) -> PageIncidents:
    counts = Counter(one.impact for one in some)
    over = (one for one in some if one.phase.is_closed)
    lengths = [max(ended_at(one, now) - began_at(one), timedelta(0)) for one in over]
    return PageIncidents(page, dict(counts), sum(one.is_open for one in some), spread(lengths))


def _incident_row(one: PageIncidents) -> dict[str, Cell]:
    return {
        "page": one.page.slug if one.page else "",
        "incidents": one.count,
        "open": one.open,
        **{impact.value: one.by_impact.get(impact, 0) for impact in Impact if impact is not Impact.MAINTENANCE},
        **one.resolve.as_cells("resolve"),
    }
