"""Zendesk: what golden documents cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.model import Cover, Phase, Role, Snapshot, Status
from statuswire.platforms.vendors.zendesk import HOME, IMPACTS, LEVELS, PHASES, feeds, parse, recognize
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

INCIDENTS = f"{HOME}/api/ssp/incidents.json"


def read(service: dict[str, object] | None = None, **attributes: object) -> Snapshot:
    held = {"name": "Slow", "impact": "minor", "status": "investigating", "resolvedAt": None, **attributes}
    relation = {"incidentServices": {"data": [{"id": "1", "type": "incidentService"}]}}
    row = {"id": "7", "type": "incident", "attributes": held, "relationships": relation}
    included = [{"id": "1", "type": "incidentService", "attributes": {"serviceId": 5, **(service or {})}}]
    return parse(document({"data": [row], "included": included}, INCIDENTS))


def test_the_page_is_polled_as_incidents_with_the_names_once_a_day() -> None:
    found = feeds(HOME)

    assert [(spec.url, spec.role, spec.tier) for spec in found] == [
        (INCIDENTS, Role.STATE, 0),
        (f"{HOME}/api/ssp/services.json", Role.ENTRIES, 0),
        (f"{HOME}/api/incidents/active", Role.STATE, 1),
    ]
    assert found[1].every is not None


def test_a_tenant_is_asked_for_alone() -> None:
    assert all(spec.url.endswith("?subdomain=acme") for spec in feeds(f"{HOME}/?subdomain=acme"))


@pytest.mark.parametrize("url", [INCIDENTS, f"{INCIDENTS}?subdomain=acme", f"{HOME}/api/incidents/active"])
def test_a_document_that_is_named_is_polled_alone(url: str) -> None:
    assert [spec.url for spec in feeds(url)] == [url]


@pytest.mark.parametrize("word", list(IMPACTS))
def test_each_impact_is_one_and_a_level_where_no_flag_tells(word: str) -> None:
    snapshot = read(impact=word)

    assert snapshot.incidents[0].impact is IMPACTS[word]
    assert snapshot.components[0].status is LEVELS[IMPACTS[word]]


@pytest.mark.parametrize("word", list(PHASES))
def test_a_status_counts_only_while_the_incident_is_open(word: str) -> None:
    going_on, over = read(status=word), read(status=word, resolvedAt="2026-05-04T10:00:00Z")

    assert going_on.incidents[0].phase is (Phase.INVESTIGATING if word == "resolved" else PHASES[word])
    assert over.incidents[0].phase is Phase.RESOLVED


@pytest.mark.parametrize(
    ("flags", "level"),
    [
        ({"outage": True, "degradation": True}, Status.MAJOR_OUTAGE),
        ({"outage": False, "degradation": True}, Status.DEGRADED),
        ({"outage": False, "degradation": False}, Status.OPERATIONAL),
    ],
)
def test_the_flags_of_a_service_are_its_level(flags: dict[str, object], level: Status) -> None:
    assert read(flags).components[0].status is level
    assert read(None, **flags).components[0].status is level
    assert read({**flags, "resolvedAt": "2026-05-04T10:00:00Z"}).components[0].status is Status.OPERATIONAL


def test_the_worst_open_incident_of_a_service_counts() -> None:
    rows = parse(document(fixture("zendesk/open.json"), INCIDENTS)).components

    assert {row.id: row.status for row in rows} == {
        "11": Status.DEGRADED,
        "12": Status.OPERATIONAL,
        "13": Status.MAJOR_OUTAGE,
    }


def test_an_empty_list_means_something_only_of_what_is_open() -> None:
    assert parse(document({"data": []}, INCIDENTS)).covers == frozenset()
    assert Cover.TROUBLED in parse(document({"data": []}, f"{HOME}/api/incidents/active")).covers


@pytest.mark.parametrize("body", NOT_OURS)
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body, INCIDENTS)
    assert not recognize(sight(body))


@pytest.mark.parametrize("body", [{"data": {"type": "status_page"}}, {"data": [{"type": "status_page"}]}])
def test_other_documents_of_this_kind_are_refused(body: object) -> None:
    refused(parse, body, INCIDENTS)
    assert not recognize(sight(body))


@pytest.mark.parametrize("case", ["open", "resolved"])
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"zendesk/{case}.json")))


@pytest.mark.captures
def test_the_captured_list_has_one_open_incident(captures: Path) -> None:
    body = (captures / "other/zendesk-ssp/incidents.json").read_bytes()

    snapshot = parse(document(body, INCIDENTS))

    assert recognize(sight(body))
    assert snapshot.problems == ()
    assert [(one.id, one.phase) for one in snapshot.incidents] == [
        ("9001", Phase.RESOLVED),
        ("9002", Phase.INVESTIGATING),
        ("9003", Phase.RESOLVED),
    ]
    assert {row.name: row.status for row in snapshot.components} == {
        "Voice": Status.OPERATIONAL,
        "Knowledge": Status.DEGRADED,
    }
