"""FireHydrant, Honeybadger and Pingward: what their golden documents cannot say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from statuswire.model import Impact, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms import firehydrant, firehydrant_payload, honeybadger, pingward
from statuswire.platforms.feed_links import advertised_feed
from statuswire.platforms.parsing import recognise
from statuswire.platforms.reading import fold_word
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

PAGE = "https://status.acme-relay.example"
LINK = '<link rel="alternate" type="application/rss+xml" href="{}">'


def page(*links: str, words: str = "Powered by FireHydrant") -> bytes:
    return f"<html><head>{''.join(links)}</head><body>{words}</body></html>".encode()


# --- advertised feeds ------------------------------------------------------------------------------------------------


def test_a_feed_that_the_page_advertises_is_found() -> None:
    assert advertised_feed(document(page(LINK.format("/feed.rss?a=1&amp;b=2")), PAGE)) == f"{PAGE}/feed.rss?a=1&b=2"


@pytest.mark.parametrize(
    "link",
    [
        LINK.format("https://elsewhere.example/feed.rss"),
        '<link rel="stylesheet" type="application/rss+xml" href="/x">',
        '<link rel="alternate" hreflang="de" href="/de">',
        "",
    ],
)
def test_other_links_are_no_feeds_of_the_page(link: str) -> None:
    assert advertised_feed(document(page(link), PAGE)) is None


def test_of_firehydrant_the_document_is_polled_and_the_feed_where_it_cannot_be_read() -> None:
    found = firehydrant.page_id(document(page(LINK.format("/feed.rss")), PAGE))
    payload = (f"{PAGE}/data/payload.json", Role.STATE, 0)

    assert found == f"{PAGE}/feed.rss"
    for page_id, feed in ((found, found), (None, f"{PAGE}/data/rss.xml")):
        told = [(one.url, one.role, one.tier) for one in firehydrant.feeds(f"{PAGE}/incidents", page_id)]
        assert told == [payload, (feed, Role.ENTRIES, 1)]
    assert firehydrant.feeds("http://[", found) == ()
    assert [one.url for one in firehydrant.feeds(payload[0])] == [payload[0]]
    assert [one.url for one in firehydrant.feeds(f"{PAGE}/feed.rss")] == [f"{PAGE}/feed.rss"]


def test_a_page_of_somebody_else_is_not_firehydrants() -> None:
    assert firehydrant.page_id(document(page(LINK.format("/feed.rss"), words="Acme"), PAGE)) is None


def payload(condition: str = "Slow", severity: str = "SEV2", **incident: object) -> Snapshot:
    one = {"id": "i1", "title": "x", "severitySlug": severity, "components": [{"id": "c1", "condition": condition}]}
    listed = [{"id": "c1", "name": "API"}, {"id": "c2", "name": "Web"}]
    conditions = {"Slow": "DEGRADED", "Gone": "OFFLINE", "Fine": "OPERATIONAL", "Odd": "SIDEWAYS"}
    body = {"components": listed, "conditions": conditions, "incidents": [{**one, **incident}]}
    return firehydrant.parse(document(body))


@pytest.mark.parametrize(
    ("condition", "level"),
    [
        ("Slow", Status.DEGRADED),
        ("Gone", Status.MAJOR_OUTAGE),
        ("Fine", Status.OPERATIONAL),
        ("OFFLINE", Status.MAJOR_OUTAGE),
        ("Odd", Status.UNKNOWN),
    ],
)
def test_the_conditions_of_firehydrant_are_explained_by_its_table(condition: str, level: Status) -> None:
    told = payload(condition)

    assert [one.status for one in told.components] == [level, Status.OPERATIONAL]
    assert bool(told.problems) is (level is Status.UNKNOWN)


@pytest.mark.parametrize(("word", "impact"), firehydrant_payload.SEVERITIES.items())
def test_the_severities_of_firehydrant(word: str, impact: Impact) -> None:
    (incident,) = payload(severity=word.upper()).incidents

    assert incident.impact is (Impact.MINOR if impact is Impact.UNKNOWN else impact)
    assert (incident.kind is Kind.MAINTENANCE) is (word == "maintenance")


def test_words_of_what_is_over_may_be_older_than_the_tables() -> None:
    told = payload("Forgotten", "PUZZLE", timestamps={"resolved": "2026-05-04T10:00:00Z"})

    assert told.problems == ()


def test_a_severity_of_the_owners_own_is_kept_and_named() -> None:
    told = payload(severity="PUZZLE")

    assert (told.incidents[0].raw_impact, told.problems[0].reason) == ("PUZZLE", "unknown word 'PUZZLE'")


@pytest.mark.parametrize(
    ("severity", "stamps", "phase"),
    [
        ("SEV1", {"started": "2026-05-04T10:00:00Z"}, Phase.INVESTIGATING),
        ("SEV1", {"resolved": "2026-05-04T10:00:00Z"}, Phase.RESOLVED),
        ("MAINTENANCE", {"started": "2026-05-04T13:00:00Z"}, Phase.SCHEDULED),
        ("MAINTENANCE", {"started": "2026-05-04T11:00:00Z"}, Phase.IN_PROGRESS),
        ("MAINTENANCE", {"resolved": "2026-05-04T11:00:00Z"}, Phase.COMPLETED),
    ],
)
def test_the_moments_of_firehydrant_tell_the_phase(severity: str, stamps: dict[str, str], phase: Phase) -> None:
    told = payload(severity=severity, timestamps=stamps)

    assert told.incidents[0].phase is phase
    assert (told.components[0].status is Status.OPERATIONAL) is phase.is_closed or phase is Phase.SCHEDULED


def test_a_hook_of_firehydrant_without_an_incident_is_refused() -> None:
    refused(firehydrant.parse_hook, {"event": "x"})
    refused(firehydrant.parse_hook, b"[]")


# --- honeybadger -----------------------------------------------------------------------------------------------------


def test_of_honeybadger_the_page_and_its_feed_are_polled() -> None:
    told = [(one.url, one.role) for one in honeybadger.feeds(PAGE)]

    assert told == [(f"{PAGE}/", Role.STATE), (f"{PAGE}/incidents.atom", Role.ENTRIES)]
    assert [one.url for one in honeybadger.feeds(f"{PAGE}/incidents.atom")] == [f"{PAGE}/incidents.atom"]
    assert honeybadger.feeds("http://[") == ()


@pytest.mark.parametrize(("word", "level"), honeybadger.LEVELS.items())
def test_the_words_of_honeybadger(word: str, level: Status) -> None:
    body = fixture("honeybadger/quiet.html").replace(b"color-bar-up", f"color-bar-{word}".encode())

    assert {one.status for one in honeybadger.parse(document(body)).components} == {level}


def test_an_empty_feed_of_honeybadger_is_no_error() -> None:
    feed = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>urn:x</id></feed>'

    assert honeybadger.parse(document(feed)).incidents == ()


# --- pingward --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "level"), pingward.LEVELS.items())
def test_the_words_of_pingward(word: str, level: Status) -> None:
    body = {
        "event": "component.status_changed",
        "statusPage": {},
        "component": {"displayName": "Q", "currentStatus": word},
    }

    assert pingward.parse_hook(document(body)).components[0].status is level


def test_pingward_is_told_by_hooks_only() -> None:
    assert pingward.feeds(PAGE) == ()


def test_a_resolved_incident_of_pingward_is_over() -> None:
    assert pingward.parse_hook(document(fixture("pingward/resolved.json"))).incidents[0].phase is Phase.RESOLVED


def test_an_incident_of_pingward_is_as_new_as_its_event_and_not_as_its_beginning() -> None:
    incident = pingward.parse_hook(document(fixture("pingward/resolved.json"))).incidents[0]

    at = datetime(2026, 5, 4, 9, 42, tzinfo=UTC)
    assert (incident.updated_at, incident.updates[-1].at) == (at, at)


def test_a_component_of_pingward_without_a_name_is_named_as_a_problem() -> None:
    body = {"event": "component.status_changed", "statusPage": {}, "component": {}}

    assert [one.where for one in pingward.parse_hook(document(body)).problems] == ["component"]


# --- all -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_theirs_is_refused_and_not_recognised(value: object) -> None:
    for module in (honeybadger, pingward):
        refused(module.parse, value)
        assert not module.recognize(sight(value))
    refused(firehydrant.parse, value)


@pytest.mark.parametrize(
    "name", ["firehydrant/payload.json", "honeybadger/quiet.html", "pingward/component.json", "pingward/incident.json"]
)
def test_their_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(name)))

    assert found is not None
    assert found.name == name.partition("/")[0]


def test_the_words_of_the_tables_are_folded() -> None:
    assert [fold_word(word) for word in honeybadger.LEVELS] == list(honeybadger.LEVELS)
