"""The former page of Stripe: what golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Cover, Status
from statuswire.platforms.vendors.stripe import LEVELS, feeds, parse, recognize
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

HOME = "https://status.stripe.com"


def test_the_page_is_gone_and_nothing_of_it_is_polled() -> None:
    assert feeds(HOME) == ()
    assert feeds("https://www.stripestatus.com") == ()


@pytest.mark.parametrize("path", ["/current", "/current/full"])
def test_a_document_that_is_named_is_polled(path: str) -> None:
    assert [spec.url for spec in feeds(HOME + path)] == [HOME + path]


@pytest.mark.parametrize("word", list(LEVELS))
def test_each_word_is_a_level(word: str) -> None:
    snapshot = parse(document({"largestatus": word, "statuses": {"api": word}}))

    assert snapshot.page.status is LEVELS[word]
    assert snapshot.components[0].status is LEVELS[word]


@pytest.mark.parametrize(
    ("whole", "warning", "level"),
    [
        ("up", False, Status.OPERATIONAL),
        ("up", True, Status.DEGRADED),
        ("degraded", True, Status.DEGRADED),
        ("down", True, Status.MAJOR_OUTAGE),
        ("wobbly", True, Status.UNKNOWN),
    ],
)
def test_a_row_with_a_warning_is_as_the_whole_page_is(whole: str, warning: bool, level: Status) -> None:
    row = {"key": "api", "title": "API", "warning": warning}

    assert parse(document({"UptimeStatus": whole, "uptimeData": [row]})).components[0].status is level


def test_a_row_without_a_word_is_not_green() -> None:
    body = {"UptimeStatus": "up", "uptimeData": [{"key": "api"}]}

    assert parse(document(body)).components[0].status is Status.UNKNOWN


def test_a_document_without_rows_covers_nothing() -> None:
    snapshot = parse(document({"largestatus": "up"}))

    assert snapshot.page.status is Status.OPERATIONAL
    assert Cover.COMPONENTS not in snapshot.covers


@pytest.mark.parametrize("body", NOT_OURS)
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body)
    assert not recognize(sight(body))


@pytest.mark.parametrize("case", ["quiet", "open", "full", "full-down"])
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"stripe/{case}.json")))
