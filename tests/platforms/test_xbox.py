"""Xbox: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.xbox import API, LEVELS, feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://support.xbox.com/en-US/xbox-live-status"
FOLDER = Path(__file__).parent / "xbox"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def test_the_market_follows_from_the_address_of_the_page() -> None:
    assert [spec.url for spec in feeds(BASE)] == [f"{API}/US/en-US"]
    assert [spec.url for spec in feeds(BASE.replace("en-US", "de-AT"))] == [f"{API}/AT/de-AT"]
    assert [spec.url for spec in feeds("https://support.xbox.com/")] == [f"{API}/US/en-US"]
    assert [spec.url for spec in feeds(f"{API}/GB/en-GB")] == [f"{API}/GB/en-GB"]


@pytest.mark.parametrize("word", list(LEVELS))
def test_a_word_is_a_level(word: str) -> None:
    told = parse(document({"CoreServices": [{"Id": 1, "Name": "Store", "Status": {"Name": word.title()}}]}))

    assert told.components[0].status is LEVELS[word]
    assert told.covers == {Cover.COMPONENTS}


def test_xml_says_what_json_says() -> None:
    told = parse(fixture("state.xml"))

    assert [(row.id, row.status) for row in told.components] == [
        ("1", LEVELS["none"]),
        ("2", LEVELS["limited"]),
        ("title/2", LEVELS["none"]),
    ]


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"CoreServices": {}}', b"<a><b/></a>", b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


@pytest.mark.parametrize("name", ["quiet.json", "trouble.json", "state.xml"])
def test_its_documents_are_recognised(name: str) -> None:
    assert recognize(Sight(fixture(name)))


@pytest.mark.parametrize("body", [b"{}", b'{"CoreServices": []}', b"<CoreServices/>", b"[]"])
def test_others_are_not_recognised(body: bytes) -> None:
    assert not recognize(Sight(document(body)))
