"""xAI: what golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Phase, Role, Snapshot, Status
from statuswire.platforms.vendors.xai import HOME, IMPACTS, LEVELS, feeds, parse, recognize
from statuswire.platforms.words import PHASE_WORDS
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

FEED = f"{HOME}/feed.xml"


def feed(
    *categories: str, title: str = "[API] Slow", guid: str = "INC1", text: str = "Status: X&lt;br/&gt;Severity: Y"
) -> bytes:
    words = "".join(f"<category>{word}</category>" for word in categories)
    item = f"<item><title>{title}</title><guid>{guid}</guid>{words}<description>{text}</description></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{item}</channel></rss>'.encode()


def read(*categories: str, **fields: str) -> Snapshot:
    return parse(document(feed(*categories, **fields), FEED))


@pytest.mark.parametrize("url", [HOME, f"{HOME}/", FEED])
def test_the_feed_is_polled(url: str) -> None:
    assert [(spec.url, spec.role) for spec in feeds(url)] == [(FEED, Role.ENTRIES)]


@pytest.mark.parametrize("word", list(LEVELS))
def test_each_severity_is_a_level_and_an_impact(word: str) -> None:
    snapshot = read(word, "investigating")

    assert snapshot.components[0].status is LEVELS[word]
    assert snapshot.incidents[0].impact is IMPACTS[word]


@pytest.mark.parametrize("word", list(PHASE_WORDS))
def test_each_state_is_a_phase(word: str) -> None:
    assert read("degraded", word).incidents[0].phase is PHASE_WORDS[word]


def test_the_categories_are_told_apart_by_their_words_and_not_by_their_order() -> None:
    assert read("degraded", "identified").incidents == read("identified", "degraded").incidents


def test_without_a_state_the_newest_block_tells() -> None:
    block = "&lt;strong&gt;2026-05-04 10:00&lt;/strong&gt;&lt;h3&gt;Monitoring&lt;/h3&gt;&lt;p&gt;x&lt;/p&gt;"

    assert read("degraded", text=block).incidents[0].phase is Phase.MONITORING


def test_a_component_is_as_bad_as_the_worst_of_its_open_incidents() -> None:
    rows = parse(document(fixture("xai/open.xml"), FEED)).components

    assert {row.name: row.status for row in rows} == {"API": Status.DEGRADED, "Grok": Status.MAJOR_OUTAGE}


@pytest.mark.parametrize("title", ["[API] Test+Incident", "[] Test Incident", "Test incident, please ignore"])
def test_tests_are_left_out(title: str) -> None:
    assert read("degraded", "investigating", title=title).incidents == ()


def test_an_empty_scope_is_an_unknown_component() -> None:
    snapshot = read("degraded", "investigating", title="[] Slow")

    assert snapshot.components == ()
    assert snapshot.incidents[0].components is not None
    assert snapshot.incidents[0].components[0].name == "unknown"


def test_the_feed_covers_nothing() -> None:
    assert read("degraded", "resolved").covers == frozenset()


@pytest.mark.parametrize("body", [*NOT_OURS, feed("degraded", guid="https://acme.example/1")])
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body)
    assert not recognize(sight(body))


@pytest.mark.parametrize("case", ["open", "resolved", "oddities"])
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"xai/{case}.xml")))
