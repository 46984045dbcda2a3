"""Meta for Business: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Impact, Phase, Role, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.meta import LEVELS, MOST_MORE, feeds, more, parse, recognize
from statuswire.platforms.words import STATUS_IMPACT

FOLDER = Path(__file__).parent / "meta"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://metastatus.com"
ORGS = f"{BASE}/data/orgs.json"


def document(body: object, url: str = ORGS) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def test_the_whole_page_is_one_document() -> None:
    assert [spec.url for spec in feeds(BASE)] == [ORGS]


def test_the_outages_of_an_organisation_that_the_address_names_are_polled_too() -> None:
    specs = feeds(f"{BASE}/relay-api")

    assert [(spec.url.removeprefix(BASE), spec.role, spec.tier) for spec in specs] == [
        ("/data/orgs.json", Role.STATE, 0),
        ("/data/outages/relay-api.json", Role.ENTRIES, 0),
        ("/data/outages/relay-api.history.json", Role.HISTORY, 0),
        ("/outage-events-feed-relay-api.rss", Role.ENTRIES, 1),
    ]


@pytest.mark.parametrize("path", ["/data/orgs.json", "/data/outages/ads.json", "/outage-events-feed-ads.rss"])
def test_a_document_is_polled_alone(path: str) -> None:
    assert [spec.url for spec in feeds(BASE + path)] == [BASE + path]


def test_what_is_not_well_leads_to_its_outages() -> None:
    wanted = more(document(fixture("trouble.json")))

    assert [spec.url for spec in wanted] == [f"{BASE}/data/outages/{org}.json" for org in ("relay-api", "ads")]
    assert more(document(fixture("quiet.json"))) == ()
    assert more(document(fixture("outages.json"))) == ()
    assert more(document(fixture("feed.xml"))) == ()
    assert more(document(b"{")) == ()


def test_not_more_than_ten_are_asked_for_and_no_strange_address() -> None:
    bad = [{"id": f"org-{n}", "services": [{"id": 1, "status": "High disruptions"}]} for n in range(20)]
    strange = [{"id": "../../x?y", "services": [{"id": 1, "status": "High disruptions"}]}]

    assert len(more(document(bad))) == MOST_MORE
    assert more(document(strange)) == ()


@pytest.mark.parametrize("word", list(LEVELS))
def test_a_word_is_the_level_of_a_service_and_of_an_outage(word: str) -> None:
    service = {"id": "a", "services": [{"id": 1, "name": "b", "status": word}]}
    outage = {"service_id": 1, "status": word, "time": 1777890000}

    row = parse(document([service])).components[0]
    incident = parse(document([outage], f"{BASE}/data/outages/a.json")).incidents[0]

    assert row.status is LEVELS[word]
    is_over = LEVELS[word] is Status.OPERATIONAL
    assert incident.phase is (Phase.RESOLVED if is_over else Phase.INVESTIGATING)
    assert incident.impact is (Impact.UNKNOWN if is_over else STATUS_IMPACT[LEVELS[word]])


def test_an_outage_is_one_and_the_same_in_both_lists() -> None:
    running = parse(document(fixture("outages.json"), f"{BASE}/data/outages/relay-api.json")).incidents[0]
    over = parse(document(fixture("history.json"), f"{BASE}/data/outages/relay-api.history.json")).incidents[0]

    assert running.id == over.id
    assert running.updates[0].id == over.updates[0].id


def test_no_list_of_outages_closes_those_of_other_organisations() -> None:
    assert parse(document([], f"{BASE}/data/outages/ads.json")).covers == frozenset()


def test_only_a_page_that_is_well_closes_outages() -> None:
    assert Cover.OPEN_INCIDENTS in parse(document(fixture("quiet.json"))).covers
    assert Cover.OPEN_INCIDENTS not in parse(document(fixture("trouble.json"))).covers


def test_the_page_in_the_place_of_a_document_is_an_error() -> None:
    with pytest.raises(ParseError) as raised:
        parse(document(b"<!DOCTYPE html><html><title>Meta status</title></html>"))

    assert raised.value.reason is ParseReason.HTML


@pytest.mark.parametrize("body", [b"[]", b"{}", b"[1]", b'[{"id": 1}]', b"null"])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body, BASE))


@pytest.mark.parametrize("name", ["quiet.json", "trouble.json", "outages.json", "history.json"])
def test_its_documents_are_recognised(name: str) -> None:
    assert recognize(Sight(document(fixture(name))))


@pytest.mark.parametrize("body", [b"[]", b'[{"id": 1, "services": []}]', b"{}", b"<html></html>"])
def test_others_are_not_recognised(body: bytes) -> None:
    assert not recognize(Sight(document(body)))
