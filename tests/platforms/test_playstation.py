"""PlayStation Network: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.playstation import LEVELS, REGIONS, feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://status.playstation.com"
FOLDER = Path(__file__).parent / "playstation"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


def region(statuses: object, above: object = ()) -> Document:
    services = [{"serviceName": "Store", "status": statuses}]
    return document({"regionName": "SCEE", "status": [], "countries": [
        {"countryCode": "XX", "status": list(above), "services": services}
    ]})  # fmt: skip


def test_all_regions_are_polled_unless_one_is_named() -> None:
    assert [spec.url for spec in feeds(BASE)] == [f"{BASE}/data/statuses/region/{one}.json" for one in REGIONS]
    assert [spec.url for spec in feeds(f"{BASE}/data/statuses/region/SCEJ.json")] == [
        f"{BASE}/data/statuses/region/SCEJ.json"
    ]
    assert feeds("nonsense") == ()


@pytest.mark.parametrize("word", list(LEVELS))
def test_a_word_is_a_level(word: str) -> None:
    assert parse(region([{"statusType": word.title()}])).components[0].status is LEVELS[word]


@pytest.mark.parametrize("statuses", [[], [{}], [{"statusType": ""}], [{"statusType": None}]])
def test_no_status_is_none(statuses: object) -> None:
    assert parse(region(statuses)).components[0].status is Status.OPERATIONAL


def test_no_list_of_statuses_is_unknown() -> None:
    assert parse(region(None)).components[0].status is Status.UNKNOWN


def test_what_is_listed_for_a_country_counts_for_its_services() -> None:
    assert parse(region([], [{"statusType": "Outage"}])).components[0].status is Status.MAJOR_OUTAGE


def test_one_region_covers_nothing_of_the_others() -> None:
    assert parse(fixture("quiet.json")).covers == frozenset()


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"regionName": "SCEE"}', b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


def test_its_regions_are_recognised_and_nothing_else() -> None:
    assert recognize(Sight(fixture("quiet.json")))
    assert not recognize(Sight(document({"countries": []})))
    assert not recognize(Sight(document(b"<html></html>")))
