"""PlayStation Network: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, Impact, Kind, Phase, Status
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


def test_one_region_covers_itself_and_nothing_of_the_others() -> None:
    told = parse(fixture("quiet.json"))

    assert told.covers == {Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}
    assert all(one.id.startswith(told.within) for one in told.components)


def test_a_status_with_an_id_is_an_incident_of_all_its_services() -> None:
    status = {"statusId": "7", "statusType": "Outage"}
    (incident,) = parse(region([status], [status])).incidents

    assert (incident.id, incident.impact) == ("SCEE/7", Impact.CRITICAL)
    assert [one.name for one in incident.components or ()] == ["Store"]


def test_a_maintenance_has_begun() -> None:
    (incident,) = parse(region([{"statusId": 7, "statusType": "Maintenance"}])).incidents

    assert (incident.kind, incident.phase) == (Kind.MAINTENANCE, Phase.IN_PROGRESS)


@pytest.mark.parametrize("status", [{"statusId": "7", "statusType": "OK"}, {"statusType": "Outage"}])
def test_what_is_well_or_has_no_id_is_no_incident(status: object) -> None:
    assert parse(region([status])).incidents == ()


def test_an_unknown_word_is_kept_and_named() -> None:
    told = parse(region([{"statusId": "7", "statusType": "Sleepy"}]))

    assert (told.components[0].status, told.components[0].raw_status) == (Status.UNKNOWN, "Sleepy")
    assert told.incidents[0].phase is Phase.UNKNOWN
    assert [one.reason for one in told.problems] == ["unknown word 'Sleepy'"]


@pytest.mark.parametrize("statuses", [None, ["Outage"]])
def test_a_region_with_something_unreadable_covers_nothing(statuses: object) -> None:
    assert parse(region(statuses)).covers == frozenset()


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"regionName": "SCEE"}', b"<html></html>", b""])
def test_what_is_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(document(body))


def test_its_regions_are_recognised_and_nothing_else() -> None:
    assert recognize(Sight(fixture("quiet.json")))
    assert not recognize(Sight(document({"countries": []})))
    assert not recognize(Sight(document(b"<html></html>")))
