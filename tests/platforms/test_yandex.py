"""Yandex Cloud: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, Impact, Incident, Phase, Role, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.yandex import COMMENTS, LEVELS, feeds, more, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://status.yandex.cloud"
FOLDER = Path(__file__).parent / "yandex"


def document(body: object, url: str = f"{BASE}/api/services") -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def one(**fields: object) -> Incident:
    given = {"id": 1, "status": "open", "startDate": "2026-05-04T09:00:00Z", **fields}
    return parse(document(given)).incidents[0]


def test_services_are_polled_and_past_incidents_looked_up() -> None:
    assert [(spec.url, spec.role) for spec in feeds(f"{BASE}/en/timeline")] == [
        (f"{BASE}/api/services?incidents=all&lang=en", Role.STATE),
        (f"{BASE}/api/incidents?lang=en&installation=all", Role.HISTORY),
    ]


@pytest.mark.parametrize("path", ["/api/services?lang=en", "/api/incidents?lang=en", "/api/incidents/901?lang=en"])
def test_a_document_is_polled_alone(path: str) -> None:
    assert [spec.url for spec in feeds(BASE + path)] == [BASE + path]


def test_the_comments_of_what_is_open_are_fetched() -> None:
    assert [spec.url for spec in more(fixture("services.json"))] == [
        f"{BASE}/api/incidents/901?lang=en",
        f"{BASE}/api/incidents/902?lang=en",
    ]
    assert more(fixture("history.json")) == ()
    assert more(document(b"<html>")) == ()


@pytest.mark.parametrize("word", ["investigation", "update"])
def test_what_is_open_stands_where_its_newest_comment_says(word: str) -> None:
    assert one(comments=[{"id": 1, "type": word, "createdAt": "2026-05-04T09:00:00Z"}]).phase is COMMENTS[word]


def test_a_closing_comment_does_not_close_what_is_open() -> None:
    assert one(comments=[{"id": 1, "type": "resolved"}]).phase is Phase.INVESTIGATING


@pytest.mark.parametrize("level", list(LEVELS))
def test_a_level_is_an_impact_and_that_of_the_services(level: str) -> None:
    told = one(levelId=int(level), services=[{"slug": "relay"}])

    assert ((told.components or ())[0].status, told.impact) == LEVELS[level]


@pytest.mark.parametrize("end", [None, ""])
def test_moments_may_be_missing(end: object) -> None:
    assert one(endDate=end, createdAt=end, updatedAt=end).resolved_at is None


def test_a_service_without_incidents_does_not_close_any() -> None:
    told = parse(document([{"slug": "a", "name": "A", "installationCode": "ru"}]))

    assert told.covers == {Cover.COMPONENTS}


def test_an_unknown_level_leaves_the_service_unknown() -> None:
    told = parse(fixture("oddities.json"))

    assert told.components[0].status is Status.UNKNOWN
    assert told.incidents[0].impact is Impact.UNKNOWN
    assert told.covers == frozenset()


@pytest.mark.parametrize("body", [[], [1], {}, {"items": [{"id": 1}]}, {"items": 3}, b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: object) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


@pytest.mark.parametrize("name", ["services.json", "quiet.json", "history.json", "incident.json"])
def test_its_documents_are_recognised(name: str) -> None:
    assert recognize(Sight(fixture(name)))


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"items": []}', b'[{"slug": "a", "name": "b"}]', b"<html></html>"])
def test_others_are_not_recognised(body: bytes) -> None:
    assert not recognize(Sight(document(body)))
