"""RingCentral: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.ringcentral import LEVELS, feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://status.ringcentral.com"
FOLDER = Path(__file__).parent / "ringcentral"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def test_the_rows_are_polled() -> None:
    assert [spec.url for spec in feeds(BASE)] == [f"{BASE}/status.json"]
    assert [spec.url for spec in feeds(f"{BASE}/status.json")] == [f"{BASE}/status.json"]
    assert feeds("nonsense") == ()


@pytest.mark.parametrize("word", list(LEVELS))
def test_a_word_is_a_level(word: str) -> None:
    told = parse(document([{"service": "a", "region": "b", "level": word.title(), "alerts": []}]))

    assert told.components[0].status is LEVELS[word]
    assert told.covers == {Cover.COMPONENTS, Cover.OPEN_INCIDENTS}


def test_an_alert_that_cannot_be_read_closes_nothing() -> None:
    told = parse(document([{"service": "a", "region": "b", "level": "Minor", "alerts": [{}]}]))

    assert told.covers == frozenset()
    assert [problem.where for problem in told.problems] == ["services[0].alerts[0]"]


@pytest.mark.parametrize("body", [b"{}", b"[]", b'[{"service": "a"}]', b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


def test_its_rows_are_recognised_and_no_others() -> None:
    assert recognize(Sight(fixture("quiet.json")))
    assert not recognize(Sight(document([{"service": "a", "region": "b", "level": "Good"}])))
    assert not recognize(Sight(document(b"<html></html>")))
