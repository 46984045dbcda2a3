"""Zscaler: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.zscaler import SEVERITIES, feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://trust.zscaler.com"
FOLDER = Path(__file__).parent / "zscaler"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def event(name: str, visible: str = "1") -> Document:
    legend = [{"tid": "1", "name": name, "visible": visible}]
    service = {"name": "Login", "status": True, "category_status": [{"severityTid": "1", "title": "x"}]}
    return document({"data": {"severity": legend, "category": [{"name": "Core", "subCategory": [service]}]}})


@pytest.mark.parametrize(
    ("path", "cloud"),
    [
        ("", "zscaler.net"),
        ("/zscaler.net/incidents", "zscaler.net"),
        ("/private.zscaler.com/cloud-status", "private.zscaler.com"),
        ("/cloud-status", "zscaler.net"),
    ],
)
def test_the_address_names_the_cloud(path: str, cloud: str) -> None:
    assert [spec.url for spec in feeds(BASE + path)] == [
        f"{BASE}/api/cloud-status?cloud={cloud}&requestType=core_cloud_services"
    ]


@pytest.mark.parametrize("path", ["/api/cloud-status?cloud=zdxcloud.net", "/rss-feed/zscaler.net"])
def test_a_document_is_polled_alone(path: str) -> None:
    assert [spec.url for spec in feeds(BASE + path)] == [BASE + path]


@pytest.mark.parametrize("word", list(SEVERITIES))
def test_a_severity_is_a_level(word: str) -> None:
    assert parse(event(word)).components[0].status is SEVERITIES[word][0]


def test_what_is_not_visible_is_a_note() -> None:
    told = parse(event("Service Disruption", visible="0"))

    assert told.incidents == ()
    assert told.components[0].status is Status.OPERATIONAL


def test_a_severity_that_nobody_knows_leaves_the_service_unknown() -> None:
    told = parse(event("Strange"))

    assert told.components[0].status is Status.UNKNOWN
    assert [problem.reason for problem in told.problems] == ["unknown word 'Strange'"]
    assert told.covers == {Cover.COMPONENTS, Cover.OPEN_INCIDENTS}


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"data": {"severity": []}}', b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


def test_no_services_prove_nothing() -> None:
    assert parse(document({"data": {"severity": [], "category": []}})).covers == frozenset()


def test_its_clouds_are_recognised_and_nothing_else() -> None:
    assert recognize(Sight(fixture("events.json")))
    assert not recognize(Sight(document({"data": {"severity": [], "category": []}})))
    assert not recognize(Sight(document(b"<html></html>")))
