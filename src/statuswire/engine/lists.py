"""Lists of events and of incidents for people and programs: one filter, walked in parts of bounded work.

The words of a filter are those of routes (`core.routing`). A part may hold fewer than were asked for, or none, although
more follow: its cursor says where to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from statuswire.core.routing import Facts, is_page_meant, is_type_meant, mismatch
from statuswire.core.selection import is_meant
from statuswire.model import Event, EventType, Filter, Kind, KnownIncident, PageRef
from statuswire.store import Tx, queries
from statuswire.store.event_scan import DISORDER, Row, event_rows, first_id_since, last_id_until

MOST_SCANNED: Final = 5_000
MOST_GIVEN: Final = 1_000


@dataclass(frozen=True, slots=True)
class Labels:
    """What the configuration calls pages, by slug: their tags and their category."""

    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)


NO_LABELS: Final = Labels()
EVERYTHING: Final = Filter()


@dataclass(frozen=True, slots=True)
class EventPart:
    """`last_id` is the id up to which was looked, the cursor of the next part; `has_more`: there may be more there."""

    events: tuple[Event, ...]
    last_id: int | None
    has_more: bool


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events: what the filter means, seen from `since` on and before `until`."""

    filter: Filter = EVERYTHING
    since: datetime | None = None
    until: datetime | None = None
    labels: Labels = NO_LABELS


def list_events(
    tx: Tx, query: EventQuery, *, after_id: int | None = None, before_id: int | None = None, limit: int = 100
) -> EventPart:
    """Above `after_id` the oldest first; else below `before_id` (None: from the newest on) the newest first.

    `limit` is clamped to 1..1000; at most 5,000 events are looked at. Raises StoreError.
    """
    limit = min(max(limit, 1), MOST_GIVEN)
    sieve = _Sieve(tx, query)
    if sieve.is_empty:
        return EventPart((), after_id if after_id is not None else before_id, False)
    place = _begin(tx, query, after_id, before_id)
    found: list[Event] = []
    scanned = 0
    while scanned < MOST_SCANNED:
        rows = event_rows(tx, after=place.after, before=place.before, page_id=sieve.page_id)
        for row in rows:
            if place.is_past(row, query):
                return EventPart(tuple(found), place.last, False)
            if (event := sieve.event(row)) is not None:
                found.append(event)
            place = place.at(row.id)
            if len(found) == limit:
                return EventPart(tuple(found), place.last, True)
        scanned += len(rows)
        if not rows:
            return EventPart(tuple(found), place.last, False)
    return EventPart(tuple(found), place.last, True)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the log, and which way: upwards from `after`, else downwards from `before`."""

    after: int | None
    before: int | None
    last: int | None = None

    def at(self, id_: int) -> _Place:
        return _Place(id_, None, id_) if self.after is not None else _Place(None, id_, id_)

    def is_past(self, row: Row, query: EventQuery) -> bool:
        """Whether nothing further on can lie within the time that is asked for."""
        if self.after is not None:
            return query.until is not None and row.seen_at > query.until + DISORDER
        return query.since is not None and row.seen_at < query.since - DISORDER


def _begin(tx: Tx, query: EventQuery, after_id: int | None, before_id: int | None) -> _Place:
    if after_id is not None:
        first = first_id_since(tx, query.since) if query.since is not None else None
        return _Place(max(after_id, (first or 0) - 1), None, after_id)
    last = last_id_until(tx, query.until) if query.until is not None else None
    ends = [one for one in (before_id, None if last is None else last + 1) if one is not None]
    return _Place(None, min(ends, default=None), before_id)


class _Sieve:
    """Lets through what a query means; what its row already shows to be another is not read."""

    def __init__(self, tx: Tx, query: EventQuery) -> None:
        self._query = query
        wanted = query.filter
        self._types = frozenset(one.value for one in EventType if is_type_meant(wanted, one))
        self._pages: frozenset[int] | None = None
        if wanted.pages or wanted.tags or wanted.categories:
            slugs = page_slugs(tx, wanted, query.labels)
            self._pages = frozenset(page.id for page in queries.pages(tx) if page.slug in slugs)

    @property
    def is_empty(self) -> bool:
        """Whether no event can be meant."""
        return not self._types or (self._pages is not None and not self._pages)

    @property
    def page_id(self) -> int | None:
        """The one page to look at; None for several."""
        return next(iter(self._pages)) if self._pages is not None and len(self._pages) == 1 else None

    def event(self, row: Row) -> Event | None:
        query = self._query
        if row.type not in self._types or (self._pages is not None and row.page_id not in self._pages):
            return None
        if (query.since and row.seen_at < query.since) or (query.until and row.seen_at >= query.until):
            return None
        event = row.event()
        slug = event.page.slug
        facts = Facts(event, query.labels.tags.get(slug, ()), query.labels.categories.get(slug, ""))
        return None if mismatch(query.filter, facts) else event


def page_slugs(tx: Tx, wanted: Filter, labels: Labels) -> frozenset[str]:
    """The pages that the filter means by slug, tag and category."""
    return frozenset(page.slug for page in queries.pages(tx) if _is_page(page.slug, wanted, labels))


def _is_page(slug: str, wanted: Filter, labels: Labels) -> bool:
    return is_page_meant(wanted, slug, labels.tags.get(slug, ()), labels.categories.get(slug, ""))


# --- incidents -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IncidentQuery:
    """Which incidents and maintenances: begun from `since` on and before `until`; of the filter, pages, tags,
    categories, components, impacts and phases count. `is_open` None: open or not."""

    filter: Filter = EVERYTHING
    kind: Kind | None = None
    is_open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    labels: Labels = NO_LABELS


def list_incidents(
    tx: Tx, query: IncidentQuery, *, limit: int = 100, after: str | None = None
) -> tuple[list[tuple[PageRef, KnownIncident]], str | None]:
    """The latest begun first, with their updates, and the cursor of the next part (None: that was all).

    Raises CursorError, StoreError.
    """
    wanted = query.filter
    pages = page_slugs(tx, wanted, query.labels) if wanted.pages or wanted.tags or wanted.categories else None
    return queries.incident_list(
        tx,
        limit=limit,
        after=after,
        pages=pages,
        kind=query.kind,
        phases=wanted.phases,
        impacts=wanted.impacts,
        is_open=query.is_open,
        since=query.since,
        until=query.until,
        keep=_names_one_of(wanted.components) if wanted.components else None,
    )


def _names_one_of(patterns: tuple[str, ...]) -> Callable[[KnownIncident], bool]:
    return lambda incident: any(is_meant(one, patterns) for one in incident.components)
