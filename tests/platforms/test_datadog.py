"""Datadog's pages: what the golden documents cannot say."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, FeedSpec, Impact, Phase, Role, Snapshot, Status
from statuswire.platforms.datadog import PLATFORM, feeds, page_id, parse, recognize
from statuswire.platforms.sight import Sight

FIXTURES = Path(__file__).parent / "datadog"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"


def document(body: object) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW)


def config(case: str) -> dict:
    return json.loads((FIXTURES / f"{case}.json").read_text(encoding="utf-8"))


def changed(case: str, change: Callable[[dict], object]) -> Snapshot:
    loaded = config(case)
    change(loaded)
    return parse(document(loaded))


# --- addresses -------------------------------------------------------------------------------------------------


def test_the_whole_page_is_one_document() -> None:
    assert feeds(f"{PAGE}/", None) == (FeedSpec(f"{PAGE}/config.json", Role.STATE),)


def test_the_document_itself_may_be_watched() -> None:
    assert feeds(f"{PAGE}/config.json", None) == (FeedSpec(f"{PAGE}/config.json", Role.STATE),)


@pytest.mark.parametrize("url", ["", "acme", "http://[", "ftp://acme.example"])
def test_what_is_no_address_has_no_feeds(url: str) -> None:
    assert feeds(url, None) == ()


def test_the_id_of_the_page_is_in_its_document() -> None:
    assert page_id(document(config("quiet"))) == "5d0e6a52-7c1b-4f6e-9a33-0b7d2f9c1e11"
    assert page_id(document({"id": "x"})) is None


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", Status.OPERATIONAL),
        ("degraded", Status.DEGRADED),
        ("partial_outage", Status.PARTIAL_OUTAGE),
        ("major_outage", Status.MAJOR_OUTAGE),
        ("maintenance", Status.MAINTENANCE),
        ("sleeping", Status.UNKNOWN),
    ],
)
def test_levels_of_components(word: str, status: Status) -> None:
    snapshot = changed("quiet", lambda page: page["components"][1].update(status=word))

    assert snapshot.components[-1].status is status
    assert snapshot.components[-1].raw_status == word


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("investigating", Phase.INVESTIGATING),
        ("identified", Phase.IDENTIFIED),
        ("monitoring", Phase.MONITORING),
        ("resolved", Phase.RESOLVED),
        ("musing", Phase.UNKNOWN),
    ],
)
def test_phases_of_incidents(word: str, phase: Phase) -> None:
    snapshot = changed("open-incident", lambda page: page["incidents"][0].update(currentStatus=word))

    assert snapshot.incidents[0].phase is phase


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("scheduled", Phase.SCHEDULED),
        ("in_progress", Phase.IN_PROGRESS),
        ("completed", Phase.COMPLETED),
        ("cancelled", Phase.CANCELLED),
    ],
)
def test_phases_of_maintenances(word: str, phase: Phase) -> None:
    snapshot = changed("maintenance", lambda page: page["maintenances"][0].update(currentStatus=word))

    assert snapshot.incidents[0].phase is phase


def test_an_unknown_word_is_named() -> None:
    snapshot = changed("quiet", lambda page: page["components"][1].update(status="sleeping"))

    assert [(problem.where, problem.reason) for problem in snapshot.problems] == [
        ("components[1].status", "unknown word 'sleeping'")
    ]


# --- traps -----------------------------------------------------------------------------------------------------


def test_how_bad_it_was_is_the_worst_of_the_timeline_though_all_is_green_again() -> None:
    assert parse(document(config("resolved"))).incidents[0].impact is Impact.CRITICAL


def test_an_incident_that_touched_no_level_says_nothing_of_its_impact() -> None:
    def without_levels(page: dict) -> None:
        page["incidents"][0]["componentsAffected"] = []
        for entry in page["incidents"][0]["timeline"]:
            entry["componentsAffected"] = []

    assert changed("open-incident", without_levels).incidents[0].impact is Impact.UNKNOWN


def test_the_order_of_the_timeline_does_not_matter() -> None:
    expected = parse(document(config("open-incident"))).incidents

    assert changed("open-incident", lambda page: page["incidents"][0]["timeline"].reverse()).incidents == expected


def test_entries_of_one_moment_stand_in_the_order_of_their_filing() -> None:
    def at_once(page: dict) -> None:
        for entry in page["incidents"][0]["timeline"]:
            entry["startedAt"] = "2026-05-04T10:00:00Z"

    updates = changed("open-incident", at_once).incidents[0].updates

    assert [update.phase for update in updates] == [Phase.INVESTIGATING, Phase.IDENTIFIED]


@pytest.mark.parametrize("planned", [None, []])
def test_no_maintenances_is_an_empty_list(planned: object) -> None:
    snapshot = changed("quiet", lambda page: page.update(maintenances=planned))

    assert Cover.OPEN_MAINTENANCES in snapshot.covers


def test_a_missing_list_covers_nothing() -> None:
    snapshot = changed("quiet", lambda page: page.pop("maintenances"))

    assert snapshot.covers == {Cover.COMPONENTS, Cover.OPEN_INCIDENTS}


def test_a_component_that_cannot_be_read_ends_the_cover_of_components() -> None:
    snapshot = changed("quiet", lambda page: page["components"][0]["components"].append({"name": "no id"}))

    assert Cover.COMPONENTS not in snapshot.covers
    assert Cover.OPEN_INCIDENTS in snapshot.covers


def test_a_page_without_components_does_not_say_that_they_are_gone() -> None:
    assert Cover.COMPONENTS not in changed("quiet", lambda page: page.update(components=[])).covers


def test_endless_groups_are_cut() -> None:
    row: dict = {"type": "ComponentGroup", "name": "g", "components": []}
    for _ in range(50):
        row = {"type": "ComponentGroup", "name": "g", "components": [row]}

    snapshot = changed("quiet", lambda page: page.update(components=[row]))

    assert snapshot.components == ()
    assert Cover.COMPONENTS not in snapshot.covers


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["quiet", "open-incident", "resolved", "maintenance", "odd-words"])
def test_its_own_documents_are_recognised(case: str) -> None:
    assert recognize(Sight(document(config(case))))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"components": [], "incidents": []},
        {"page": {"id": "x"}, "components": [{"type": "Component"}], "incidents": [], "maintenances": []},
        {"components": [{"id": 1}], "incidents": [], "maintenances": []},
        [],
        b"<html></html>",
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
        (b'{"error": "not found"}', ParseReason.ERROR_BODY),
        (b'{"components": {}, "incidents": []}', ParseReason.SHAPE),
        (b"[]", ParseReason.SHAPE),
        (b"cb({})", ParseReason.NOT_JSON),
    ],
)
def test_anything_else_is_refused_with_its_reason(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


def test_nothing_is_experimental_about_it() -> None:
    assert not PLATFORM.is_experimental
