"""The generic hook: an incident out of whatever somebody sends, or a refusal, but no guess."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, DocumentKind, Impact, Incident, Kind, Phase, Snapshot, Status
from statuswire.platforms.generic import parse

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KEYS = st.sampled_from(
    ["id", "name", "title", "status", "state", "phase", "message", "updates", "incident", "incidents", "data", "event"]
) | st.sampled_from(
    ["components", "impact", "label", "timestamp", "update", "created_at", "scheduled_for", "page", "url"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)


def hook(body: object) -> Document:
    return Document(json.dumps(body).encode(), NOW, kind=DocumentKind.HOOK)


def read(body: object) -> Snapshot:
    return parse(hook(body))


def only(body: object) -> Incident:
    (incident,) = read(body).incidents
    return incident


def test_the_documented_example_is_read() -> None:
    body = {
        "event_type": "test_event",
        "data": {"id": "test-123", "incident": {"name": "Test Incident", "status": {"label": "Investigating"}}},
    }

    incident = only(body)

    assert (incident.id, incident.title, incident.phase) == ("test-123", "Test Incident", Phase.INVESTIGATING)
    assert read(body).event_name == "test_event"


@pytest.mark.parametrize(
    "body",
    [
        {"incident": {"id": 7, "name": "Slow", "status": "open"}},
        {"data": {"incident": {"id": 7, "title": "Slow", "state": "open"}}},
        {"payload": {"data": {"incident": {"id": "7", "name": "Slow", "phase": "investigating"}}}},
        {"incidents": [{"incident_id": 7, "name": "Slow", "status": {"value": "new"}}]},
        {"id": 7, "title": "Slow", "status": "investigating"},
        {"data": {"id": 7, "title": "Slow", "current_status": "triage"}},
        {"data": [{"id": 7, "title": "Slow", "status": "started"}]},
    ],
)
def test_nested_and_flat_bodies_are_the_same_incident(body: object) -> None:
    incident = only(body)

    assert (incident.id, incident.title, incident.phase) == ("7", "Slow", Phase.INVESTIGATING)


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        "text",
        {},
        {"hello": "world"},
        {"event": "test", "provider": "local"},
        {"title": "Deployed", "message": "Version 5 is out."},
        {"incident": "7"},
        {"incident": {}},
        {"incident": {"id": 7}},
        {"status": "down"},
    ],
)
def test_a_body_without_an_incident_is_refused(body: object) -> None:
    with pytest.raises(ParseError) as caught:
        read(body)

    assert caught.value.reason is ParseReason.SHAPE


def test_the_refusal_names_what_was_there() -> None:
    with pytest.raises(ParseError, match="hello"):
        read({"hello": "world"})


@pytest.mark.parametrize(
    ("word", "phase", "impact"),
    [
        ("in_progress", Phase.INVESTIGATING, Impact.UNKNOWN),
        ("Acknowledged", Phase.IDENTIFIED, Impact.UNKNOWN),
        ("completed", Phase.RESOLVED, Impact.UNKNOWN),
        ("down", Phase.INVESTIGATING, Impact.CRITICAL),
        ("degraded", Phase.INVESTIGATING, Impact.MINOR),
        ("up", Phase.RESOLVED, Impact.UNKNOWN),
        ("exploded", Phase.UNKNOWN, Impact.UNKNOWN),
        ("update", None, Impact.UNKNOWN),
    ],
)
def test_status_words_of_incidents_and_of_monitors_are_understood(
    word: str, phase: Phase | None, impact: Impact
) -> None:
    incident = only({"incident": {"id": 1, "name": "x", "status": word}})

    assert (incident.phase, incident.impact) == (phase, impact)


def test_an_unknown_word_is_named() -> None:
    assert "exploded" in read({"incident": {"name": "x", "status": "exploded"}}).problems[0].reason


def test_the_name_of_the_event_tells_the_phase_where_no_status_does() -> None:
    assert only({"event": "incident.resolved", "incident": {"id": 1, "name": "x"}}).phase is Phase.RESOLVED


@pytest.mark.parametrize(
    "incident",
    [
        {"name": "x", "status": "planned"},
        {"name": "x", "type": "maintenance", "status": "in_progress"},
        {"name": "x", "status": "open", "scheduled_for": "2026-05-09T02:00:00Z"},
        {"name": "x", "status": "under_maintenance"},
    ],
)
def test_maintenances_are_told_from_incidents(incident: dict) -> None:
    assert only({"incident": incident}).kind is Kind.MAINTENANCE


def test_updates_are_put_in_order() -> None:
    updates = [
        {"id": 2, "status": "identified", "body": "Found.", "created_at": "2026-05-04T10:20:00Z"},
        {"id": 1, "status": "investigating", "text": "Looking.", "timestamp": 1777888800},
    ]

    told = only({"incident": {"id": 1, "name": "x", "status": "identified", "updates": updates}}).updates

    assert [(one.id, one.text) for one in told] == [("1", "Looking."), ("2", "Found.")]


def test_a_message_beside_the_title_is_the_update() -> None:
    (update,) = only({"id": 1, "title": "x", "status": "open", "message": "<p>Look</p>", "date": "2026-05-04"}).updates

    assert (update.text, update.at) == ("Look", datetime(2026, 5, 4, tzinfo=UTC))


def test_a_level_of_a_component_that_no_table_knows_is_unknown_and_named() -> None:
    told = parse(hook({"incident": {"name": "x", "status": "open", "components": [{"name": "API", "status": "Meh"}]}}))

    assert [one.status for one in told.incidents[0].components or ()] == [Status.UNKNOWN]
    assert [(one.where, one.reason) for one in told.problems] == [
        ("incident[0].components[0].status", "unknown word 'Meh'")
    ]


def test_components_may_be_texts_objects_or_one_alone() -> None:
    def names(value: object, key: str = "components") -> list[str]:
        return [one.name for one in only({"incident": {"name": "x", key: value}}).components or ()]

    assert names(["API", {"name": "Web", "status": "down"}]) == ["API", "Web"]
    assert names("API", "service") == ["API"]
    assert names({"label": "API"}, "affected") == ["API"]


def test_an_id_of_the_event_is_not_that_of_the_incident() -> None:
    body = {"id": "evt_1", "type": "incident.created", "incident": {"name": "Slow", "status": "open"}}

    assert only(body).id == only(body | {"id": "evt_2"}).id


def test_incidents_without_ids_are_known_by_their_titles() -> None:
    def one(name: str) -> str:
        return only({"incident": {"name": name, "status": "open"}}).id

    assert one("Slow API") == one("slow api") != one("Slow web")


def test_only_web_addresses_are_taken() -> None:
    assert only({"incident": {"name": "x", "url": "javascript:alert(1)", "link": "https://x.example/1"}}).url == (
        "https://x.example/1"
    )


def test_d3_of_very_many_incidents_the_rest_is_named() -> None:
    snapshot = read({"incidents": [{"id": number, "name": "Slow", "status": "open"} for number in range(201)]})

    assert len(snapshot.incidents) == 200
    assert [problem.reason for problem in snapshot.problems] == ["201 incidents, only the first 200 are read"]


def test_several_incidents_are_all_read() -> None:
    incidents = [{"id": number, "name": "x", "status": "open"} for number in range(3)]

    assert len(read({"incidents": incidents}).incidents) == 3


@given(VALUES)
def test_any_json_is_an_incident_or_a_refusal(body: object) -> None:
    try:
        snapshot = read(body)
    except ParseError:
        return
    assert all(incident.id and incident.title for incident in snapshot.incidents)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_anything_under_the_key_incident_is_an_incident_or_a_refusal(fields: dict) -> None:
    try:
        snapshot = read({"incident": fields})
    except ParseError:
        return
    assert snapshot.incidents
