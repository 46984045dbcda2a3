"""Uptime.com: what its golden documents cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.errors import ParseReason
from statuswire.model import Cover, Kind, Phase, Status
from statuswire.platforms import uptimecom
from statuswire.platforms.parsing import recognise
from statuswire.platforms.reading import fold_word
from statuswire.platforms.uptimecom import feeds, page_id, parse, recognize
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

PAGE = "https://status.acme-relay.example"
AJAX = f"{PAGE}/statuspage/acme-relay/ajax"


@pytest.mark.parametrize(
    ("url", "slug", "expected"),
    [
        (PAGE, None, [(f"{PAGE}/", 0)]),
        (PAGE, "acme-relay", [(AJAX, 0), (f"{PAGE}/", 1)]),
        (f"{PAGE}/statuspage/acme-relay", None, [(AJAX, 0), (f"{PAGE}/statuspage/acme-relay", 1)]),
        (AJAX, None, [(AJAX, 0)]),
        ("http://[", None, []),
    ],
)
def test_the_feeds_of_a_page(url: str, slug: str | None, expected: list[tuple[str, int]]) -> None:
    assert [(one.url, one.tier) for one in feeds(url, slug)] == expected


def test_the_slug_stands_in_the_page_and_in_its_json() -> None:
    assert page_id(document(fixture("uptimecom/page.html"))) == "acme-relay"
    assert page_id(document(fixture("uptimecom/quiet.json"))) == "acme-relay"
    assert page_id(document(b"<html></html>")) is None
    assert page_id(document({"data": {"components": [], "slug": "../x"}})) is None


def test_page_and_json_say_the_same() -> None:
    assert parse(document(fixture("uptimecom/page.html"))) == parse(document(fixture("uptimecom/quiet.json")))


@pytest.mark.parametrize(("word", "level"), uptimecom.LEVELS.items())
def test_every_word_of_a_level_is_read(word: str, level: Status) -> None:
    body = {"data": {"components": [{"id": 1, "name": "API", "status": word}]}}

    assert parse(document(body)).components[0].status is level


@pytest.mark.parametrize(("word", "phase"), uptimecom.PHASES.items())
def test_every_word_of_a_phase_is_read(word: str, phase: Phase) -> None:
    row = {"id": 1, "name": "x", "incident_type": "INCIDENT", "updates": [{"id": 2, "incident_state": word}]}

    assert parse(document({"active_incidents": [row]})).incidents[0].phase is phase


@pytest.mark.parametrize(("word", "kind"), uptimecom.KINDS.items())
def test_every_word_of_a_kind_is_read(word: str, kind: Kind) -> None:
    row = {"id": 1, "name": "x", "incident_type": word}

    assert parse(document({"active_incidents": [row]})).incidents[0].kind is kind


def test_an_unreadable_item_takes_the_meaning_from_absence() -> None:
    body = {"components": [7], "active_incidents": [], "upcoming_maintenance": [{"name": "no id"}]}

    assert parse(document(body)).covers == frozenset()
    assert Cover.OPEN_INCIDENTS in parse(document({**body, "upcoming_maintenance": []})).covers


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_ours_is_refused_and_not_recognised(value: object) -> None:
    known = isinstance(value, dict) and "components" in value  # a list of components that is empty may be anybody's
    assert known or refused(parse, value)
    assert not recognize(sight(value))


def test_a_page_that_was_cut_is_refused() -> None:
    page = fixture("uptimecom/page.html")

    assert refused(parse, page[: len(page) // 2]).reason is ParseReason.HTML


@pytest.mark.parametrize("name", ["quiet.json", "open.json", "past.json", "page.html"])
def test_its_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(f"uptimecom/{name}")))

    assert found is not None
    assert found.name == "uptimecom"


def test_the_words_of_the_tables_are_folded() -> None:
    words = [*uptimecom.LEVELS, *uptimecom.KINDS, *uptimecom.PHASES]

    assert [fold_word(word) for word in words] == words


def test_captured_documents_are_read_without_a_problem(captures: Path) -> None:
    folder = captures / "other" / "uptimecom-2026"
    past = parse(document((folder / "history-2026-09.json").read_bytes()))
    page = parse(document((folder / "page-2026-09.json").read_bytes()))

    assert (len(past.incidents), past.problems, past.covers) == (3, (), frozenset())
    assert (len(page.components), page.problems) == (5, ())
