"""Signal, Evernote, Beanstalk and Binance, which say one thing of themselves: what golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Component, Status
from statuswire.platforms import PLATFORMS
from statuswire.platforms.parsing import recognise
from statuswire.platforms.reading import fold_word
from statuswire.platforms.vendors import beanstalk, binance, evernote, signal
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

ALL = (signal, evernote, beanstalk, binance)


def only(name: str, body: bytes) -> Component:
    (component,) = PLATFORMS[name].parse(document(body)).components
    return component


@pytest.mark.parametrize(("word", "level"), beanstalk.LEVELS.items())
def test_the_words_of_beanstalk(word: str, level: Status) -> None:
    body = fixture("beanstalk/odd-word.html").replace(b"wobbly", f" {word.title()} ".encode())

    assert only("beanstalk", body).status is level


def test_the_newest_note_of_beanstalk_counts_and_one_without_a_word_is_no_answer() -> None:
    body = fixture("beanstalk/quiet.html")

    assert only("beanstalk", body).status is Status.OPERATIONAL
    refused(beanstalk.parse, body.replace(b'<span class="status">ok</span>', b"", 1))


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("[ok] All is well", Status.OPERATIONAL),
        ("[OK] All is well", Status.OPERATIONAL),
        ("[!] Sync fails", Status.MAJOR_OUTAGE),
        ("Scheduled maintenance tonight", Status.MAINTENANCE),
        ("Something else", Status.UNKNOWN),
    ],
)
def test_the_newest_post_of_evernote_counts(title: str, level: Status) -> None:
    body = fixture("evernote/trouble.html").replace(b"[!] Sync fails", title.encode())

    assert only("evernote", body).status is level


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("Signal is up and running.", Status.OPERATIONAL),
        ("Signal is up and running, mostly.", Status.UNKNOWN),
        ("Signal is not up and running.", Status.UNKNOWN),
        ("Signal has trouble.", Status.UNKNOWN),
    ],
)
def test_signal_is_well_only_in_the_known_words(said: str, level: Status) -> None:
    body = fixture("signal/quiet.html").replace(b"Signal is up and running.", said.encode())

    assert only("signal", body).status is level


def test_signals_sentence_ends_where_its_paragraph_does() -> None:
    body = fixture("signal/quiet.html").replace(
        b"<p>Signal is up and running.</p>",
        b"<h1>Signal Status</h1><p>Signal is <b>up</b> and\nrunning</p><p>Follow us</p>",
    )

    assert only("signal", body).status is Status.OPERATIONAL


@pytest.mark.parametrize(("number", "level"), binance.LEVELS.items())
def test_the_numbers_of_binance_may_be_text(number: str, level: Status) -> None:
    for told in (number, int(number)):
        (component,) = binance.parse(document({"status": told, "msg": "normal"})).components
        assert component.status is level


def test_each_is_polled_at_its_one_address() -> None:
    home = "https://status.acme.example"

    for module in (signal, evernote, beanstalk):
        assert [(one.url, one.accept) for one in module.feeds(f"{home}/x")] == [(f"{home}/", "text/html")]
    assert [one.url for one in binance.feeds(home)] == [binance.ADDRESS]
    assert [one.url for one in binance.feeds("https://api1.binance.com/sapi/v1/system/status")] == [
        "https://api1.binance.com/sapi/v1/system/status"
    ]
    assert all(module.feeds("http://[") == () for module in ALL)


@pytest.mark.parametrize(
    "name",
    [
        "signal/quiet.html",
        "evernote/trouble.html",
        "beanstalk/trouble.html",
        "binance/quiet.json",
        "binance/maintenance.json",
    ],
)
def test_their_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(name)))

    assert found is not None
    assert found.name == name.partition("/")[0]


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_theirs_is_refused_and_not_recognised(value: object) -> None:
    for module in ALL:
        refused(module.parse, value)
        assert not module.recognize(sight(value))


def test_the_words_of_the_tables_are_folded() -> None:
    assert all(fold_word(word) == word for module in ALL for word in module.LEVELS)
