"""Lists of events and of incidents for people and programs: one filter, walked in parts of bounded work.

The words of a filter are those of routes (`core.routing`). A part may hold fewer than were asked for, or none, although
more follow: its cursor says where to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Final

from statuswire.core.routing import Facts, is_page_meant, is_type_meant, mismatch
from statuswire.core.selection import is_meant
from statuswire.model import Event, EventType, Filter, Kind, KnownIncident, Page, PageRef
from statuswire.store import Tx, queries
from statuswire.store.events import read_event
from statuswire.store.queries import EventQuestion, EventRows

READ_AT_ONCE: Final = 1_000
"""How many events are read to the end in one look where only their content can answer."""

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
    """Which events: what the filter means, seen from `since` on and before `until`. `has_feeds` False: none that tell
    of our reading."""

    filter: Filter = EVERYTHING
    since: datetime | None = None
    until: datetime | None = None
    labels: Labels = NO_LABELS
    has_feeds: bool = True


def list_events(
    tx: Tx, query: EventQuery, *, after_id: int | None = None, before_id: int | None = None, limit: int = 100
) -> EventPart:
    """Above `after_id` the oldest first; else below `before_id` (None: from the newest on) the newest first.

    `limit` is clamped to 1..1000. Raises StoreError.
    """
    is_newest_first = after_id is None
    place = before_id if after_id is None else after_id
    found = walk_events(tx, query, after=place, newest_first=is_newest_first, limit=min(max(limit, 1), MOST_GIVEN))
    last_id = found.rows[-1][0] if found.rows else place
    events = tuple(read_event((body, key)) for _, body, key in found.rows)
    return EventPart(events, last_id if found.ended_at is None else found.ended_at, found.ended_at is not None)


def walk_events(tx: Tx, query: EventQuery, *, after: int | None, newest_first: bool, limit: int) -> EventRows:
    """The same as they are stored: beyond `after` in their order. Raises StoreError."""
    pages = meant_pages(tx, query.filter, query.labels)
    types = tuple(one for one in EventType if _is_type(one, query))
    if pages == [] or not types:
        return EventRows((), None)
    question = EventQuestion(
        after=after,
        newest_first=newest_first,
        pages=None if pages is None else tuple(page.id for page in pages),
        types=() if len(types) == len(EventType) else types,
        since=query.since,
        until=query.until,
    )
    rest = replace(query.filter, pages=(), tags=(), categories=(), types=())
    if rest == EVERYTHING:
        return queries.event_rows(tx, question, limit)
    return _meant(queries.event_rows(tx, question, READ_AT_ONCE), rest, limit)


def _is_type(one: EventType, query: EventQuery) -> bool:
    return is_type_meant(query.filter, one) and (query.has_feeds or not one.value.startswith("feed."))


def _meant(found: EventRows, rest: Filter, limit: int) -> EventRows:
    """Those that are meant by what only the event itself can answer."""
    meant = (row for row in found.rows if not mismatch(rest, Facts(read_event((row[1], row[2])))))
    kept = tuple(islice(meant, limit))
    if len(kept) < limit:
        return EventRows(kept, found.ended_at)
    is_all = found.ended_at is None and kept[-1] is found.rows[-1]
    return EventRows(kept, None if is_all else kept[-1][0])


# --- pages -----------------------------------------------------------------------------------------------------------


def meant_pages(tx: Tx, wanted: Filter, labels: Labels) -> list[Page] | None:
    """The pages that the filter means by slug, tag and category, in the order in which they were made, and among them
    those that are watched no more; None where it means all of them."""
    if not (wanted.pages or wanted.tags or wanted.categories):
        return None
    if wanted.tags or wanted.categories or not all(map(is_plain, wanted.pages)):
        return [page for page in queries.all_pages(tx) if _is_page(page.slug, wanted, labels)]
    named = {page for slug in wanted.pages if (page := queries.page_by_slug(tx, slug)) is not None}
    return sorted(named, key=lambda page: page.id)


def is_plain(slug: str) -> bool:
    """Whether it stands for one page and not for a pattern."""
    return not set("*?[") & set(slug)


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
    pages = meant_pages(tx, wanted, query.labels)
    return queries.incident_list(
        tx,
        limit=limit,
        after=after,
        page_ids=None if pages is None else [page.id for page in pages],
        kind=query.kind,
        phases=wanted.phases,
        impacts=wanted.impacts,
        is_open=query.is_open,
        since=query.since,
        until=query.until,
        keep=names_one_of(wanted.components) if wanted.components else None,
    )


def names_one_of(patterns: tuple[str, ...]) -> Callable[[KnownIncident], bool]:
    """Asks an incident whether it names a component that one of the patterns means."""
    return lambda incident: any(is_meant(one, patterns) for one in incident.components)
