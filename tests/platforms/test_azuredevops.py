"""Azure DevOps: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Role, Status
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.azuredevops import HEALTH, LEVELS, NUMBERS, PAGE, feeds, parse, recognize

FOLDER = Path(__file__).parent / "azuredevops"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
OWN = f"{PAGE}{HEALTH}?api-version=7.1-preview.1"


def document(value: object) -> Document:
    return Document(value if isinstance(value, bytes) else json.dumps(value).encode(), NOW, url=OWN)


def health(word: object) -> dict[str, object]:
    geographies = [{"id": "EU", "name": "Europe", "health": word}]
    return {"status": {"health": "healthy"}, "services": [{"id": "Boards", "geographies": geographies}]}


def fixture(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def test_health_is_polled_once_a_minute_and_the_page_for_its_events() -> None:
    assert [(feed.url, feed.role, feed.tier, feed.every) for feed in feeds(f"{PAGE}/_history")] == [
        (OWN, Role.STATE, 0, timedelta(minutes=1)),
        (f"{PAGE}/", Role.STATE, 0, timedelta(minutes=5)),
    ]


def test_an_address_of_the_document_keeps_its_version() -> None:
    url = f"{PAGE}{HEALTH}?api-version=9.0"

    assert [feed.url for feed in feeds(url)] == [url]
    assert feeds("nonsense") == ()


@pytest.mark.parametrize(("word", "level"), list(LEVELS.items()))
def test_every_word_is_a_level_and_what_is_not_offered_is_left_out(word: str, level: Status) -> None:
    rows = parse(document(health(word.upper()))).components

    assert [row.status for row in rows] == ([] if word == "notapplicable" else [level])


@pytest.mark.parametrize(("number", "word"), list(NUMBERS.items()))
def test_the_numbers_of_the_page_are_the_words_of_the_document(number: str, word: str) -> None:
    assert parse(document(health(int(number)))).components == parse(document(health(word))).components


def test_an_unknown_word_is_unknown_and_named() -> None:
    told = parse(document(health("foggy")))

    assert (told.components[0].status, told.components[0].raw_status) == (Status.UNKNOWN, "foggy")
    assert told.problems[0].reason == "unknown word 'foggy'"
    assert told.covers == {Cover.COMPONENTS}


def test_a_service_that_cannot_be_read_takes_away_what_absence_means() -> None:
    told = parse(document({"services": [{"id": "Boards", "geographies": []}, {"geographies": []}]}))

    assert told.covers == frozenset()


def test_a_page_without_events_says_that_there_are_none() -> None:
    told = parse(document(fixture("page-quiet.html")))

    assert (told.incidents, told.covers) == ((), {Cover.COMPONENTS, Cover.OPEN_INCIDENTS})


def test_a_page_that_does_not_list_events_says_nothing_of_them() -> None:
    body = fixture("page.html").replace(b"active-public-live-site-events", b"something-else")

    assert parse(document(body)).covers == {Cover.COMPONENTS}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"[]", ParseReason.SHAPE),
        (b'{"status": {"health": "healthy"}}', ParseReason.SHAPE),
        (b"<html><title>Sign in</title></html>", ParseReason.HTML),
        (b"<html><script id='dataProviders'>{</script></html>", ParseReason.NOT_JSON),
        (b"<html><script id='dataProviders'>{}</script></html>", ParseReason.SHAPE),
        (b"<html><script id='dataProviders'></script></html>", ParseReason.EMPTY),
    ],
)
def test_what_is_no_document_of_theirs_is_refused(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason


@pytest.mark.parametrize("name", ["quiet.json", "trouble.json", "page.html"])
def test_own_documents_are_recognised(name: str) -> None:
    assert recognize(Sight(document(fixture(name))))


@pytest.mark.parametrize(
    "body", [b"[]", b'{"services": [], "status": {"health": 1}}', b'{"services": [{"id": "x"}]}', b"<html></html>"]
)
def test_look_alikes_are_not_recognised(body: bytes) -> None:
    assert not recognize(Sight(document(body)))


@pytest.mark.captures
def test_the_captured_page_is_read(captures: Path) -> None:
    page = document((captures / "azure" / "devops-page" / "page.html").read_bytes())

    told = parse(page)

    assert recognize(Sight(page))
    assert (len(told.components), told.problems) == (56, ())
    assert [row.id for row in told.components if row.status is Status.MAJOR_OUTAGE] == [
        one.id for one in told.incidents[0].components or ()
    ]
