"""Admin Labs: what its golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.errors import ParseReason
from statuswire.model import Phase, Status
from statuswire.platforms import adminlabs
from statuswire.platforms.adminlabs import feeds, parse, recognize
from statuswire.platforms.parsing import recognise
from statuswire.platforms.reading import fold_word
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

PAGE = "https://status.acme-relay.example"
QUIET = fixture("adminlabs/quiet.html")


def test_the_page_itself_is_polled() -> None:
    assert [(one.url, one.accept) for one in feeds(PAGE)] == [(f"{PAGE}/", "text/html")]
    assert feeds("http://[") == ()


@pytest.mark.parametrize(("word", "level"), adminlabs.LEVELS.items())
def test_every_word_of_a_level_is_read(word: str, level: Status) -> None:
    body = QUIET.replace(b"status-title ok", b"status-title").replace(b">Operational<", f">{word}<".encode())

    assert {one.status for one in parse(document(body)).components} == {level}


@pytest.mark.parametrize(("word", "phase"), adminlabs.PHASES.items())
def test_every_word_of_a_phase_is_read(word: str, phase: Phase) -> None:
    body = fixture("adminlabs/open.html").replace(b"<b>Identified<", f"<b>{word}<".encode())

    assert parse(document(body)).incidents[0].phase is phase


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_ours_is_refused_and_not_recognised(value: object) -> None:
    refused(parse, value)
    assert not recognize(sight(value))


def test_a_page_without_monitors_is_no_empty_page() -> None:
    assert refused(parse, b"<html><body><div class='overall-status ok'></div></body></html>").reason is ParseReason.HTML


@pytest.mark.parametrize("name", ["quiet", "open"])
def test_its_own_pages_are_recognised(name: str) -> None:
    found = recognise(document(fixture(f"adminlabs/{name}.html")))

    assert found is not None
    assert found.name == "adminlabs"


def test_the_words_of_the_tables_are_folded() -> None:
    assert [fold_word(word) for word in (*adminlabs.LEVELS, *adminlabs.PHASES)] == [
        *adminlabs.LEVELS,
        *adminlabs.PHASES,
    ]
