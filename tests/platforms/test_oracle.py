"""Oracle Cloud: what golden documents cannot say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from statuswire.model import Cover, Impact, Phase, Role, Snapshot, Status
from statuswire.platforms.vendors.oracle import (
    INDICATORS,
    LEVEL_IMPACTS,
    LEVELS,
    SEVERITIES,
    feeds,
    parse,
    recognize,
)
from statuswire.platforms.vendors.oracle_feed import PHASES
from tests.platforms.vendor_checks import NOT_OURS, NOW, document, fixture, refused, sight

HOME = "https://ocistatus.oraclecloud.com"
OCID = "ocid1.oraclecloudincident.oc1.phx.amaaexample1"


def read(status: str, *incidents: object) -> Snapshot:
    cell = {"serviceCanonicalName": "compute", "serviceName": "Compute", "serviceStatus": status}
    region = {"regionCanonicalName": "us-x-1", "serviceHealthReports": [{**cell, "incidents": list(incidents)}]}
    return parse(document({"regionHealthReports": [region]}, f"{HOME}/api/v2/components.json"))


def rss(title: str, text: str, guid: str = OCID) -> bytes:
    item = f"<item><title>{title}</title><guid>{guid}</guid><description>{text}</description></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{item}</channel></rss>'.encode()


@pytest.mark.parametrize("home", [HOME, "https://gov.ocistatus.com"])
def test_the_report_and_the_feed_are_polled(home: str) -> None:
    assert [(spec.url, spec.role, spec.tier) for spec in feeds(home)] == [
        (f"{home}/api/v2/components.json", Role.STATE, 0),
        (f"{home}/api/v2/incident-summary.rss", Role.ENTRIES, 0),
        (f"{home}/api/v2/status.json", Role.STATE, 1),
    ]


def test_netsuite_has_nothing_but_the_roll_up() -> None:
    assert [spec.url for spec in feeds("https://status.netsuite.com")] == [
        "https://status.netsuite.com/api/v2/status.json"
    ]


@pytest.mark.parametrize("path", ["components.json", "components_v2.json", "status.json", "incident-summary.rss"])
def test_a_document_that_is_named_is_polled_alone(path: str) -> None:
    assert [spec.url for spec in feeds(f"{HOME}/api/v2/{path}")] == [f"{HOME}/api/v2/{path}"]


@pytest.mark.parametrize("word", list(LEVELS))
def test_each_word_of_a_cell_is_a_level_and_an_impact(word: str) -> None:
    snapshot = read(word, {"incidentId": OCID})

    assert snapshot.components[0].status is LEVELS[word]
    assert snapshot.incidents[0].impact is LEVEL_IMPACTS[word]


@pytest.mark.parametrize("word", list(SEVERITIES))
def test_each_severity_is_an_impact(word: str) -> None:
    assert read("ServiceDown", {"incidentId": OCID, "severity": word}).incidents[0].impact is SEVERITIES[word]


@pytest.mark.parametrize("word", list(INDICATORS))
def test_each_indicator_is_a_level_of_the_page(word: str) -> None:
    body = {"page": {"name": "x", "updated_at": "2026-05-04T11:00:00"}, "status": {"indicator": word}}

    assert parse(document(body)).page.status is INDICATORS[word]


def test_one_incident_in_many_cells_is_one_with_its_worst_impact() -> None:
    snapshot = parse(document(fixture("oracle/open.json")))

    told = snapshot.incidents[0]
    assert told.components is not None
    assert [one.id for one in told.components] == ["us-acmeville-1/compute", "us-acmeville-1/object-storage"]
    assert told.impact is Impact.CRITICAL
    assert told.title == ""  # the feed has it, and must not be overwritten


def test_feed_and_report_know_an_incident_by_the_same_number() -> None:
    shown = parse(document(fixture("oracle/open.json"))).incidents[0]
    told = parse(document(fixture("oracle/feed.xml"))).incidents[0]

    assert told.id == shown.id


def test_the_feed_counts_as_of_when_it_was_served_so_that_its_titles_reach_the_report() -> None:
    assert parse(document(fixture("oracle/feed.xml"))).as_of == NOW


@pytest.mark.parametrize("word", list(PHASES))
def test_a_line_that_begins_with_a_phase_has_it(word: str) -> None:
    told = parse(document(rss("Slow", f"{word.capitalize()}: news."))).incidents[0]

    assert (told.phase, told.updates[0].text) == (PHASES[word], "news.")


def test_lines_are_put_in_order_by_their_phases() -> None:
    newest_first = parse(document(rss("Slow", "Resolved - b.&lt;br&gt;Investigating - a."))).incidents[0]
    oldest_first = parse(document(rss("Slow", "Investigating - a.&lt;br&gt;Resolved - b."))).incidents[0]

    assert [one.text for one in newest_first.updates] == [one.text for one in oldest_first.updates] == ["a.", "b."]
    assert newest_first.phase is oldest_first.phase is Phase.RESOLVED


def test_an_empty_report_ends_nothing() -> None:
    assert parse(document({"regionHealthReports": []})).covers == frozenset()


def test_a_region_without_its_list_takes_the_covers() -> None:
    whole = {"regionCanonicalName": "a", "serviceHealthReports": [{"serviceCanonicalName": "c", "serviceStatus": "x"}]}

    assert Cover.COMPONENTS in parse(document({"regionHealthReports": [whole]})).covers
    assert parse(document({"regionHealthReports": [whole, {"regionCanonicalName": "b"}]})).covers == frozenset()


def test_a_feed_of_somebody_else_is_refused() -> None:
    refused(parse, rss("Slow", "Slow.", guid="https://acme.example/1"))


@pytest.mark.parametrize("body", NOT_OURS[:-1])
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body)
    assert not recognize(sight(body))


def test_the_roll_up_is_read_but_left_to_statuspage_where_nobody_knows_whose_it_is() -> None:
    told = {"name": "Acme", "updated_at": "2026-05-04T11:58:00"}
    body = {"page": told, "status": {"indicator": "minor", "description": "Minor"}}

    snapshot = parse(document(body, "https://status.netsuite.com/api/v2/status.json"))

    assert snapshot.page.status is Status.DEGRADED
    assert snapshot.as_of == datetime(2026, 5, 4, 11, 58, tzinfo=UTC)
    assert not recognize(sight(body))


@pytest.mark.parametrize("case", ["quiet.json", "open.json", "feed.xml"])
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"oracle/{case}")))
