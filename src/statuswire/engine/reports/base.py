"""What every report is asked, and what all of them share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from statuswire.core.courses import began_at
from statuswire.core.figures import Cell
from statuswire.core.selection import matches
from statuswire.core.timeline import Window
from statuswire.engine.lists import EVERYTHING, NO_LABELS, Labels, meant_pages
from statuswire.model import (
    Filter,
    KnownIncident,
    Page,
)
from statuswire.store import Tx, history, queries
from statuswire.wire import timestamp

Rows = tuple[dict[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Over which time, and of what: the filter's pages, tags, categories, components and impacts count. Months and days
    are those of the zone."""

    window: Window
    filter: Filter = EVERYTHING
    zone: tzinfo = UTC
    labels: Labels = NO_LABELS


def pages_of(tx: Tx, query: ReportQuery) -> list[Page]:
    meant = meant_pages(tx, query.filter, query.labels)
    return queries.pages(tx) if meant is None else meant


def begun_within(tx: Tx, query: ReportQuery) -> Iterator[tuple[Page, list[KnownIncident]]]:
    window, pages = query.window, pages_of(tx, query)
    only = pages[0].id if len(pages) == 1 else None
    found = history.incidents_within(tx, window.since, window.until, page_id=only)
    for page in pages:
        mine = (one for one in found.get(page.id, ()) if window.since <= began_at(one) < window.until)
        yield page, [one for one in mine if is_meant(one, query.filter)]


def is_meant(one: KnownIncident, wanted: Filter) -> bool:
    if wanted.impacts and one.impact not in wanted.impacts:
        return False
    globs = wanted.components
    return not globs or any(matches(part.group, part.name, glob, part.id) for part in one.components for glob in globs)


def time_cell(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)
