"""Apple: what golden documents cannot say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire.errors import ParseReason
from statuswire.model import Cover, Impact, Kind, Phase, Snapshot, Status
from statuswire.platforms.vendors.apple import (
    CONSUMER_URL,
    DEVELOPER_SPARE_URL,
    DEVELOPER_URL,
    IMPACTS,
    LEVELS,
    PHASES,
    feeds,
    parse,
    recognize,
    slug,
)
from tests.platforms.vendor_checks import NOT_OURS, NOW, document, fixture, refused, sight


def event(**fields: object) -> dict[str, object]:
    plain = {"messageId": "9", "statusType": "Outage", "eventStatus": "ongoing", "message": "Away."}
    return {**plain, "usersAffected": "Some users are affected", "epochStartDate": 1777885200000, **fields}


def body(*events: object, name: str = "iCloud Mail") -> dict[str, object]:
    return {"drpost": False, "drMessage": None, "services": [{"serviceName": name, "events": list(events)}]}


def called(value: object) -> bytes:
    return b"jsonCallback(" + json.dumps(value).encode() + b");\n"


def read(**fields: object) -> Snapshot:
    return parse(document(body(event(**fields)), CONSUMER_URL))


@pytest.mark.parametrize(
    "page", ["https://www.apple.com/support/systemstatus/", "https://www.apple.com/de/support/systemstatus/"]
)
def test_the_page_for_customers_is_polled_in_one_locale(page: str) -> None:
    assert [spec.url for spec in feeds(page)] == [CONSUMER_URL]


def test_the_page_for_developers_has_a_spare() -> None:
    found = feeds("https://developer.apple.com/system-status/")

    assert [(spec.url, spec.tier) for spec in found] == [(DEVELOPER_URL, 0), (DEVELOPER_SPARE_URL, 1)]


def test_a_file_that_is_named_is_polled_alone() -> None:
    url = CONSUMER_URL.replace("en_US", "de_DE")

    assert [spec.url for spec in feeds(url)] == [url]


@pytest.mark.parametrize("word", list(LEVELS))
def test_each_type_is_a_level_and_an_impact(word: str) -> None:
    snapshot = read(statusType=word)

    assert snapshot.components[0].status is LEVELS[word]
    assert snapshot.incidents[0].impact is IMPACTS[word]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("word", list(PHASES[Kind.INCIDENT]))
def test_each_state_is_a_phase_of_its_kind(kind: Kind, word: str) -> None:
    told = read(eventStatus=word, statusType="Maintenance" if kind is Kind.MAINTENANCE else "Issue").incidents[0]

    assert (told.kind, told.phase) == (kind, PHASES[kind][word])


def test_an_outage_for_all_users_is_critical() -> None:
    assert read(usersAffected="All users are affected").incidents[0].impact is Impact.CRITICAL


@pytest.mark.parametrize("around", [b"jsonCallback(%s);", b"jsonCallback(%s)", b"var x = %s;", b"/**/cb(%s);", b"%s"])
def test_the_call_around_the_data_is_taken_off(around: bytes) -> None:
    snapshot = parse(document(around.replace(b"%s", json.dumps(body(event())).encode()), CONSUMER_URL))

    assert snapshot.components[0].status is Status.MAJOR_OUTAGE


def test_the_same_service_is_another_one_for_developers() -> None:
    assert parse(document(body(), CONSUMER_URL)).components[0].id == "consumer/icloud-mail"
    assert parse(document(body(), DEVELOPER_URL)).components[0].id == "developer/icloud-mail"
    assert parse(document(called(body()))).components[0].id == "developer/icloud-mail"


def test_one_message_on_two_services_is_two_incidents() -> None:
    services = [{"serviceName": name, "events": [event()]} for name in ("iCloud Mail", "iCloud Drive")]

    assert [one.id for one in parse(document({"services": services})).incidents] == [
        "9/consumer/icloud-mail",
        "9/consumer/icloud-drive",
    ]


def test_a_new_wording_is_another_update_of_when_it_was_seen() -> None:
    later = replace(document(body(event(message="Still away."))), received_at=NOW + timedelta(hours=1))

    (first,), (second,) = read().incidents[0].updates, parse(later).incidents[0].updates

    assert first.id != second.id
    assert (first.at, second.at) == (NOW, NOW + timedelta(hours=1))


def test_the_same_wording_is_the_same_update_whenever_it_is_seen() -> None:
    later = replace(document(body(event()), CONSUMER_URL), received_at=NOW + timedelta(hours=1))

    assert parse(later).incidents[0].updates[0].id == read().incidents[0].updates[0].id


def test_a_count_of_seconds_begins_in_2001() -> None:
    told = read(epochStartDate=646419600).incidents[0]

    assert told.started_at == datetime(2021, 6, 26, 17, tzinfo=UTC)


def test_without_a_number_service_and_start_are_the_identity() -> None:
    assert read(messageId=None).incidents[0].id == "1777885200/consumer/icloud-mail"


def test_a_service_whose_events_cannot_be_read_is_not_green() -> None:
    snapshot = parse(document({"services": [{"serviceName": "iCloud Mail", "events": "none"}]}))

    assert snapshot.components[0].lacks_status
    assert Cover.OPEN_INCIDENTS not in snapshot.covers


def test_an_emergency_stands_above_the_page() -> None:
    told = {**body(), "drpost": True, "drMessage": "<b>Storms</b> hit us."}

    assert parse(document(told)).page.status_text == "Storms hit us."


@pytest.mark.parametrize(("name", "expected"), [("Apple TV+", "apple-tv+"), ("Sign in: Apple", "sign-in-apple")])
def test_a_name_becomes_part_of_an_id(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize("body", [*NOT_OURS, b"jsonCallback({});", b'{"services": []}', b'cb({"services": ['])
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body)


@pytest.mark.parametrize("body", NOT_OURS)
def test_what_is_not_ours_is_not_claimed(body: object) -> None:
    assert not recognize(sight(body))


def test_a_web_page_in_its_place_is_named() -> None:
    assert refused(parse, b"<!DOCTYPE html><html><title>Apple</title></html>").reason is ParseReason.HTML


@pytest.mark.parametrize("case", ["quiet", "open", "resolved", "maintenance"])
def test_the_content_is_recognised_with_and_without_a_call(case: str) -> None:
    plain = fixture(f"apple/{case}.json")

    assert recognize(sight(plain))
    assert recognize(sight(b"jsonCallback(" + plain + b");"))


@pytest.mark.captures
@pytest.mark.parametrize(
    ("name", "services", "going_on"),
    [
        ("customer-no-issues", 65, 0),
        ("customer-one-ongoing-issue", 63, 1),
        ("customer-three-ongoing-issues", 65, 3),
        ("customer-three-resolved-issues", 65, 0),
    ],
)
def test_captured_pages_have_so_many_services_and_problems(
    captures: Path, name: str, services: int, going_on: int
) -> None:
    content = (captures / f"apple/customer/{name}.json").read_bytes()

    snapshot = parse(document(content))

    assert recognize(sight(content))
    assert snapshot.problems == ()
    assert len(snapshot.components) == services
    assert sum(one.phase is Phase.INVESTIGATING for one in snapshot.incidents) == going_on
    assert sum(row.status is not Status.OPERATIONAL for row in snapshot.components) == going_on
