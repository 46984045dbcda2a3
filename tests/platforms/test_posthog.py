"""PostHog: what golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Cover, Kind, Status
from statuswire.platforms.vendors.posthog import HOME, feeds, parse, recognize
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

EVERYTHING = {Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}


def body(**fields: object) -> dict[str, object]:
    group = {"name": "EU", "components": [{"id": 1, "name": "App", "status": "operational"}]}
    plain = {"overall_status": "operational", "component_groups": [group], "standalone_components": []}
    return {**plain, "active_incidents": [], "active_maintenances": [], **fields}


@pytest.mark.parametrize("url", [HOME, f"{HOME}/", f"{HOME}/api/status", f"{HOME}/incidents/7"])
def test_the_one_document_is_polled(url: str) -> None:
    assert [spec.url for spec in feeds(url)] == [f"{HOME}/api/status"]


@pytest.mark.parametrize("word", list(COMPONENT_WORDS))
def test_each_word_is_a_level_of_the_page_and_of_a_component(word: str) -> None:
    snapshot = parse(document(body(overall_status=word, standalone_components=[{"id": 2, "status": word}])))

    assert snapshot.page.status is COMPONENT_WORDS[word]
    assert snapshot.components[1].status is COMPONENT_WORDS[word]


@pytest.mark.parametrize("word", list(PHASE_WORDS))
def test_each_status_of_an_incident_is_a_phase(word: str) -> None:
    told = parse(document(body(active_incidents=[{"id": 1, "status": word}]))).incidents[0]

    assert told.phase is PHASE_WORDS[word]


def test_without_a_roll_up_the_page_is_unknown() -> None:
    assert parse(document(body(overall_status=None))).page.status is Status.UNKNOWN


def test_incidents_and_maintenances_of_one_number_are_two() -> None:
    rows = [{"id": 1, "name": "x", "status": "identified"}]

    told = parse(document(body(active_incidents=rows, active_maintenances=rows))).incidents

    assert [(one.id, one.kind) for one in told] == [("1", Kind.INCIDENT), ("maintenance/1", Kind.MAINTENANCE)]


def test_all_that_is_there_is_covered() -> None:
    assert parse(document(body())).covers == EVERYTHING


@pytest.mark.parametrize(
    ("fields", "covers"),
    [
        ({"active_incidents": None}, EVERYTHING - {Cover.OPEN_INCIDENTS}),
        ({"active_incidents": [{}]}, EVERYTHING - {Cover.OPEN_INCIDENTS}),
        ({"active_maintenances": 3}, EVERYTHING - {Cover.OPEN_MAINTENANCES}),
        ({"component_groups": []}, EVERYTHING - {Cover.COMPONENTS}),
        ({"component_groups": [None]}, EVERYTHING - {Cover.COMPONENTS}),
        ({"standalone_components": [{}]}, EVERYTHING - {Cover.COMPONENTS}),
    ],
)
def test_a_list_that_is_not_whole_covers_nothing(fields: dict[str, object], covers: set[Cover]) -> None:
    assert parse(document(body(**fields))).covers == covers


@pytest.mark.parametrize("body", NOT_OURS)
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body)
    assert not recognize(sight(body))


@pytest.mark.parametrize("case", ["quiet", "open", "maintenance", "oddities"])
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"posthog/{case}.json")))
