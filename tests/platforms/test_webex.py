"""Cisco Webex: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, Kind, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.webex import INDICATORS, feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://status.webex.com"
FOLDER = Path(__file__).parent / "webex"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def test_the_summary_is_polled_and_the_feed_where_it_cannot_be_read() -> None:
    assert [(spec.url.removeprefix(BASE), spec.tier) for spec in feeds(BASE)] == [
        ("/index.json", 0),
        ("/history.rss", 1),
    ]


@pytest.mark.parametrize("path", ["/index.json", "/unresolved-incidents.json", "/history.rss"])
def test_a_document_is_polled_alone(path: str) -> None:
    assert [spec.url for spec in feeds(BASE + path)] == [BASE + path]


@pytest.mark.parametrize("word", list(INDICATORS))
def test_a_colour_is_the_state_of_the_page(word: str) -> None:
    told = parse(document({"status": {"indicator": word}, "components": []}))

    assert told.page.status is INDICATORS[word]
    assert Cover.COMPONENTS not in told.covers


def test_another_colour_is_unknown_and_named() -> None:
    told = parse(document({"status": {"indicator": "purple"}, "components": []}))

    assert told.page.status is Status.UNKNOWN
    assert [problem.reason for problem in told.problems] == ["unknown word 'purple'"]


def test_a_part_of_the_summary_covers_its_own_list() -> None:
    assert parse(fixture("unresolved.json")).covers == {Cover.OPEN_INCIDENTS}


def test_a_planned_one_among_incidents_is_a_maintenance() -> None:
    told = parse(document({"incidents": [{"id": 1, "status": "scheduled"}]}))

    assert told.incidents[0].kind is Kind.MAINTENANCE


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"components": {}}', b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


@pytest.mark.parametrize("name", ["quiet.json", "trouble.json"])
def test_its_summary_is_recognised(name: str) -> None:
    assert recognize(Sight(fixture(name)))


@pytest.mark.parametrize(
    "body",
    [
        {"status": {"indicator": "none"}, "components": []},
        {"page": {"id": "a"}, "status": {"indicator": "green"}, "components": []},
        {},
        [],
    ],
)
def test_others_are_not_recognised(body: object) -> None:
    assert not recognize(Sight(document(body)))
