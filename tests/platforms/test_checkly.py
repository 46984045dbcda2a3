"""Checkly's pages of both generations: what the golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, FeedSpec, Impact, Incident, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.checkly import feeds, more, page_id, parse, recognize
from statuswire.platforms.checkly_terms import SEVERITY_IMPACTS, SEVERITY_LEVELS, worst
from statuswire.platforms.parsing import recognise
from statuswire.platforms.sight import Sight
from tests.platforms.flattening import nuxt_page

FIXTURES = Path(__file__).parent / "checkly"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"
API = "https://api.checklyhq.com/v1/status-page"
UUID = "89a10173-714f-4ba6-9ad3-b4598370f901"
CAPTURED = "other/checkly-mistral"


def document(body: object, url: str = "") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url)


def raw(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def older(**fields: object) -> Incident:
    told = {"id": "i1", "name": "Slow", "impact": "MAJOR", "startedAt": "2026-05-04T10:00:00Z", "incidentUpdates": []}
    return parse(document([{**told, **fields}])).incidents[0]


def checks(*rows: dict, total: int | None = None) -> Snapshot:
    summary = {"total": len(rows) if total is None else total, "totalPassing": 0}
    return parse(document({"results": list(rows), "summary": summary}))


def page(incidents: object = (), windows: dict | None = None, **uptime: object) -> Snapshot:
    service = {"id": "s1", "name": "API"}
    groups = [{"id": "g", "name": "Relay", "services": [service, {"id": "s2", "name": "Console"}]}]
    found = {
        "status-page-resolver-x": {"statusPage": {"id": UUID, "name": "Acme", "url": "acme"}},
        f"unresolved-incidents-{UUID}": {"incidents": list(incidents) if isinstance(incidents, tuple) else incidents},
        f"uptime-{UUID}": {"metadata": groups, "uptime": [], "partialError": False, **uptime},
        "maintenance-windows-acme": {"active": [], "upcoming": [], **(windows or {})},
    }
    return parse(document(nuxt_page(found).encode(), f"{PAGE}/"))


def newer(severity: str, *services: str, status: str = "IDENTIFIED") -> dict:
    named = [{"id": one, "name": one} for one in services]
    return {"id": f"i-{severity}", "name": "Slow", "severity": severity, "lastUpdateStatus": status, "services": named}


# --- addresses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("own_id", [None, UUID, "", "../x"])
def test_a_page_is_read_itself_unless_it_is_an_older_one(own_id: str | None) -> None:
    assert feeds(f"{PAGE}/", own_id) == (
        FeedSpec(PAGE, accept="text/html"),
        FeedSpec(f"{API}/status.acme-relay.example/metadata?type=customDomain", tier=1),
    )


def test_an_older_page_has_checks_and_incidents_under_its_id() -> None:
    assert feeds(PAGE, "4711") == (
        FeedSpec(f"{API}/4711/statuses?page=1&limit=50"),
        FeedSpec(f"{API}/4711/incidents"),
    )


def test_the_id_of_an_older_page_is_in_its_metadata() -> None:
    assert page_id(document(raw("older-metadata.json"))) == "4711"
    assert page_id(document(raw("page-quiet.html"))) is None


@pytest.mark.parametrize("name", ["statuses", "incidents"])
def test_a_document_may_be_watched_alone(name: str) -> None:
    assert feeds(f"{API}/4711/{name}", None) == (FeedSpec(f"{API}/4711/{name}"),)


def test_what_is_no_address_has_no_feeds() -> None:
    assert feeds("acme", None) == ()


def test_the_first_page_of_checks_points_to_the_others() -> None:
    listed = {"results": [], "summary": {"total": 120}}

    found = more(document(listed, f"{API}/4711/statuses?page=1&limit=50"))

    assert found == tuple(FeedSpec(f"{API}/4711/statuses?page={n}&limit=50", Role.ENTRIES) for n in (2, 3))
    assert more(document(listed, f"{API}/4711/statuses?page=2&limit=50")) == ()


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "status"), [*SEVERITY_LEVELS.items(), ("huge", Status.UNKNOWN)])
def test_levels_of_services(word: str, status: Status) -> None:
    body = [{"id": "s1", "name": "API", "status": word.upper(), "group": "Relay"}]

    assert parse(document(body)).components[0].status is status


@pytest.mark.parametrize(("word", "impact"), [*SEVERITY_IMPACTS.items(), ("huge", Impact.UNKNOWN)])
def test_impacts(word: str, impact: Impact) -> None:
    assert older(impact=word.upper()).impact is impact


@pytest.mark.parametrize(
    ("flags", "status"),
    [
        ({"hasFailures": True}, Status.MAJOR_OUTAGE),
        ({"hasErrors": True}, Status.MAJOR_OUTAGE),
        ({"isDegraded": True}, Status.DEGRADED),
        ({"isDegraded": True, "hasErrors": True}, Status.MAJOR_OUTAGE),
        ({}, Status.OPERATIONAL),
    ],
)
def test_levels_of_checks(flags: dict, status: Status) -> None:
    assert checks({"id": "c1", "name": "API", "activated": True, "status": flags}).components[0].status is status


@pytest.mark.parametrize("fields", [{"activated": False, "status": {}}, {"activated": True, "status": None}])
def test_a_check_that_does_not_run_says_nothing(fields: dict) -> None:
    assert checks({"id": "c1", "name": "API", **fields}).components[0].status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("INVESTIGATING", Phase.INVESTIGATING),
        ("IDENTIFIED", Phase.IDENTIFIED),
        ("MONITORING", Phase.MONITORING),
        ("RESOLVED", Phase.RESOLVED),
        ("MUSING", Phase.UNKNOWN),
    ],
)
def test_the_newest_update_tells_the_phase(word: str, phase: Phase) -> None:
    updates = [{"id": "u2", "status": word}, {"id": "u1", "status": "INVESTIGATING"}]

    assert older(incidentUpdates=updates).phase is phase
    assert page((newer("MAJOR", "s1", status=word),)).incidents[0].phase is phase


def test_unknown_words_are_named() -> None:
    problems = page((newer("HUGE", "s1"),)).problems

    assert [(one.where, one.reason) for one in problems] == [("unresolved[0].severity", "unknown word 'HUGE'")]


def test_what_was_stopped_is_over() -> None:
    stopped = "2026-05-04T11:00:00Z"

    assert older(stoppedAt=stopped).phase is Phase.RESOLVED
    assert older(stoppedAt=stopped, impact="MAINTENANCE").phase is Phase.COMPLETED


def test_what_has_no_updates_has_just_begun() -> None:
    assert older().phase is Phase.INVESTIGATING
    assert older(impact="MAINTENANCE").phase is Phase.IN_PROGRESS


# --- levels derived --------------------------------------------------------------------------------------------


def test_a_service_is_as_bad_as_the_worst_incident_that_names_it() -> None:
    snapshot = page((newer("MEDIUM", "s1", "s2"), newer("CRITICAL", "s1")))

    assert [row.status for row in snapshot.components] == [Status.MAJOR_OUTAGE, Status.DEGRADED]


def test_an_unknown_severity_leaves_the_level_unknown() -> None:
    assert [row.status for row in page((newer("HUGE", "s1"),)).components] == [Status.UNKNOWN, Status.OPERATIONAL]


def test_a_maintenance_that_runs_puts_its_services_under_maintenance() -> None:
    window = {"id": "w1", "name": "Work", "startsAt": "2026-05-04T11:00:00Z", "services": [{"id": "s2"}]}

    snapshot = page(windows={"active": [window]})

    assert [row.status for row in snapshot.components] == [Status.OPERATIONAL, Status.MAINTENANCE]


def test_one_to_come_does_not() -> None:
    window = {"id": "w1", "name": "Work", "startsAt": "2026-05-09T11:00:00Z", "services": [{"id": "s2"}]}

    assert page(windows={"upcoming": [window]}).components[1].status is Status.OPERATIONAL


@pytest.mark.parametrize("incidents", [None, [{"name": "no id"}]])
def test_without_all_incidents_no_level_is_derived(incidents: object) -> None:
    snapshot = page(incidents)

    assert all(row.lacks_status for row in snapshot.components)
    assert Cover.OPEN_INCIDENTS not in snapshot.covers


def test_the_order_of_badness() -> None:
    assert worst(()) is Status.OPERATIONAL
    assert worst((Status.UNKNOWN, Status.OPERATIONAL)) is Status.UNKNOWN
    assert worst((Status.UNKNOWN, Status.DEGRADED, Status.MAINTENANCE)) is Status.DEGRADED


# --- covers and traps ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("active", Phase.IN_PROGRESS),
        ("upcoming", Phase.SCHEDULED),
        ("recentlyCompleted", Phase.COMPLETED),
        ("past", Phase.COMPLETED),
    ],
)
@pytest.mark.parametrize("start", ["start", "startDate", "startsAt", "starts_at"])
def test_the_list_of_a_window_tells_how_far_it_is(name: str, phase: Phase, start: str) -> None:
    told = page(windows={name: [{"id": "w1", "name": "Work", start: "2026-05-04T11:00:00Z"}]}).incidents[0]

    assert (told.kind, told.phase, told.impact) == (Kind.MAINTENANCE, phase, Impact.MAINTENANCE)
    assert told.scheduled_for == datetime(2026, 5, 4, 11, tzinfo=UTC)


def test_half_a_chart_does_not_cover_the_services() -> None:
    assert Cover.COMPONENTS in page().covers
    assert Cover.COMPONENTS not in page(partialError=True).covers


def test_one_page_of_the_checks_does_not_cover_them() -> None:
    row = {"id": "c1", "name": "API", "status": {}}

    assert checks(row).covers == {Cover.COMPONENTS}
    assert checks(row, total=51).covers == frozenset()


def test_the_addresses_of_the_two_generations() -> None:
    assert page((newer("MAJOR", "s1"),)).incidents[0].url == "https://acme.checkly-status-page.com/incident/i-MAJOR"
    assert older().url == ""


def test_no_incidents_is_an_answer_only_where_incidents_were_asked_for() -> None:
    assert parse(document([], f"{API}/4711/incidents")).covers == {Cover.OPEN_INCIDENTS}
    with pytest.raises(ParseError):
        parse(document([]))


@pytest.mark.parametrize(
    "body",
    [
        {"results": [], "summary": {"total": 0, "totalPassing": 0}},
        {"metadata": [], "uptime": [], "partialError": False},
        nuxt_page({"unresolved-incidents-x": {"incidents": []}}).encode(),
    ],
)
def test_nothing_that_can_fail_means_that_something_is_broken(body: object) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is ParseReason.SHAPE


def test_a_page_that_is_not_there_or_private_is_an_error() -> None:
    found = {"status-page-resolver-x": {"notFound": True}, "unresolved-incidents-x": {"incidents": []}}
    with pytest.raises(ParseError) as gone:
        parse(document(nuxt_page(found).encode()))
    with pytest.raises(ParseError) as private:
        parse(document({"id": 1, "customDomain": "x", "isPrivate": True}))

    assert gone.value.reason in (ParseReason.INACTIVE, ParseReason.SHAPE)
    assert private.value.reason is ParseReason.ERROR_BODY


def test_the_bare_data_of_a_page_is_read_like_the_page() -> None:
    told = parse(document(raw("payload.json")))

    assert told.incidents[0].title == "Messages wait in Europe"
    assert told.covers == {Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*")), ids=lambda path: path.name)
def test_its_own_documents_are_recognised(path: Path) -> None:
    if path.name.endswith(".expected.json"):
        return

    found = recognise(document(path.read_bytes()))

    assert found is not None
    assert found.name == "checkly"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"page": {"name": "Acme", "url": PAGE, "status": "HASISSUES"}, "activeIncidents": [{"impact": "MAJOROUTAGE"}]},
        {"page": {"name": "Acme", "url": PAGE, "status": "UP"}, "activeIncidents": []},
        {"results": [], "summary": {}},
        [{"id": "x", "name": "API", "status": "operational", "group": None}],
        [{"id": "x", "impact": "minor"}],
        [["ShallowReactive", 1], {"data": 2}, {}],
        b'<html><script id="__NUXT_DATA__">[[]]</script></html>',
    ],
)
def test_documents_of_others_are_not(body: object) -> None:
    assert not recognize(Sight(document(body)))


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"<!doctype html><html data-ssr=\"false\"><title>Acme</title></html>", ParseReason.HTML),
        (b"<html><title>Just a moment...</title></html>", ParseReason.CHALLENGE),
        (b'<html><script id="__NUXT_DATA__">[{"serverRendered":1},false]</script></html>', ParseReason.SHAPE),
        (b'<html><script id="__NUXT_DATA__">[broken</script></html>', ParseReason.NOT_JSON),
        (b'{"error": "not found"}', ParseReason.ERROR_BODY),
        (b'{"id": 1}', ParseReason.SHAPE),
        (b"[1, 2]", ParseReason.SHAPE),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_its_reason(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


# --- captured documents ----------------------------------------------------------------------------------------


@pytest.mark.captures
def test_the_captured_summary_and_services_agree(captures: Path) -> None:
    summary = parse(document((captures / CAPTURED / "summary-2026-09-17-trimmed.json").read_bytes()))
    services = parse(document((captures / CAPTURED / "services-2026-09-17-trimmed.json").read_bytes()))

    known = {row.id: row for row in services.components}
    assert all((row.name, row.status) == (known[row.id].name, known[row.id].status) for row in summary.components)
    assert [(told.phase, told.impact) for told in summary.incidents] == [(Phase.IDENTIFIED, Impact.MAJOR)]
    assert summary.problems == services.problems == ()


@pytest.mark.captures
def test_the_captured_chart_tells_of_each_incident_once(captures: Path) -> None:
    snapshot = parse(document((captures / CAPTURED / "uptime-2026-09-17-trimmed.json").read_bytes()))

    assert [told.phase for told in snapshot.incidents] == [Phase.IDENTIFIED, Phase.RESOLVED]
    assert [row.group for row in snapshot.components] == ["API", "Services"]
    assert snapshot.covers == frozenset()
