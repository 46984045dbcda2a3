"""incident.io's account webhooks: what an organisation tells its own receivers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document, DocumentKind, Impact, PageFacts, Phase, Snapshot
from statuswire.platforms.incidentio import recognize
from statuswire.platforms.incidentio_hooks import parse_hook
from statuswire.platforms.sight import Sight

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CREATED = "public_incident.incident_created_v2"
UPDATED = "public_incident.incident_updated_v2"
STATUS_UPDATED = "public_incident.incident_status_updated_v2"
SHARED = "status_page_incident.update_shared_v1"
INCIDENT = {
    "id": "01KQRSFTE8F1N6Z3V9W2X4Y5B7",
    "name": "Workers restart",
    "created_at": "2026-05-04T09:57:00Z",
    "updated_at": "2026-05-04T10:30:00Z",
    "incident_status": {"id": "s1", "name": "Triage", "category": "triage"},
    "severity": {"name": "Critical", "rank": 3},
}


def hook(body: object, **headers: str) -> Document:
    return Document(json.dumps(body).encode(), NOW, kind=DocumentKind.HOOK, headers=headers)


def read(kind: str, payload: object, **headers: str) -> Snapshot:
    return parse_hook(hook({"event_type": kind, kind: payload}, **headers))


def phase_of(name: str, category: str) -> Phase | None:
    told = INCIDENT | {"incident_status": {"name": name, "category": category}}
    return read(UPDATED, told).incidents[0].phase


def test_the_event_name_is_the_providers_own() -> None:
    assert read(CREATED, INCIDENT).event_name == CREATED


def test_ids_of_the_organisation_never_meet_those_of_a_page() -> None:
    assert read(CREATED, INCIDENT).incidents[0].id == "internal:01KQRSFTE8F1N6Z3V9W2X4Y5B7"


def test_a_body_without_a_page_is_read() -> None:
    assert read(CREATED, INCIDENT).page == PageFacts()


def test_the_severity_is_the_impact_where_it_has_a_usual_name() -> None:
    assert read(CREATED, INCIDENT).incidents[0].impact is Impact.CRITICAL
    assert read(CREATED, INCIDENT | {"severity": {"name": "SEV-7"}}).incidents[0].impact is Impact.UNKNOWN


def test_a_new_incident_has_one_update_that_is_the_same_when_sent_again() -> None:
    first, again = read(CREATED, INCIDENT), read(CREATED, INCIDENT)

    assert [update.id for update in first.incidents[0].updates] == ["internal:01KQRSFTE8F1N6Z3V9W2X4Y5B7:created"]
    assert first == again


def test_a_handmade_body_without_times_is_read() -> None:
    told = {
        "id": "01",
        "name": "Elevated error rates detected",
        "incident_status": {"name": "Investigating", "category": "triage"},
    }

    incident = read(CREATED, told).incidents[0]

    assert (incident.title, incident.phase) == ("Elevated error rates detected", Phase.INVESTIGATING)
    assert incident.updates[0].at is None


def test_a_change_of_a_field_brings_no_update() -> None:
    assert read(UPDATED, INCIDENT).incidents[0].updates == ()


def test_a_change_of_status_is_an_update_known_by_its_message() -> None:
    payload = {"incident": INCIDENT, "new_status": {"name": "Monitoring", "category": "live"}, "message": "Better."}

    update = read(STATUS_UPDATED, payload, **{"webhook-id": "msg_1"}).incidents[0].updates[0]

    assert (update.id, update.phase, update.text) == ("internal:msg_1", Phase.MONITORING, "Better.")
    assert update.at == datetime(2026, 5, 4, 10, 30, tzinfo=UTC)


def test_a_change_of_status_without_a_message_id_is_known_by_what_it_says() -> None:
    def one(name: str) -> str:
        payload = {"incident": INCIDENT, "new_status": {"name": name, "category": "live"}}
        return read(STATUS_UPDATED, payload).incidents[0].updates[0].id

    assert one("Fixing") == one("Fixing") != one("Monitoring")


@pytest.mark.parametrize(
    ("name", "category", "phase"),
    [
        ("Triage", "triage", Phase.INVESTIGATING),
        ("Fixing", "live", Phase.IDENTIFIED),
        ("Monitoring", "live", Phase.MONITORING),
        ("Waiting for a vendor", "live", Phase.INVESTIGATING),
        ("Resolved", "live", Phase.INVESTIGATING),
        ("On hold", "paused", None),
        ("Documenting", "learning", Phase.RESOLVED),
        ("Closed", "closed", Phase.RESOLVED),
        ("Investigating", "closed", Phase.RESOLVED),
        ("Merged", "merged", Phase.RESOLVED),
        ("Declined", "declined", Phase.CANCELLED),
        ("Canceled", "canceled", Phase.CANCELLED),
        ("Identified", "a category of tomorrow", Phase.IDENTIFIED),
        ("Whatever", "a category of tomorrow", Phase.UNKNOWN),
    ],
)
def test_the_category_decides_and_the_name_refines(name: str, category: str, phase: Phase | None) -> None:
    assert phase_of(name, category) is phase


def test_private_incidents_tell_nothing() -> None:
    snapshot = read("private_incident.incident_created_v2", {"id": "01KQRSFTE8F1N6Z3V9W2X4Y5B7"})

    assert snapshot.incidents == ()
    assert snapshot.event_name == "private_incident.incident_created_v2"


def test_events_about_other_things_are_read_as_nothing_and_named() -> None:
    snapshot = read("public_alert.alert_created_v1", {"id": "1"})

    assert snapshot.incidents == ()
    assert "public_alert" in snapshot.problems[0].reason


def test_a_handmade_type_with_an_incident_in_its_data_is_read() -> None:
    snapshot = parse_hook(hook({"event_type": "incident.created", "data": {"incident": {"id": 7, "name": "Slow"}}}))

    assert [incident.title for incident in snapshot.incidents] == ["Slow"]
    assert (snapshot.platform, snapshot.event_name) == ("incidentio", "incident.created")


def test_what_was_shared_on_a_page_has_the_pages_ids() -> None:
    payload = {
        "status_page_incident": {"id": "01KQRSFTE8F1N6Z3V9W2X4Y5B7", "status_page_id": "01J9ZK4T2Q8M3V7X5C1B6N0PRS",
                                 "name": "Slow", "incident_status": "identified", "component_impacts": []},
        "update": {"id": "u2", "message": "Found.", "incident_status": "identified",
                   "published_at": "2026-05-04T10:20:00Z"},
    }  # fmt: skip

    snapshot = read(SHARED, payload)

    assert snapshot.page.id == "01J9ZK4T2Q8M3V7X5C1B6N0PRS"
    assert snapshot.incidents[0].id == "01KQRSFTE8F1N6Z3V9W2X4Y5B7"
    assert [(one.id, one.text) for one in snapshot.incidents[0].updates] == [("u2", "Found.")]
    assert snapshot.as_of == datetime(2026, 5, 4, 10, 20, tzinfo=UTC)


def test_an_update_listed_and_sent_is_one() -> None:
    update = {
        "id": "u1",
        "message": "Looking.",
        "incident_status": "investigating",
        "published_at": "2026-05-04T10:00:00Z",
    }
    payload = {"status_page_incident": {"id": "i", "name": "Slow", "updates": [update]}, "update": update}

    assert len(read(SHARED, payload).incidents[0].updates) == 1


def test_components_known_by_id_alone_are_left_unsaid() -> None:
    payload = {
        "status_page_incident": {"id": "i", "name": "Slow"},
        "update": {"id": "u", "component_statuses": [{"component_id": "c", "component_status": "full_outage"}]},
    }

    assert read(SHARED, payload).incidents[0].components is None


@pytest.mark.parametrize("data", [INCIDENT, {"incident": INCIDENT}])
def test_older_bodies_have_data_in_the_place_of_the_type(data: object) -> None:
    snapshot = parse_hook(hook({"event_type": CREATED, "data": data}))

    assert snapshot.incidents[0].title == "Workers restart"


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"event_type": []},
        {"event_type": CREATED},
        {"event_type": CREATED, CREATED: {"name": "no id"}},
        {"event_type": SHARED, SHARED: {"update": {}}},
    ],
)
def test_bodies_that_tell_of_no_incident_are_refused(body: object) -> None:
    with pytest.raises(ParseError):
        parse_hook(hook(body))


def test_only_bodies_whose_type_is_a_key_are_claimed() -> None:
    assert recognize(Sight(hook({"event_type": CREATED, CREATED: INCIDENT})))
    assert not recognize(Sight(hook({"event_type": CREATED, "data": INCIDENT})))
    assert not recognize(Sight(hook({"event_type": "page.published", "page.published": {}})))
