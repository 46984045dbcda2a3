"""Hetzner: what golden documents cannot say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document, Incident, Kind, Phase
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.hetzner import feeds, locations, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://status.hetzner.com"
FOLDER = Path(__file__).parent / "hetzner"


def document(body: bytes, url: str = f"{BASE}/en.atom") -> Document:
    return Document(body, NOW, url=url)


def one(title: str, words: str = "x", updated: str = "2026-05-04T10:00:00Z") -> Incident:
    entry = f"<entry><id>1</id><title>{title}</title><updated>{updated}</updated><content>{words}</content></entry>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>u</id>{entry}</feed>'
    return parse(document(feed.encode())).incidents[0]


def test_the_feed_in_english_is_polled_unless_another_is_named() -> None:
    assert [spec.url for spec in feeds(BASE)] == [f"{BASE}/en.atom"]
    assert [spec.url for spec in feeds(f"{BASE}/de.atom")] == [f"{BASE}/de.atom"]
    assert feeds("nonsense") == ()


@pytest.mark.parametrize("word", ["resolved", "Completed", "abgeschlossen", "beendet"])
def test_a_closing_word_ends_a_notice_in_title_or_text(word: str) -> None:
    assert one(f"{word} fault").phase is Phase.RESOLVED
    assert one("Fault", f"It is {word}.").phase is Phase.RESOLVED


@pytest.mark.parametrize(
    "words",
    ["not yet resolved", "not resolved", "It will be resolved soon", "has not been resolved", "unresolved"],
)
def test_a_closing_word_that_is_denied_or_promised_ends_nothing(words: str) -> None:
    assert one("Fault", words).phase is Phase.INVESTIGATING


@pytest.mark.parametrize(
    ("updated", "phase"), [("2026-04-28T00:00:00Z", Phase.INVESTIGATING), ("2026-04-20T00:00:00Z", Phase.UNKNOWN)]
)
def test_a_notice_counts_as_open_for_seven_days(updated: str, phase: Phase) -> None:
    assert one("Fault", updated=updated).phase is phase


@pytest.mark.parametrize("title", ["Maintenance of routers", "Wartung der Router", "Router-Wartungsarbeiten"])
def test_words_of_maintenance_make_one(title: str) -> None:
    assert (one(title).kind, one(title).phase) == (Kind.MAINTENANCE, Phase.SCHEDULED)
    assert one(title, "beendet").phase is Phase.COMPLETED


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("in FSN1-DC14 and hel1", ("fsn1", "hel1")),
        ("ASH, HIL and SIN", ("ash", "hil", "sin")),
        ("location ash and DC: sin", ("ash", "sin")),
        ("the ash of a sin on a hil", ()),
        ("nbg12", ()),
    ],
)
def test_locations_are_words_of_their_own(words: str, codes: tuple[str, ...]) -> None:
    assert locations(words) == codes


def test_the_feed_of_somebody_else_is_an_error() -> None:
    with pytest.raises(ParseError):
        parse(document(b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title></feed>', "https://acme.example/a"))


def test_its_feed_is_recognised_and_no_other() -> None:
    assert recognize(Sight(document((FOLDER / "notices.xml").read_bytes())))
    assert not recognize(Sight(document(b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title></feed>')))
    assert not recognize(Sight(document(b"{}")))
