"""Riot Games: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, Phase
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.riot import PLANNED, SEVERITIES, feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://status.riotgames.com"
FOLDER = Path(__file__).parent / "riot"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def told(**lists: object) -> Document:
    return document({"id": "NA1", "name": "NA", "locales": [], "incidents": [], "maintenances": [], **lists})


@pytest.mark.parametrize(
    ("path", "game", "region"),
    [
        ("", "lol", "na1"),
        ("/valorant", "valorant", "na"),
        ("/valorant?region=eu&locale=en_US", "valorant", "eu"),
        ("/lol?region=EUW1", "lol", "euw1"),
        ("/lol?region=../x", "lol", "na1"),
        ("/bacon", "bacon", "americas"),
        ("/wildrift", "wildrift", "na"),
    ],
)
def test_the_address_names_game_and_region(path: str, game: str, region: str) -> None:
    assert [spec.url for spec in feeds(BASE + path)] == [
        f"https://{game}.secure.dyn.riotcdn.net/channels/public/x/status/{region}.json"
    ]


def test_a_document_is_polled_alone() -> None:
    address = "https://euw1.api.riotgames.com/lol/status/v4/platform-data"

    assert [spec.url for spec in feeds(address)] == [address]
    assert feeds("nonsense") == ()


@pytest.mark.parametrize("word", list(SEVERITIES))
def test_a_severity_is_a_level_and_an_impact(word: str) -> None:
    snapshot = parse(told(incidents=[{"id": 1, "incident_severity": word}]))

    assert (snapshot.components[0].status, snapshot.incidents[0].impact) == SEVERITIES[word]


@pytest.mark.parametrize("word", list(PLANNED))
def test_a_maintenance_stands_where_its_word_says(word: str) -> None:
    assert parse(told(maintenances=[{"id": 1, "maintenance_status": word}])).incidents[0].phase is PLANNED[word]


def test_the_second_update_knows_the_cause() -> None:
    updates = [{"id": 1, "translations": []}, {"id": 2, "translations": []}]

    assert parse(told(incidents=[{"id": 1, "updates": updates[:1]}])).incidents[0].phase is Phase.INVESTIGATING
    assert parse(told(incidents=[{"id": 1, "updates": updates}])).incidents[0].phase is Phase.IDENTIFIED


def test_whole_lists_cover_what_is_open() -> None:
    assert parse(fixture("quiet.json")).covers == {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}
    assert parse(told(incidents=[{}])).covers == {Cover.OPEN_MAINTENANCES}


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"incidents": []}', b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


def test_its_documents_are_recognised_and_no_others() -> None:
    assert recognize(Sight(fixture("open.json")))
    assert not recognize(Sight(document({"incidents": [], "maintenances": []})))
    assert not recognize(Sight(document(b"<html></html>")))
