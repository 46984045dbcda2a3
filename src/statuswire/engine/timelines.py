"""Loading the courses of pages and their components over a window, and when the pages were read at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from statuswire.core.asof import FEED_TYPES
from statuswire.core.courses import CHANGES, Timeline, Told, component_courses, page_course
from statuswire.core.timeline import Span, Window, observed
from statuswire.core.turns import Turn
from statuswire.core.watching import blind_spans, unwatched_spans
from statuswire.model import EventType, Feed, KnownComponent, KnownIncident, Page
from statuswire.store import Tx, history, queries

LOGGED: Final = CHANGES | FEED_TYPES
_T = TypeVar("_T")


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
    return course_of(read_courses(tx, [page], window), page, window, now)


@dataclass(frozen=True, slots=True)
class CoursesRead:
    """All that courses are made of, by the number of the page. Of the incidents, what they were in the window."""

    baselines: Mapping[int, datetime]
    components: Mapping[int, tuple[KnownComponent, ...]]
    changes: Mapping[int, Sequence[Turn]]
    feed_words: Mapping[int, Sequence[Turn]]
    incidents: Mapping[int, tuple[KnownIncident, ...]]
    feeds: Mapping[int, Sequence[Feed]]
    runs: tuple[Span, ...]


_FEW = 10
Log = Mapping[int, Sequence[Turn]]


def read_log(tx: Tx, pages: Sequence[Page], types: Collection[EventType], since: datetime) -> Log:
    """The events of these types seen after `since`, by the number of the page."""
    found = ((page.id, history.briefs_seen(tx, page.id, types, since)) for page in pages)
    return {page_id: some for page_id, some in found if some}


def read_courses(
    tx: Tx,
    pages: Sequence[Page],
    window: Window,
    *,
    until: datetime | None = None,
    log: Log | None = None,
    pages_alone: bool = False,
) -> CoursesRead:
    """Everything at once, log and incidents page by page: that takes as long as all in one go, and less room. `until`:
    incidents up to then instead of the window's end; `log`: where it was read, at least the types `LOGGED`;
    `pages_alone`: without components, of which there may be tens of thousands."""
    end = until or window.until
    log = read_log(tx, pages, LOGGED, window.since) if log is None else log
    return CoursesRead(
        _each(pages, lambda id_: history.baselines(tx, page_id=id_)),
        {} if pages_alone else _each(pages, lambda id_: history.components_of(tx, page_id=id_)),
        _of_types(log, CHANGES),
        _of_types(log, FEED_TYPES),
        {page.id: history.incidents_within(tx, page.id, window.since, end) for page in pages},
        _each(pages, lambda id_: _feeds(tx, id_)),
        history.watched(tx, window.since),
    )


def _of_types(log: Log, types: Collection[EventType]) -> Log:
    wanted = tuple(types)  # compared by identity; a set would hash each word of the log in Python
    return {page: [one for one in some if one.type in wanted] for page, some in log.items()}


def _each(pages: Sequence[Page], load: Callable[[int | None], Mapping[int, _T]]) -> dict[int, _T]:
    """What `load` gives: for one page after the other, or in one go for all that there are."""
    ids = [page.id for page in pages] if len(pages) <= _FEW else [None]
    return {page: some for id_ in ids for page, some in load(id_).items()}


def _feeds(tx: Tx, page_id: int | None) -> dict[int, list[Feed]]:
    feeds: dict[int, list[Feed]] = defaultdict(list)
    for feed in queries.feeds(tx, page_id):
        feeds[feed.page_id].append(feed)
    return feeds


def course_of(
    found: CoursesRead, page: Page, window: Window, now: datetime, *, pages_alone: bool = False
) -> PageCourse:
    """The course of one of the pages that were read; `pages_alone`: without its components."""
    told = Told(
        found.components.get(page.id, ()),
        page.status,
        found.changes.get(page.id, ()),
        found.incidents.get(page.id, ()),
    )
    gaps = (
        *blind_spans(found.feeds.get(page.id, ()), found.feed_words.get(page.id, ()), window),
        *unwatched_spans(found.runs, history.SILENCE, now),
        *(() if page.dropped_at is None else ((page.dropped_at, max(now, window.until)),)),
    )
    return PageCourse(
        page,
        window,
        observed(window, found.baselines.get(page.id), gaps),
        page_course(told, window, now),
        () if pages_alone else component_courses(told, window, now),
        tuple(told.incidents),
    )
