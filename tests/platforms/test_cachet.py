"""Cachet of both generations: addresses, recognition, every number, and what the golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, DocumentKind, Phase, Problem, Role, Snapshot, Status
from statuswire.platforms.cachet import PLATFORM
from statuswire.platforms.sight import Sight

FOLDER = Path(__file__).parent / "cachet"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"
GUID = "7d3f0b52-2f0e-4c64-9d5b-3a1c6f1e0a44"


def document(body: object, url: str = "", kind: DocumentKind = DocumentKind.POLL, zone: str | None = None) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url, kind, time_zone=zone)


def golden(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def urls(page: str, page_id: str | None = None) -> list[tuple[str, int]]:
    return [(spec.url.removeprefix(page), spec.tier) for spec in PLATFORM.feeds(page, page_id)]


def component(status: object, **more: object) -> dict[str, object]:
    return {"id": 1, "name": "API", "status": status, "group_id": 0, "status_name": "x", **more}


def incident(**more: object) -> dict[str, object]:
    return {"id": 1, "name": "Slow", "message": "m", "component_id": 0, "human_status": "x", "status": 1, **more}


def read(rows: object, url: str = f"{PAGE}/api/v1/x", zone: str | None = None) -> Snapshot:
    return PLATFORM.parse(document({"data": rows}, url, zone=zone))


def row(kind: str, **attributes: object) -> dict[str, object]:
    return {"id": "1", "type": kind, "attributes": attributes}


# --- addresses -------------------------------------------------------------------------------------------------


def test_a_page_of_version_3_is_polled_by_three_lists_and_falls_back_on_its_feed() -> None:
    assert urls(PAGE, "v3") == [
        ("/api/components?per_page=100&include=group", 0),
        ("/api/incidents?per_page=100&include=components,updates", 0),
        ("/api/schedules?per_page=100&sort=-id&include=components,updates", 0),
        ("/rss", 1),
    ]


def test_a_page_of_version_2_is_polled_by_its_lists_and_falls_back_on_its_feed() -> None:
    assert urls(PAGE, "v2") == [
        ("/api/v1/components?per_page=100", 0),
        ("/api/v1/components/groups?per_page=100", 0),
        ("/api/v1/incidents?per_page=100&sort=id&order=desc", 0),
        ("/api/v1/schedules?per_page=100&sort=id&order=desc", 0),
        ("/atom", 1),
    ]


def test_without_a_known_version_the_newer_one_is_tried_first() -> None:
    found = urls(PAGE)

    assert [tier for path, tier in found if path.startswith("/api/v1/")] == [1, 1, 1, 1]
    assert [tier for path, tier in found if path.startswith("/api/") and "/v1/" not in path] == [0, 0, 0]
    assert found[-1] == ("/rss", 2)


def test_schedules_are_asked_for_less_often() -> None:
    every = {spec.url.rpartition("/")[2].partition("?")[0]: spec.every for spec in PLATFORM.feeds(PAGE, "v3")}

    assert every["schedules"] == timedelta(minutes=5)
    assert every["incidents"] is None


@pytest.mark.parametrize("pasted", ["", "/", "/incidents/44", f"/incidents/{GUID}", "/subscribe", "/dashboard/login"])
def test_an_address_inside_the_page_leads_to_the_same_feeds(pasted: str) -> None:
    base = f"{PAGE}/status"

    assert PLATFORM.feeds(base + pasted, "v3") == PLATFORM.feeds(base, "v3")
    assert PLATFORM.feeds(base, "v3")[0].url.startswith(f"{base}/api/components")


@pytest.mark.parametrize(
    ("path", "role", "accept"),
    [
        ("/api/v1/components", Role.STATE, "application/json"),
        ("/api/v1/components/groups?per_page=50", Role.STATE, "application/json"),
        ("/api/incidents/44/updates", Role.STATE, "application/json"),
        ("/api/status", Role.STATE, "application/json"),
        ("/rss", Role.ENTRIES, "application/rss+xml"),
        ("/atom", Role.ENTRIES, "application/atom+xml"),
        ("/atom/delivery", Role.ENTRIES, "application/atom+xml"),
    ],
)
def test_the_address_of_one_document_is_that_document_alone(path: str, role: Role, accept: str) -> None:
    specs = PLATFORM.feeds(PAGE + path, None)

    assert [(spec.url, spec.role, spec.tier, spec.accept) for spec in specs] == [(PAGE + path, role, 0, accept)]


def test_what_is_no_address_has_no_feeds() -> None:
    assert PLATFORM.feeds("http://[", None) == PLATFORM.feeds("nothing", None) == ()


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    sorted(p for p in FOLDER.glob("*.json") if not p.name.endswith("expected.json") and "-status" not in p.name),
    ids=lambda p: p.stem,
)
def test_every_golden_document_but_the_roll_ups_is_recognised(path: Path) -> None:
    assert PLATFORM.recognize(Sight(Document(path.read_bytes(), NOW)))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"data": {"status": "success", "message": "ok"}}, id="an answer of any API"),
        pytest.param({"data": [{"id": "1", "type": "status_report", "attributes": {}}]}, id="Better Stack"),
        pytest.param({"data": [{"id": "1", "type": "incidents", "attributes": {"title": "x"}}]}, id="another JSON:API"),
        pytest.param({"data": [], "links": {}, "meta": {}}, id="an empty list of nobody"),
        pytest.param({"page": {"id": "k3m9s8d1f2gh"}, "components": []}, id="Statuspage"),
        pytest.param({"event": "status.change", "body": {}}, id="another webhook"),
        pytest.param([], id="a list"),
        pytest.param(b"<html><title>Cachet</title></html>", id="a page"),
    ],
)
def test_look_alikes_are_not_recognised(body: object) -> None:
    assert not PLATFORM.recognize(Sight(document(body)))


@pytest.mark.parametrize(
    ("url", "version"), [("/api/ping", "v3"), ("/status/api/ping", "v3"), ("/api/v1/ping", "v2"), ("", None)]
)
def test_the_answer_to_a_ping_shows_the_version_by_where_it_was_asked(url: str, version: str | None) -> None:
    ping = document({"data": "Pong!"}, PAGE + url)

    assert PLATFORM.recognize(Sight(ping))
    assert PLATFORM.page_id(ping) == version
    assert PLATFORM.parse(ping) == Snapshot(platform="cachet")


@pytest.mark.parametrize(
    ("name", "version"), [("v2-incidents", "v2"), ("v2-quiet", "v2"), ("v3-schedules", "v3"), ("hook-level", None)]
)
def test_a_document_shows_its_version(name: str, version: str | None) -> None:
    assert PLATFORM.page_id(document(golden(name))) == version


def test_what_is_probed_are_the_two_pings() -> None:
    assert PLATFORM.probes == ("/api/ping", "/api/v1/ping")


# --- numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (0, Status.UNKNOWN),
        (1, Status.OPERATIONAL),
        (2, Status.DEGRADED),
        (3, Status.PARTIAL_OUTAGE),
        (4, Status.MAJOR_OUTAGE),
        ("4", Status.MAJOR_OUTAGE),
    ],
)
def test_a_level_of_version_2(number: object, status: Status) -> None:
    snapshot = read([component(number)])

    assert snapshot.components[0].status is status
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (1, Status.OPERATIONAL),
        (2, Status.DEGRADED),
        (3, Status.PARTIAL_OUTAGE),
        (4, Status.MAJOR_OUTAGE),
        (5, Status.UNKNOWN),
        (6, Status.MAINTENANCE),
    ],
)
@pytest.mark.parametrize("is_bare", [True, False], ids=["a number", "an object"])
def test_a_level_of_version_3(number: int, status: Status, is_bare: bool) -> None:
    value: object = number if is_bare else {"human": "egal", "value": number}
    snapshot = read([row("components", name="API", status=value, order=0, enabled=True, created={})], f"{PAGE}/api/x")

    assert snapshot.components[0].status is status
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    ("number", "phase"),
    [
        (0, Phase.SCHEDULED),
        (1, Phase.INVESTIGATING),
        (2, Phase.IDENTIFIED),
        (3, Phase.MONITORING),
        ("4", Phase.RESOLVED),
    ],
)
def test_a_phase_of_version_2(number: object, phase: Phase) -> None:
    assert read([incident(status=number)]).incidents[0].phase is phase


@pytest.mark.parametrize(
    ("number", "phase"),
    [
        (0, Phase.INVESTIGATING),
        (1, Phase.INVESTIGATING),
        (2, Phase.IDENTIFIED),
        (3, Phase.MONITORING),
        (4, Phase.RESOLVED),
    ],
)
def test_a_phase_of_version_3(number: int, phase: Phase) -> None:
    found = row("incidents", guid=GUID, name="x", status={"value": number}, stickied=False, occurred={})

    assert read([found], f"{PAGE}/api/x").incidents[0].phase is phase


@pytest.mark.parametrize(("number", "phase"), [(0, Phase.SCHEDULED), (1, Phase.IN_PROGRESS), (2, Phase.COMPLETED)])
def test_a_phase_of_a_schedule_in_both_versions(number: int, phase: Phase) -> None:
    old = {"id": 1, "name": "x", "status": number, "scheduled_at": None, "completed_at": None, "human_status": "x"}
    new = row("schedules", name="x", status={"value": number}, scheduled={}, completed={})

    assert read([old]).incidents[0].phase is phase
    assert read([new], f"{PAGE}/api/x").incidents[0].phase is phase


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("success", Status.OPERATIONAL),
        ("info", Status.DEGRADED),
        ("danger", Status.MAJOR_OUTAGE),
        ("operational", Status.OPERATIONAL),
        ("partial_outage", Status.PARTIAL_OUTAGE),
        ("major_outage", Status.MAJOR_OUTAGE),
        ("under_maintenance", Status.MAINTENANCE),
    ],
)
def test_a_roll_up_of_either_version(word: str, status: Status) -> None:
    page = PLATFORM.parse(document({"data": {"status": word, "message": "Text"}}, f"{PAGE}/api/status")).page

    assert (page.status, page.status_text) == (status, "Text")


def test_a_roll_up_as_a_json_api_row_names_the_page() -> None:
    body = {"data": {"id": "status", "type": "status", "attributes": {"name": "Acme", "label": "Fine", "status": "x"}}}

    snapshot = PLATFORM.parse(document(body))

    assert (snapshot.page.name, snapshot.page.status_text) == ("Acme", "Fine")
    assert snapshot.problems == (Problem("data.status", "unknown word 'x'"),)


def test_a_number_in_no_table_is_unknown_and_named() -> None:
    snapshot = read([component(7), incident(id=2)])

    assert (snapshot.components[0].status, snapshot.components[0].raw_status) == (Status.UNKNOWN, "7")
    assert Problem("data[0].status", "unknown word '7'") in snapshot.problems


# --- covers ----------------------------------------------------------------------------------------------------


def pages(total: int, following: str | None = None) -> dict[str, object]:
    return {"pagination": {"total_pages": total, "links": {"next_page": following, "previous_page": None}}}


@pytest.mark.parametrize(
    ("meta", "covers"),
    [(pages(1), {Cover.COMPONENTS}), (pages(3, "next"), set()), ([], set()), (None, set())],
)
def test_only_a_list_that_is_whole_covers(meta: object, covers: set[Cover]) -> None:
    assert PLATFORM.parse(document({"meta": meta, "data": [component(1)]})).covers == covers


def test_a_list_with_a_row_that_cannot_be_read_covers_nothing() -> None:
    snapshot = PLATFORM.parse(document({"meta": pages(1), "data": [component(1), None, {"name": "x"}]}))

    assert snapshot.covers == frozenset()
    assert len(snapshot.components) == 1
    assert [problem.where for problem in snapshot.problems] == ["data[1]", "data[2]"]


def test_the_second_page_of_version_3_covers_nothing() -> None:
    body = golden("v3-incidents") | {"links": {"prev": "x", "next": None}, "meta": {"current_page": 2}}

    assert PLATFORM.parse(document(body)).covers == frozenset()


# --- times -----------------------------------------------------------------------------------------------------


def test_times_without_a_zone_are_read_in_the_pages_own_and_else_said_to_be_taken_as_utc() -> None:
    rows = [incident(created_at="2026-07-01 12:00:00")]

    known, unknown = read(rows, zone="Europe/Berlin"), read(rows)

    assert known.incidents[0].created_at == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert known.problems == ()
    assert unknown.incidents[0].created_at == datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert unknown.problems == (Problem("time_zone", "times without a zone are read as UTC"),)


def test_a_stamp_orders_components_only_where_its_zone_is_known() -> None:
    rows = [component(1, updated_at="2026-07-01 12:00:00")]

    assert read(rows).components[0].updated_at is None
    assert read(rows, zone="UTC").components[0].updated_at == datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def test_equal_times_are_ordered_as_listed_newest_first() -> None:
    at = "2026-05-04 10:00:00"
    rows = [{"id": number, "status": number, "message": "m", "created_at": at} for number in (4, 3, 2)]

    found = read([incident(occurred_at=at, updates=rows, latest_status=4)]).incidents[0]

    assert [one.id for one in found.updates] == ["message", "2", "3", "4"]
    assert found.phase is Phase.RESOLVED


# --- updates elsewhere -----------------------------------------------------------------------------------------


def test_updates_that_are_not_in_the_list_are_asked_for_while_the_incident_goes_on() -> None:
    old, cut = f"{PAGE}/status/api/v1/incidents?per_page=100", f"{PAGE}/api/incidents?per_page=1"

    assert [one.url for one in PLATFORM.more(document(golden("v2-incidents-old"), old))] == [
        f"{PAGE}/status/api/v1/incidents/6/updates?per_page=100"
    ]
    assert [one.url for one in PLATFORM.more(document(golden("v3-incidents-cut"), cut))] == [
        f"{PAGE}/api/incidents/44/updates?per_page=100"
    ]


@pytest.mark.parametrize("name", ["v2-incidents", "v3-incidents", "v2-components", "hook-level"])
def test_nothing_more_is_asked_for_where_all_is_there(name: str) -> None:
    assert PLATFORM.more(document(golden(name), f"{PAGE}/api/v1/x")) == ()


def test_at_most_ten_more_documents_are_asked_for() -> None:
    rows = [incident(id=number) for number in range(40)]

    assert len(PLATFORM.more(document({"data": rows}, f"{PAGE}/api/v1/incidents"))) == 10


def test_list_and_updates_document_tell_of_one_incident_with_the_same_update_ids() -> None:
    listed = PLATFORM.parse(document(golden("v3-incidents"))).incidents[0]
    alone = PLATFORM.parse(document(golden("v3-updates"))).incidents[0]

    assert alone.id in listed.aliases
    assert {one.id for one in alone.updates} <= {one.id for one in listed.updates}


# --- webhooks --------------------------------------------------------------------------------------------------


def hook(name: str) -> Snapshot:
    return PLATFORM.parse_hook(document(golden(name), kind=DocumentKind.HOOK)) if PLATFORM.parse_hook else Snapshot("")


def test_a_hook_tells_of_the_incident_that_the_list_and_the_feed_show() -> None:
    listed = PLATFORM.parse(document(golden("v3-incidents"))).incidents[0]
    fed = PLATFORM.parse(Document((FOLDER / "rss-v3.xml").read_bytes(), NOW)).incidents[0]
    told = hook("hook-incident").incidents[0]

    assert told.id == listed.id == fed.id
    assert told.updates[0].id == listed.updates[0].id


def test_the_number_of_a_hook_without_guid_is_a_name_of_the_incident() -> None:
    body = {"event": "incident_created", "body": {"id": 44, "name": "x", "status": 1}}
    listed = PLATFORM.parse(document(golden("v3-incidents"))).incidents[0]

    assert PLATFORM.parse(document(body)).incidents[0].id in listed.aliases


def test_a_deleted_component_is_left_to_the_page() -> None:
    snapshot = PLATFORM.parse(document({"event": "component_deleted", "body": {"id": 3, "attributes": {"status": 4}}}))

    assert (snapshot.components, snapshot.event_name) == ((), "component_deleted")


@pytest.mark.parametrize("body", [{"event": "other", "body": {}}, {"event": "incident_created"}, [], {"data": 1}])
def test_another_body_is_no_hook_of_ours(body: object) -> None:
    assert PLATFORM.parse_hook is not None
    with pytest.raises(ParseError):
        PLATFORM.parse_hook(document(body, kind=DocumentKind.HOOK))


# --- bad input and captures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Login</body></html>",
        {"error": "Unauthorized"},
        {"data": None},
        {"data": "Ping?"},
        {"data": [1]},
        {"data": [{"metric_id": 1}]},
        "Pong!",
    ],
)
def test_what_is_no_document_of_cachet_is_refused(body: object) -> None:
    with pytest.raises(ParseError):
        PLATFORM.parse(document(body))


@pytest.mark.captures
def test_the_captured_documents_are_read(captures: Path) -> None:
    read_ones: dict[str, Snapshot] = {}
    for path in sorted((captures / "cachet").glob("*/*.json")):
        captured = Document(path.read_bytes(), NOW)
        if PLATFORM.recognize(Sight(captured)):
            read_ones[path.name] = PLATFORM.parse(captured)

    demo = read_ones["incidents-2026-09.json"].incidents
    assert [(one.id, one.phase, len(one.updates)) for one in demo] == [
        ("1", Phase.RESOLVED, 4),
        ("2", Phase.MONITORING, 2),
    ]
    assert len(read_ones["components-2026-09.json"].components) == 6
    assert {one.group for one in read_ones["component-groups-2026-09.json"].components} == {"Services"}
    assert read_ones["schedules-2026-09.json"].incidents[0].scheduled_until is None
    words = [one for snapshot in read_ones.values() for one in snapshot.problems if "unknown word" in one.reason]
    assert (len(read_ones), words) == (16, [])


def test_the_webhook_of_a_deletion_is_newer_than_the_row_that_it_takes_away() -> None:
    body = {"event": "incident_deleted", "body": {"id": 44, "attributes": {"updated_at": "2026-05-04T10:45:00Z"}}}

    deleted = PLATFORM.parse(document(body, zone="UTC")).incidents[0]

    assert (deleted.phase, deleted.updated_at) == (Phase.RESOLVED, NOW)
