"""Algolia: what golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Impact, Phase, Role, Status
from statuswire.platforms.vendors.algolia import HOME, IMPACTS, LEVELS, feeds, parse, recognize
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

SPELLINGS = [
    (spelling, word)
    for word, spelling in [
        ("operational", "operational"),
        ("degradedperformance", "degraded_performance"),
        ("degradedperformance", "degraded-performance"),
        ("partialoutage", "partial_outage"),
        ("partialoutage", "partial-outage"),
        ("majoroutage", "major_outage"),
        ("majoroutage", "major-outage"),
    ]
]


def test_clusters_services_and_incidents_are_polled() -> None:
    assert [(spec.url, spec.role) for spec in feeds(HOME)] == [
        (f"{HOME}/1/status", Role.STATE),
        (f"{HOME}/3/public/availability", Role.STATE),
        (f"{HOME}/3/public/incidents", Role.ENTRIES),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/1/status",
        "/1/status/c99-eu,c98-use",
        "/1/incidents",
        "/2/status/service/all/period/current",
        "/3/public/availability",
        "/3/public/incidents",
    ],
)
def test_a_document_that_is_named_is_polled_alone(path: str) -> None:
    assert [spec.url for spec in feeds(HOME + path)] == [HOME + path]


def test_every_word_has_been_spelt() -> None:
    assert {word for _, word in SPELLINGS} == set(LEVELS) == set(IMPACTS)


@pytest.mark.parametrize(("spelling", "word"), SPELLINGS)
def test_each_word_in_each_spelling_is_a_level_and_an_impact(spelling: str, word: str) -> None:
    cluster = parse(document({"status": {"c99-eu": spelling}})).components[0]
    service = parse(document({"a": {"type": "a", "name": "A", "uptime_days": [{"status": spelling}]}})).components[0]
    incident = parse(document([{"id": 1, "resolved_at": None, "current_severity": spelling}])).incidents[0]

    assert cluster.status is service.status is LEVELS[word]
    assert incident.impact is (Impact.UNKNOWN if IMPACTS[word] is Impact.NONE else IMPACTS[word])


def test_a_service_is_as_on_its_last_day() -> None:
    days = [{"status": "major-outage"}, {"status": "operational"}]

    row = parse(document({"a": {"type": "a", "name": "A", "uptime_days": days}})).components[0]

    assert row.status is Status.OPERATIONAL


def test_a_service_without_a_day_is_not_green() -> None:
    snapshot = parse(document({"a": {"type": "a", "name": "A", "uptime_days": []}}))

    assert snapshot.components[0].status is Status.UNKNOWN


def test_an_incident_is_open_until_it_has_an_end() -> None:
    rows = [{"id": 1, "resolved_at": None}, {"id": 2, "resolved_at": "2026-05-04T10:00:00Z"}]

    assert [one.phase for one in parse(document(rows)).incidents] == [Phase.INVESTIGATING, Phase.RESOLVED]


@pytest.mark.parametrize("case", ["clusters", "availability", "incidents", "cluster-incidents", "roll-up"])
def test_nothing_here_is_a_list_of_all(case: str) -> None:
    assert parse(document(fixture(f"algolia/{case}.json"))).covers == frozenset()


@pytest.mark.parametrize("body", [b"", b"null", b"[1, 2]", b"{}", b"<html><title>Algolia</title></html>", {"a": {}}])
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body)


@pytest.mark.parametrize(
    "body",
    [
        *NOT_OURS,
        {"status": {"indicator": "none"}},
        {"status": {}},
        {"status": {"state": "operational"}},
        {"incidents": {}},
    ],
)
def test_what_is_not_ours_is_not_claimed(body: object) -> None:
    assert not recognize(sight(body))


@pytest.mark.parametrize("case", ["availability", "incidents", "cluster-incidents"])
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"algolia/{case}.json")))


def test_clusters_by_their_names_are_recognised() -> None:
    assert recognize(sight({"status": {"c99-eu": "operational", "c98-use": "degraded_performance"}}))
