"""OnlineOrNot's API, feed and pages: what the golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, FeedSpec, Impact, Incident, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.onlineornot import feeds, page_id, parse, recognize
from statuswire.platforms.parsing import recognise
from statuswire.platforms.sight import Sight
from tests.platforms.flattening import react_router_page

FIXTURES = Path(__file__).parent / "onlineornot"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"
API = "https://api.onlineornot.com/v1/status_pages"
RSS = "application/rss+xml"


def document(body: object, url: str = "") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url)


def raw(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def summary(**result: object) -> Snapshot:
    told = {"status": "OPERATIONAL", "components": [], "active_incidents": [], "scheduled_maintenance": [], **result}
    return parse(document({"success": True, "errors": [], "messages": [], "result": told}))


def active(**fields: object) -> Incident:
    told = {"id": "LB6mQvzYAkoz", "title": "Slow", "started": "2026-05-04T10:00:00Z", **fields}
    return summary(active_incidents=[told]).incidents[0]


def planned(**fields: object) -> Incident:
    return summary(scheduled_maintenance=[{"id": "7rVmalJZ9ozn", "title": "Work", **fields}]).incidents[0]


def page(**result: object) -> Snapshot:
    told = {"activeIncidents": [], "scheduledMaintenance": [], "incidents": {}, "uptime": [], "groups": [], **result}
    shell = {"statusPage": {"name": "Acme", "subdomain": "acme", "customDomain": None}}
    routes = {"root": {"result": shell}, "routes/_index": {"result": told}}
    return parse(document(react_router_page({"loaderData": routes}).encode(), f"{PAGE}/"))


# --- addresses -------------------------------------------------------------------------------------------------


def test_a_custom_domain_is_the_name_of_the_page_at_the_api() -> None:
    assert feeds(f"{PAGE}/", None) == (
        FeedSpec(f"{API}/status.acme-relay.example/summary"),
        FeedSpec(f"{PAGE}/incidents.rss", Role.ENTRIES, accept=RSS, every=timedelta(minutes=5)),
        FeedSpec(PAGE, tier=1, accept="text/html"),
    )


@pytest.mark.parametrize(
    ("url", "own_id", "slug"), [("https://acme.onlineornot.com", None, "acme"), (PAGE, "acme-relay", "acme-relay")]
)
def test_so_is_the_subdomain(url: str, own_id: str | None, slug: str) -> None:
    assert feeds(url, own_id)[0] == FeedSpec(f"{API}/{slug}/summary")


@pytest.mark.parametrize(("url", "own_id"), [("acme", None), (PAGE, "../keys"), (PAGE, "a/b")])
def test_without_a_name_nothing_can_be_polled(url: str, own_id: str | None) -> None:
    assert feeds(url, own_id) == ()


@pytest.mark.parametrize(
    ("url", "role", "accept"),
    [
        (f"{API}/acme/summary", Role.STATE, "application/json"),
        (f"{PAGE}/incidents.rss", Role.ENTRIES, RSS),
    ],
)
def test_a_document_may_be_watched_alone(url: str, role: Role, accept: str) -> None:
    assert feeds(url, None) == (FeedSpec(url, role, accept=accept),)


@pytest.mark.parametrize("name", ["summary-quiet.json", "page.html"])
def test_the_subdomain_is_in_summary_and_page(name: str) -> None:
    assert page_id(document(raw(name), f"{PAGE}/")) == "acme-relay"
    assert parse(document(raw(name), f"{PAGE}/")).page.id == "acme-relay"


def test_a_page_without_its_data_has_no_id() -> None:
    assert page_id(document(b"<html><body>onlineornot</body></html>")) is None
    assert page_id(document(raw("page.html")[:-400])) is None


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("OPERATIONAL", Status.OPERATIONAL),
        ("NO_IMPACT", Status.OPERATIONAL),
        ("DEGRADED_PERFORMANCE", Status.DEGRADED),
        ("PARTIAL_OUTAGE", Status.PARTIAL_OUTAGE),
        ("MAJOR_OUTAGE", Status.MAJOR_OUTAGE),
        ("UNDER_MAINTENANCE", Status.MAINTENANCE),
        ("MAINTENANCE", Status.MAINTENANCE),
        ("SOMETHING_NEW", Status.UNKNOWN),
    ],
)
def test_levels_of_components(word: str, status: Status) -> None:
    found = summary(components=[{"id": "x", "name": "API", "status": word}]).components[0]

    assert (found.status, found.raw_status) == (status, word)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("ALL_SYSTEMS_OPERATIONAL", Status.OPERATIONAL),
        ("OPERATIONAL", Status.OPERATIONAL),
        ("MAJOR_OUTAGE", Status.MAJOR_OUTAGE),
        ({"description": "All Systems Operational"}, Status.OPERATIONAL),
        ({"description": "Partial System Outage"}, Status.PARTIAL_OUTAGE),
        ({"description": "We are having a bad day"}, None),
        ("SOMETHING_NEW", Status.UNKNOWN),
        (None, None),
    ],
)
def test_the_roll_up_is_a_word_or_a_sentence(told: object, status: Status | None) -> None:
    assert summary(status=told).page.status is status


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("DEGRADED_PERFORMANCE", Impact.MINOR),
        ("PARTIAL_OUTAGE", Impact.MAJOR),
        ("MAJOR_OUTAGE", Impact.CRITICAL),
        ("NO_IMPACT", Impact.NONE),
        ("MAJOR", Impact.MAJOR),
        ("HUGE", Impact.UNKNOWN),
    ],
)
def test_impacts(word: str, impact: Impact) -> None:
    assert active(impact=word).impact is impact


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
def test_phases_are_in_capitals(word: str, phase: Phase) -> None:
    assert active(status=word).phase is phase
    assert active(latest_update={"id": "u", "status": word}).phase is phase


def test_unknown_words_are_named() -> None:
    problems = summary(components=[{"id": "x", "status": "SOMETHING_NEW"}]).problems

    assert [(one.where, one.reason) for one in problems] == [("components[0].status", "unknown word 'SOMETHING_NEW'")]


# --- phases ----------------------------------------------------------------------------------------------------


def test_an_active_incident_without_a_phase_leaves_the_phase_to_the_feed() -> None:
    told = active(updated_at="2026-05-04T11:00:00Z")

    assert told.phase is Phase.INVESTIGATING
    assert told.updated_at is None


def test_an_end_that_has_come_closes_whatever_the_word() -> None:
    assert active(status="MONITORING", ended="2026-05-04T11:00:00Z").phase is Phase.RESOLVED


@pytest.mark.parametrize(
    ("start", "minutes", "phase"),
    [
        ("2026-05-04T13:00:00Z", 60, Phase.SCHEDULED),
        ("2026-05-04T11:30:00Z", 60, Phase.IN_PROGRESS),
        ("2026-05-04T11:30:00Z", None, Phase.IN_PROGRESS),
        ("2026-05-04T10:00:00Z", 60, Phase.COMPLETED),
    ],
)
def test_the_clock_tells_how_far_a_maintenance_is(start: str, minutes: int | None, phase: Phase) -> None:
    told = planned(scheduled_maintenance={"start_date": start, "duration_minutes": minutes})

    assert (told.kind, told.impact, told.phase) == (Kind.MAINTENANCE, Impact.MAINTENANCE, phase)


@pytest.mark.parametrize("minutes", [-1, 10**30, "60", True, None])
def test_a_duration_that_cannot_be_meant_gives_no_end(minutes: object) -> None:
    told = planned(start_date="2026-05-04T13:00:00Z", duration_minutes=minutes)

    assert told.scheduled_until is None


# --- identity and covers ---------------------------------------------------------------------------------------


def test_summary_feed_and_page_know_an_incident_by_the_same_id() -> None:
    sources = [parse(document(raw(name), f"{PAGE}/")) for name in ("summary-open.json", "feed.xml", "page.html")]

    found = {told.id for snapshot in sources for told in snapshot.incidents if told.title == "Messages wait in Europe"}

    assert found == {"LB6mQvzYAkoz"}


def test_the_feed_has_a_clock_of_twelve_hours_and_no_year() -> None:
    told = parse(document(raw("feed.xml"))).incidents[1]

    assert [update.at for update in told.updates] == [
        datetime(2025, 12, 31, 12, 4, tzinfo=UTC),
        datetime(2025, 12, 31, 23, 58, tzinfo=UTC),
    ]


def test_the_feed_covers_nothing() -> None:
    assert parse(document(raw("feed.xml"))).covers == frozenset()


def test_components_without_ids_are_known_by_name() -> None:
    assert [row.id for row in summary(components=[{"name": "API", "status": "OPERATIONAL"}]).components] == ["API"]


@pytest.mark.parametrize(
    ("result", "gone"),
    [
        ({"components": [{"status": "OPERATIONAL"}]}, Cover.COMPONENTS),
        ({"components": []}, Cover.COMPONENTS),
        ({"active_incidents": [{}]}, Cover.OPEN_INCIDENTS),
        ({"active_incidents": None}, Cover.OPEN_INCIDENTS),
        ({"scheduled_maintenance": None}, Cover.OPEN_MAINTENANCES),
    ],
)
def test_a_list_that_is_not_whole_covers_nothing(result: dict, gone: Cover) -> None:
    covers = summary(**{"components": [{"name": "API", "status": "OPERATIONAL"}], **result}).covers

    assert gone not in covers
    assert len(covers) == 2


# --- the page for people ---------------------------------------------------------------------------------------


def test_an_incident_in_the_days_of_two_components_names_both() -> None:
    told = {"incidentId": "a", "title": "Slow", "started": "2026-05-04T10:00:00Z", "impact": "MAJOR_OUTAGE"}
    days = {"incidents": [{"day": "2026-05-04", "incidentData": [told]}]}
    rows = [
        {"componentId": name, "componentName": name, "componentStatus": "OPERATIONAL", "data": days} for name in "xy"
    ]

    snapshot = page(uptime=rows)

    assert [row.id for row in snapshot.incidents[0].components or ()] == ["x", "y"]
    assert snapshot.incidents[0].impact is Impact.CRITICAL


def test_a_page_in_several_pieces_is_put_together() -> None:
    whole = raw("page.html").decode()
    start = whole.index('enqueue("') + len('enqueue("')
    cut = start + 2_000
    while whole[cut - 1] == "\\" or whole[cut] == "\\":
        cut += 1

    pieces = f'{whole[:cut]}");window.__reactRouterContext.streamController.enqueue("{whole[cut:]}'

    assert parse(document(pieces.encode(), f"{PAGE}/")) == parse(document(whole.encode(), f"{PAGE}/"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (react_router_page({"loaderData": {"root": {"result": {}}}}).encode(), ParseReason.SHAPE),
        (b'<html>streamController.enqueue("[broken")</html>', ParseReason.NOT_JSON),
        (b'<html>streamController.enqueue("\\q")</html>', ParseReason.HTML),
        (b"<html><title>Acme</title></html>", ParseReason.HTML),
        (b"<html><title>Just a moment...</title></html>", ParseReason.CHALLENGE),
    ],
)
def test_a_page_without_readable_data_is_an_error(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["summary-quiet.json", "summary-open.json", "summary-names.json", "feed.xml", "page.html"]
)
def test_its_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(raw(name)))

    assert found is not None
    assert found.name == "onlineornot"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"success": True, "result": {}},
        {"result": {"active_incidents": [], "components": []}},
        b"<html><body>onlineornot streamController.enqueue(</body></html>",
        (FIXTURES.parent / "statuspage" / "history-rss.xml").read_bytes(),
        raw("feed.xml").replace(b"LB6mQvzYAkoz", b"lb6mqvzyakoz").replace(b"0QVbbeKa9ozn", b"0qvbbeka9ozn"),
        raw("feed.xml").replace(b"IDENTIFIED", b"Identified").replace(b"RESOLVED", b"Resolved"),
    ],
)
def test_documents_of_others_are_not(body: object) -> None:
    assert not recognize(Sight(document(body)))


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b'{"success": false, "errors": [{"message": "no such page"}], "messages": []}', ParseReason.ERROR_BODY),
        (b'{"success": false, "result": null, "errors": ["no"]}', ParseReason.ERROR_BODY),
        (b'{"success": true, "result": {}}', ParseReason.SHAPE),
        (b'{"success": true, "result": null}', ParseReason.SHAPE),
        (b"[]", ParseReason.SHAPE),
    ],
)
def test_anything_else_is_refused_with_its_reason(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason
