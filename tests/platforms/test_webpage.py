"""The fall-back for web pages: what its golden documents cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.errors import ParseReason
from statuswire.model import Cover, Status
from statuswire.platforms import FALLBACKS
from statuswire.platforms import html as webpage
from statuswire.platforms.html import feeds, parse, recognize
from statuswire.platforms.reading import fold_word
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight


def page(*words: str, title: str = "Acme Status", around: str = "div") -> bytes:
    rows = "".join(f"<p><b>Part {place}</b> <i>{word}</i></p>" for place, word in enumerate(words))
    return f"<html><head><title>{title}</title></head><body><{around}>{rows}</div></body></html>".encode()


def levels(body: bytes) -> list[Status]:
    return [one.status for one in parse(document(body)).components]


def test_it_is_a_fall_back() -> None:
    assert webpage.NAME in FALLBACKS


def test_the_page_itself_is_polled() -> None:
    (only,) = feeds("https://status.acme-relay.example/all")

    assert (only.url, only.accept) == ("https://status.acme-relay.example/all", "text/html")
    assert feeds("http://[") == ()


@pytest.mark.parametrize(("word", "level"), webpage.WORDS.items())
def test_every_word_of_a_level_is_read(word: str, level: Status) -> None:
    assert levels(page(word, "Operational", "operational"))[0] is level


def test_two_rows_are_no_evidence() -> None:
    assert refused(parse, page("Operational", "Operational")).reason is ParseReason.HTML


def test_words_that_shops_use_need_a_page_that_calls_itself_a_status_page() -> None:
    words = ("available", "unavailable", "available")

    assert recognize(sight(page(*words)))
    assert not recognize(sight(page(*words, title="Acme Shop")))


def test_a_word_in_a_sentence_is_no_level() -> None:
    assert not recognize(sight(page("Our API is operational.", "All operational today", "Not operational")))


@pytest.mark.parametrize("around", ["div class='past-incidents'", "div class='legend'", "div class='uptime history'"])
def test_words_of_incidents_history_and_legend_are_no_levels(around: str) -> None:
    assert not recognize(sight(page("Operational", "Operational", "Operational", around=around)))


def test_a_row_without_a_word_takes_the_meaning_from_absence() -> None:
    whole, partly = page("Operational", "Down", "Up"), page("Operational", "Down", "Up", "Wobbly")

    assert parse(document(whole)).covers == {Cover.COMPONENTS}
    assert parse(document(partly)).covers == frozenset()


def test_a_component_is_well_only_where_the_page_says_so() -> None:
    assert levels(page("Operational", "Operational", "Operational", "")) == [Status.OPERATIONAL] * 3


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_no_such_page_is_refused_and_not_recognised(value: object) -> None:
    refused(parse, value)
    assert not recognize(sight(value))


@pytest.mark.parametrize("name", ["texts", "attributes", "classes", "linked"])
def test_each_way_of_writing_is_recognised(name: str) -> None:
    assert recognize(sight(fixture(f"html/{name}.html")))


def test_the_words_of_the_tables_are_folded() -> None:
    words = [*webpage.WORDS, *webpage.HEADLINES]

    assert [fold_word(word) for word in words] == words


def test_captured_pages_of_the_usual_markup_are_read_and_others_refused(captures: Path) -> None:
    known = (captures / "statuspage" / "html-avetta" / "page.html").read_bytes()
    drawn = (captures / "incidentio" / "linear" / "page-2026-03.html").read_bytes()

    assert len(parse(document(known)).components) == 7
    assert not recognize(sight(drawn))
