"""Slack: what golden documents cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.model import Cover, Impact, Phase, Role, Snapshot, Status
from statuswire.platforms.vendors.slack import (
    HOME,
    IMPACTS,
    LEVELS,
    SERVICES,
    STATES,
    feeds,
    parse,
    recognize,
)
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

CURRENT = f"{HOME}/api/v2.0.0/current"


def incident(**fields: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "id": 1,
        "title": "Slow",
        "type": "incident",
        "status": "active",
        "services": ["Search"],
    }
    note = {"body": "<p>Slow.</p>", "date_created": "2026-05-04T02:00:00-07:00"}
    return {**plain, "url": f"{HOME}/2026-05/0123456789abcdef", "notes": [note], **fields}


def read(**fields: object) -> Snapshot:
    return parse(document({"status": "active", "active_incidents": [incident(**fields)]}, CURRENT))


@pytest.mark.parametrize("page", [HOME, f"{HOME}/", "https://status.slack.com/"])
def test_the_page_is_polled_at_its_present_host(page: str) -> None:
    assert [(spec.url, spec.role, spec.tier) for spec in feeds(page)] == [
        (CURRENT, Role.STATE, 0),
        (f"{HOME}/api/v2.0.0/history", Role.HISTORY, 0),
        (f"{HOME}/feed/atom", Role.ENTRIES, 1),
    ]


@pytest.mark.parametrize("path", ["/api/v2.0.0/current", "/api/v2.0.0/history", "/feed/rss", "/feed/atom"])
def test_a_document_that_is_named_is_polled_alone(path: str) -> None:
    assert [spec.url for spec in feeds(HOME + path)] == [HOME + path]


def test_what_is_no_address_has_no_feeds() -> None:
    assert feeds("slack") == ()


@pytest.mark.parametrize("word", list(IMPACTS))
def test_each_type_has_its_impact_and_its_level(word: str) -> None:
    snapshot = read(type=word, services=["Search", "Files", "Calls"])

    assert snapshot.incidents[0].impact is IMPACTS[word]
    assert {row.status for row in snapshot.components if row.name in ("Search", "Calls")} == {LEVELS[word]}


@pytest.mark.parametrize("state", ["resolved", "scheduled", "completed", "cancelled"])
def test_each_state_is_a_phase_and_leaves_the_services_well(state: str) -> None:
    snapshot = read(status=state, type="maintenance" if state != "resolved" else "incident")

    assert snapshot.incidents[0].phase is STATES[state]
    assert all(row.status is Status.OPERATIONAL for row in snapshot.components)


@pytest.mark.parametrize(
    ("services", "impact"),
    [([], Impact.CRITICAL), (["A", "B"], Impact.MAJOR), (list("ABC"), Impact.CRITICAL)],
)
def test_an_outage_of_few_services_is_major(services: list[str], impact: Impact) -> None:
    assert read(type="outage", services=services).incidents[0].impact is impact


def test_a_quiet_day_shows_the_services_that_are_known() -> None:
    snapshot = parse(document(fixture("slack/quiet.json"), CURRENT))

    assert tuple(row.name for row in snapshot.components) == SERVICES
    assert Cover.OPEN_INCIDENTS in snapshot.covers


def test_the_history_at_the_address_of_the_present_ends_nothing() -> None:
    snapshot = parse(document(fixture("slack/resolved.json"), CURRENT))

    assert snapshot.covers == frozenset()
    assert snapshot.incidents[0].phase is Phase.RESOLVED


def test_an_item_that_cannot_be_read_takes_the_covers() -> None:
    snapshot = parse(document({"status": "active", "active_incidents": [incident(), 3]}, CURRENT))

    assert snapshot.covers == frozenset()
    assert snapshot.components == ()


def test_notes_are_oldest_first_whatever_their_order() -> None:
    notes = [{"body": body, "date_created": f"2026-05-04T0{hour}:00:00-07:00"} for hour, body in ((3, "b"), (2, "a"))]

    assert [one.text for one in read(notes=notes).incidents[0].updates] == ["a", "b"]


def test_a_fix_being_watched_is_monitoring_and_a_hope_is_not() -> None:
    words = ("We are actively monitoring to confirm the fix.", "We will fix what is monitoring your files.")
    notes = [{"body": body, "date_created": f"2026-05-04T0{hour}:00:00-07:00"} for hour, body in enumerate(words, 1)]

    assert [one.phase for one in read(notes=notes).incidents[0].updates] == [Phase.MONITORING, Phase.IDENTIFIED]


def test_feed_and_document_know_an_incident_by_the_same_address() -> None:
    told = parse(document(fixture("slack/feed.xml"))).incidents[0]
    shown = parse(document(fixture("slack/open.json"), CURRENT)).incidents[0]

    assert told.id in shown.aliases


@pytest.mark.parametrize("body", NOT_OURS)
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body)
    assert not recognize(sight(body))


@pytest.mark.parametrize("body", [{"status": "active"}, {"status": "active", "active_incidents": None}, {"status": 5}])
def test_trouble_without_an_incident_is_no_quiet_day(body: object) -> None:
    refused(parse, body)


@pytest.mark.parametrize("case", ["quiet", "open", "maintenance", "resolved", "version-1", "version-1-quiet"])
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"slack/{case}.json")))


def test_the_feed_is_recognised() -> None:
    assert recognize(sight(fixture("slack/feed.xml")))


@pytest.mark.captures
def test_captured_documents_read_without_a_problem(captures: Path) -> None:
    for path in sorted((captures / "slack").glob("*/*.json")):
        snapshot = parse(document(path.read_bytes(), CURRENT))

        assert recognize(sight(path.read_bytes()))
        assert snapshot.problems == ()
        assert all(one.updates and one.title and one.phase for one in snapshot.incidents)


@pytest.mark.captures
def test_the_captured_history_has_one_open_incident_that_is_being_worked_on(captures: Path) -> None:
    body = (captures / "slack/history-2026/history-2026-09-excerpt.json").read_bytes()

    snapshot = parse(document(body))

    assert [one.id for one in snapshot.incidents] == ["1576", "1575", "1574", "1572", "1571"]
    assert [one.phase.is_closed for one in snapshot.incidents if one.phase] == [False, True, True, True, True]
    assert snapshot.incidents[3].updates[1].phase is Phase.MONITORING


def test_of_an_incident_that_is_over_only_the_last_note_tells_a_phase_of_its_own() -> None:
    """Which note told the end cannot be seen once others were written after it, and none of them takes it back."""
    notes = [{"body": f"<p>Note {hour}.</p>", "date_created": f"2026-05-04T0{hour}:00:00-07:00"} for hour in range(4)]

    (told,) = read(status="resolved", notes=notes).incidents

    assert [update.phase for update in told.updates] == [Phase.INVESTIGATING, None, None, Phase.RESOLVED]
