"""Salesforce Trust: what golden documents cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.model import Cover, Impact, Phase, Role, Status
from statuswire.platforms.vendors.salesforce import API, feeds, parse, recognize
from statuswire.platforms.vendors.salesforce_incidents import (
    EVENT_PHASES,
    LEVELS,
    MAINTENANCE_STATES,
    SEVERITIES,
)
from statuswire.platforms.vendors.salesforce_instances import LEVELS as INSTANCE_LEVELS
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

PAGE = "https://status.salesforce.com"


def incident(**fields: object) -> dict[str, object]:
    impact = {"type": "serviceDisruption", "severity": "minor", "startTime": "2026-05-04T09:00:00Z", "endTime": None}
    plain = {"id": 1, "status": "Active", "isCore": True, "instanceKeys": ["EU9"], "IncidentImpacts": [impact]}
    return {**plain, "updatedAt": "2026-05-04T10:00:00Z", "IncidentEvents": [], **fields}


def impact(severity: str, kind: str = "serviceDisruption", ends: str | None = None) -> dict[str, object]:
    return {"type": kind, "severity": severity, "startTime": "2026-05-04T09:00:00Z", "endTime": ends}


def test_the_whole_page_is_polled_by_what_is_open() -> None:
    found = feeds(PAGE)

    assert [(spec.url, spec.role) for spec in found] == [
        (f"{API}/incidents/active", Role.STATE),
        (f"{API}/instances/status/preview", Role.STATE),
        (f"{API}/maintenances", Role.ENTRIES),
        (f"{API}/generalMessages", Role.ENTRIES),
        (f"{API}/incidents?limit=100", Role.HISTORY),
    ]
    assert found[0].every is None
    assert found[1].every is not None


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        (f"{PAGE}/instances/NA137", f"{API}/instances/NA137/status?childProducts=false"),
        (f"{PAGE}/instances/NA137/maintenances", f"{API}/instances/NA137/status?childProducts=false"),
        (f"{PAGE}/products/Heroku", f"{API}/instances/status/preview?products=Heroku"),
        (f"{API}/incidents/active", f"{API}/incidents/active"),
        (f"{API}/instances/EU9/status", f"{API}/instances/EU9/status"),
        (f"{API}/maintenances", f"{API}/maintenances"),
    ],
)
def test_an_instance_a_product_or_a_document_is_polled_alone(url: str, feed: str) -> None:
    assert [spec.url for spec in feeds(url)] == [feed]


@pytest.mark.parametrize("url", ["", "salesforce", "https://[half"])
def test_what_is_no_address_has_no_feeds(url: str) -> None:
    assert feeds(url) == ()


@pytest.mark.parametrize("word", list(INSTANCE_LEVELS))
def test_each_word_of_an_instance_is_a_level(word: str) -> None:
    row = {"key": "EU9", "environment": "production", "status": word, "Products": [], "Incidents": []}

    assert parse(document(row)).components[0].status is INSTANCE_LEVELS[word]


@pytest.mark.parametrize("word", list(SEVERITIES))
@pytest.mark.parametrize("is_core", [True, False])
def test_each_severity_is_an_impact_and_a_level(word: str, is_core: bool) -> None:
    told = parse(document([incident(isCore=is_core, IncidentImpacts=[impact(word)])])).incidents[0]

    assert told.impact is SEVERITIES[word]
    assert told.components is not None
    assert told.components[0].status is LEVELS[SEVERITIES[word]][is_core]


def test_slowness_is_never_worse_than_major() -> None:
    told = parse(document([incident(IncidentImpacts=[impact("critical", "performanceDegradationSubset")])])).incidents[
        0
    ]

    assert told.impact is Impact.MAJOR
    assert told.components is not None
    assert told.components[0].status is Status.DEGRADED


def test_impacts_that_have_ended_count_only_when_all_have() -> None:
    over, going_on = impact("critical", ends="2026-05-04T09:30:00Z"), impact("minor")

    assert parse(document([incident(IncidentImpacts=[over, going_on])])).incidents[0].impact is Impact.MINOR
    assert parse(document([incident(status="Resolved", IncidentImpacts=[over])])).incidents[0].impact is Impact.CRITICAL


@pytest.mark.parametrize("word", list(EVENT_PHASES))
def test_each_type_of_an_event_is_a_phase(word: str) -> None:
    event = {"id": 5, "createdAt": "2026-05-04T09:10:00Z", "message": "News.", "type": word}

    told = parse(document([incident(IncidentEvents=[event])])).incidents[0]

    assert told.updates[0].phase is EVENT_PHASES[word]


@pytest.mark.parametrize("word", list(MAINTENANCE_STATES))
def test_each_state_of_a_maintenance_ends_it_or_leaves_it_to_its_times(word: str) -> None:
    row = {
        "id": 1,
        "status": word,
        "plannedStartTime": "2026-05-04T11:00:00Z",
        "plannedEndTime": "2026-05-04T13:00:00Z",
    }
    meaning = MAINTENANCE_STATES[word]

    snapshot = parse(document([{**row, "MaintenanceImpacts": []}]))

    assert snapshot.incidents[0].phase is (meaning if meaning.is_closed else Phase.IN_PROGRESS)
    assert snapshot.problems == ()


def test_an_incident_inside_an_instance_is_open_while_an_impact_has_no_end() -> None:
    inside = {key: value for key, value in incident().items() if key != "status"}
    ended = {**inside, "id": 2, "IncidentImpacts": [impact("minor", ends="2026-05-04T09:30:00Z")]}
    row = {"key": "EU9", "environment": "production", "status": "OK", "Incidents": [inside, ended], "Maintenances": []}

    assert [one.phase for one in parse(document(row)).incidents] == [Phase.INVESTIGATING, Phase.RESOLVED]


def test_the_list_of_all_instances_ends_no_incident_but_that_of_a_product_does() -> None:
    rows = [{"key": "EU9", "environment": "production", "status": "OK", "Incidents": [], "Maintenances": []}]
    preview = f"{API}/instances/status/preview"

    assert parse(document(rows, preview)).covers == {Cover.COMPONENTS}
    assert Cover.OPEN_INCIDENTS in parse(document(rows, f"{preview}?products=Heroku")).covers


def test_a_list_with_only_the_state_says_nothing_of_incidents() -> None:
    rows = [{"key": "EU9", "environment": "production", "status": "OK"}]

    assert parse(document(rows, f"{API}/instances/status/preview?products=Heroku")).covers == {Cover.COMPONENTS}


def test_an_empty_answer_means_something_only_of_what_is_open() -> None:
    assert parse(document([], f"{API}/incidents/active")).covers == {Cover.OPEN_INCIDENTS}
    assert parse(document([], f"{API}/maintenances")).covers == frozenset()
    assert parse(document([], f"{API}/instances/status/preview")).covers == frozenset()


def test_one_incident_on_many_instances_is_one() -> None:
    rows = [{"key": key, "environment": "x", "status": "OK", "Incidents": [incident()]} for key in ("EU9", "EU8")]

    assert len(parse(document(rows)).incidents) == 1


@pytest.mark.parametrize("body", NOT_OURS)
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body, f"{API}/incidents/active")
    assert not recognize(sight(body))


@pytest.mark.parametrize(
    "case", ["quiet", "open", "resolved", "maintenance", "messages", "instance", "product", "product-instances"]
)
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"salesforce/{case}.json")))


@pytest.mark.captures
def test_the_captured_list_of_instances_has_one_that_is_slow(captures: Path) -> None:
    body = (captures / "salesforce/instances-2021/instances-status-preview-2021-01.json").read_bytes()

    snapshot = parse(document(body, f"{API}/instances/status/preview"))

    assert recognize(sight(body))
    assert snapshot.problems == ()
    assert len(snapshot.components) == 1463  # 65 of the 1,528 are retired
    assert [row.id for row in snapshot.components if row.status is not Status.OPERATIONAL] == ["NA137"]
    assert [(one.id, one.phase) for one in snapshot.incidents] == [("5968", Phase.INVESTIGATING)]


@pytest.mark.captures
def test_the_captured_instance_is_well(captures: Path) -> None:
    body = (captures / "salesforce/instance-p1/instance-P1-2018.json").read_bytes()

    snapshot = parse(document(body))

    assert [(row.id, row.group, row.status) for row in snapshot.components] == [("P1", "NA", Status.OPERATIONAL)]
    assert snapshot.covers == {Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}
