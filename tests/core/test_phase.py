"""Where an incident stands when its own word and those of its updates differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.core.context import Context, context_of
from statuswire.core.incidents import merge_incident
from statuswire.model import Incident, IncidentUpdate, Known, KnownIncident, PageRef, Phase, Snapshot, Source

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LOOKING = IncidentUpdate("u1", Phase.INVESTIGATING, "Looking.", NOW - timedelta(minutes=30))
WATCHING = IncidentUpdate("u2", Phase.MONITORING, "Watching.", NOW - timedelta(minutes=10))


def context(now: datetime = NOW) -> Context:
    page = PageRef("acme", "Acme", "https://status.acme-relay.example")
    return context_of(Known(), Snapshot("generic"), page, Source.POLL, now, now)


def first(told: Incident) -> KnownIncident:
    return merge_incident(None, told, context(), {}).state


def then(known: KnownIncident, told: Incident, now: datetime = NOW) -> KnownIncident:
    return merge_incident(known, told, context(now), {}).state


@pytest.mark.parametrize("stamp", [None, NOW])
@pytest.mark.parametrize("phase", [None, *Phase])
def test_the_same_incident_read_again_stands_where_it_stood(phase: Phase | None, stamp: datetime | None) -> None:
    told = Incident("i", "Slow API", phase=phase, updated_at=stamp, updates=(LOOKING, WATCHING))

    known = first(told)

    assert then(known, told).phase is known.phase


def test_a_word_that_no_table_knows_leaves_the_phase_to_the_updates() -> None:
    told = Incident("i", "Slow API", phase=Phase.UNKNOWN, updates=(LOOKING,))

    assert first(told).phase is Phase.INVESTIGATING


def test_the_incidents_own_word_counts_where_the_newest_update_is_shown_beside_it() -> None:
    known = first(Incident("i", "Slow API", phase=Phase.INVESTIGATING, updates=(LOOKING,)))

    later = then(known, Incident("i", "Slow API", phase=Phase.RESOLVED, updates=(LOOKING,)), NOW + timedelta(minutes=1))

    assert later.phase is Phase.RESOLVED


def test_the_word_of_a_document_that_lacks_the_newest_update_counts_for_nothing() -> None:
    known = first(Incident("i", "Slow API", phase=Phase.MONITORING, updates=(LOOKING, WATCHING)))

    told = Incident("i", "Slow API", phase=Phase.INVESTIGATING, updates=(LOOKING,))
    later = then(known, replace(told, title="Very slow API"), NOW + timedelta(minutes=1))

    assert later.phase is Phase.MONITORING


@pytest.mark.parametrize(
    ("newest", "word", "phase"),
    [
        pytest.param(Phase.MONITORING, Phase.RESOLVED, Phase.RESOLVED, id="an end"),
        pytest.param(Phase.MONITORING, Phase.INVESTIGATING, Phase.MONITORING, id="no more than that it goes on"),
        pytest.param(Phase.RESOLVED, Phase.INVESTIGATING, Phase.RESOLVED, id="what may be old"),
        pytest.param(None, Phase.MONITORING, Phase.MONITORING, id="what the newest update leaves open"),
    ],
)
def test_the_word_of_a_list_without_texts_counts_for(newest: Phase | None, word: Phase, phase: Phase) -> None:
    known = first(Incident("i", "Slow API", updates=(LOOKING, replace(WATCHING, phase=newest))))

    later = then(known, Incident("i", "Slow API", phase=word), NOW + timedelta(minutes=1))

    assert later.phase is phase


def test_an_update_that_names_no_phase_leaves_the_incident_where_it_was_last_said_to_stand() -> None:
    known = first(Incident("i", "Slow API", phase=Phase.RESOLVED, updates=(LOOKING, WATCHING)))
    fixed = IncidentUpdate("u3", None, "More about it.", NOW)

    later = then(known, Incident("i", "Slow API", updates=(fixed,)), NOW + timedelta(minutes=1))

    assert later.phase is Phase.RESOLVED


def test_a_feed_that_only_repeats_its_updates_does_not_reopen_what_was_closed_without_one() -> None:
    known = first(Incident("i", "Slow API", phase=Phase.RESOLVED, updated_at=NOW, updates=(LOOKING, WATCHING)))

    entry = Incident("i", "Slow API", phase=Phase.MONITORING, updated_at=NOW, updates=in_a_feed(LOOKING, WATCHING))
    later = then(known, entry, NOW + timedelta(minutes=1))

    assert later.phase is Phase.RESOLVED


def test_a_feed_with_a_new_update_does_reopen_what_was_closed_without_one() -> None:
    known = first(Incident("i", "Slow API", phase=Phase.RESOLVED, updated_at=NOW, updates=(LOOKING,)))

    entry = Incident("i", "Slow API", phase=Phase.MONITORING, updated_at=NOW, updates=in_a_feed(LOOKING, WATCHING))
    later = then(known, entry, NOW + timedelta(minutes=1))

    assert later.phase is Phase.MONITORING


def in_a_feed(*updates: IncidentUpdate) -> tuple[IncidentUpdate, ...]:
    return tuple(replace(update, id="") for update in updates)
