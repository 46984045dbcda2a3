"""Hyperping, Flashduty, Freshstatus, PagerDuty and StatusIQ: what their golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Phase, Role, Status
from statuswire.platforms import flashduty, freshstatus, hyperping, pagerduty, site24x7
from statuswire.platforms.base import Platform
from statuswire.platforms.parsing import recognise

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"


def document(body: object, url: str = "") -> Document:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Document(raw, NOW, url)


def urls(platform: Platform, page_url: str = PAGE, page_id: str | None = None) -> list[str]:
    return [feed.url for feed in platform.feeds(page_url, page_id)]


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "page_id", "expected"),
    [
        (hyperping.PLATFORM, None, [f"{PAGE}/status.json"]),
        (flashduty.PLATFORM, None, [f"{PAGE}/feed.rss"]),
        (freshstatus.PLATFORM, None, []),
        (
            freshstatus.PLATFORM,
            "4711",
            [
                "https://public-api.freshstatus.io/v1/public-components/?account_id=4711",
                "https://public-api.freshstatus.io/v1/public-incidents/?account_id=4711&end_time__isempty=true",
                "https://public-api.freshstatus.io/v1/public-incidents/?account_id=4711",
            ],
        ),
        (
            pagerduty.PLATFORM,
            None,
            [
                f"{PAGE}/api/services",
                f"{PAGE}/api/posts?statuses%5B%5D=investigating&statuses%5B%5D=detected&limit=500",
            ],
        ),
        (site24x7.PLATFORM, None, [f"{PAGE}/rss"]),
        (
            site24x7.PLATFORM,
            "aB3%3D",
            [f"{PAGE}/sp/api/public/summary_details/statuspages/aB3%3D?period=1&timezone=UTC", f"{PAGE}/rss"],
        ),
    ],
)
def test_the_feeds_of_a_page(platform: Platform, page_id: str | None, expected: list[str]) -> None:
    assert urls(platform, page_id=page_id) == expected


@pytest.mark.parametrize(
    ("platform", "address"),
    [
        (hyperping.PLATFORM, f"{PAGE}/status.json"),
        (flashduty.PLATFORM, f"{PAGE}/feed.atom"),
        (freshstatus.PLATFORM, "https://public-api.freshstatus.io/v1/public-components/?account_id=1"),
        (pagerduty.PLATFORM, f"{PAGE}/api/impacted_services"),
        (site24x7.PLATFORM, f"{PAGE}/rss"),
    ],
)
def test_a_document_named_by_its_own_address_is_polled_alone(platform: Platform, address: str) -> None:
    assert urls(platform, address) == [address]


@pytest.mark.parametrize("platform", [one.PLATFORM for one in (hyperping, flashduty, pagerduty, site24x7)])
def test_what_is_no_address_has_no_feeds(platform: Platform) -> None:
    assert urls(platform, "http://[") == []


def test_the_history_of_freshstatus_is_read_only_to_learn_an_end() -> None:
    assert freshstatus.feeds(PAGE, "4711")[2].role is Role.HISTORY


def test_the_account_of_freshstatus_stands_in_the_page() -> None:
    head = b'<html><script src="https://cdn.freshstatus.io/x.js"></script>'
    page = head + b'{"props":{"accountDetails":{"name":"A","id":4711}}}'
    nobody = head + b'{"error":"Account with the subdomain does not exist","account_id":1}'

    assert freshstatus.page_id(document(page)) == "4711"
    assert freshstatus.page_id(document(nobody)) is None
    assert freshstatus.page_id(document(b'<html>{"account_id": 12}')) is None


def test_the_encoded_id_of_statusiq_stands_in_the_page() -> None:
    assert site24x7.page_id(document(b'<html><script>var x = {"enc_statuspage_id":"aB3%3D"}</script>')) == "aB3%3D"
    assert site24x7.page_id(document(b"<html>")) is None


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "level"), hyperping.LEVELS.items())
def test_the_words_of_hyperping(word: str, level: Status) -> None:
    (component,) = hyperping.parse(document({"indicator": word, "uptime": "99"}, f"{PAGE}/status.json")).components

    assert component.status is level


@pytest.mark.parametrize(("word", "level"), [*site24x7.LEVELS.items()])
def test_the_numbers_of_statusiq_may_be_text(word: str, level: Status) -> None:
    row = {"enc_component_id": "a", "display_name": "API", "component_status": word}
    number = {**row, "enc_component_id": "b", "component_status": int(word)}
    told = site24x7.parse(document({"data": {"current_status": [row, number], "active_incident_details": []}}))

    assert [one.status for one in told.components] == [level, level]


@pytest.mark.parametrize(
    ("word", "level"), [("OP", "operational"), ("PD", "degraded"), ("PO", "partial_outage"), ("MO", "major_outage")]
)
def test_the_words_of_freshstatus(word: str, level: str) -> None:
    body = {"next": None, "results": [{"id": 1, "name": "A", "status": word, "display_options": {}}]}

    assert freshstatus.parse(document(body)).components[0].status.value == level


def test_a_plan_of_freshstatus_goes_by_the_clock() -> None:
    row = {"id": 1, "title": "x", "is_planned": True, "start_time": None}
    moments = ("2026-05-04T11:00:00Z", "2026-05-04T13:00:00Z")
    told = [freshstatus.parse(document({**row, "scheduled_start_time": at})).incidents[0].phase for at in moments]

    assert told == [Phase.IN_PROGRESS, Phase.SCHEDULED]


def test_an_incident_of_freshstatus_further_down_a_longer_list_may_still_be_open() -> None:
    url = "https://public-api.freshstatus.io/v1/public-incidents/?account_id=1&end_time__isempty=true"

    assert freshstatus.parse(document({"next": "https://more", "results": []}, url)).covers == frozenset()


# --- shapes ----------------------------------------------------------------------------------------------------------


def test_services_of_pagerduty_say_nothing_of_their_level_and_posts_say_which_are_hit() -> None:
    services = pagerduty.parse(document({"services": [{"id": "P1", "name": "API", "status_page_id": "P"}]}))
    posts = pagerduty.parse(document({"posts": []}, f"{PAGE}/api/posts?statuses%5B%5D=investigating"))

    assert services.components[0].lacks_status
    assert posts.covers == {Cover.OPEN_INCIDENTS, Cover.TROUBLED}


def test_all_posts_of_pagerduty_prove_nothing_by_absence() -> None:
    assert pagerduty.parse(document({"posts": []}, f"{PAGE}/api/posts?limit=500")).covers == frozenset()


@pytest.mark.parametrize("platform", [one.PLATFORM for one in (hyperping, freshstatus, pagerduty, site24x7)])
@pytest.mark.parametrize("body", [b"<html><title>Acme</title>", b"", b'{"error": "nope"}', b"[]", b"null"])
def test_what_is_none_of_theirs_is_refused(platform: Platform, body: bytes) -> None:
    with pytest.raises(ParseError):
        platform.parse(document(body))


def test_another_feed_is_not_read_as_theirs() -> None:
    feed = b"<rss version='2.0'><channel><title>x</title><item><title>Down</title><guid>1</guid></item></channel></rss>"

    for platform in (flashduty.PLATFORM, site24x7.PLATFORM):
        with pytest.raises(ParseError) as caught:
            platform.parse(document(feed))
        assert caught.value.reason is ParseReason.SHAPE


@pytest.mark.parametrize(
    "body",
    [
        {"indicator": "none", "description": "All fine"},
        {"page": {"id": "k3m9s8d1f2gh"}, "status": {"indicator": "none"}},
        {"services": [{"id": 1}]},
        {"results": [], "next": None},
        {"posts": []},
        {"data": {"current_status": []}},
    ],
)
def test_look_alikes_are_not_theirs(body: object) -> None:
    found = recognise(document(body))

    assert found is None or found.name not in {"hyperping", "flashduty", "freshstatus", "pagerduty", "site24x7"}
