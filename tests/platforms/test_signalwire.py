"""SignalWire: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.signalwire import LEVELS, feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://status.signalwire.com"
FOLDER = Path(__file__).parent / "signalwire"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def test_the_components_are_polled() -> None:
    assert [spec.url for spec in feeds(BASE)] == [f"{BASE}/api/components"]
    assert [spec.url for spec in feeds(f"{BASE}/api/components")] == [f"{BASE}/api/components"]
    assert feeds("nonsense") == ()


@pytest.mark.parametrize("word", list(LEVELS))
def test_a_word_is_a_level(word: str) -> None:
    told = parse(document([{"name": "Voice", "status": word}]))

    assert told.components[0].status is LEVELS[word]
    assert told.covers == {Cover.COMPONENTS}


@pytest.mark.parametrize("body", [b"{}", b"[]", b'[{"name": "a"}]', b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


@pytest.mark.parametrize(
    ("body", "is_ours"),
    [
        ([{"name": "Voice", "status": "Partial Outage"}], True),
        ([{"name": "Voice", "status": "operational"}], False),
        ([{"name": "Voice", "status": "Up"}], False),
        ([{"id": 1, "name": "Voice", "status": "Operational"}], False),
        ([], False),
    ],
)
def test_only_bare_rows_in_its_own_spelling_are_recognised(body: object, is_ours: bool) -> None:
    assert recognize(Sight(document(body))) is is_ours
