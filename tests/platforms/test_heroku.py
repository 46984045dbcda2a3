"""Heroku: what golden documents cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.model import Cover, Impact, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.vendors.heroku import (
    COLOURS,
    HOME,
    MAINTENANCE_TYPES,
    STATES,
    UPDATE_TYPES,
    feeds,
    parse,
    recognize,
)
from statuswire.platforms.words import STATUS_IMPACT
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight


def update(word: str, hour: int = 9) -> dict[str, object]:
    return {"id": hour, "created_at": f"2026-05-04T{hour:02}:00:00Z", "update_type": word, "contents": f"News {hour}."}


def incident(**fields: object) -> dict[str, object]:
    plain = {"id": 1, "title": "Slow", "state": "open", "resolved": False, "updates": [update("issue")]}
    return {**plain, "created_at": "2026-05-04T09:00:00Z", "updated_at": "2026-05-04T09:00:00Z", **fields}


def read(scheduled: bool = False, **fields: object) -> Snapshot:
    row = [incident(**fields)]
    systems = [{"system": "Apps", "status": "yellow"}]
    return parse(
        document({"status": systems, "incidents": [] if scheduled else row, "scheduled": row if scheduled else []})
    )


def test_the_page_is_polled_as_state_with_the_history_to_ask() -> None:
    assert [(spec.url, spec.role, spec.tier) for spec in feeds(HOME)] == [
        (f"{HOME}/api/v4/current-status", Role.STATE, 0),
        (f"{HOME}/api/v4/incidents?limit=50", Role.HISTORY, 0),
        (f"{HOME}/feed", Role.ENTRIES, 1),
    ]


@pytest.mark.parametrize("path", ["/api/v4/current-status", "/api/v4/incidents?limit=9", "/feed"])
def test_a_document_that_is_named_is_polled_alone(path: str) -> None:
    assert [spec.url for spec in feeds(HOME + path)] == [HOME + path]


@pytest.mark.parametrize("word", list(COLOURS))
def test_each_colour_is_a_level_and_an_impact(word: str) -> None:
    body = {"status": [{"system": "Apps", "status": word}], "incidents": [], "scheduled": []}
    told = read(systems=[{"name": "Apps", "status": word}]).incidents[0]

    assert parse(document(body)).components[0].status is COLOURS[word]
    expected = STATUS_IMPACT[COLOURS[word]]
    assert told.impact is (Impact.UNKNOWN if expected is Impact.NONE else expected)


@pytest.mark.parametrize("word", [word for word in UPDATE_TYPES if word != "scheduled"])
def test_each_type_of_an_update_is_a_phase(word: str) -> None:
    assert read(updates=[update(word)]).incidents[0].updates[0].phase is UPDATE_TYPES[word]


@pytest.mark.parametrize("word", list(MAINTENANCE_TYPES))
def test_each_type_of_an_update_of_a_maintenance_is_a_phase(word: str) -> None:
    told = read(scheduled=True, updates=[update("scheduled", 8), update(word)]).incidents[0]

    assert told.updates[1].phase is MAINTENANCE_TYPES[word]


@pytest.mark.parametrize("word", list(STATES))
def test_each_state_is_known(word: str) -> None:
    assert read(state=word, updates=[]).problems == ()


def test_an_incident_is_closed_by_its_state_or_by_an_update_and_not_by_resolved() -> None:
    by_state = read(state="resolved", resolved=False).incidents[0]
    by_update = read(updates=[update("issue"), update("resolved", 10)]).incidents[0]
    by_neither = read(resolved=True).incidents[0]

    assert (by_state.phase, by_update.phase, by_neither.phase) == (
        Phase.RESOLVED,
        Phase.RESOLVED,
        Phase.INVESTIGATING,
    )


def test_the_second_issue_has_found_the_cause() -> None:
    told = read(updates=[update("issue", 10), update("issue", 9)]).incidents[0]

    assert [one.phase for one in told.updates] == [Phase.INVESTIGATING, Phase.IDENTIFIED]


def test_an_incident_without_systems_is_as_bad_as_the_present() -> None:
    assert read().incidents[0].impact is Impact.MINOR


def test_what_began_as_a_plan_is_a_maintenance() -> None:
    told = read(updates=[update("scheduled"), update("issue", 10)]).incidents[0]

    assert (told.kind, told.phase) == (Kind.MAINTENANCE, Phase.IN_PROGRESS)


@pytest.mark.parametrize(
    ("words", "updated", "phase"),
    [
        ("A new kernel comes.", "2026-05-03T09:00:00Z", Phase.SCHEDULED),
        ("A new kernel comes.", "2026-05-01T09:00:00Z", Phase.COMPLETED),
        ("On May 20, 2026 at 10:00 UTC.", "2026-03-01T09:00:00Z", Phase.SCHEDULED),
        ("On 2026-05-01 at noon.", "2026-05-03T09:00:00Z", Phase.COMPLETED),
        ("May 9, 2026 22:00 UTC to May 10, 2026 01:00 UTC", "2026-03-01T09:00:00Z", Phase.SCHEDULED),
    ],
)
def test_a_plan_is_over_two_days_after_the_last_day_it_speaks_of(words: str, updated: str, phase: Phase) -> None:
    told = read(
        scheduled=True,
        state="upcoming",
        created_at="2026-03-01T09:00:00Z",
        updated_at=updated,
        updates=[{**update("scheduled"), "contents": words}],
    ).incidents[0]

    assert told.phase is phase


def test_one_bad_system_takes_the_cover_of_all_of_them() -> None:
    body = {"status": [{"system": "Apps", "status": "green"}, {}], "incidents": [], "scheduled": []}

    assert parse(document(body)).covers == {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}


def test_one_incident_is_read_by_its_own_document() -> None:
    assert parse(document(incident())).incidents[0].id == "1"


def test_an_empty_history_is_read_and_ends_nothing() -> None:
    assert parse(document([])).covers == frozenset()


@pytest.mark.parametrize("body", NOT_OURS)
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body)
    assert not recognize(sight(body))


@pytest.mark.parametrize("case", ["quiet.json", "open.json", "resolved.json", "maintenance.json", "feed.xml"])
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"heroku/{case}")))


@pytest.mark.captures
def test_captured_states_have_an_incident_whose_cause_is_known(captures: Path) -> None:
    for path in sorted((captures / "heroku").glob("*/*.json")):
        body = path.read_bytes()

        snapshot = parse(document(body))

        assert recognize(sight(body))
        assert snapshot.problems == ()
        assert {row.name: row.status for row in snapshot.components} == dict.fromkeys(
            ("Apps", "Data", "Tools"), Status.DEGRADED
        )
        (told,) = snapshot.incidents
        assert (told.id, told.phase, told.impact) == ("1918", Phase.IDENTIFIED, Impact.MINOR)
        assert [one.id for one in told.updates] == ["6090", "6091"]


def test_an_end_after_which_trouble_is_reported_anew_was_taken_back() -> None:
    ended = [update("issue", 9), update("resolved", 10), update("update", 11)]

    assert read(updates=ended).incidents[0].phase is Phase.RESOLVED
    assert read(updates=[*ended, update("issue", 12)]).incidents[0].phase is Phase.IDENTIFIED
    assert read(updates=[*ended, update("issue", 12), update("resolved", 13)]).incidents[0].phase is Phase.RESOLVED
