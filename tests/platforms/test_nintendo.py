"""Nintendo: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, Phase
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.nintendo import feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://www.nintendo.co.jp/netinfo/en_US/index.html"
FOLDER = Path(__file__).parent / "nintendo"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


@pytest.mark.parametrize("language", ["en_US", "ja_JP"])
def test_the_document_of_the_language_of_the_page_is_polled(language: str) -> None:
    folder = f"https://www.nintendo.co.jp/netinfo/{language}"

    assert [spec.url for spec in feeds(f"{folder}/index.html")] == [f"{folder}/status.json"]
    assert [spec.url for spec in feeds(f"{folder}/status.json")] == [f"{folder}/status.json"]


def test_a_bare_address_is_that_of_the_united_states() -> None:
    assert [spec.url for spec in feeds("https://www.nintendo.co.jp")] == [BASE.replace("index.html", "status.json")]
    assert feeds("nonsense") == ()


def test_the_call_around_the_document_is_taken_off() -> None:
    bare = (FOLDER / "notices.json").read_bytes()

    assert parse(document(b"getJSON(" + bare + b");")) == parse(document(bare))


def test_times_are_pacific_ones() -> None:
    assert parse(fixture("notices.json")).incidents[0].started_at == datetime(2026, 5, 4, 9, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begin", "status", "phase"),
    [
        ("Friday, May 8, 2026 8:30 PM", "0", Phase.SCHEDULED),
        ("Monday, May 4, 2026 1:00 AM", "0", Phase.IN_PROGRESS),
        ("Monday, May 4, 2026 1:00 AM", "3", Phase.COMPLETED),
    ],
)
def test_a_maintenance_stands_where_its_times_say_until_it_is_completed(begin: str, status: str, phase: Phase) -> None:
    row = {"software_title": "Work", "begin": begin, "event_status": status}

    assert parse(document({"temporary_maintenances": [row]})).incidents[0].phase is phase


def test_a_notice_keeps_its_id_while_its_text_changes() -> None:
    row = {"software_title": "Work", "begin": "Monday, May 4, 2026 1:00 AM", "platform": ["web"]}

    ids = {parse(document({"operational_statuses": [{**row, "message": text}]})).incidents[0].id for text in ("a", "b")}

    assert len(ids) == 1


def test_whole_lists_cover_what_is_open() -> None:
    assert parse(fixture("quiet.json")).covers == {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}
    assert parse(fixture("oddities.json")).covers == frozenset()


@pytest.mark.parametrize("body", [b"{}", b"[]", b"getJSON({", b"getJSON({});", b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


def test_its_documents_are_recognised_and_no_others() -> None:
    assert recognize(Sight(fixture("notices.json")))
    assert not recognize(Sight(document({"temporary_maintenances": []})))
    assert not recognize(Sight(document(b"<html></html>")))
