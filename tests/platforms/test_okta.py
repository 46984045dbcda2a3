"""Okta: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Impact, Incident, Phase, Role, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.okta import CATEGORIES, FEED, feeds, parse, recognize

FOLDER = Path(__file__).parent / "okta"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PAGE = "https://status.okta.com/"


def document(body: bytes | str) -> Document:
    return Document(body if isinstance(body, bytes) else body.encode(), NOW, url=PAGE)


def page(*records: object, name: str = "incidents") -> Document:
    held = escape(json.dumps(list(records)), quote=False)
    first = "" if name == "incidents" else '<span data-id="incidents">[]</span>'
    return document(f'<html><body>Okta {first}<span data-id="{name}">{held}</span></body></html>')


def one(**fields: object) -> Incident:
    return parse(page({"Id": "a1", "Status__c": "Investigating", **fields})).incidents[0]


def test_the_page_is_polled_and_the_feed_where_it_cannot_be_read() -> None:
    specs = feeds("https://status.okta.com")

    assert [(spec.url, spec.role, spec.tier, spec.accept) for spec in specs] == [
        (PAGE, Role.STATE, 0, "text/html"),
        (FEED, Role.ENTRIES, 1, "application/rss+xml"),
    ]
    assert [spec.url for spec in feeds(FEED)] == [FEED]
    assert feeds("nonsense") == ()


def test_words_that_stay_are_one_update_however_often_the_record_is_touched() -> None:
    before, after, more = (
        one(Log__c=words, Last_Updated__c=at).updates[0].id
        for words, at in (
            ("We look.", "2026-05-04T09:30:00Z"),
            ("We look.", "2026-05-04T09:50:00Z"),
            ("It is the disk. We look.", "2026-05-04T10:10:00Z"),
        )
    )

    assert before == after
    assert before != more


@pytest.mark.parametrize("word", list(CATEGORIES))
def test_a_category_is_a_level_and_an_impact(word: str) -> None:
    told = one(Category__c=word, Impacted_Cells__c="OK1")

    assert ((told.components or ())[0].status, told.impact) == CATEGORIES[word]


def test_an_issue_of_a_third_party_is_never_worse_than_minor() -> None:
    told = one(Category__c="Major Service Disruption", Service_Feature__c="tp", Impacted_Cells__c="OK1")

    assert (told.impact, (told.components or ())[0].status) == (Impact.MINOR, Status.DEGRADED)


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("Investigating", Phase.INVESTIGATING),
        ("Monitoring", Phase.MONITORING),
        ("Resolved", Phase.RESOLVED),
        ("Closed", Phase.RESOLVED),
        ("Completed", Phase.RESOLVED),
        ("In Progress", Phase.INVESTIGATING),
        ("Anything else", Phase.INVESTIGATING),
        (None, Phase.INVESTIGATING),
    ],
)
def test_anything_but_a_closing_word_is_open(word: object, phase: Phase) -> None:
    assert one(Status__c=word).phase is phase


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("Scheduled", Phase.SCHEDULED),
        ("In Progress", Phase.IN_PROGRESS),
        ("Completed", Phase.COMPLETED),
        ("Resolved", Phase.COMPLETED),
        ("Odd", Phase.SCHEDULED),
    ],
)
def test_a_planned_outage_stands_where_its_word_says(word: str, phase: Phase) -> None:
    told = parse(page({"Id": "p1", "Status__c": word}, name="planned-outages")).incidents[0]

    assert (told.phase, told.impact) == (phase, Impact.MAINTENANCE)


def test_an_empty_array_means_that_nothing_is_open() -> None:
    assert Cover.OPEN_INCIDENTS in parse(page()).covers


def test_a_page_without_the_element_is_an_error() -> None:
    with pytest.raises(ParseError) as raised:
        parse(document("<html><body>Okta is fine</body></html>"))

    assert raised.value.reason is ParseReason.SHAPE


@pytest.mark.parametrize("held", ["{}", "nonsense", "[" * 5000, "42"])
def test_an_element_without_an_array_is_an_error(held: str) -> None:
    with pytest.raises(ParseError):
        parse(document(f'<html><span data-id="incidents">{held}</span></html>'))


def test_a_record_without_an_id_keeps_others_open() -> None:
    told = parse(page({"Status__c": "Investigating"}))

    assert Cover.OPEN_INCIDENTS not in told.covers


def test_its_feed_is_read_as_any() -> None:
    feed = (
        b'<rss version="2.0"><channel><title>Okta</title><item><title>Slow</title><guid>1</guid></item></channel></rss>'
    )

    assert [incident.title for incident in parse(document(feed)).incidents] == ["Slow"]


@pytest.mark.parametrize("name", ["quiet", "incident", "planned", "resolved", "oddities"])
def test_its_page_is_recognised(name: str) -> None:
    assert recognize(Sight(document((FOLDER / f"{name}.html").read_bytes())))


@pytest.mark.parametrize("body", ["<html>Okta</html>", '<html><i data-id="incidents">Acme</i></html>', "[]", "{}"])
def test_others_are_not_recognised(body: str) -> None:
    assert not recognize(Sight(document(body)))
