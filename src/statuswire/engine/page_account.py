"""Everything about one page: its components with their days, incidents, maintenance, sources, and who is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Final, TypeAlias

from statuswire.core.courses import Timeline, went_on
from statuswire.core.routing import is_page_meant
from statuswire.core.selection import matches
from statuswire.core.timeline import Course, Span, Window
from statuswire.core.uptime import Day, Tally, day_edges, days, midnight, together
from statuswire.engine.complaints import Complaint, complaints
from statuswire.engine.lists import NO_LABELS, Labels
from statuswire.engine.overview import PageLook, load_look
from statuswire.engine.sources import Feeds, lateness, unchanged_share
from statuswire.engine.timelines import PageCourse, load_course
from statuswire.model import Feed, Kind, KnownComponent, KnownIncident, Page, Phase, Route
from statuswire.store import Tx, history, queries

DAYS: Final = 90
PAST_SHOWN: Final = 50

Spans: TypeAlias = tuple[tuple[str, Span], ...]
"""When incidents went on, by id."""


@dataclass(frozen=True, slots=True)
class Bars:
    """The days of a component, or of the whole page, the earliest first; `whole` is all of them together. `part` is the
    component as it is now: None for the whole page, and for one that only incidents name."""

    timeline: Timeline
    part: KnownComponent | None
    days: tuple[Day, ...]
    whole: Tally


@dataclass(frozen=True, slots=True)
class Branch:
    """A group of components (None: those without one), in page order."""

    group: str | None
    components: tuple[Bars, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A feed and how reading it goes. `share` is the part of polls answered by 304, None before the first; `late` how
    far it is behind its due time."""

    feed: Feed
    late: timedelta
    share: float | None
    stands_in: bool
    complaint: Complaint | None


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """A route that may tell of this page. `components` are those of the page that it names, all where it names none."""

    route: Route
    components: tuple[KnownComponent, ...]


@dataclass(frozen=True, slots=True)
class PageAccount:
    """`open` and `coming` have their updates, `past` (the latest begun first, the last fifty) too. `observed`: when
    somebody saw the page."""

    page: Page
    look: PageLook
    whole: Bars
    branches: tuple[Branch, ...]
    open: tuple[KnownIncident, ...]
    coming: tuple[KnownIncident, ...]
    past: tuple[KnownIncident, ...]
    sources: tuple[Source, ...]
    routes: tuple[RouteMatch, ...]
    observed: tuple[Span, ...]


def load_page(
    tx: Tx,
    page: Page,
    now: datetime,
    *,
    zone: tzinfo = UTC,
    routes: Sequence[Route] = (),
    labels: Labels = NO_LABELS,
    is_polled: bool = True,
) -> PageAccount:
    """One page in one go; today is the last of its days. Raises StoreError."""
    course = load_course(tx, page, last_days(now, zone), now)
    feeds = Feeds(page, tuple(queries.feeds(tx, page.id)), is_polled, complaints(tx))
    parts = history.components_of(tx, page_id=page.id).get(page.id, ())
    listed, _ = queries.incident_list(tx, limit=PAST_SHOWN, page=page.slug, is_open=False)
    open_now = history.updates_of(tx, page.id, history.incidents_of(tx, page.id, (), with_open=True))
    whole, *bars = _bars(course, parts, zone, now)
    return PageAccount(
        page,
        load_look(tx, page, now),
        whole,
        _branches(bars),
        tuple(_latest(one for one in open_now if one.phase is not Phase.SCHEDULED)),
        tuple(sorted((one for one in open_now if _is_coming(one)), key=queries.begun_at)),
        tuple(one for _, one in listed),
        tuple(_source(feeds, feed, now) for feed in feeds.all),
        _matches(page, parts, routes, labels),
        tuple(course.observed),
    )


def last_days(now: datetime, zone: tzinfo, count: int = DAYS) -> Window:
    """So many days in the zone, today as far as it has come among them."""
    first = now.astimezone(zone).date() - timedelta(days=count - 1)
    return Window(midnight(first, zone), max(now, midnight(first, zone) + timedelta(seconds=1)))


def _bars(course: PageCourse, parts: Sequence[KnownComponent], zone: tzinfo, now: datetime) -> list[Bars]:
    """The whole page first."""
    edges = day_edges(course.window, zone)
    by_id = {one.id: one for one in parts}
    spans = [(one, span) for one in course.incidents if (span := went_on(one, now)) is not None]
    all_spans = [(one.id, span) for one, span in spans]
    named: dict[str, list[tuple[str, Span]]] = defaultdict(list)
    for incident, span in spans:
        for name in {name for one in incident.components for name in (one.id, one.name) if name}:
            named[name].append((incident.id, span))

    @cache
    def added_up(stood: Course, observed: tuple[Span, ...], mine: Spans) -> tuple[tuple[Day, ...], Tally]:
        """Most components of a page stood alike, and share one value."""
        found = days(stood, observed, edges, zone, mine)
        return found, together(day.tally for day in found)

    found = [Bars(course.whole, None, *added_up(course.whole.course, course.observed, tuple(all_spans)))]
    for one in course.components:
        mine = named.get(one.id) or named.get(one.name) or ()
        found.append(Bars(one, by_id.get(one.id), *added_up(one.course, course.seen(one), tuple(mine))))
    return found


def _branches(bars: Sequence[Bars]) -> tuple[Branch, ...]:
    groups: dict[str | None, list[Bars]] = defaultdict(list)
    for one in bars:
        groups[one.timeline.group].append(one)
    return tuple(Branch(group, tuple(some)) for group, some in groups.items())


def _latest(some: Iterable[KnownIncident]) -> list[KnownIncident]:
    return sorted(some, key=queries.begun_at, reverse=True)


def _is_coming(one: KnownIncident) -> bool:
    return one.kind is Kind.MAINTENANCE and one.phase is Phase.SCHEDULED


def _source(feeds: Feeds, feed: Feed, now: datetime) -> Source:
    complaint = feeds.complaints.get(feed.id)
    return Source(feed, lateness(feeds, feed, now), unchanged_share(feed), feeds.stands_in(feed), complaint)


def _matches(
    page: Page, parts: Sequence[KnownComponent], routes: Sequence[Route], labels: Labels
) -> tuple[RouteMatch, ...]:
    """Routes that mean the page; of those that name components, where the page has one of them."""
    tags, category = labels.tags.get(page.slug, ()), labels.categories.get(page.slug, "")
    found = []
    for route in routes:
        globs = route.filter.components
        meant = tuple(one for one in parts if any(matches(one.group, one.name, glob, one.id) for glob in globs))
        if is_page_meant(route.filter, page.slug, tags, category) and (meant or not globs):
            found.append(RouteMatch(route, meant if globs else tuple(parts)))
    return tuple(found)
