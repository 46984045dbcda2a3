"""Reports, lists and accounts over a small store made as a busy one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from benchmarks.big_store import Shape, seed

from statuswire.core.timeline import Window
from statuswire.engine import reports
from statuswire.engine.accounts import load_incident
from statuswire.engine.lists import EventQuery, IncidentQuery, list_events, list_incidents
from statuswire.engine.overview import levels_of, load_look, load_overview
from statuswire.engine.page_account import load_page
from statuswire.engine.reports import Grounds, Report, ReportQuery
from statuswire.model import Event, Filter, Page
from statuswire.store import Store, Tx, open_store, queries

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
HALF_A_YEAR = Window(NOW - timedelta(days=180), NOW)
REPORTS: tuple[Callable[[Grounds], Report], ...] = (
    reports.load_uptime,
    reports.load_incidents,
    reports.load_silence,
    reports.load_maintenance,
    reports.load_lag,
    reports.load_noise,
)
CHECKED = Filter(pages=("page-0000",), components=("API*",))


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        seed(opened, NOW, Shape(pages=4, incidents=16))
        yield opened


@pytest.fixture
def page(store: Store) -> Page:
    return store.read(queries.pages)[0]


def walked(store: Store, query: EventQuery, *, upwards: bool) -> list[Event]:
    found: list[Event] = []
    at = 0 if upwards else None
    while True:
        place = {"after_id": at} if upwards else {"before_id": at}
        part = store.read(partial(list_events, query=query, limit=7, **place))
        found += part.events
        if not part.has_more:
            return found
        at = part.last_id


def test_both_ways_through_the_log_give_the_same_events(store: Store) -> None:
    query = EventQuery(Filter(types=("incident.*",)), since=NOW - timedelta(days=60), until=NOW - timedelta(days=9))
    upwards, downwards = walked(store, query, upwards=True), walked(store, query, upwards=False)

    assert upwards == downwards[::-1]
    assert upwards == [
        event
        for event in store.read(partial(queries.events_after, last=0, limit=10_000))
        if event.type.startswith("incident.") and query.since <= event.seen_at < query.until  # type: ignore[operator]
    ]


def test_a_filter_of_components_finds_the_incidents_that_name_them(store: Store) -> None:
    found, _ = store.read(partial(list_incidents, query=IncidentQuery(CHECKED)))

    assert found
    assert all(any(part.name.startswith("API") for part in one.components) for _, one in found)


def test_a_page_has_its_days_sources_and_incidents(store: Store, page: Page) -> None:
    account = store.read(partial(load_page, page=page, now=NOW))

    assert len(account.whole.days) == 90
    assert sum(len(branch.components) for branch in account.branches) == 20
    assert account.coming
    assert account.past
    assert [source.share for source in account.sources] == [0.96]


def test_levels_are_those_of_the_overview() -> None:
    """Also where a page is fine, blind, or has something open."""
    with closing(open_store("sqlite://")) as store:
        seed(store, NOW, Shape(pages=40, incidents=2))
        levels = store.read(lambda tx: dict(levels_of(tx, queries.pages(tx), NOW)))

        assert levels == {look.page: look.level for look in store.read(partial(load_overview, now=NOW)).pages}
        assert len(set(levels.values())) > 1


def test_one_look_at_a_page_is_that_of_the_overview(store: Store) -> None:
    overview = store.read(partial(load_overview, now=NOW))

    assert [store.read(partial(load_look, page=look.page, now=NOW)) for look in overview.pages] == list(overview.pages)


def test_an_incident_has_what_was_said_and_what_was_sent(store: Store, page: Page) -> None:
    listed, _ = store.read(partial(queries.incident_list, limit=50, page=page.slug))
    incident = next(one for _, one in listed if one.phase == "resolved")
    account = store.read(partial(load_incident, page=page, incident_id=incident.id, now=NOW))

    assert account is not None
    assert [one.event.incident.phase for one in account.tellings if one.event.incident] == [
        update.phase for update in incident.updates
    ]
    assert len(account.deliveries) == 2
    assert not any(one.is_edited for one in account.updates)


def test_every_report_has_rows_of_one_shape(store: Store) -> None:
    def load(tx: Tx) -> list[Report]:
        grounds = Grounds(tx, ReportQuery(HALF_A_YEAR), NOW)
        return [one(grounds) for one in REPORTS]

    found = store.read(load)

    for report in found:
        rows = report.as_rows()
        assert rows
        assert len({tuple(row) for row in rows}) == 1
