"""X: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document, Phase, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.x import feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://docs.x.com/status"
FOLDER = Path(__file__).parent / "x"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def test_the_markdown_twin_is_polled() -> None:
    assert [(spec.url, spec.accept) for spec in feeds(BASE)] == [(f"{BASE}.md", "text/markdown")]
    assert [spec.url for spec in feeds(f"{BASE}.md")] == [f"{BASE}.md"]
    assert feeds("nonsense") == ()


def test_the_page_is_well_only_where_the_banner_says_so() -> None:
    assert parse(fixture("quiet.html")).page.status is Status.OPERATIONAL
    assert parse(fixture("trouble.html")).page.status is None


def test_an_old_mark_of_ongoing_is_not_believed() -> None:
    assert [one.phase for one in parse(fixture("trouble.html")).incidents] == [
        Phase.INVESTIGATING,
        Phase.UNKNOWN,
        Phase.UNKNOWN,
    ]


def test_nothing_is_covered() -> None:
    assert parse(fixture("quiet.html")).covers == frozenset()


@pytest.mark.parametrize("body", [b"# Something", b"{}", b"<!DOCTYPE html><html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


def test_its_page_is_recognised_and_nothing_else() -> None:
    assert recognize(Sight(fixture("quiet.html")))
    assert not recognize(Sight(document({"a": "<Tooltip"})))
    assert not recognize(Sight(document(b"<html><Card><Tooltip></html>")))
