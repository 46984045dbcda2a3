"""The state of pages as it was known at a moment. At the present moment it is what `overview` says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.core.asof import (
    FEED_TYPES,
    STATE_TYPES,
    ComponentThen,
    components_then,
    feeds_then,
    incident_then,
    status_then,
)
from statuswire.core.watching import unwatched_spans
from statuswire.engine.overview import Overview, PageLook, look_at
from statuswire.model import Event, Feed, KnownComponent, KnownIncident, Moment, Page, Phase, Status
from statuswire.store import Tx, history, queries
from statuswire.store.queries import PageState


@dataclass(frozen=True, slots=True)
class PageThen:
    """One page as it was known. `components` are in page order; `open` are its incidents and maintenances that were not
    over, announced ones too, with the updates seen by then, the latest begun first. `is_known`: it had been read."""

    look: PageLook
    components: tuple[ComponentThen, ...]
    open: tuple[KnownIncident, ...]
    is_known: bool


@dataclass(frozen=True, slots=True)
class StateThen:
    """`was_watched` False: no service ran at that moment, so that every page is unknown."""

    at: datetime
    pages: tuple[PageThen, ...]
    was_watched: bool = True

    @property
    def overview(self) -> Overview:
        """The same as `load_overview` gives, but for the incident that began last."""
        return Overview(tuple(one.look for one in self.pages), None)


def load_state_at(tx: Tx, at: datetime, page: Page | None = None) -> StateThen:
    """One page, or all in the order in which they were made. Raises StoreError."""
    only = None if page is None else page.id
    pages = queries.pages(tx, at) if page is None else [page]
    found = _Found(
        at,
        history.baselines(tx, page_id=only),
        history.components_of(tx, page_id=only),
        history.events_seen(tx, STATE_TYPES, at, page_id=only),
        history.told_after(tx, at, page_id=only),
        _by_page(queries.feeds(tx, only)),
        history.pages_with_open(tx),
    )
    was_watched = _was_watched(tx, at)
    return StateThen(at, tuple(_page_then(tx, one, found, was_watched) for one in pages), was_watched)


@dataclass(frozen=True, slots=True)
class _Found:
    at: datetime
    baselines: Mapping[int, datetime]
    components: Mapping[int, tuple[KnownComponent, ...]]
    later: Mapping[int, list[Event]]
    told_later: Mapping[int, frozenset[str]]
    feeds: Mapping[int, list[Feed]]
    with_open: frozenset[int]


def _by_page(feeds: Iterable[Feed]) -> dict[int, list[Feed]]:
    found: dict[int, list[Feed]] = defaultdict(list)
    for feed in feeds:
        found[feed.page_id].append(feed)
    return found


def _was_watched(tx: Tx, at: datetime) -> bool:
    """False between two runs of the service. After its last sign of life the present state stands for itself."""
    runs = history.watched(tx, at - history.SILENCE)
    last = runs[-1][1] if runs else at
    return not any(begun < at < ended for begun, ended in unwatched_spans(runs, history.SILENCE, last))


def _page_then(tx: Tx, page: Page, found: _Found, was_watched: bool) -> PageThen:
    at, later = found.at, found.later.get(page.id, [])
    is_known = page.id in found.baselines and found.baselines[page.id] <= at
    components = components_then(found.components.get(page.id, ()), later, at) if is_known else ()
    incidents = _incidents_then(tx, page, found) if is_known else ()
    state = PageState(
        replace(
            page,
            status=status_then(page.status, later) if is_known else None,
            dropped_at=None if page.dropped_at is not None and page.dropped_at > at else page.dropped_at,
        ),
        status_then(page.status, later) if is_known else None,
        dict(Counter(one.status for one in components)),
        [_troubled(one, at) for one in components if one.status is not Status.OPERATIONAL],
        sum(one.phase is not Phase.SCHEDULED for one in incidents),
        list(_feeds_then(tx, page, found, later, is_known)),
    )
    look = look_at([state], [(page.ref, one) for one in incidents], at)[0]
    if not is_known:
        look = replace(look, level=Status.UNKNOWN, last_known=None)
    if not was_watched:
        look = replace(look, level=Status.UNKNOWN, is_stale=True)
    return PageThen(look, components, incidents, is_known)


def _troubled(one: ComponentThen, at: datetime) -> KnownComponent:
    return KnownComponent(
        one.id, one.name, one.group, one.status, "", None, Moment(at, at), one.since or at, one.position
    )


def _feeds_then(tx: Tx, page: Page, found: _Found, later: list[Event], is_known: bool) -> tuple[Feed, ...]:
    mine = found.feeds.get(page.id, [])
    words = [event for event in later if event.feed is not None]
    if is_known and not words:
        return feeds_then(mine, words, {}, found.at)
    told: dict[str, Event] = {}
    for event in history.last_seen(tx, page.id, FEED_TYPES, found.at):
        if event.feed is not None:
            told.setdefault(event.feed.url, event)
    then = feeds_then(mine, words, told, found.at)
    return then if is_known else tuple(replace(one, health=replace(one.health, last_ok_at=None)) for one in then)


def _incidents_then(tx: Tx, page: Page, found: _Found) -> tuple[KnownIncident, ...]:
    """Open ones, and those of which more was told since, as they were."""
    at, changed = found.at, found.told_later.get(page.id, frozenset())
    if not changed and page.id not in found.with_open:
        return ()
    stored = history.incidents_of(tx, page.id, changed, with_open=True)
    known = history.updates_of(tx, page.id, [one for one in stored if _was_seen(one, at)])
    told = history.incident_log(tx, page.id, {name for one in known for name in _names(one)}, at)
    then = (_then(one, told, changed, at) for one in known)
    return tuple(sorted((one for one in then if one is not None), key=queries.begun_at, reverse=True))


def _then(
    one: KnownIncident, told: Mapping[str, list[Event]], changed: frozenset[str], at: datetime
) -> KnownIncident | None:
    names = _names(one)
    events = sorted((event for name in names for event in told.get(name, ())), key=lambda event: event.id)
    return incident_then(one, events, any(name in changed for name in names), at)


def _was_seen(one: KnownIncident, at: datetime) -> bool:
    return one.first_seen_at is None or one.first_seen_at <= at


def _names(one: KnownIncident) -> tuple[str, ...]:
    """Its id, and those that it had before its page moved to another platform."""
    return (one.id, *one.aliases)
