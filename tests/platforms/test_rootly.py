"""Rootly's pages and webhooks: what the golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, DocumentKind, FeedSpec, Impact, Incident, Kind, Phase, Role, Snapshot
from statuswire.platforms.parsing import recognise
from statuswire.platforms.rootly import feeds, more, page_id, parse, parse_hook, recognize
from statuswire.platforms.rootly_hooks import INCIDENT_EVENTS
from statuswire.platforms.rootly_terms import INDICATORS
from statuswire.platforms.sight import Sight

FIXTURES = Path(__file__).parent / "rootly"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"
RSS = "application/rss+xml"


def document(body: object, url: str = "") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url)


def fixture(case: str) -> dict:
    return json.loads((FIXTURES / f"{case}.json").read_text(encoding="utf-8"))


def state(*incidents: dict, indicator: str = "none") -> Snapshot:
    page = {"name": "Acme", "url": PAGE, "time_zone": "UTC", "updated_at": None}
    body = {"page": page, "status": {"indicator": indicator, "description": ""}, "incidents": list(incidents)}
    return parse(document(body))


def incident(**fields: object) -> Incident:
    return state({"name": "Slow", "url": f"{PAGE}/incidents/1", **fields}).incidents[0]


def hook(event_type: str, **fields: object) -> Snapshot:
    event = {"id": "e1", "type": event_type, "issued_at": "2026-05-04T11:00:00Z"}
    row = {"id": "i1", "title": "Slow", "status": "started", **fields}
    return parse_hook(document({"event": event, "data": row}))


# --- addresses -------------------------------------------------------------------------------------------------


def test_the_document_of_the_state_is_polled_and_the_list_beside_it_where_that_cannot_be_read() -> None:
    assert feeds(f"{PAGE}/", None) == (
        FeedSpec(f"{PAGE}/api/v1/status.json"),
        FeedSpec(f"{PAGE}/api/v1/incidents.json?page=1&per_page=100", tier=1),
    )


def test_the_history_is_polled_too_where_its_path_is_known() -> None:
    history = FeedSpec(f"{PAGE}/history.rss", Role.ENTRIES, accept=RSS, every=timedelta(minutes=5))

    assert history in feeds(PAGE, "/history.rss")


@pytest.mark.parametrize("path", ["//elsewhere.example/x.rss", "history.rss", "https://elsewhere.example/x"])
def test_a_path_that_leads_elsewhere_is_none(path: str) -> None:
    assert len(feeds(PAGE, path)) == 2


def test_a_page_on_rootlys_own_host_has_nothing_but_its_feed() -> None:
    shared = "https://rootly.com/teams/acme/status-pages/relay"

    assert feeds(shared, None) == ()
    assert feeds(shared, "/teams/acme/status-pages/relay.rss") == (FeedSpec(f"{shared}.rss", Role.ENTRIES, accept=RSS),)


@pytest.mark.parametrize(
    ("path", "role", "accept"),
    [
        ("/api/v1/status.json", Role.STATE, "application/json"),
        ("/api/v1/incidents.json", Role.STATE, "application/json"),
        ("/history.rss", Role.ENTRIES, RSS),
    ],
)
def test_a_document_may_be_watched_alone(path: str, role: Role, accept: str) -> None:
    assert feeds(f"{PAGE}{path}", None) == (FeedSpec(f"{PAGE}{path}", role, accept=accept),)


def test_the_path_of_the_history_is_read_from_the_page() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/history.rss">'
    page = f"<!doctype html><html><head>{link}</head><body>Powered by Rootly</body></html>"

    assert page_id(document(page.encode(), f"{PAGE}/")) == "/history.rss"
    assert page_id(document(page.replace("Rootly", "Nobody").encode(), f"{PAGE}/")) is None
    assert page_id(document(page.replace("/history", "https://other.example/h").encode(), f"{PAGE}/")) is None


def test_a_full_page_of_incidents_points_to_the_next() -> None:
    url = f"{PAGE}/api/v1/incidents.json?page=1&per_page=2"

    found = more(document({"page": {}, "incidents": [{}, {}]}, url))

    assert found == (FeedSpec(f"{PAGE}/api/v1/incidents.json?page=2&per_page=2", Role.ENTRIES),)
    assert more(document({"page": {}, "incidents": [{}]}, url)) == ()
    assert more(document({"page": {}, "incidents": [{}, {}]}, f"{PAGE}/api/v1/status.json")) == ()


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "status"), INDICATORS.items())
def test_indicators(word: str, status: object) -> None:
    assert state(indicator=word).page.status is status


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("started", Phase.INVESTIGATING),
        ("in_triage", Phase.INVESTIGATING),
        ("mitigated", Phase.MONITORING),
        ("resolved", Phase.RESOLVED),
        ("pondering", Phase.UNKNOWN),
    ],
)
def test_internal_words_count_where_no_update_says_more(word: str, phase: Phase) -> None:
    assert incident(status=word).phase is phase


@pytest.mark.parametrize(
    ("word", "phase", "kind"),
    [
        ("investigating", Phase.INVESTIGATING, Kind.INCIDENT),
        ("identified", Phase.IDENTIFIED, Kind.INCIDENT),
        ("monitoring", Phase.MONITORING, Kind.INCIDENT),
        ("resolved", Phase.RESOLVED, Kind.INCIDENT),
        ("scheduled", Phase.SCHEDULED, Kind.MAINTENANCE),
        ("in_progress", Phase.IN_PROGRESS, Kind.MAINTENANCE),
        ("completed", Phase.COMPLETED, Kind.MAINTENANCE),
    ],
)
def test_the_newest_update_says_the_phase(word: str, phase: Phase, kind: Kind) -> None:
    update = {"status": word, "body": "x", "created_at": "2026-05-04T10:00:00Z"}

    told = incident(status="started", incident_updates=[update])

    assert (told.phase, told.kind) == (phase, kind)
    assert told.raw_phase == "started"


@pytest.mark.parametrize("impact", [Impact.NONE, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL])
def test_impacts(impact: Impact) -> None:
    assert incident(impact=impact.value).impact is impact


def test_unknown_words_are_named() -> None:
    problems = state({"name": "Slow", "url": f"{PAGE}/incidents/1", "status": "pondering"}).problems

    assert [(one.where, one.reason) for one in problems] == [("incidents[0].status", "unknown word 'pondering'")]


# --- identity and covers ---------------------------------------------------------------------------------------


def test_documents_and_feed_know_an_incident_by_the_same_id() -> None:
    feed = parse(Document((FIXTURES / "history.xml").read_bytes(), NOW))

    told = incident(url=feed.incidents[0].url + "/")

    assert told.id == feed.incidents[0].id


def test_an_update_is_known_by_its_moment_whatever_becomes_of_its_text() -> None:
    before = incident(incident_updates=[{"body": "Lookin", "created_at": "2026-05-04T10:00:00Z"}])
    after = incident(incident_updates=[{"body": "Looking.", "created_at": "2026-05-04T12:00:00+02:00"}])

    assert before.updates[0].id == after.updates[0].id


def test_words_in_brackets_of_the_feed() -> None:
    feed = parse(Document((FIXTURES / "history.xml").read_bytes(), NOW))

    assert [(told.kind, told.phase) for told in feed.incidents] == [
        (Kind.INCIDENT, Phase.RESOLVED),
        (Kind.INCIDENT, Phase.RESOLVED),
        (Kind.MAINTENANCE, Phase.IN_PROGRESS),
        (Kind.MAINTENANCE, Phase.COMPLETED),
    ]
    assert feed.covers == frozenset()


def test_the_state_covers_the_active_incidents_and_nothing_else() -> None:
    assert state().covers == {Cover.OPEN_INCIDENTS}


def test_an_incident_that_cannot_be_read_ends_the_cover() -> None:
    assert state({"status": "started"}).covers == frozenset()


@pytest.mark.parametrize(
    ("query", "count", "is_whole"),
    [("", 24, True), ("", 25, False), ("?page=2&per_page=100", 3, False), ("?page=1&per_page=100", 99, True)],
)
def test_a_list_covers_unless_there_may_be_another_page(query: str, count: int, is_whole: bool) -> None:
    rows = [{"name": f"n{number}", "url": f"{PAGE}/incidents/{number}"} for number in range(count)]
    body = {"page": {"name": "Acme", "time_zone": "UTC"}, "incidents": rows}

    covers = parse(document(body, f"{PAGE}/api/v1/incidents.json{query}")).covers

    assert covers == ({Cover.OPEN_INCIDENTS} if is_whole else set())


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["status-quiet", "status-open", "status-odd", "incidents-maintenance"])
def test_its_own_documents_are_recognised(case: str) -> None:
    found = recognise(document(fixture(case)))

    assert found is not None
    assert found.name == "rootly"


@pytest.mark.parametrize("case", ["hook-mitigated", "hook-scheduled", "hook-alert"])
def test_its_webhooks_are_recognised(case: str) -> None:
    found = recognise(Document(json.dumps(fixture(case)).encode(), NOW, kind=DocumentKind.HOOK))

    assert found is not None
    assert found.name == "rootly"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"page": {"id": "k3m9s8d1f2gh", "time_zone": "UTC"}, "status": {"indicator": "none"}, "incidents": []},
        {"page": {"time_zone": "UTC"}, "status": {"indicator": "none"}, "components": [], "incidents": []},
        {"page": {"time_zone": "UTC"}, "incidents": [{"id": "x"}]},
        {"page": {"name": "Acme"}, "status": {"indicator": "none"}, "incidents": []},
        {"event": {"type": "incident.created"}, "data": {}},
    ],
)
def test_documents_of_others_are_not(body: object) -> None:
    assert not recognize(Sight(document(body)))


# --- webhooks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(INCIDENT_EVENTS))
def test_every_event_of_incidents_is_read_under_its_name(kind: str) -> None:
    told = hook(kind)

    assert told.event_name == kind
    assert told.incidents[0].id == "i1"
    assert told.incidents[0].kind is (Kind.MAINTENANCE if ".scheduled." in kind else Kind.INCIDENT)


@pytest.mark.parametrize("kind", ["alert.created", "pulse.created", "incident_post_mortem.published"])
def test_events_of_something_else_tell_nothing(kind: str) -> None:
    told = hook(kind)

    assert (told.incidents, told.event_name) == ((), kind)


@pytest.mark.parametrize("fields", [{"private": True}, {"kind": "test"}, {"kind": "example_sub"}])
def test_private_incidents_and_practice_tell_nothing(fields: dict) -> None:
    assert hook("incident.created", **fields).incidents == ()


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        ("in_triage", Phase.INVESTIGATING),
        ("started", Phase.INVESTIGATING),
        ("mitigated", Phase.MONITORING),
        ("resolved", Phase.RESOLVED),
        ("cancelled", Phase.CANCELLED),
        ("scheduled", Phase.SCHEDULED),
        ("in_progress", Phase.IN_PROGRESS),
        ("completed", Phase.COMPLETED),
    ],
)
def test_the_status_of_an_internal_incident(status: str, phase: Phase) -> None:
    assert hook("incident.updated", status=status).incidents[0].phase is phase


@pytest.mark.parametrize(
    ("kind", "phase"),
    [("incident.deleted", Phase.RESOLVED), ("incident.scheduled.deleted", Phase.CANCELLED)],
)
def test_what_was_deleted_is_over(kind: str, phase: Phase) -> None:
    told = hook(kind, summary="x").incidents[0]

    assert (told.phase, told.raw_phase, told.updates) == (phase, "deleted", ())


@pytest.mark.parametrize(
    ("status", "field"),
    [
        ("mitigated", "mitigation_message"),
        ("resolved", "resolution_message"),
        ("cancelled", "cancellation_message"),
        ("started", "summary"),
    ],
)
def test_each_step_has_a_message_of_its_own(status: str, field: str) -> None:
    told = hook("incident.updated", status=status, **{"summary": "About.", field: "Said."}).incidents[0]

    assert told.updates[0].text == "Said."


def test_the_same_words_again_are_the_same_update() -> None:
    first = hook("incident.created", summary="About.", updated_at="2026-05-04T10:00:00Z").incidents[0]
    again = hook("incident.updated", summary="About.", updated_at="2026-05-04T10:30:00Z").incidents[0]

    assert first.updates[0].id == again.updates[0].id


@pytest.mark.parametrize(
    ("severity", "impact"),
    [
        ("critical", Impact.CRITICAL),
        ({"severity": "high"}, Impact.MAJOR),
        ({"attributes": {"severity": "medium"}}, Impact.MINOR),
        ({"data": {"attributes": {"severity": "low"}}}, Impact.MINOR),
        (None, Impact.UNKNOWN),
    ],
)
def test_severities(severity: object, impact: Impact) -> None:
    assert hook("incident.created", severity=severity).incidents[0].impact is impact


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"<!doctype html><html><title>Just a moment...</title></html>", ParseReason.CHALLENGE),
        (b"<!doctype html><html><title>Acme</title></html>", ParseReason.HTML),
        (b'{"error": "not found"}', ParseReason.ERROR_BODY),
        (b'{"page": {}, "incidents": {}}', ParseReason.SHAPE),
        (b"[]", ParseReason.SHAPE),
    ],
)
def test_anything_else_is_refused_with_its_reason(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": {"type": "incident.created", "issued_at": "x"}},
        {"event": {"type": "incident.created", "issued_at": "x"}, "data": {}},
    ],
)
def test_a_hook_without_an_incident_is_refused(body: dict) -> None:
    with pytest.raises(ParseError):
        parse_hook(document(body))
