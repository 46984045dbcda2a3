"""DeepL: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.deepl import feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://api-status.deepl.com"
FOLDER = Path(__file__).parent / "deepl"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def test_the_state_is_polled_and_the_feed_where_it_cannot_be_read() -> None:
    assert [(spec.url.removeprefix(BASE), spec.tier) for spec in feeds(f"{BASE}/")] == [("/api/status", 0), ("/rss", 1)]


@pytest.mark.parametrize("path", ["/api/status", "/rss"])
def test_a_document_is_polled_alone(path: str) -> None:
    assert [spec.url for spec in feeds(BASE + path)] == [BASE + path]


def test_an_absent_list_covers_nothing() -> None:
    assert parse(document({"overall": "operational", "datacenters": []})).covers == frozenset()
    assert parse(document({"overall": "operational", "datacenters": [], "incidents": []})).covers == {
        Cover.OPEN_INCIDENTS
    }


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"overall": "operational"}', b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


def test_its_state_is_recognised_and_nothing_else() -> None:
    assert recognize(Sight(fixture("quiet.json")))
    assert not recognize(Sight(document({"overall": "operational", "incidents": []})))
    assert not recognize(Sight(document(b"<html></html>")))
