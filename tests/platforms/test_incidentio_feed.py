"""incident.io's feeds: one update per incident, in the language of the page."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document, Impact, Kind, Phase, Snapshot, Status
from statuswire.platforms.incidentio import parse, recognize
from statuswire.platforms.incidentio_locales import LOCAL_LEVELS, LOCAL_PHASES
from statuswire.platforms.reading import fold_word
from statuswire.platforms.sight import Sight

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ADDRESS = "https://status.acme-relay.example//incidents/01KQRSFTE8F1N6Z3V9W2X4Y5B7"


def feed(content: str, *, address: str = ADDRESS, generator: str = "incident.io") -> Document:
    body = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Acme Relay status</title><generator>{generator}</generator>
<entry><title>Slow API</title><id>{address}</id><link href="{address}"/>
<updated>2026-05-04T10:42:00.000Z</updated><content type="html">{escape(content)}</content></entry></feed>"""
    return Document(body.encode(), NOW)


def read(content: str) -> Snapshot:
    return parse(feed(content))


def test_the_double_slash_of_the_address_is_folded() -> None:
    incident = read("<b>Status: Monitoring</b><br/><br/>Better.").incidents[0]

    assert incident.id == "01KQRSFTE8F1N6Z3V9W2X4Y5B7"
    assert incident.url == "https://status.acme-relay.example/incidents/01KQRSFTE8F1N6Z3V9W2X4Y5B7"


def test_a_feed_covers_nothing_and_dates_nothing() -> None:
    snapshot = read("<b>Status: Monitoring</b><br/><br/>Better.")

    assert snapshot.covers == frozenset()
    assert snapshot.as_of is None


def test_the_text_is_what_stands_between_the_status_and_the_components() -> None:
    incident = read(
        "<b>Status: Identified</b><br/><br/>It is a bad <i>deploy</i>.<br/><br/>"
        "<b>Affected components</b><ul><li>API (Full outage)</li></ul>"
    ).incidents[0]

    assert [(update.id, update.phase, update.text) for update in incident.updates] == [
        ("", Phase.IDENTIFIED, "It is a bad deploy.")
    ]


def test_components_are_named_with_their_level_and_brackets_of_their_own() -> None:
    incident = read(
        "<b>Status: Identified</b><br/><b>Affected components</b>"
        "<ul><li>API (EU) (Partial outage)</li><li>Fax &amp; post</li></ul>"
    ).incidents[0]

    assert [(one.name, one.status) for one in incident.components or ()] == [
        ("API (EU)", Status.PARTIAL_OUTAGE),
        ("Fax & post", Status.UNKNOWN),
    ]
    assert incident.impact is Impact.MAJOR


def test_a_list_inside_the_text_is_no_list_of_components() -> None:
    incident = read(
        "<b>Status: Identified</b><br/><br/><b>We saw</b><ul><li>this (first)</li><li>that</li></ul>"
    ).incidents[0]

    assert incident.components is None
    assert "that" in incident.updates[0].text


def test_an_unknown_heading_over_named_levels_is_a_list_of_components() -> None:
    incident = read("<b>Status: Löst</b><br/><br/><b>Det här berörs</b><ul><li>API (I drift)</li></ul>").incidents[0]

    assert [(one.name, one.status) for one in incident.components or ()] == [("API", Status.OPERATIONAL)]


def test_the_impact_of_what_is_over_is_not_known() -> None:
    incident = read(
        "<b>Status: Resolved</b><br/><br/>Done.<br/><br/><b>Affected components</b><ul><li>API (Operational)</li></ul>"
    ).incidents[0]

    assert incident.impact is Impact.UNKNOWN


@pytest.mark.parametrize(
    ("words", "phase"),
    [
        ("Estado: Em investigação", Phase.INVESTIGATING),
        ("Estado: Identificado", Phase.IDENTIFIED),
        ("Statut: Résolu", Phase.RESOLVED),
        ("Status: Wird überwacht", Phase.MONITORING),
        ("ステータス: 調査中", Phase.INVESTIGATING),
        ("Stato：Risolto", Phase.RESOLVED),
    ],
)
def test_status_words_are_read_in_the_language_of_the_page(words: str, phase: Phase) -> None:
    assert read(f"<b>{words}</b><br/><br/>...").incidents[0].phase is phase


def test_a_word_of_no_known_language_is_unknown_and_kept() -> None:
    snapshot = read("<b>Status: Sorgunlanıyor</b><br/><br/>...")

    assert (snapshot.incidents[0].phase, snapshot.incidents[0].raw_phase) == (Phase.UNKNOWN, "Sorgunlanıyor")
    assert len(snapshot.problems) == 1


@pytest.mark.parametrize("word", ["Maintenance scheduled", "Manutenção agendada", "Maintenance in progress"])
def test_maintenances_stand_in_the_same_feed(word: str) -> None:
    incident = read(f"<b>Status: {word}</b><br/><br/>Soon.").incidents[0]

    assert (incident.kind, incident.impact) == (Kind.MAINTENANCE, Impact.MAINTENANCE)


def test_a_feed_without_the_generator_is_known_by_address_and_status_line() -> None:
    assert recognize(Sight(feed("<b>Status: Resolved</b><br/><br/>Done.", generator="")))
    assert not recognize(Sight(feed("<p>Resolved</p>", generator="")))
    assert not recognize(Sight(feed("<b>Status: Resolved</b>", address="https://x.example/posts/1", generator="")))


def test_a_feed_of_somebody_else_is_refused() -> None:
    with pytest.raises(ParseError, match=r"not incident\.io's"):
        parse(feed("<p>Resolved</p>", generator="Something"))


def test_an_entry_seen_twice_is_one_incident() -> None:
    once = feed("<b>Status: Resolved</b><br/><br/>Done.").body.decode()
    entry = once[once.index("<entry>") : once.index("</entry>") + 8]

    snapshot = parse(Document(once.replace(entry, entry * 2).encode(), NOW))

    assert len(snapshot.incidents) == 1


def test_local_words_are_spelt_as_they_are_looked_up() -> None:
    for table in (LOCAL_PHASES, LOCAL_LEVELS):
        assert all(fold_word(word) == word for word in table)


def test_a_body_of_nothing_but_line_breaks_is_an_empty_text() -> None:
    incident = read("<b>Status: Resolved</b>" + "<br/> " * 50_000).incidents[0]

    assert incident.updates[0].text == ""
