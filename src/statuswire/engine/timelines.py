"""Loading the courses of pages and their components over a window, and when the pages were read at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from statuswire.core.asof import FEED_TYPES
from statuswire.core.courses import CHANGES, Timeline, Told, component_courses, page_course
from statuswire.core.timeline import Span, Window, observed
from statuswire.core.watching import blind_spans, unwatched_spans
from statuswire.model import Event, Feed, KnownComponent, KnownIncident, Page
from statuswire.store import Tx, history, queries


@dataclass(frozen=True, slots=True)
class PageCourse:
    """One page over a window. `observed` is when it was read; `incidents` all that may have gone on within, without
    their updates, the earliest begun first."""

    page: Page
    window: Window
    observed: tuple[Span, ...]
    whole: Timeline
    components: tuple[Timeline, ...]
    incidents: tuple[KnownIncident, ...]

    def seen(self, timeline: Timeline) -> tuple[Span, ...]:
        """When the component was there and the page was read."""
        if timeline.since is None:
            return self.observed
        return tuple((max(since, timeline.since), until) for since, until in self.observed if until > timeline.since)


def load_course(tx: Tx, page: Page, window: Window, now: datetime) -> PageCourse:
    """One page. The window ends no later than `now`. Raises StoreError."""
    return load_courses(tx, [page], window, now)[0]


def load_courses(tx: Tx, pages: Sequence[Page], window: Window, now: datetime) -> tuple[PageCourse, ...]:
    """Several, in the order given: one by one where they are few, else all of the log in one go."""
    if len(pages) <= _FEW:
        return tuple(_course(_read(tx, window, page.id), page, window, now) for page in pages)
    found = _read(tx, window, None)
    return tuple(_course(found, page, window, now) for page in pages)


_FEW = 10


@dataclass(frozen=True, slots=True)
class _Read:
    """All that courses are made of, by the number of the page."""

    baselines: Mapping[int, datetime]
    components: Mapping[int, tuple[KnownComponent, ...]]
    changes: Mapping[int, list[Event]]
    feed_words: Mapping[int, list[Event]]
    incidents: Mapping[int, tuple[KnownIncident, ...]]
    feeds: Mapping[int, list[Feed]]
    runs: tuple[Span, ...]


def _read(tx: Tx, window: Window, page_id: int | None) -> _Read:
    feeds: dict[int, list[Feed]] = defaultdict(list)
    for feed in queries.feeds(tx, page_id):
        feeds[feed.page_id].append(feed)
    return _Read(
        history.baselines(tx, page_id=page_id),
        history.components_of(tx, page_id=page_id),
        history.events_seen(tx, CHANGES, window.since, page_id=page_id),
        history.events_seen(tx, FEED_TYPES, window.since, page_id=page_id),
        history.incidents_within(tx, window.since, window.until, page_id=page_id),
        feeds,
        history.watched(tx, window.since),
    )


def _course(found: _Read, page: Page, window: Window, now: datetime) -> PageCourse:
    told = Told(
        found.components.get(page.id, ()),
        page.status,
        found.changes.get(page.id, ()),
        found.incidents.get(page.id, ()),
    )
    gaps = (
        *blind_spans(found.feeds.get(page.id, ()), found.feed_words.get(page.id, ()), window),
        *unwatched_spans(found.runs, history.SILENCE, now),
    )
    return PageCourse(
        page,
        window,
        observed(window, found.baselines.get(page.id), gaps),
        page_course(told, window, now),
        component_courses(told, window, now),
        tuple(told.incidents),
    )
