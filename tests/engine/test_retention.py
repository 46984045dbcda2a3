"""What is forgotten, in steps, and what reports, the log and the next documents say afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

import pytest
from benchmarks.big_store import Shape, seed

from statuswire.config.retention import RetentionConfig
from statuswire.core.timeline import Window
from statuswire.core.uptime import midnight
from statuswire.engine import reports, retention
from statuswire.engine.asof import load_state_at
from statuswire.engine.obeyed import Obeyed
from statuswire.engine.orders import Prune, obey
from statuswire.engine.planning import NAME as PLANNER
from statuswire.engine.reports import Grounds, ReportQuery, Rows
from statuswire.engine.retention import KINDS, kept_for
from statuswire.model import Delivery, MessageKind, Story
from statuswire.store import Store, Tx, forgetting, open_store, partitions, queries
from tests.core.views import documents
from tests.engine.recording import Recording
from tests.servers import postgres

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
DAYS = timedelta(days=1)
ZONES = ("UTC", "Asia/Kolkata", "America/St_Johns")


@pytest.fixture(params=["sqlite", "postgresql", "postgresql in parts"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A filled one. Filling a PostgreSQL takes seconds: one is filled of each kind, and every test has a copy of it."""
    if request.param == "sqlite":
        with closing(open_store("sqlite://")) as opened:
            _fill(opened)
            yield opened
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    url = server.new_database(request.getfixturevalue("filled")(request.param == "postgresql in parts"))
    with closing(open_store(url)) as opened:
        yield opened
    server.drop_database(url)


@pytest.fixture(scope="session")
def filled(postgres_server: postgres.Server) -> Callable[[bool], str]:
    """The name of a filled database that nobody changes, made when it is first asked for."""

    @cache
    def fill(is_in_parts: bool) -> str:
        url = postgres_server.new_database()
        with closing(open_store(url)) as opened:
            if is_in_parts:
                opened.write(_make_parts)
            _fill(opened)
        return url.rpartition("/")[2]

    return fill


def _fill(store: Store) -> None:
    seed(store, NOW, Shape(pages=3, incidents=40))
    store.write(lambda tx: queries.set_follower(tx, PLANNER, queries.last_event_id(tx)))


def _make_parts(tx: Tx) -> None:
    for kept in partitions.ALL:
        partitions.cover(tx, kept, NOW - 200 * DAYS, NOW)


def forget_all(store: Store, age: timedelta, limit: int = 23) -> dict[str, int]:
    """How many went of each kind."""
    gone = dict.fromkeys(KINDS, 0)
    for kind in KINDS.values():
        while some := store.write(partial(kind.forget, before=NOW - age, limit=limit)):
            gone[kind.name] += some
    return gone


def month(number: int, zone: str) -> ReportQuery:
    """So many months ago, whole."""
    first = NOW.date().replace(day=1)
    for _ in range(number):
        until, first = first, (first - DAYS).replace(day=1)
    place = ZoneInfo(zone)
    return ReportQuery(Window(midnight(first, place), midnight(until, place)), zone=place)


def every_report(tx: Tx, query: ReportQuery) -> dict[str, Rows]:
    grounds = Grounds(tx, query, NOW)
    made = {
        "uptime": reports.load_uptime(grounds),
        "incidents": reports.load_incidents(grounds),
        "lag": reports.load_lag(grounds),
        "silence": reports.load_silence(grounds),
        "maintenance": reports.load_maintenance(grounds),
        "noise": reports.load_noise(grounds),
    }
    return {name: one.as_rows() for name, one in made.items()}


# --- reports ---------------------------------------------------------------------------------------------------------


def test_the_reports_of_every_month_say_the_same_after_everything_was_forgotten(store: Store) -> None:
    queries_ = [month(number, zone) for zone in ZONES for number in range(1, 7)]
    before = [store.read(partial(every_report, query=one)) for one in queries_]

    gone = forget_all(store, 40 * DAYS)

    assert min(gone[name] for name in ("events", "verdicts", "deliveries")) > 100
    assert all(report["noise"] and report["uptime"] and report["lag"] for report in before)
    for query, said in zip(queries_, before, strict=True):
        assert store.read(partial(every_report, query=query)) == said


def test_a_report_over_any_window_says_the_same_but_for_the_counts_within_a_quarter_of_an_hour(store: Store) -> None:
    query = ReportQuery(Window(NOW - timedelta(days=97, minutes=7), NOW - timedelta(days=51, seconds=13)))
    before = store.read(partial(every_report, query=query))

    forget_all(store, 40 * DAYS)

    after = store.read(partial(every_report, query=query))
    assert {name: said for name, said in after.items() if name != "noise"} == {
        name: said for name, said in before.items() if name != "noise"
    }


def test_forgetting_in_two_rounds_counts_nothing_twice(store: Store) -> None:
    query = month(3, "UTC")
    before = store.read(partial(every_report, query=query))

    forget_all(store, 75 * DAYS)
    forget_all(store, 40 * DAYS)
    forget_all(store, 40 * DAYS)

    assert store.read(partial(every_report, query=query)) == before


