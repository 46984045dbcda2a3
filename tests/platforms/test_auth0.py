"""Auth0: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Impact, Kind, Phase, Role, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.auth0 import IMPACTS, LEVELS, feeds, page_id, parse, recognize
from statuswire.platforms.words import STATUS_IMPACT

FOLDER = Path(__file__).parent / "auth0"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOME = "https://status.auth0.com"


def document(body: bytes) -> Document:
    return Document(body, NOW, url=HOME)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def places(*incidents: object) -> Document:
    entry = {"region": "EU-1", "environment": "Production", "response": {"incidents": list(incidents)}}
    return document(json.dumps({"pageProps": {"activeIncidents": [entry]}}).encode())


def test_without_the_build_the_page_itself_is_polled() -> None:
    assert [(spec.url, spec.role, spec.accept) for spec in feeds(HOME)] == [(f"{HOME}/", Role.STATE, "text/html")]


def test_a_build_that_is_gone_leads_back_to_the_page() -> None:
    specs = feeds(f"{HOME}/", "b8kQx_1")

    assert [(spec.url, spec.tier) for spec in specs] == [
        (f"{HOME}/_next/data/b8kQx_1/index.json", 0),
        (f"{HOME}/", 1),
    ]


def test_the_feed_of_a_tenant_is_polled_alone() -> None:
    address = f"{HOME}/api/rss?domain=acme-relay.eu.auth0.com"

    assert [(spec.url, spec.role) for spec in feeds(address)] == [(address, Role.ENTRIES)]


def test_the_build_is_read_from_the_page() -> None:
    assert page_id(fixture("page.html")) == "b8kQx_1"
    assert page_id(fixture("quiet.json")) is None
    assert page_id(document(b'<html>"buildId":"of another site"</html>')) is None
    assert page_id(document(b"")) is None


@pytest.mark.parametrize("word", [word for word in LEVELS if word != "operational"])
def test_a_word_is_the_level_of_the_place_and_the_impact_where_none_is_given(word: str) -> None:
    told = parse(places({"id": "a", "name": "b", "status": word}))

    assert told.components[0].status is LEVELS[word]
    assert told.incidents[0].impact is STATUS_IMPACT[LEVELS[word]]


def test_operational_is_no_incident() -> None:
    told = parse(places({"id": "a", "name": "All good", "status": "operational"}))

    assert told.incidents == ()
    assert told.components[0].status is Status.OPERATIONAL


def test_a_maintenance_is_told_as_one() -> None:
    told = parse(places({"id": "a", "name": "b", "status": "under_maintenance"})).incidents[0]

    assert (told.kind, told.phase) == (Kind.MAINTENANCE, Phase.IN_PROGRESS)


@pytest.mark.parametrize("word", list(IMPACTS))
def test_the_impact_that_is_given_counts(word: str) -> None:
    told = parse(places({"id": "a", "status": "degraded_performance", "impact": word}))

    assert told.incidents[0].impact is IMPACTS[word]


def test_the_page_says_what_its_data_says() -> None:
    from_page = parse(fixture("page.html"))

    assert from_page.incidents[0].id == parse(fixture("incident.json")).incidents[0].id
    assert from_page.covers == {Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}
    assert from_page.incidents[0].impact is Impact.MINOR


def test_no_places_at_all_prove_nothing() -> None:
    assert parse(document(b'{"pageProps": {"activeIncidents": []}}')).covers == frozenset()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE html><html><title>404</title></html>", ParseReason.HTML),
        (b'<script id="__NEXT_DATA__">{"props"</script>', ParseReason.NOT_JSON),
        (b'<script id="__NEXT_DATA__">{}</script>', ParseReason.SHAPE),
        (b"{}", ParseReason.SHAPE),
        (b'{"pageProps": {"activeIncidents": null}}', ParseReason.SHAPE),
        (b"", ParseReason.EMPTY),
    ],
)
def test_what_is_something_else_is_an_error(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as raised:
        parse(document(body))

    assert raised.value.reason is reason


@pytest.mark.parametrize("name", ["quiet.json", "incident.json", "page.html"])
def test_its_documents_are_recognised(name: str) -> None:
    assert recognize(Sight(fixture(name)))


@pytest.mark.parametrize("body", [b"{}", b'{"pageProps": {"activeIncidents": [{"id": 1}]}}', b"<html></html>", b"[]"])
def test_others_are_not_recognised(body: bytes) -> None:
    assert not recognize(Sight(document(body)))
