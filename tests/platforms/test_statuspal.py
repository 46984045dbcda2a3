"""StatusPal's pages, API and webhooks: what the golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Cover,
    Document,
    DocumentKind,
    FeedSpec,
    Impact,
    Incident,
    Kind,
    Phase,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.parsing import recognise
from statuswire.platforms.sight import Sight
from statuswire.platforms.statuspal import feeds, page_id, parse, parse_hook, recognize
from statuswire.platforms.statuspal_terms import LABELS, TYPES

FIXTURES = Path(__file__).parent / "statuspal"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"
IO = "https://statuspal.io/api/v2/status_pages/acme-relay"
EU = "https://statuspal.eu/api/v2/status_pages/acme-relay"
HTML = "text/html"


def document(body: object, url: str = "", zone: str | None = None) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url, time_zone=zone)


def fixture(case: str) -> dict:
    return json.loads((FIXTURES / f"{case}.json").read_text(encoding="utf-8"))


def summary(zone: str = "UTC", **lists: object) -> Snapshot:
    page = {"name": "Acme", "subdomain": "acme-relay", "time_zone": zone, "current_incident_type": None}
    empty = {"services": [], "incidents": [], "maintenances": [], "upcoming_maintenances": []}
    return parse(document({"status_page": page, **empty, **lists}))


def incident(zone: str = "UTC", **fields: object) -> Incident:
    told = {"id": 1, "title": "Slow", "type": "minor", "starts_at": "2026-05-04T10:00:00", "ends_at": None}
    return summary(zone, incidents=[{**told, **fields}]).incidents[0]


def service(**fields: object) -> Component:
    return summary(services=[{"id": 1, "name": "API", **fields}]).components[0]


def page(tiles: str, script: str = "") -> Snapshot:
    markup = f"<!doctype html><html><body>{tiles}<script>{script}</script></body></html>"
    return parse(document(markup.encode(), f"{PAGE}/"))


def tile(number: int, kind: str = "none", label: str = "", inside: str = "") -> str:
    status = f'<span class="service-status--status">{label}</span>' if label else ""
    name = f'<span class="service-status--name">S{number}</span>'
    return f'<div id="service-{number}" class="service-status status-type-{kind}">{name}{status}{inside}</div>'


# --- addresses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("domain", "api"), [("statuspal.io", IO), ("statuspal.eu", EU)])
def test_a_page_on_the_vendors_host_has_its_name_in_the_address(domain: str, api: str) -> None:
    url = f"https://acme-relay.{domain}"

    assert feeds(f"{url}/", None) == (
        FeedSpec(f"{api}/summary"),
        FeedSpec(f"{api}/incidents", Role.HISTORY),
        FeedSpec(url, tier=1, accept=HTML),
    )


@pytest.mark.parametrize(
    ("name", "api"), [("acme-relay", IO), ("acme-relay.statuspal.io", IO), ("acme-relay.statuspal.eu", EU)]
)
def test_a_page_on_a_custom_domain_needs_its_name(name: str, api: str) -> None:
    assert feeds(PAGE, name)[0] == FeedSpec(f"{api}/summary")


@pytest.mark.parametrize("name", [None, "", "../admin", "acme.elsewhere.example", "a/b"])
def test_without_one_the_page_for_people_is_read(name: str | None) -> None:
    assert feeds(f"{PAGE}/", name) == (FeedSpec(PAGE, accept=HTML),)


@pytest.mark.parametrize(
    ("name", "role"), [("summary", Role.STATE), ("status", Role.STATE), ("incidents", Role.ENTRIES)]
)
def test_a_document_may_be_watched_alone(name: str, role: Role) -> None:
    assert feeds(f"{EU}/{name}", None) == (FeedSpec(f"{EU}/{name}", role),)


def test_what_is_no_address_has_no_feeds() -> None:
    assert feeds("acme", "acme-relay") == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<a href="https://acme-relay.statuspal.eu/subscribe">', "acme-relay.statuspal.eu"),
        ('<a href="https://www.statuspal.io">', None),
        ('<a href="https://www.statuspal.io"><a href="//acme.statuspal.io/x">', "acme.statuspal.io"),
        ('<script>fetch("https://statuspal.io/api/v2/status_pages/acme/summary")</script>', "acme.statuspal.io"),
        ("", None),
    ],
)
def test_the_name_is_read_from_the_source_of_the_page(source: str, expected: str | None) -> None:
    body = f"<!doctype html><html><body>{source}</body></html>".encode()

    assert page_id(document(body, f"{PAGE}/")) == expected


def test_the_summary_tells_the_name_and_its_address_the_region() -> None:
    assert page_id(document(fixture("summary-quiet"), f"{EU}/summary")) == "acme-relay.statuspal.eu"
    assert page_id(document(fixture("summary-quiet"))) == "acme-relay"


def test_the_name_of_the_page_is_the_same_from_all_documents() -> None:
    told = parse(document(fixture("summary-quiet"), f"{EU}/summary")).page.id

    assert parse(document((FIXTURES / "page.html").read_bytes(), f"{PAGE}/")).page.id == told


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "status"), [*TYPES.items(), ("custom", Status.UNKNOWN)])
def test_types_of_services(word: str, status: Status) -> None:
    found = service(current_incident_type=word)

    assert (found.status, found.raw_status) == (status, word)


def test_no_type_is_all_well_where_it_is_stated() -> None:
    assert service(current_incident_type=None).status is Status.OPERATIONAL
    assert service().status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("word", "impact"),
    [("minor", Impact.MINOR), ("major", Impact.CRITICAL), ("scheduled", Impact.MAINTENANCE), ("x", Impact.UNKNOWN)],
)
def test_types_of_incidents(word: str, impact: Impact) -> None:
    assert incident(type=word).impact is impact


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("Operational", Status.OPERATIONAL),
        ("Degraded", Status.DEGRADED),
        ("Partial outage", Status.PARTIAL_OUTAGE),
        ("Major outage", Status.MAJOR_OUTAGE),
        ("Maintenance", Status.MAINTENANCE),
        ("Gestört", Status.UNKNOWN),
    ],
)
def test_labels_of_the_page_for_people(label: str, status: Status) -> None:
    assert page(tile(1, "minor", label)).components[0].status is status
    assert status is Status.UNKNOWN or label.replace(" ", "").lower() in LABELS


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("issue", None),
        ("update", None),
        ("", None),
        ("resolved", Phase.RESOLVED),
        ("identified", Phase.IDENTIFIED),
        ("musing", Phase.UNKNOWN),
    ],
)
def test_types_of_updates_keep_their_word(word: str, phase: Phase | None) -> None:
    told = incident(updates=[{"id": 7, "type": word, "description": "x", "posted_at": "2026-05-04T10:00:00"}])

    assert (told.updates[0].phase, told.updates[0].raw_phase) == (phase, word)


def test_unknown_words_are_named() -> None:
    problems = summary(services=[{"id": 1, "name": "API", "current_incident_type": "custom"}]).problems

    assert [(one.where, one.reason) for one in problems] == [
        ("services[0].current_incident_type", "unknown word 'custom'")
    ]


# --- phases ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "starts", "ends", "phase"),
    [
        ("minor", "2026-05-04T10:00:00", None, Phase.INVESTIGATING),
        ("minor", "2026-05-04T10:00:00", "2026-05-04T11:00:00", Phase.RESOLVED),
        ("minor", "2026-05-04T10:00:00", "2026-05-04T13:00:00", Phase.INVESTIGATING),
        ("scheduled", "2026-05-04T13:00:00", "2026-05-04T14:00:00", Phase.SCHEDULED),
        ("scheduled", "2026-05-04T11:00:00", "2026-05-04T14:00:00", Phase.IN_PROGRESS),
        ("scheduled", "2026-05-04T11:00:00", None, Phase.IN_PROGRESS),
        ("scheduled", "2026-05-04T10:00:00", "2026-05-04T11:00:00", Phase.COMPLETED),
    ],
)
def test_the_clock_tells_the_phase(kind: str, starts: str, ends: str | None, phase: Phase) -> None:
    told = incident(type=kind, starts_at=starts, ends_at=ends)

    assert told.phase is phase
    assert told.kind is (Kind.MAINTENANCE if kind == "scheduled" else Kind.INCIDENT)


def test_a_phase_that_the_newest_update_names_counts_while_it_is_open() -> None:
    update = {"id": 7, "type": "monitoring", "description": "x", "posted_at": "2026-05-04T10:00:00"}

    assert incident(updates=[update]).phase is Phase.MONITORING
    assert incident(updates=[{**update, "type": "resolved"}]).phase is Phase.INVESTIGATING
    assert incident(updates=[update], ends_at="2026-05-04T11:00:00").phase is Phase.RESOLVED


# --- times -----------------------------------------------------------------------------------------------------


def test_times_are_those_of_the_pages_zone() -> None:
    assert incident("Asia/Tehran", starts_at="2026-05-04T13:32:00").started_at == datetime(
        2026, 5, 4, 10, 2, tzinfo=UTC
    )


def test_of_an_hour_that_comes_twice_the_earlier_is_meant() -> None:
    told = incident("Europe/Berlin", starts_at="2025-10-26T02:30:00")

    assert told.started_at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


def test_the_history_is_read_in_the_zone_that_is_known_of_the_page() -> None:
    told = parse(document(fixture("incidents-resolved"), f"{IO}/incidents", "Asia/Tehran"))

    assert told.incidents[0].started_at == datetime(2026, 4, 28, 3, 35, tzinfo=UTC)
    assert told.covers == frozenset()


# --- traps -----------------------------------------------------------------------------------------------------


def test_an_empty_child_is_no_child_and_no_problem() -> None:
    snapshot = summary(services=[{"id": 1, "name": "API", "current_incident_type": None, "children": [{}]}])

    assert [row.name for row in snapshot.components] == ["API"]
    assert snapshot.problems == ()
    assert Cover.COMPONENTS in snapshot.covers


def test_a_service_with_children_is_a_group() -> None:
    inner = {"id": 3, "name": "Paris", "current_incident_type": None}
    outer = {"id": 2, "name": "Europe", "current_incident_type": None, "children": [inner]}

    snapshot = summary(services=[{"id": 1, "name": "API", "children": [outer]}])

    assert [(row.id, row.group) for row in snapshot.components] == [("3", "API / Europe")]


def test_endless_children_are_cut() -> None:
    row: dict = {"id": 1, "name": "x"}
    for _ in range(60):
        row = {"id": 1, "name": "x", "children": [row]}

    assert Cover.COMPONENTS not in summary(services=[row]).covers


@pytest.mark.parametrize(
    ("lists", "gone"),
    [
        ({"incidents": [{"title": "no id"}]}, Cover.OPEN_INCIDENTS),
        ({"maintenances": None}, Cover.OPEN_MAINTENANCES),
        ({"upcoming_maintenances": [1]}, Cover.OPEN_MAINTENANCES),
        ({"services": [{"name": "no id"}]}, Cover.COMPONENTS),
    ],
)
def test_a_list_that_is_not_whole_covers_nothing(lists: dict, gone: Cover) -> None:
    assert gone not in summary(**{"services": [{"id": 1, "name": "API"}], **lists}).covers


def test_the_roll_up_alone_is_read_too() -> None:
    told = parse(document({"status_page": {"name": "Acme", "current_incident_type": "minor"}}))

    assert (told.page.status, told.covers) == (Status.DEGRADED, frozenset())


def test_titles_may_be_in_the_translations_only() -> None:
    assert incident(title=None, translations={"de": {"title": "Langsam"}, "en": {"title": "Slow"}}).title == "Slow"


# --- the page for people ---------------------------------------------------------------------------------------


def test_a_tile_around_tiles_is_a_group() -> None:
    snapshot = page(tile(1, "major", "Major outage", inside=tile(2, "major") + tile(3)))

    assert [(row.id, row.group, row.status) for row in snapshot.components] == [
        ("2", "S1", Status.MAJOR_OUTAGE),
        ("3", "S1", Status.OPERATIONAL),
    ]


@pytest.mark.parametrize("tail", ["", ";", "; window.x = [1];", "\n window.y = {};"])
def test_the_incidents_end_where_their_list_does(tail: str) -> None:
    listed = '[{"id": 1, "title": "a ]; b", "i_type": {"key": "minor"}}]'

    snapshot = page(tile(1), f"window.incidents = {listed}{tail}")

    assert [told.title for told in snapshot.incidents] == ["a ]; b"]
    assert snapshot.covers == {Cover.COMPONENTS, Cover.OPEN_INCIDENTS}


def test_a_page_without_the_list_says_nothing_of_incidents() -> None:
    assert page(tile(1)).covers == {Cover.COMPONENTS}


def test_a_damaged_list_is_an_error_and_no_empty_page() -> None:
    with pytest.raises(ParseError):
        page(tile(1), "window.incidents = [{broken];")


# --- webhooks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "status"), [("up", Status.OPERATIONAL), ("down", Status.MAJOR_OUTAGE)])
def test_a_monitored_service_is_up_or_down(word: str, status: Status) -> None:
    body = {
        "event": "service.monitored_status.updated",
        "data": {"object": {"id": 1, "name": "API"}, "monitored_status": word},
    }

    told = parse_hook(document(body))

    assert (told.components[0].status, told.event_name) == (status, "service.monitored_status.updated")


def test_a_webhook_without_services_does_not_take_them_from_the_incident() -> None:
    assert parse_hook(document(fixture("hook-created"))).incidents[0].components is None


def test_webhook_and_summary_know_an_incident_by_the_same_id() -> None:
    hook, poll = parse_hook(document(fixture("hook-created"))), parse(document(fixture("summary-open")))

    assert hook.incidents[0].id == poll.incidents[0].id


def test_a_maintenance_that_was_deleted_is_off() -> None:
    body = {"event": "incident.deleted", "data": {"object": {"id": 1, "type": "scheduled"}}}

    assert parse_hook(document(body)).incidents[0].phase is Phase.CANCELLED


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": "incident.created"},
        {"event": "incident.created", "data": {"object": {}}},
        {"event": "x", "data": {"object": {"id": 1}}},
    ],
)
def test_a_webhook_without_an_object_is_refused(body: dict) -> None:
    with pytest.raises(ParseError):
        parse_hook(document(body))


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["summary-quiet", "summary-open", "summary-odd", "incidents-resolved"])
def test_its_own_documents_are_recognised(case: str) -> None:
    assert recognize(Sight(document(fixture(case))))


def test_its_pages_and_webhooks_are_recognised() -> None:
    hook = Document(json.dumps(fixture("hook-deleted")).encode(), NOW, kind=DocumentKind.HOOK)
    found = recognise(hook)

    assert recognize(Sight(document((FIXTURES / "page.html").read_bytes())))
    assert found is not None
    assert found.name == "statuspal"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status_page": {"id": "x", "name": "y"}},
        {"incidents": [{"id": 1, "name": "x"}]},
        {"event": "incident.created", "data": {"incident": {}}},
        b"<html><body class='service-status'></body></html>",
    ],
)
def test_documents_of_others_are_not(body: object) -> None:
    assert not recognize(Sight(document(body)))


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"<!doctype html><html><title>Acme</title></html>", ParseReason.HTML),
        (b"<html><title>Just a moment...</title></html>", ParseReason.CHALLENGE),
        (b'{"error": "not found"}', ParseReason.ERROR_BODY),
        (b'{"services": []}', ParseReason.SHAPE),
        (b"[]", ParseReason.SHAPE),
    ],
)
def test_anything_else_is_refused_with_its_reason(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason
