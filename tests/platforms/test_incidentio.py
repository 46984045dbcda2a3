"""incident.io's documents: what each shape tells, and what none of them may be taken to mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Impact, Incident, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.incidentio import feeds, parse, recognize
from statuswire.platforms.sight import Sight

FIXTURES = Path(__file__).parent / "incidentio"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE_ID = "01J9ZK4T2Q8M3V7X5C1B6N0PRS"
EVERYTHING = frozenset(Cover) - {Cover.TROUBLED}


def document(body: object, url: str = "") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> dict:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def read_fixture(name: str) -> Snapshot:
    return parse(document((FIXTURES / name).read_bytes()))


def summary_with(**changes: object) -> Snapshot:
    body = fixture("native-summary.json")
    body["summary"] |= changes
    return parse(document(body))


def native(**changes: object) -> Incident:
    """The first incident of the native history, changed."""
    body = fixture("native-incidents.json")
    body["incidents"] = [body["incidents"][0] | changes]
    return parse(document(body)).incidents[0]


def titled(snapshot: Snapshot, title: str) -> Incident:
    return next(incident for incident in snapshot.incidents if incident.title == title)


# --- native summary --------------------------------------------------------------------------------------------


def test_a_native_summary_covers_components_incidents_and_maintenances() -> None:
    assert read_fixture("native-summary.json").covers == EVERYTHING


def test_only_what_is_listed_as_affected_is_not_operational() -> None:
    statuses = {component.name: component.status for component in read_fixture("native-summary.json").components}

    assert statuses == {
        "Ingest API": Status.MAINTENANCE,
        "Delivery": Status.DEGRADED,
        "Dashboard": Status.OPERATIONAL,
        "Sign-in": Status.OPERATIONAL,
    }


def test_hidden_components_and_those_of_hidden_groups_are_left_out_everywhere() -> None:
    snapshot = read_fixture("native-summary.json")
    slow = titled(snapshot, "Slow deliveries in Europe")

    named = {component.name for component in snapshot.components} | {one.name for one in slow.components or ()}

    assert not named & {"Shadow pipeline", "Billing"}


def test_components_stand_in_the_order_and_the_groups_of_the_page() -> None:
    components = read_fixture("native-summary.json").components

    assert [(one.position, one.group, one.name) for one in components] == [
        (0, "Core", "Ingest API"),
        (1, "Core", "Delivery"),
        (2, None, "Dashboard"),
        (3, None, "Sign-in"),
    ]


def test_component_stamps_are_not_trusted() -> None:
    for name in ("native-summary.json", "compat-components.json"):
        assert all(component.updated_at is None for component in read_fixture(name).components)


def test_a_page_of_several_regions_shows_the_components_of_its_structure() -> None:
    snapshot = summary_with(components=[], affected_components=[])

    assert [component.name for component in snapshot.components] == ["Ingest API", "Delivery", "Dashboard"]


@pytest.mark.parametrize(
    ("key", "lost"),
    [
        ("ongoing_incidents", Cover.OPEN_INCIDENTS),
        ("scheduled_maintenances", Cover.OPEN_MAINTENANCES),
        ("in_progress_maintenances", Cover.OPEN_MAINTENANCES),
    ],
)
def test_a_list_with_an_unreadable_item_covers_nothing(key: str, lost: Cover) -> None:
    snapshot = summary_with(**{key: [{"name": "without id"}]})

    assert lost not in snapshot.covers
    assert any("without an id" in problem.reason for problem in snapshot.problems)


def test_a_list_that_is_missing_covers_nothing() -> None:
    body = fixture("native-summary.json")
    del body["summary"]["ongoing_incidents"]

    assert Cover.OPEN_INCIDENTS not in parse(document(body)).covers


def test_levels_that_cannot_be_known_cover_no_components() -> None:
    assert Cover.COMPONENTS not in summary_with(affected_components="drift").covers


def test_an_unknown_level_is_unknown_and_named() -> None:
    affected = [{"component_id": "01J9ZK5A00000000000000000A2", "status": "on_fire"}]

    snapshot = summary_with(affected_components=affected)

    delivery = next(one for one in snapshot.components if one.name == "Delivery")
    assert (delivery.status, delivery.raw_status) == (Status.UNKNOWN, "on_fire")
    assert any("on_fire" in problem.reason for problem in snapshot.problems)


# --- native incidents ------------------------------------------------------------------------------------------


def test_updates_are_put_in_order_of_publishing() -> None:
    slow = titled(read_fixture("native-summary.json"), "Slow deliveries in Europe")

    assert [update.phase for update in slow.updates] == [Phase.INVESTIGATING, None, Phase.MONITORING]


def test_the_impact_is_the_worst_level_that_a_component_reached() -> None:
    impacts = [{"component_id": "c", "status": word} for word in ("degraded_performance", "full_outage")]

    assert native(component_impacts=impacts).impact is Impact.CRITICAL


def test_an_incident_that_touched_no_component_has_no_impact() -> None:
    quiet = native(component_impacts=[], affected_components=[], status_summaries=[])

    assert quiet.impact is Impact.NONE


def test_where_nothing_is_said_of_impacts_the_impact_is_unknown() -> None:
    assert native(component_impacts=None, affected_components=None, status_summaries=None).impact is Impact.UNKNOWN


def test_start_and_end_are_those_of_the_impacts() -> None:
    incident = native()

    assert incident.started_at == datetime(2026, 5, 4, 9, 55, tzinfo=UTC)
    assert incident.resolved_at == datetime(2026, 5, 4, 11, 15, tzinfo=UTC)


def test_an_impact_without_an_end_leaves_the_end_to_the_closing_update() -> None:
    impacts = [{"component_id": "c", "status": "full_outage", "start_at": "2026-05-04T09:00:00Z", "end_at": None}]

    assert native(component_impacts=impacts).resolved_at == datetime(2026, 5, 4, 11, 20, tzinfo=UTC)


def test_an_open_incident_has_no_end_even_if_its_impacts_have() -> None:
    assert native(status="monitoring").resolved_at is None


def test_the_time_of_creation_is_in_the_id() -> None:
    assert native().created_at == datetime(2026, 5, 4, 10, 1, 12, 345000, tzinfo=UTC)


def test_a_rich_message_is_read_where_there_is_no_plain_one() -> None:
    second = native().updates[1]

    assert second.text == "A queue in one region is stuck.\n\nWe are moving traffic.\nMore soon."


@pytest.mark.parametrize("message", [{"markdown": "**Fixed.**"}, "**Fixed.**"])
def test_markdown_is_kept_as_it_is(message: object) -> None:
    update = {"id": "u", "published_at": "2026-05-04T10:00:00Z", "to_status": "resolved", "message": message}

    assert native(updates=[update], write_up_url=None).updates[0].text == "**Fixed.**"


def test_a_rich_message_of_any_depth_is_read_without_harm() -> None:
    deep: object = {"type": "text", "text": "end"}
    for _ in range(200):
        deep = {"type": "bulletList", "content": [deep]}
    update = {"id": "u", "published_at": "2026-05-04T10:00:00Z", "message": deep}

    assert native(updates=[update], write_up_url=None).updates[0].text == ""


def test_a_published_write_up_is_the_postmortem() -> None:
    last = native().updates[-1]

    assert (last.phase, last.text) == (Phase.POSTMORTEM, "https://acme-relay.example/reports/slow-deliveries")


def test_a_history_covers_nothing_and_names_no_components() -> None:
    snapshot = read_fixture("native-incidents.json")

    assert snapshot.covers == frozenset()
    assert snapshot.incidents[0].components is None


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (
            "https://status.acme-relay.example/proxy/status.acme-relay.example/incidents",
            "https://status.acme-relay.example",
        ),
        ("https://statuspage.incident.io/proxy/acme-relay/incidents", "https://statuspage.incident.io/acme-relay"),
    ],
)
def test_incidents_of_a_history_have_the_address_that_the_page_gives_them(url: str, address: str) -> None:
    incident = parse(document(fixture("native-incidents.json"), url)).incidents[0]

    assert incident.url == f"{address}/incidents/{incident.id}"


def test_a_single_incident_is_the_same_as_in_the_history() -> None:
    single = read_fixture("native-incident.json").incidents[0]

    assert single == read_fixture("native-incidents.json").incidents[0]


def test_a_bare_incident_is_read_too() -> None:
    bare = fixture("native-incident.json")["incident"]

    assert parse(document(bare)).incidents == read_fixture("native-incident.json").incidents


def test_impact_intervals_tell_nothing() -> None:
    snapshot = read_fixture("native-impacts.json")

    assert not snapshot.incidents and not snapshot.components and not snapshot.covers


def test_a_maintenance_has_the_window_of_its_impacts() -> None:
    planned = titled(read_fixture("native-summary.json"), "Database upgrade")

    assert (planned.kind, planned.phase, planned.impact) == (Kind.MAINTENANCE, Phase.SCHEDULED, Impact.MAINTENANCE)
    assert planned.scheduled_for == datetime(2026, 5, 9, 2, 0, tzinfo=UTC)
    assert planned.scheduled_until == datetime(2026, 5, 9, 3, 30, tzinfo=UTC)
    assert planned.started_at is None


def test_a_stated_window_counts_more_than_the_impacts() -> None:
    window = {"start_at": "2026-05-10T00:00:00Z", "end_at": "2026-05-10T01:00:00Z"}

    planned = native(type="maintenance", status="maintenance_scheduled", **window)

    assert planned.scheduled_for == datetime(2026, 5, 10, tzinfo=UTC)
    assert planned.scheduled_until == datetime(2026, 5, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("investigating", Phase.INVESTIGATING),
        ("identified", Phase.IDENTIFIED),
        ("fixing", Phase.IDENTIFIED),
        ("monitoring", Phase.MONITORING),
        ("resolved", Phase.RESOLVED),
        ("maintenance_scheduled", Phase.SCHEDULED),
        ("maintenance_in_progress", Phase.IN_PROGRESS),
        ("maintenance_complete", Phase.COMPLETED),
    ],
)
def test_every_status_word_has_its_phase(word: str, phase: Phase) -> None:
    assert native(status=word).phase is phase


# --- the imitation of Statuspage -------------------------------------------------------------------------------


def test_a_compat_summary_covers_only_the_lists_that_are_there() -> None:
    assert read_fixture("compat-summary-open.json").covers == {Cover.OPEN_INCIDENTS}


def test_missing_lists_are_empty_when_the_page_says_that_nothing_is_wrong() -> None:
    assert read_fixture("compat-summary-calm.json").covers == {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}


def test_a_compat_summary_never_covers_components_because_it_shows_25_at_most() -> None:
    for name in ("compat-summary-open.json", "compat-summary-calm.json"):
        assert Cover.COMPONENTS not in read_fixture(name).covers


def test_the_list_of_components_covers_them() -> None:
    assert read_fixture("compat-components.json").covers == {Cover.COMPONENTS}


def test_no_components_at_all_mean_a_page_of_several_regions_and_cover_nothing() -> None:
    assert read_fixture("compat-regions.json").covers == frozenset()


def test_components_of_one_name_are_kept_apart_by_id() -> None:
    names = [component.name for component in read_fixture("compat-components.json").components]

    assert names.count("Sign-in") == 2


def test_the_stamp_of_the_page_dates_nothing() -> None:
    assert read_fixture("compat-summary-open.json").as_of is None


def test_compat_updates_without_text_keep_their_ids_and_times() -> None:
    updates = read_fixture("compat-summary-open.json").incidents[0].updates

    native_ids = [
        update.id for update in titled(read_fixture("native-summary.json"), "Slow deliveries in Europe").updates
    ]
    assert [update.id for update in updates] == [native_ids[0], native_ids[2]]
    assert all(update.text == "" and update.at for update in updates)


def test_the_id_in_the_address_counts_more_than_that_of_the_api() -> None:
    moved = read_fixture("compat-incidents.json").incidents[0]

    assert moved.id == read_fixture("native-incidents.json").incidents[0].id
    assert moved.aliases and moved.aliases[0] != moved.id


def test_empty_components_of_a_compat_incident_say_nothing() -> None:
    assert read_fixture("compat-incidents.json").incidents[0].components is None


def test_a_list_of_incidents_covers_nothing() -> None:
    assert read_fixture("compat-incidents.json").covers == frozenset()


def test_a_status_document_tells_the_level_of_the_page_alone() -> None:
    snapshot = read_fixture("compat-status.json")

    assert (snapshot.page.status, snapshot.page.status_text) == (Status.MAJOR_OUTAGE, "Full Outage")
    assert not snapshot.covers and not snapshot.incidents


def test_a_document_with_a_page_id_of_statuspage_is_refused() -> None:
    body = fixture("compat-summary-calm.json")
    body["page"]["id"] = "k3m9s8d1f2gh"

    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is ParseReason.SHAPE


# --- widget ----------------------------------------------------------------------------------------------------


def test_the_widget_covers_what_is_open_but_no_components() -> None:
    assert read_fixture("widget.json").covers == {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}


def test_the_widget_and_the_native_summary_tell_of_the_same_incidents() -> None:
    widget = {(one.id, one.kind) for one in read_fixture("widget.json").incidents}

    assert widget == {(one.id, one.kind) for one in read_fixture("native-summary.json").incidents}


def test_the_latest_message_of_the_widget_is_an_update_without_an_id() -> None:
    incident = read_fixture("widget.json").incidents[0]

    assert [(update.id, update.phase) for update in incident.updates] == [("", Phase.IDENTIFIED)]
    assert incident.impact is Impact.CRITICAL


def test_an_older_widget_with_names_and_an_update_object_is_read() -> None:
    item = {
        "id": "01KQRSFTE8F1N6Z3V9W2X4Y5B7",
        "name": "Slow",
        "status": "investigating",
        "last_update": {"message": "Looking.", "updated_at": "2026-05-04T10:00:00Z"},
        "affected_components": ["API"],
    }

    incident = parse(document({"page_title": "Acme", "ongoing_incidents": [item]})).incidents[0]

    assert incident.updates[0].text == "Looking."
    assert [component.name for component in incident.components or ()] == ["API"]


# --- addresses -------------------------------------------------------------------------------------------------


def test_the_native_document_is_polled_and_its_history_kept_for_endings() -> None:
    first, second, *_ = feeds("https://status.acme-relay.example/", PAGE_ID)

    assert (first.url, first.role, first.tier) == (
        "https://status.acme-relay.example/proxy/status.acme-relay.example",
        Role.STATE,
        0,
    )
    assert (second.url, second.role) == (f"{first.url}/incidents", Role.HISTORY)


def test_what_to_fall_back_on_stands_in_higher_tiers() -> None:
    tiers = {
        (spec.url.removeprefix("https://status.acme-relay.example"), spec.role, spec.tier)
        for spec in feeds("https://status.acme-relay.example", None)
        if spec.tier
    }

    assert tiers == {
        ("/api/v2/components.json", Role.STATE, 1),
        ("/api/v1/summary", Role.STATE, 1),
        ("/api/v2/summary.json", Role.STATE, 2),
        ("/feed.atom", Role.ENTRIES, 2),
    }


def test_a_page_on_the_shared_host_is_known_by_its_slug() -> None:
    urls = [spec.url for spec in feeds("https://statuspage.incident.io/acme-relay/", None)]

    assert urls[0] == "https://statuspage.incident.io/proxy/acme-relay"
    assert "https://statuspage.incident.io/acme-relay/api/v1/summary" in urls


@pytest.mark.parametrize(
    ("url", "role"),
    [
        ("https://status.acme-relay.example/feed.rss", Role.ENTRIES),
        ("https://status.acme-relay.example/history.atom", Role.ENTRIES),
        ("https://status.acme-relay.example/api/v1/summary", Role.STATE),
        ("https://status.acme-relay.example/api/v2/incidents.json", Role.ENTRIES),
        ("https://status.acme-relay.example/proxy/status.acme-relay.example", Role.STATE),
        ("https://status.acme-relay.example/proxy/status.acme-relay.example/incidents", Role.ENTRIES),
    ],
)
def test_the_address_of_one_document_is_polled_alone(url: str, role: Role) -> None:
    assert [(spec.url, spec.role, spec.tier) for spec in feeds(url, None)] == [(url, role, 0)]


# --- refusing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"[]", b"null", b"{}", b'{"incidents": 3}', b'{"page": {}}', b'"text"'])
def test_json_of_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is ParseReason.SHAPE


def test_an_empty_answer_is_an_error_and_not_an_empty_page() -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(b""))

    assert caught.value.reason is ParseReason.EMPTY


def test_generic_lists_of_incidents_are_not_claimed() -> None:
    assert not recognize(Sight(document({"incidents": []})))
    assert not recognize(Sight(document({"incidents": [{"id": 1, "name": "x", "status": "open"}]})))


# --- captured documents ----------------------------------------------------------------------------------------


@pytest.mark.captures
def test_every_captured_document_is_recognised_and_read(captures: Path) -> None:
    paths = [path for path in sorted(captures.glob("incidentio/*/*")) if not path.name.endswith(".embedded.json")]

    for path in paths:
        captured = document(path.read_bytes())
        snapshot = parse(captured)

        assert recognize(Sight(captured)), path
        assert snapshot.platform == "incidentio"
        assert not snapshot.problems, path
        assert snapshot.components or snapshot.incidents, path


@pytest.mark.captures
def test_a_captured_page_tells_what_is_inside_it(captures: Path) -> None:
    for path in sorted(captures.glob("incidentio/*/page-*.html")):
        inside = json.loads(path.with_name(path.name.replace(".html", ".embedded.json")).read_text())
        snapshot = parse(document(path.read_bytes()))

        told = {incident["id"] for incident in inside["summary"]["ongoing_incidents"] + inside.get("incidents", [])}
        assert {incident.id for incident in snapshot.incidents} == told
        assert snapshot.page.id == inside["summary"]["id"]
        assert snapshot.as_of is not None and snapshot.as_of > NOW - timedelta(days=90)


@pytest.mark.captures
def test_a_captured_incident_has_the_updates_that_are_inside_its_page(captures: Path) -> None:
    folder = captures / "incidentio" / "linear"
    inside = json.loads((folder / "page-2026-03.embedded.json").read_text())
    snapshot = parse(document((folder / "page-2026-03.html").read_bytes()))

    told = {incident.id: [(one.id, one.text) for one in incident.updates] for incident in snapshot.incidents}

    assert told == {
        incident["id"]: [(one["id"], one["message_string"]) for one in incident["updates"]]
        for incident in inside["incidents"]
    }
