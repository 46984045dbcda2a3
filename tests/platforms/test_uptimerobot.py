"""UptimeRobot's pages: what the golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, FeedSpec, Incident, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.uptimerobot import LEVELS, PLATFORM, feeds, more, page_id, parse, recognize

FIXTURES = Path(__file__).parent / "uptimerobot"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OWN = "https://stats.uptimerobot.com"
PAGE = "https://status.acme-relay.example"
KEY = "a1B2c3D4e5"
TWO, FIVE = timedelta(minutes=2), timedelta(minutes=5)


def document(body: object, url: str = "") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url)


def fixture(case: str) -> dict:
    return json.loads((FIXTURES / f"{case}.json").read_text(encoding="utf-8"))


def monitors(*rows: dict, url: str = "", total: int | None = None) -> Snapshot:
    psp = {"perPage": 30, "totalMonitors": len(rows) if total is None else total}
    return parse(document({"status": "ok", "data": list(rows), "psp": psp}, url))


def event(**fields: object) -> Incident:
    told = {"type": "incident", "id": 1, "title": "Slow", "content": "x", "timestamp": 1777889100, **fields}
    return parse(document({"status": True, "results": [told], "meta": {"count": 1, "date_range": {}}})).incidents[0]


def page(path: str) -> bytes:
    return f"<!doctype html><html><script>window.pspApiPath = '{path}';</script></html>".encode()


# --- addresses -------------------------------------------------------------------------------------------------


def test_a_page_on_its_own_host_has_the_key_in_its_path() -> None:
    assert feeds(f"{OWN}/{KEY}", None) == (
        FeedSpec(f"{OWN}/api/getMonitorList/{KEY}?page=1", every=TWO),
        FeedSpec(f"{OWN}/api/getEventFeed/{KEY}", every=FIVE),
    )


def test_a_custom_domain_serves_the_same_under_its_key() -> None:
    assert feeds(f"{PAGE}/", KEY) == (
        FeedSpec(f"{PAGE}/api/getMonitorList/{KEY}", every=TWO),
        FeedSpec(f"{PAGE}/api/getEventFeed/{KEY}", every=FIVE),
    )


def test_documents_on_another_host_are_polled_there() -> None:
    assert feeds(PAGE, f"{OWN}/api/getMonitorList/{KEY}") == feeds(f"{OWN}/{KEY}", None)


@pytest.mark.parametrize(("url", "own_id"), [(PAGE, None), (OWN, None), (PAGE, "a b"), (PAGE, ".."), ("acme", KEY)])
def test_without_a_key_nothing_can_be_polled(url: str, own_id: str | None) -> None:
    assert feeds(url, own_id) == ()


@pytest.mark.parametrize(("name", "every"), [("getMonitorList", TWO), ("getEventFeed", FIVE)])
def test_a_document_may_be_watched_alone(name: str, every: timedelta) -> None:
    url = f"{PAGE}/api/{name}/{KEY}"

    assert feeds(url, None) == (FeedSpec(url, every=every),)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{PAGE}/api/getMonitorList/{KEY}", KEY),
        (f"https:\\/\\/status.acme-relay.example\\/api\\/getMonitorList\\/{KEY}", KEY),
        (f"{OWN}/api/getMonitorList/{KEY}", f"{OWN}/api/getMonitorList/{KEY}"),
        (f"https://elsewhere.example/api/getMonitorList/{KEY}", KEY),
        (f"{PAGE}/api/else/{KEY}", None),
        (f"{PAGE}/api/getMonitorList/", None),
    ],
)
def test_the_key_is_read_from_the_source_of_the_page(path: str, expected: str | None) -> None:
    assert page_id(document(page(path), f"{PAGE}/")) == expected


def test_the_source_of_the_page_speaks_for_it() -> None:
    assert any(mark in page("x").decode() for mark in PLATFORM.marks)
    assert page_id(document(b"<html></html>", PAGE)) is None


def test_the_first_page_points_to_the_others() -> None:
    url = f"{OWN}/api/getMonitorList/{KEY}"

    found = more(document(fixture("monitors-down"), f"{url}?page=1"))

    assert found == tuple(FeedSpec(f"{url}?page={number}", Role.ENTRIES) for number in (2, 3))
    assert more(document(fixture("monitors-down"), f"{url}?page=2")) == ()
    assert more(document(fixture("monitors-quiet"), url)) == ()
    assert more(document(fixture("events"), f"{OWN}/api/getEventFeed/{KEY}")) == ()


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "status"), [*LEVELS.items(), ("mauve", Status.UNKNOWN)])
def test_levels_of_monitors(word: str, status: Status) -> None:
    found = monitors({"monitorId": 1, "statusClass": word, "name": "x"}).components[0]

    assert (found.status, found.raw_status) == (status, word)


def test_a_paused_monitor_is_no_maintenance_and_no_problem() -> None:
    snapshot = monitors({"monitorId": 1, "statusClass": "paused", "name": "x"})

    assert snapshot.components[0].status is Status.UNKNOWN
    assert snapshot.problems == ()


def test_an_unknown_class_is_named() -> None:
    problems = monitors({"monitorId": 1, "statusClass": "mauve"}).problems

    assert [(one.where, one.reason) for one in problems] == [("monitors[0].statusClass", "unknown word 'mauve'")]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("incident", Kind.INCIDENT),
        ("update", Kind.INCIDENT),
        ("announcement", Kind.INCIDENT),
        ("maintenance", Kind.MAINTENANCE),
    ],
)
def test_types_of_events(word: str, kind: Kind) -> None:
    assert event(type=word).kind is kind


@pytest.mark.parametrize(
    ("kind", "timestamp", "ends", "phase"),
    [
        ("incident", 1777889100, None, Phase.INVESTIGATING),
        ("incident", 1777889100, "2026-05-04 13:00:00", Phase.INVESTIGATING),
        ("incident", 1777889100, "2026-05-04 11:00:00", Phase.RESOLVED),
        ("maintenance", 1778364000, "2026-05-10 00:00:00", Phase.SCHEDULED),
        ("maintenance", 1777889100, "2026-05-04 13:00:00", Phase.IN_PROGRESS),
        ("maintenance", 1777889100, "2026-05-04 11:00:00", Phase.COMPLETED),
        ("maintenance", 1777889100, None, Phase.UNKNOWN),
    ],
)
def test_an_event_goes_on_until_its_end(kind: str, timestamp: int, ends: str | None, phase: Phase) -> None:
    assert event(type=kind, timestamp=timestamp, endDateGMT=ends).phase is phase


# --- covers ----------------------------------------------------------------------------------------------------


def test_a_whole_list_covers_the_monitors() -> None:
    assert monitors({"monitorId": 1, "statusClass": "success"}).covers == {Cover.COMPONENTS}


@pytest.mark.parametrize(
    ("total", "url"), [(2, f"{OWN}/api/getMonitorList/{KEY}?page=1"), (1, f"{OWN}/api/getMonitorList/{KEY}?page=2")]
)
def test_one_page_of_several_does_not(total: int, url: str) -> None:
    assert monitors({"monitorId": 1, "statusClass": "success"}, url=url, total=total).covers == frozenset()


def test_a_list_without_monitors_does_not_say_that_they_are_gone() -> None:
    assert monitors().covers == frozenset()


def test_the_feed_of_events_covers_what_is_open() -> None:
    assert parse(document(fixture("events-quiet"))).covers == {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}


@pytest.mark.parametrize("results", [[], [{"title": "no id"}]])
def test_a_feed_that_was_cut_covers_nothing(results: list) -> None:
    body = {"status": True, "results": results, "meta": {"count": 3, "date_range": {}}}

    assert parse(document(body)).covers == frozenset()


def test_times_without_zone_are_left_alone() -> None:
    row = {"monitorId": 1, "statusClass": "danger", "lastDowntime": {"date": "2026-05-04 11:58:02", "duration": 60}}

    assert monitors(row).components[0].updated_at is None


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["monitors-quiet", "monitors-down", "monitors-odd", "events", "events-quiet"])
def test_its_own_documents_are_recognised(case: str) -> None:
    assert recognize(Sight(document(fixture(case))))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": []},
        {"data": [{"id": 1, "status": 1}]},
        {"results": [], "meta": {"count": 0}},
        {"data": {"type": "status_page"}},
        page("x"),
    ],
)
def test_documents_of_others_are_not(body: object) -> None:
    assert not recognize(Sight(document(body)))


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (page("x"), ParseReason.HTML),
        (b"<html><title>Just a moment...</title></html>", ParseReason.CHALLENGE),
        (b'{"status": "fail", "error": "no such page"}', ParseReason.ERROR_BODY),
        (b'{"status": "ok", "psp": {}}', ParseReason.SHAPE),
        (b"[]", ParseReason.SHAPE),
    ],
)
def test_anything_else_is_refused_with_its_reason(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason
