"""Gatus: addresses, recognition, every word, and what the golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, Impact, Phase, Problem, Role, Snapshot, Status
from statuswire.platforms.gatus import PLATFORM
from statuswire.platforms.sight import Sight

FOLDER = Path(__file__).parent / "gatus"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOST = "https://health.acme-relay.example"


def document(body: object, url: str = "") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url)


def golden(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def announced(*rows: object) -> Snapshot:
    return PLATFORM.parse(document({"oidc": False, "authenticated": True, "announcements": list(rows)}))


def announcement(**fields: object) -> dict[str, object]:
    return {"timestamp": "2026-05-04T10:00:00Z", "type": "outage", "message": "m", "archived": False, **fields}


def endpoint(*results: object, **more: object) -> dict[str, object]:
    return {"name": "api", "group": "core", "key": "core_api", "results": list(results), **more}


def result(success: object = True, timestamp: object = "2026-05-04T11:59:31Z") -> dict[str, object]:
    return {"success": success, "timestamp": timestamp}


# --- addresses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/", "/endpoints/core_api", "/suites/shop_checkout", "/api/v1"])
def test_a_page_is_its_newest_results_and_its_announcements(path: str) -> None:
    specs = PLATFORM.feeds(HOST + path, None)

    assert [(spec.url.removeprefix(HOST), spec.role, spec.every) for spec in specs] == [
        ("/api/v1/endpoints/statuses?page=1&pageSize=1", Role.STATE, None),
        ("/api/v1/config", Role.STATE, timedelta(minutes=5)),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/endpoints/statuses",
        "/api/v1/endpoints/core_api/statuses?pageSize=1",
        "/api/v1/suites/statuses",
        "/api/v1/suites/shop_checkout/statuses",
        "/api/v1/config",
    ],
)
def test_the_address_of_one_document_is_that_document_alone(path: str) -> None:
    assert [spec.url for spec in PLATFORM.feeds(f"{HOST}/base{path}", None)] == [f"{HOST}/base{path}"]


def test_what_is_no_address_has_no_feeds() -> None:
    assert PLATFORM.feeds("http://[", None) == ()


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", sorted(p for p in FOLDER.glob("*.json") if not p.name.endswith("expected.json")), ids=lambda p: p.stem
)
def test_every_golden_document_but_a_broken_list_is_recognised(path: Path) -> None:
    assert PLATFORM.recognize(Sight(Document(path.read_bytes(), NOW))) is (path.stem != "endpoints-down")


@pytest.mark.parametrize(
    "body",
    [
        [],
        [{"name": "x", "slug": "x", "status": "up", "uptime": "100%"}],
        [{"name": "x", "key": "x"}, 1],
        [{"name": "x", "key": "x", "results": [{"status": 200}]}],
        {"oidc": False},
        {"status": "UP"},
        b"<html><title>Health Dashboard | Gatus</title></html>",
    ],
)
def test_look_alikes_are_not_recognised(body: object) -> None:
    assert not PLATFORM.recognize(Sight(document(body)))


def test_a_page_for_people_is_told_by_its_title() -> None:
    assert "<title>Health Dashboard | Gatus</title>".count(PLATFORM.marks[0]) == 1


# --- endpoints -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("success", "status"), [(True, Status.OPERATIONAL), (False, Status.MAJOR_OUTAGE)])
def test_the_newest_result_is_the_level(success: bool, status: Status) -> None:
    snapshot = PLATFORM.parse(document([endpoint(result(not success), result(success))]))

    assert snapshot.components[0].status is status
    assert snapshot.covers == {Cover.COMPONENTS}


@pytest.mark.parametrize("results", [[], None, [None], "x"])
def test_an_endpoint_without_results_is_unknown(results: object) -> None:
    found = PLATFORM.parse(document([endpoint() | {"results": results}])).components[0]

    assert (found.status, found.raw_status) == (Status.UNKNOWN, "no data")


def test_a_result_that_says_neither_is_unknown_and_named() -> None:
    snapshot = PLATFORM.parse(document([endpoint(result(None))]))

    assert snapshot.components[0].status is Status.UNKNOWN
    assert snapshot.problems == (Problem("endpoints[0].results", "a result that does not say whether it succeeded"),)


def test_nanoseconds_are_read_as_far_as_a_moment_goes() -> None:
    found = PLATFORM.parse(document([endpoint(result(True, "2026-05-04T13:59:31.123456789+02:00"))])).components[0]

    assert found.updated_at == datetime(2026, 5, 4, 11, 59, 31, 123456, tzinfo=UTC)


def test_a_list_with_a_row_that_cannot_be_read_covers_nothing() -> None:
    assert PLATFORM.parse(document([endpoint(), {"name": "x"}])).covers == frozenset()


def test_an_empty_list_covers_nothing() -> None:
    assert PLATFORM.parse(document([])) == Snapshot(platform="gatus", besides="suite/")


def test_one_endpoint_alone_covers_nothing_and_dates_from_its_newest_change() -> None:
    snapshot = PLATFORM.parse(document(golden("endpoint")))

    assert snapshot.covers == frozenset()
    assert snapshot.components[0].updated_at == datetime(2026, 5, 4, 11, 58, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "success", "minute"),
    [("HEALTHY", True, 10), ("UNHEALTHY", False, 10), ("UNHEALTHY", True, 59), ("START", True, 59)],
)
def test_a_change_dates_a_level_only_where_it_led_there(event: str, success: bool, minute: int) -> None:
    body = endpoint(result(success, "2026-05-04T11:59:00Z"))
    body |= {"events": [{"type": event, "timestamp": "2026-05-04T11:10:00Z"}]}

    found = PLATFORM.parse(document(body)).components[0]

    assert found.updated_at == datetime(2026, 5, 4, 11, minute, tzinfo=UTC)


# --- announcements ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "impact", "phase"),
    [
        ("outage", Impact.MAJOR, Phase.INVESTIGATING),
        ("warning", Impact.MINOR, Phase.INVESTIGATING),
        ("information", Impact.NONE, Phase.INVESTIGATING),
        ("operational", Impact.UNKNOWN, Phase.RESOLVED),
        ("none", Impact.NONE, Phase.INVESTIGATING),
        ("", Impact.NONE, Phase.INVESTIGATING),
    ],
)
def test_the_type_of_an_announcement_says_how_bad_it_is(kind: str, impact: Impact, phase: Phase) -> None:
    snapshot = announced(announcement(type=kind))

    assert (snapshot.incidents[0].impact, snapshot.incidents[0].phase) == (impact, phase)
    assert snapshot.problems == ()


def test_a_type_in_no_table_is_unknown_and_named() -> None:
    snapshot = announced(announcement(type="party"))

    assert (snapshot.incidents[0].impact, snapshot.incidents[0].raw_impact) == (Impact.UNKNOWN, "party")
    assert snapshot.problems == (Problem("announcements[0].type", "unknown word 'party'"),)


def test_an_archived_announcement_is_over() -> None:
    assert announced(announcement(archived=True)).incidents[0].phase is Phase.RESOLVED


def test_an_outage_that_becomes_operational_is_the_same_incident() -> None:
    before, after = (announced(announcement(type=kind)).incidents[0] for kind in ("outage", "operational"))

    assert before.id != after.id
    assert before.aliases == after.aliases == ("2026-05-04T10:00:00Z",)


def test_announcements_of_one_moment_share_no_name() -> None:
    one, other = announced(announcement(), announcement(type="warning")).incidents

    assert one.id != other.id
    assert one.aliases == other.aliases == ()


def test_an_edited_message_is_the_same_update() -> None:
    before, after = (announced(announcement(message=text)).incidents[0].updates[0] for text in ("One", "Two"))

    assert (before.id, before.text, after.text) == (after.id, "One", "Two")


def test_a_long_first_line_is_cut_to_a_title() -> None:
    assert len(announced(announcement(message="word " * 100)).incidents[0].title) == 120


def test_an_old_release_without_announcements_covers_nothing() -> None:
    assert PLATFORM.parse(document({"oidc": False, "authenticated": True})) == Snapshot(platform="gatus")


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"null", {}, {"status": "UP"}, [1], [{"name": "x"}], b"<html>login</html>"])
def test_what_is_no_document_of_gatus_is_refused(body: object) -> None:
    with pytest.raises(ParseError):
        PLATFORM.parse(document(body))


# --- suites ----------------------------------------------------------------------------------------------------------


def test_the_suites_are_looked_up_beside_the_list_of_all_endpoints() -> None:
    listed = Document(b"[]", NOW, f"{HOST}/api/v1/endpoints/statuses?page=1&pageSize=1")

    assert [spec.url for spec in PLATFORM.more(listed)] == [f"{HOST}/api/v1/suites/statuses?page=1&pageSize=1"]
    assert PLATFORM.more(Document(b"{}", NOW, f"{HOST}/api/v1/config")) == ()


def test_a_suite_is_not_the_endpoint_of_the_same_key_and_either_list_covers_its_own() -> None:
    row = {"name": "Login", "key": "core_login", "results": []}
    suites = PLATFORM.parse(document([{**row, "groups": ["core"]}]))
    endpoints = PLATFORM.parse(document([{**row, "group": "core"}]))

    assert [one.components[0].id for one in (suites, endpoints)] == ["suite/core_login", "core_login"]
    assert (suites.within, endpoints.besides) == ("suite/", "suite/")
    assert suites.covers == endpoints.covers == {Cover.COMPONENTS}
