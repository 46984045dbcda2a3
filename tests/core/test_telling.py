"""What is told where the incident's own word and those of its updates are not the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from statuswire.model import EventType, Incident, IncidentUpdate, Kind, Phase, Snapshot, Source

from .memory import EVERYTHING, START, Delivery, Memory

AT = START + timedelta(minutes=1)
LOOKING = IncidentUpdate("u1", Phase.INVESTIGATING, "Looking.", AT)
WATCHING = IncidentUpdate("u2", Phase.MONITORING, "Watching.", AT + timedelta(minutes=1))


def state(*incidents: Incident, minutes: float) -> Delivery:
    """A document of all that is open, with the provider's own time."""
    made_at = START + timedelta(minutes=minutes)
    return Delivery(Snapshot("x", as_of=made_at, covers=EVERYTHING, incidents=incidents), Source.POLL, made_at, "state")


def history(*incidents: Incident, minutes: float) -> Delivery:
    made_at = START + timedelta(minutes=minutes)
    return Delivery(Snapshot("x", as_of=made_at, incidents=incidents), Source.POLL, made_at, "history")


def hook(incident: Incident, minutes: float) -> Delivery:
    made_at = START + timedelta(minutes=minutes)
    return Delivery(Snapshot("x", incidents=(incident,)), Source.HOOK, made_at, None)


def read_before() -> Memory:
    memory = Memory()
    memory.take(state(minutes=0))
    return memory


def told(memory: Memory, *deliveries: Delivery) -> list[tuple[EventType, Phase]]:
    """Type and phase of each event about an incident; every document comes twice."""
    events = []
    for delivery in deliveries:
        events += memory.take(delivery)[1]
        events += memory.take(delivery)[1]
    return [(event.type, event.incident.phase) for event in events if event.incident is not None]


def test_an_incident_first_seen_closed_is_told_as_closed_though_no_update_says_so() -> None:
    ended = Incident("i1", "Slow API", phase=Phase.RESOLVED, started_at=AT, updates=(LOOKING, WATCHING))

    assert told(read_before(), history(ended, minutes=5)) == [
        (EventType.INCIDENT_CREATED, Phase.INVESTIGATING),
        (EventType.INCIDENT_UPDATED, Phase.MONITORING),
        (EventType.INCIDENT_RESOLVED, Phase.RESOLVED),
    ]


def test_a_maintenance_first_seen_over_is_told_as_completed_though_no_update_says_so() -> None:
    planned = IncidentUpdate("u1", Phase.SCHEDULED, "Soon.", AT)
    over = Incident("m1", "Upgrade", kind=Kind.MAINTENANCE, phase=Phase.COMPLETED, updates=(planned,))

    assert told(read_before(), history(over, minutes=5)) == [
        (EventType.MAINTENANCE_SCHEDULED, Phase.SCHEDULED),
        (EventType.MAINTENANCE_COMPLETED, Phase.COMPLETED),
    ]


def test_an_incident_first_seen_further_than_its_updates_is_told_as_far_as_it_is() -> None:
    found = Incident("i1", "Slow API", phase=Phase.IDENTIFIED, updates=(LOOKING,))

    assert told(read_before(), state(found, minutes=5)) == [
        (EventType.INCIDENT_CREATED, Phase.INVESTIGATING),
        (EventType.INCIDENT_UPDATED, Phase.IDENTIFIED),
    ]


def test_updates_that_name_no_phase_are_told_with_that_of_the_incident() -> None:
    bare = Incident("i1", "Slow API", phase=Phase.IDENTIFIED, updates=(replace(LOOKING, phase=None),))

    assert told(read_before(), state(bare, minutes=5)) == [(EventType.INCIDENT_CREATED, Phase.IDENTIFIED)]


def test_closed_history_whose_updates_say_otherwise_stays_silent() -> None:
    memory = Memory()
    ended = Incident("i1", "Slow API", phase=Phase.RESOLVED, updates=(LOOKING, WATCHING))

    assert told(memory, history(ended, minutes=60 * 24 * 30)) == []
    assert told(memory, history(replace(ended, title="Slow API, again read"), minutes=60 * 24 * 31)) == []


def test_history_that_gains_an_update_and_is_closed_tells_both() -> None:
    memory = Memory()
    old = Incident("i1", "Slow API", phase=Phase.RESOLVED, updates=(LOOKING,))
    memory.take(history(old, minutes=60 * 24 * 30))
    late = IncidentUpdate("u9", Phase.MONITORING, "Again.", START + timedelta(days=31))

    again = replace(old, phase=Phase.RESOLVED, updates=(LOOKING, late), updated_at=late.at)

    assert told(memory, hook(again, minutes=60 * 24 * 31)) == [
        (EventType.INCIDENT_CREATED, Phase.MONITORING),
        (EventType.INCIDENT_RESOLVED, Phase.RESOLVED),
    ]


def test_an_incident_closed_without_an_update_is_told_as_closed_once_whatever_follows() -> None:
    memory = read_before()
    memory.take(state(Incident("i1", "Slow API", phase=Phase.INVESTIGATING, updates=(LOOKING,)), minutes=5))
    ended = Incident("i1", "Slow API", phase=Phase.RESOLVED, updates=(LOOKING,), updated_at=AT + timedelta(minutes=8))
    said = IncidentUpdate("u2", Phase.RESOLVED, "Fixed.", AT + timedelta(minutes=9))
    later = replace(ended, updates=(LOOKING, said), updated_at=said.at)

    assert told(
        memory,
        hook(ended, minutes=10),
        state(minutes=10),
        history(ended, minutes=11),
        history(later, minutes=12),
        state(minutes=13),
    ) == [
        (EventType.INCIDENT_RESOLVED, Phase.RESOLVED),
        (EventType.INCIDENT_UPDATED, Phase.RESOLVED),
    ]