def test_verdicts_that_outlive_their_events_are_counted_for_the_same_pages(store: Store) -> None:
    query = month(2, "UTC")
    before = store.read(partial(every_report, query=query))

    for name in ("events", "verdicts", "deliveries"):
        while store.write(partial(KINDS[name].forget, before=NOW - 40 * DAYS, limit=50)):
            assert store.read(partial(every_report, query=query))["noise"] == before["noise"]


def test_how_components_stood_at_a_moment_is_still_known(store: Store) -> None:
    at = NOW - 100 * DAYS
    before = [one.components for one in store.read(partial(load_state_at, at=at)).pages]

    forget_all(store, 40 * DAYS)

    assert [one.components for one in store.read(partial(load_state_at, at=at)).pages] == before


# --- what stays ------------------------------------------------------------------------------------------------------


def test_keys_stay_so_that_no_document_tells_anything_again() -> None:
    deliveries = documents(20261129, 40, "statuspage")[1]
    with closing(open_store("sqlite://")) as store:
        recording = Recording(store)
        for one in deliveries:
            recording.take(one)
        told = store.read(queries.last_event_id)
        later = recording.now + timedelta(days=1)

        for name in ("events", "updates"):
            while store.write(partial(KINDS[name].forget, before=later, limit=100)):
                pass
        for one in deliveries:
            recording.take(one)

        assert told > 10
        assert store.read(partial(queries.events_after, last=0)) == []
        assert store.read(queries.last_event_id) == told


def test_what_the_planner_has_not_seen_is_kept(store: Store) -> None:
    store.write(lambda tx: queries.set_follower(tx, PLANNER, 5))

    forget_all(store, 1 * DAYS)

    assert store.read(partial(queries.next_event_id, last=5)) == 6


def test_what_a_story_or_a_waiting_delivery_tells_of_is_kept_and_what_came_after_is_not(store: Store) -> None:
    def put(tx: Tx) -> None:
        tx.execute("DELETE FROM story")
        tx.execute("DELETE FROM delivery")
        queries.save_stories(tx, [Story("ops", "a/1", "a/1", NOW, last_event_id=3, held=(7,))])
        queries.add_delivery(tx, Delivery(0, "ops", "0", "msg_1", MessageKind.EVENT, (11, 12)), "slack", NOW)

    store.write(put)

    forget_all(store, 40 * DAYS)

    assert [event.id for event in store.read(partial(queries.events_after, last=0, limit=4))] == [3, 7, 11, 12]
    assert store.read(partial(queries.next_event_id, last=12)) not in (None, 13)


def test_updates_of_what_is_open_are_kept(store: Store) -> None:
    open_ones = "SELECT COUNT(*) FROM incident_update JOIN incident ON incident.page_id = incident_update.page_id AND"
    open_ones += " incident.id = incident_update.incident_id WHERE is_open = 1"
    before = store.read(lambda tx: tx.one(open_ones))

    gone = forget_all(store, 1 * DAYS)

    assert gone["updates"] > 0
    assert store.read(lambda tx: tx.one(open_ones)) == before != (0,)


# --- how much and how long -------------------------------------------------------------------------------------------


def test_what_would_be_forgotten_is_what_is_forgotten(store: Store) -> None:
    would = {name: store.read(partial(_count, name)) for name in KINDS}

    assert forget_all(store, 40 * DAYS) == would


def _count(name: str, tx: Tx) -> int:
    return KINDS[name].count(tx, NOW - 40 * DAYS)


@pytest.mark.parametrize(
    ("name", "older_than", "kept"),
    [
        ("events", None, 400 * DAYS),
        ("events", 90 * DAYS, 90 * DAYS),
        ("deliveries", 400 * DAYS, 92 * DAYS),
        ("hooks", 1 * DAYS, 8 * DAYS),
        ("changes", None, 731 * DAYS),
    ],
)
def test_a_kind_is_kept_as_configured_and_not_longer_than_asked_for(
    name: str, older_than: timedelta | None, kept: timedelta
) -> None:
    assert kept_for(KINDS[name], RetentionConfig(), older_than) == kept


def test_every_kind_has_a_setting_and_every_setting_a_kind() -> None:
    assert set(KINDS) == set(RetentionConfig.model_fields)


def test_an_order_forgets_some_rows_and_says_how_many(store: Store) -> None:
    obeyed = store.write(lambda tx: obey(tx, Prune("verdicts", NOW - 40 * DAYS, "ada"), NOW))

    assert (obeyed.done, obeyed.id) == (True, min(retention.AT_ONCE, obeyed.id))
    assert store.read(lambda tx: queries.audit_list(tx, limit=1))[0].action == "database.prune"
    assert store.read(lambda tx: forgetting.old_rows(tx, "verdicts", NOW - 40 * DAYS)) == 0


@pytest.mark.parametrize(("kind", "days"), [("pages", 40), ("hooks", 2)])
def test_an_order_for_what_is_not_forgotten_or_not_so_soon_is_refused(store: Store, kind: str, days: int) -> None:
    def refused(tx: Tx) -> Obeyed:
        return obey(tx, Prune(kind, (tx.now() or NOW) - days * DAYS), NOW)

    assert not store.write(refused).done
