"""FireHydrant, Honeybadger and Pingward: what their golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Phase, Role, Status
from statuswire.platforms import firehydrant, honeybadger, pingward, recognise
from statuswire.platforms.feed_links import advertised_feed
from statuswire.platforms.reading import fold_word
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

PAGE = "https://status.acme-relay.example"
LINK = '<link rel="alternate" type="application/rss+xml" href="{}">'


def page(*links: str, words: str = "Powered by FireHydrant") -> bytes:
    return f"<html><head>{''.join(links)}</head><body>{words}</body></html>".encode()


# --- advertised feeds ------------------------------------------------------------------------------------------------


def test_a_feed_that_the_page_advertises_is_found() -> None:
    assert advertised_feed(document(page(LINK.format("/feed.rss?a=1&amp;b=2")), PAGE)) == f"{PAGE}/feed.rss?a=1&b=2"


@pytest.mark.parametrize(
    "link",
    [
        LINK.format("https://elsewhere.example/feed.rss"),
        '<link rel="stylesheet" type="application/rss+xml" href="/x">',
        '<link rel="alternate" hreflang="de" href="/de">',
        "",
    ],
)
def test_other_links_are_no_feeds_of_the_page(link: str) -> None:
    assert advertised_feed(document(page(link), PAGE)) is None


def test_of_firehydrant_only_the_advertised_feed_is_polled() -> None:
    found = firehydrant.page_id(document(page(LINK.format("/feed.rss")), PAGE))

    assert found == f"{PAGE}/feed.rss"
    assert [(one.url, one.role) for one in firehydrant.feeds(PAGE, found)] == [(found, Role.ENTRIES)]
    assert firehydrant.feeds(PAGE) == firehydrant.feeds("http://[", found) == ()
    assert [one.url for one in firehydrant.feeds(f"{PAGE}/feed.rss")] == [f"{PAGE}/feed.rss"]


def test_a_page_of_somebody_else_is_not_firehydrants() -> None:
    assert firehydrant.page_id(document(page(LINK.format("/feed.rss"), words="Acme"), PAGE)) is None


def test_a_hook_of_firehydrant_without_an_incident_is_refused() -> None:
    refused(firehydrant.parse_hook, {"event": "x"})
    refused(firehydrant.parse_hook, b"[]")


# --- honeybadger -----------------------------------------------------------------------------------------------------


def test_of_honeybadger_the_page_and_its_feed_are_polled() -> None:
    told = [(one.url, one.role) for one in honeybadger.feeds(PAGE)]

    assert told == [(f"{PAGE}/", Role.STATE), (f"{PAGE}/incidents.atom", Role.ENTRIES)]
    assert [one.url for one in honeybadger.feeds(f"{PAGE}/incidents.atom")] == [f"{PAGE}/incidents.atom"]
    assert honeybadger.feeds("http://[") == ()


@pytest.mark.parametrize(("word", "level"), honeybadger.LEVELS.items())
def test_the_words_of_honeybadger(word: str, level: Status) -> None:
    body = fixture("honeybadger/quiet.html").replace(b"color-bar-up", f"color-bar-{word}".encode())

    assert {one.status for one in honeybadger.parse(document(body)).components} == {level}


def test_an_empty_feed_of_honeybadger_is_no_error() -> None:
    feed = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>urn:x</id></feed>'

    assert honeybadger.parse(document(feed)).incidents == ()


# --- pingward --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "level"), pingward.LEVELS.items())
def test_the_words_of_pingward(word: str, level: Status) -> None:
    body = {
        "event": "component.status_changed",
        "statusPage": {},
        "component": {"displayName": "Q", "currentStatus": word},
    }

    assert pingward.parse_hook(document(body)).components[0].status is level


def test_pingward_is_told_by_hooks_only() -> None:
    assert pingward.feeds(PAGE) == ()


def test_a_resolved_incident_of_pingward_is_over() -> None:
    assert pingward.parse_hook(document(fixture("pingward/resolved.json"))).incidents[0].phase is Phase.RESOLVED


def test_a_component_of_pingward_without_a_name_is_named_as_a_problem() -> None:
    body = {"event": "component.status_changed", "statusPage": {}, "component": {}}

    assert [one.where for one in pingward.parse_hook(document(body)).problems] == ["component"]


# --- all -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_theirs_is_refused_and_not_recognised(value: object) -> None:
    for module in (honeybadger, pingward):
        refused(module.parse, value)
        assert not module.recognize(sight(value))
    refused(firehydrant.parse, value)


@pytest.mark.parametrize("name", ["honeybadger/quiet.html", "pingward/component.json", "pingward/incident.json"])
def test_their_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(name)))

    assert found is not None
    assert found.name == name.partition("/")[0]


def test_the_words_of_the_tables_are_folded() -> None:
    assert [fold_word(word) for word in honeybadger.LEVELS] == list(honeybadger.LEVELS)
