"""Where an incident stands when its own word and those of its updates differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.core.context import Context, context_of
from statuswire.core.incidents import merge_incident
from statuswire.core.telling import tell
from statuswire.model import (
    Incident,
    IncidentUpdate,
    Kind,
    Known,
    KnownIncident,
    Moment,
    PageRef,
    Phase,
    Snapshot,
    Source,
)

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


@pytest.mark.parametrize("phase", [None, Phase.UNKNOWN])
def test_a_hook_that_names_no_phase_leaves_the_incident_where_the_page_put_it(phase: Phase | None) -> None:
    over = replace(LOOKING, phase=Phase.RESOLVED)
    more = replace(WATCHING, phase=None)
    known = first(Incident("i", "Slow API", phase=Phase.INVESTIGATING, updated_at=NOW, updates=(over, more)))

    hook = Incident("i", "Slow API", phase=phase, updated_at=NOW, updates=(replace(over, phase=phase), more))
    later = then(known, hook, NOW + timedelta(minutes=1))

    assert later.phase is Phase.INVESTIGATING


def inferred(phase: Phase) -> KnownIncident:
    """Seen once, then missing from a list that should have shown it."""
    known = first(Incident("i", "New disks", Kind.MAINTENANCE, Phase.SCHEDULED, updates=(replace(LOOKING, id=""),)))
    return replace(known, phase=phase, resolved_at=NOW, absent_since=Moment(NOW, NOW), moment=Moment(NOW, NOW))


def test_how_something_ended_is_learnt_after_its_end_was_inferred() -> None:
    ended = IncidentUpdate("", Phase.COMPLETED, "All done.", NOW - timedelta(minutes=2))

    told = Incident("i", "New disks", Kind.MAINTENANCE, updates=(replace(LOOKING, id=""), ended))
    later = then(inferred(Phase.CANCELLED), told, NOW + timedelta(minutes=1))

    assert later.phase is Phase.COMPLETED


def test_what_was_said_before_an_inferred_end_opens_nothing_again() -> None:
    going_on = IncidentUpdate("", Phase.IN_PROGRESS, "We have begun.", NOW - timedelta(minutes=2))

    told = Incident("i", "New disks", Kind.MAINTENANCE, updates=(replace(LOOKING, id=""), going_on))
    later = then(inferred(Phase.CANCELLED), told, NOW + timedelta(minutes=1))

    assert later.phase is Phase.CANCELLED


@pytest.mark.parametrize(
    ("said", "stands"), [(Phase.INVESTIGATING, Phase.IN_PROGRESS), (Phase.RESOLVED, Phase.COMPLETED)]
)
def test_who_does_not_know_that_it_is_a_maintenance_speaks_of_it_as_one_does_of_incidents(
    said: Phase, stands: Phase
) -> None:
    planned = replace(LOOKING, phase=Phase.SCHEDULED)
    known = first(Incident("i", "New disks", Kind.MAINTENANCE, Phase.SCHEDULED, updates=(planned,)))

    later = then(known, Incident("i", "New disks", phase=said, updates=(replace(WATCHING, phase=said),)))

    assert (later.kind, later.phase) == (Kind.MAINTENANCE, stands)
    assert later.updates[-1].phase is stands


def test_what_was_taken_for_an_incident_is_a_maintenance_as_soon_as_one_knows_it() -> None:
    known = first(Incident("i", "New disks", phase=Phase.MONITORING, updates=(LOOKING, WATCHING)))

    merge = merge_incident(known, Incident("i", "New disks", Kind.MAINTENANCE, Phase.COMPLETED), context(), {})
    told = tell(merge)

    assert (merge.before and merge.before.phase, told.is_changed) == (Phase.VERIFYING, True)
    assert (told.incident.kind, told.incident.phase) == (Kind.MAINTENANCE, Phase.COMPLETED)
    assert [update.phase for update in told.written] == [Phase.IN_PROGRESS, Phase.VERIFYING]


def test_the_story_of_what_was_over_when_it_was_first_told_opens_nothing_again() -> None:
    known = first(Incident("i", "Slow API", phase=Phase.RESOLVED, resolved_at=NOW, updated_at=NOW))
    over = IncidentUpdate("", Phase.RESOLVED, "All is well.", NOW)

    told = tell(merge_incident(replace(known, is_told=True), Incident("i", "", updates=(LOOKING, over)), context(), {}))

    assert [event.incident and event.incident.phase for event in told.events] == [Phase.RESOLVED, Phase.RESOLVED]


def test_a_list_without_texts_does_not_take_back_a_postmortem() -> None:
    looked_back = replace(WATCHING, phase=Phase.POSTMORTEM)
    known = first(Incident("i", "Slow API", phase=Phase.POSTMORTEM, updated_at=NOW, updates=(looked_back,)))

    later = then(known, Incident("i", "Slow API", phase=Phase.RESOLVED, updated_at=NOW), NOW + timedelta(minutes=1))

    assert later.phase is Phase.POSTMORTEM


def test_two_updates_without_texts_in_one_minute_are_both_told() -> None:
    one, other = (replace(LOOKING, id=name, text="") for name in ("a", "b"))

    told = tell(merge_incident(None, Incident("i", "Slow API", updates=(one, other)), context(), {}))

    assert [event.update and event.update.id for event in told.events] == ["a", "b"]