def test_a_change_without_an_update_is_dated_by_the_document_that_shows_it() -> None:
    memory = read_before()
    memory.take(hook(Incident("i1", "Slow API", phase=Phase.INVESTIGATING, updates=(LOOKING,), updated_at=AT), 5))

    _, events = memory.take(history(Incident("i1", "Slow API", phase=Phase.RESOLVED, updates=(LOOKING,)), minutes=9))

    assert [(event.type, event.at) for event in events] == [(EventType.INCIDENT_RESOLVED, START + timedelta(minutes=9))]


def test_an_incident_reopened_without_an_update_is_told_as_reopened_and_closed_anew() -> None:
    memory = read_before()
    first = Incident("i1", "Slow API", phase=Phase.INVESTIGATING, updates=(LOOKING,))
    steps = [Phase.RESOLVED, Phase.INVESTIGATING, Phase.RESOLVED]
    memory.take(hook(first, minutes=5))

    seen = told(
        memory,
        *(
            hook(replace(first, phase=phase, updated_at=AT + timedelta(minutes=minutes)), minutes=minutes)
            for minutes, phase in enumerate(steps, 6)
        ),
    )

    assert seen == [
        (EventType.INCIDENT_RESOLVED, Phase.RESOLVED),
        (EventType.INCIDENT_REOPENED, Phase.INVESTIGATING),
        (EventType.INCIDENT_RESOLVED, Phase.RESOLVED),
    ]


@pytest.mark.parametrize("phase", [Phase.MONITORING, Phase.RESOLVED])
def test_D16_an_update_whose_word_no_table_knows_goes_on_with_the_phase_before(phase: Phase) -> None:
    memory = read_before()
    first = Incident("i1", "Slow API", updates=(LOOKING, replace(WATCHING, phase=phase)))
    memory.take(history(first, minutes=5))
    strange = IncidentUpdate("u3", Phase.UNKNOWN, "Verloren.", AT + timedelta(minutes=6), raw_phase="verloren")

    seen = told(memory, history(replace(first, updates=(*first.updates, strange)), minutes=9))

    assert seen == [(EventType.INCIDENT_UPDATED, phase)]


def test_the_story_of_what_a_list_without_texts_has_shown_as_over_does_not_open_it_again() -> None:
    listed = Incident("i1", "Slow API", phase=Phase.RESOLVED, started_at=AT)
    fixed = IncidentUpdate("u3", Phase.RESOLVED, "Fixed.", AT + timedelta(minutes=2))

    found = told(
        read_before(),
        history(listed, minutes=5),
        hook(replace(listed, updates=(LOOKING, WATCHING, fixed)), minutes=6),
    )

    assert found == [
        (EventType.INCIDENT_CREATED, Phase.RESOLVED),
        (EventType.INCIDENT_UPDATED, Phase.RESOLVED),
        (EventType.INCIDENT_UPDATED, Phase.RESOLVED),
        (EventType.INCIDENT_UPDATED, Phase.RESOLVED),
    ]


def test_what_a_list_without_texts_has_shown_as_over_is_opened_again_by_a_later_update() -> None:
    listed = Incident("i1", "Slow API", phase=Phase.RESOLVED, started_at=AT)
    again = IncidentUpdate("u3", Phase.INVESTIGATING, "Again.", AT + timedelta(minutes=7))

    found = told(
        read_before(), history(listed, minutes=5), hook(replace(listed, phase=None, updates=(again,)), minutes=9)
    )

    assert found == [
        (EventType.INCIDENT_CREATED, Phase.RESOLVED),
        (EventType.INCIDENT_REOPENED, Phase.INVESTIGATING),
    ]


def test_a_late_end_does_not_close_what_a_list_has_shown_open_since() -> None:
    listed = Incident("i1", "Slow API", phase=Phase.INVESTIGATING, started_at=AT)
    fixed = IncidentUpdate("u2", Phase.RESOLVED, "Fixed.", AT + timedelta(minutes=2))
    memory = read_before()
    told(memory, hook(replace(listed, updates=(LOOKING,)), minutes=2))
    told(memory, history(replace(listed, phase=Phase.RESOLVED), minutes=5), history(listed, minutes=9))

    found = told(memory, hook(replace(listed, phase=Phase.RESOLVED, updates=(LOOKING, fixed)), minutes=4))

    assert found == [(EventType.INCIDENT_UPDATED, Phase.INVESTIGATING)]


def test_what_a_feed_could_only_take_for_an_incident_is_a_maintenance_by_the_word_of_a_better_document() -> None:
    planned = Incident("m1", "Upgrade", Kind.MAINTENANCE, Phase.SCHEDULED, updated_at=AT)
    entry = Incident("m1", "Upgrade", updated_at=AT, updates=(replace(LOOKING, phase=None),))
    memory = read_before()
    told(memory, history(entry, minutes=5))

    told(memory, state(planned, minutes=6), history(entry, minutes=7))

    assert [one.kind for one in memory.known.incidents] == [Kind.MAINTENANCE]
