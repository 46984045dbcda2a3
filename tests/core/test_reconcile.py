"""Single decisions of reconcile that deserve a name; the rules in general are in test_reconcile_properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Event,
    EventType,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Snapshot,
    Source,
    Status,
)

from .memory import EVERYTHING, START, Delivery, Memory

AT = START + timedelta(minutes=1)


def update(seconds: float, phase: Phase | None, text: str, id_: str = "") -> IncidentUpdate:
    return IncidentUpdate(id_, phase, text, AT + timedelta(seconds=seconds))


def incident(*updates: IncidentUpdate, phase: Phase | None = None, **fields: object) -> Incident:
    return Incident(id="i1", title="Slow API", phase=phase, updates=updates, **fields)


def poll(
    *incidents: Incident,
    minutes: float = 2,
    feed: str = "feed",
    covers: frozenset[Cover] = frozenset(),
    components: tuple[Component, ...] = (),
    is_dated: bool = False,
    status: Status | None = None,
) -> Delivery:
    made_at = START + timedelta(minutes=minutes)
    as_of = made_at if is_dated else None
    return Delivery(
        Snapshot("statuspage", PageFacts(status=status), as_of, covers, components, incidents),
        Source.POLL,
        made_at,
        feed,
    )


def hook(*incidents: Incident, minutes: float = 2) -> Delivery:
    made_at = START + timedelta(minutes=minutes)
    return Delivery(Snapshot("statuspage", incidents=incidents), Source.HOOK, made_at, None)


def seen_empty(feed: str = "feed") -> Memory:
    """A page that was read before, when nothing was wrong."""
    memory = Memory()
    memory.take(poll(minutes=0, feed=feed, covers=EVERYTHING if feed == "state" else frozenset()))
    return memory


def kinds(events: list[Event]) -> list[EventType]:
    """What is told, but for the roll-up of the page, which follows from it."""
    return [event.type for event in events if event.page_change is None]


def test_an_update_of_the_same_minute_from_a_feed_follows_what_a_hook_told_to_the_second() -> None:
    memory = seen_empty()
    first = update(7, Phase.INVESTIGATING, "Looking.", "u1")
    memory.take(hook(incident(first, phase=Phase.INVESTIGATING, updated_at=first.at)))

    in_minutes = (update(0, Phase.INVESTIGATING, "Looking."), update(0, Phase.RESOLVED, "Fixed."))
    _, events = memory.take(poll(incident(*in_minutes, phase=Phase.RESOLVED)))

    assert kinds(events) == [EventType.INCIDENT_RESOLVED]
    known = memory.incident("i1")
    assert known is not None and known.phase is Phase.RESOLVED


def test_the_latest_update_of_a_feed_follows_what_a_hook_told_in_the_same_minute() -> None:
    memory = seen_empty()
    first = update(7, Phase.INVESTIGATING, "Looking.", "u1")
    memory.take(hook(incident(first, phase=Phase.INVESTIGATING, updated_at=first.at)))

    _, events = memory.take(poll(incident(update(0, Phase.RESOLVED, "Fixed."))))

    assert kinds(events) == [EventType.INCIDENT_RESOLVED]


def test_a_new_incident_with_several_updates_is_created_and_then_updated() -> None:
    memory = seen_empty("state")
    told = (
        update(0, Phase.INVESTIGATING, "Looking.", "u1"),
        update(60, Phase.IDENTIFIED, "Found.", "u2"),
        update(120, Phase.RESOLVED, "Fixed.", "u3"),
    )

    _, events = memory.take(poll(incident(*told, phase=Phase.RESOLVED), minutes=5, feed="history"))

    assert kinds(events) == [
        EventType.INCIDENT_CREATED,
        EventType.INCIDENT_UPDATED,
        EventType.INCIDENT_RESOLVED,
    ]
    assert [event.incident.phase for event in events if event.incident] == [
        Phase.INVESTIGATING,
        Phase.IDENTIFIED,
        Phase.RESOLVED,
    ]


def test_a_maintenance_has_events_of_its_own() -> None:
    memory = seen_empty("state")
    steps = [
        (Phase.SCHEDULED, "Soon."),
        (Phase.IN_PROGRESS, "Now."),
        (Phase.VERIFYING, "Checking."),
        (Phase.COMPLETED, "Done."),
    ]
    updates = tuple(update(60 * n, phase, text, f"u{n}") for n, (phase, text) in enumerate(steps))

    _, events = memory.take(poll(incident(*updates, kind=Kind.MAINTENANCE), minutes=6, feed="history"))

    assert kinds(events) == [
        EventType.MAINTENANCE_SCHEDULED,
        EventType.MAINTENANCE_STARTED,
        EventType.MAINTENANCE_UPDATED,
        EventType.MAINTENANCE_COMPLETED,
    ]


def test_a_maintenance_that_vanishes_before_its_time_was_called_off() -> None:
    memory = seen_empty("state")
    planned = incident(
        update(0, Phase.SCHEDULED, "Soon.", "u1"),
        kind=Kind.MAINTENANCE,
        phase=Phase.SCHEDULED,
        scheduled_for=START + timedelta(days=2),
    )
    memory.take(poll(planned, feed="state", covers=EVERYTHING, is_dated=True))

    _, events = memory.take(poll(minutes=9, feed="state", covers=EVERYTHING, is_dated=True))

    assert kinds(events) == [EventType.MAINTENANCE_CANCELLED]


PLANNED = incident(
    update(0, Phase.SCHEDULED, "Soon.", "u1"),
    kind=Kind.MAINTENANCE,
    phase=Phase.SCHEDULED,
    updated_at=AT,
    scheduled_for=START + timedelta(days=2),
    scheduled_until=START + timedelta(days=2, hours=1),
)


def told_of(*plans: Incident) -> list[Event]:
    """What is told of these, one after the other in the same feed, after the first."""
    memory = seen_empty("state")
    found = [
        memory.take(poll(plan, minutes=2 + number, feed="state", covers=EVERYTHING, is_dated=True))[1]
        for number, plan in enumerate(plans)
    ]
    return [event for events in found[1:] for event in events]


@pytest.mark.parametrize(
    "moved",
    [
        {"scheduled_for": START + timedelta(days=5), "scheduled_until": START + timedelta(days=5, hours=1)},
        {"scheduled_until": START + timedelta(days=2, hours=4)},
    ],
)
@pytest.mark.parametrize("stamp", [None, AT + timedelta(minutes=1)])
def test_a_maintenance_that_is_moved_without_a_word_is_told(moved: dict[str, datetime], stamp: datetime | None) -> None:
    before = replace(PLANNED, updated_at=stamp and AT)
    after = replace(before, updated_at=stamp, **moved)

    events = told_of(before, after, after)

    assert kinds(events) == [EventType.MAINTENANCE_UPDATED]
    assert events[0].incident is not None and events[0].incident.scheduled_until == moved["scheduled_until"]


def test_a_maintenance_that_is_moved_with_a_word_is_told_once() -> None:
    words = (*PLANNED.updates, update(60, Phase.SCHEDULED, "Later.", "u2"))
    later = replace(PLANNED, updates=words, updated_at=None, scheduled_for=START + timedelta(days=3))

    assert kinds(told_of(PLANNED, later)) == [EventType.MAINTENANCE_UPDATED]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(replace(PLANNED, scheduled_until=None), PLANNED, id="an end that was not known"),
        pytest.param(
            PLANNED,
            replace(PLANNED, updated_at=AT + timedelta(hours=1), scheduled_for=START + timedelta(days=2, seconds=-9)),
            id="seconds",
        ),
        pytest.param(
            PLANNED,
            replace(PLANNED, scheduled_for=START + timedelta(days=2, hours=1)),
            id="another reading of the same version",
        ),
        pytest.param(
            replace(PLANNED, phase=Phase.COMPLETED),
            replace(
                PLANNED,
                phase=Phase.COMPLETED,
                updated_at=AT + timedelta(hours=1),
                scheduled_until=START + timedelta(days=2, minutes=40),
            ),
            id="after its end",
        ),
    ],
)
def test_times_of_a_maintenance_that_are_only_filled_in_are_not_told(before: Incident, after: Incident) -> None:
    assert told_of(before, after) == []


def test_a_posting_of_the_same_words_twice_is_stored_twice_and_told_once() -> None:
    memory = seen_empty("state")
    twice = (update(0, Phase.INVESTIGATING, "Looking.", "u1"), update(9, Phase.INVESTIGATING, "Looking.", "u2"))

    outcome, events = memory.take(poll(incident(*twice), feed="state", covers=EVERYTHING))

    assert kinds(events) == [EventType.INCIDENT_CREATED]
    assert len(outcome.changes.updates) == 2


def test_one_document_without_a_provider_time_proves_no_end() -> None:
    memory = seen_empty("state")
    memory.take(poll(incident(update(0, Phase.INVESTIGATING, "Looking.", "u1")), feed="state", covers=EVERYTHING))

    once, _ = memory.take(poll(minutes=3, feed="state", covers=EVERYTHING))
    twice, _ = memory.take(poll(minutes=4, feed="state", covers=EVERYTHING))

    assert (once.is_provisional, once.wants_history) == (True, False)
    assert twice.wants_history


def test_N13_a_page_whose_components_all_vanish_is_not_believed_at_once() -> None:
    memory = Memory()
    parts = tuple(Component(f"c{n}", f"Part {n}", None, Status.OPERATIONAL) for n in range(3))
    trouble = incident(update(0, Phase.INVESTIGATING, "Looking.", "u1"))
    memory.take(poll(trouble, feed="state", covers=EVERYTHING, components=parts, is_dated=True))

    outcomes = [
        memory.take(poll(minutes=minutes, feed="state", covers=EVERYTHING, is_dated=True)) for minutes in (3, 4, 5)
    ]

    assert [outcome.is_provisional for outcome, _ in outcomes] == [True, True, False]
    assert [len(events) for _, events in outcomes[:2]] == [0, 0]
    assert kinds(outcomes[2][1]).count(EventType.COMPONENT_REMOVED) == 3


def test_D17_what_a_second_source_fills_in_is_no_news() -> None:
    memory = seen_empty("state")
    said = update(0, Phase.INVESTIGATING, "Looking.", "u1")
    memory.take(poll(incident(said), feed="compat"))

    named = incident(said, components=(AffectedComponent("c1", "API"),), impact=Impact.MAJOR)
    _, events = memory.take(poll(named, minutes=3, feed="native"))

    assert events == []
    known = memory.incident("i1")
    assert known is not None and known.impact is Impact.MAJOR


def test_D13_a_late_older_update_is_told_but_moves_no_phase() -> None:
    memory = seen_empty("state")
    memory.take(poll(incident(update(600, Phase.MONITORING, "Watching.", "u3")), minutes=12, feed="latest"))

    late = (update(0, Phase.INVESTIGATING, "Looking.", "u1"), update(600, Phase.MONITORING, "Watching.", "u3"))
    _, events = memory.take(poll(incident(*late), minutes=13, feed="history"))

    assert kinds(events) == [EventType.INCIDENT_UPDATED]
    known = memory.incident("i1")
    assert known is not None and known.phase is Phase.MONITORING


def test_a_flag_of_the_provider_keeps_a_backfilled_incident_silent() -> None:
    memory = seen_empty("state")
    done = incident(update(0, Phase.INVESTIGATING, "Was slow.", "u1"), update(60, Phase.RESOLVED, "Fixed.", "u2"))

    outcome, events = memory.take(hook(Incident(**{**_fields(done), "backfilled": True})))

    assert (events, outcome.silent) == ([], 2)


def _fields(one: Incident) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def test_an_open_entry_from_years_ago_is_history_on_first_sight() -> None:
    memory = Memory()
    old = Incident(
        id="i0",
        title="Never closed",
        updates=(IncidentUpdate("", Phase.INVESTIGATING, "Hm.", START - timedelta(days=400)),),
    )

    _, events = memory.take(poll(old))

    assert events == []


def test_an_open_entry_that_a_followed_feed_gains_is_told_whatever_its_date() -> None:
    memory = seen_empty()
    old = Incident(
        id="i0",
        title="Back-dated",
        updates=(IncidentUpdate("", Phase.INVESTIGATING, "Hm.", START - timedelta(days=400)),),
    )

    _, events = memory.take(poll(old))

    assert kinds(events) == [EventType.INCIDENT_CREATED]


@pytest.mark.parametrize("text", ["We have not yet resolved this.", "Resolved one of two causes.", "All clear!"])
def test_the_words_of_an_update_decide_nothing(text: str) -> None:
    memory = seen_empty("state")

    _, events = memory.take(poll(incident(update(0, Phase.INVESTIGATING, text, "u1")), feed="state", covers=EVERYTHING))

    assert kinds(events) == [EventType.INCIDENT_CREATED]
    known = memory.incident("i1")
    assert known is not None and known.phase is Phase.INVESTIGATING


def test_the_providers_roll_up_is_reported_when_it_changes() -> None:
    memory = Memory()
    memory.take(poll(feed="state", covers=EVERYTHING, is_dated=True, status=Status.OPERATIONAL))

    _, events = memory.take(poll(minutes=5, feed="state", covers=EVERYTHING, is_dated=True, status=Status.MAJOR_OUTAGE))

    assert [(event.page_change.old, event.page_change.new) for event in events if event.page_change] == [
        (Status.OPERATIONAL, Status.MAJOR_OUTAGE)
    ]


def test_a_stamp_far_in_the_future_orders_nothing() -> None:
    memory = seen_empty("state")
    trouble = incident(update(0, Phase.INVESTIGATING, "Looking.", "u1"), phase=Phase.INVESTIGATING)
    wrong = poll(trouble, feed="state", covers=EVERYTHING)
    far = START + timedelta(days=300)
    ahead = Delivery(
        Snapshot("statuspage", as_of=far, covers=EVERYTHING, incidents=(trouble,)), Source.POLL, wrong.made_at, "state"
    )
    memory.take(ahead)

    outcome, _ = memory.take(poll(minutes=9, feed="state", covers=EVERYTHING, is_dated=True))

    assert outcome.wants_history


def test_an_incident_that_a_list_of_the_open_shows_again_as_it_was_is_reopened() -> None:
    memory = seen_empty("state")
    shown = incident(update(0, Phase.INVESTIGATING, "u1"), phase=Phase.INVESTIGATING)
    memory.take(poll(shown, feed="state", covers=EVERYTHING))
    memory.take(poll(minutes=5, feed="state", covers=EVERYTHING))
    memory.take(poll(minutes=8, feed="state", covers=EVERYTHING))

    _, told = memory.take(poll(shown, minutes=11, feed="state", covers=EVERYTHING))

    assert kinds(told) == [EventType.INCIDENT_REOPENED]
    assert memory.known.incidents[0].phase is Phase.INVESTIGATING


def timeless(phase: Phase, text: str) -> IncidentUpdate:
    return IncidentUpdate("", phase, text, None)


def test_an_update_without_a_time_is_as_old_as_the_one_before_it() -> None:
    memory = seen_empty()
    first, end = update(0, Phase.INVESTIGATING, "u1"), update(600, Phase.RESOLVED, "u3")
    memory.take(poll(incident(first, end), minutes=12))

    added = timeless(Phase.MONITORING, "u2")
    memory.take(poll(incident(first, added, end, created_at=end.at), minutes=13))

    assert [known.text for known in memory.known.incidents[0].updates] == ["u1", "u2", "u3"]
    assert memory.known.incidents[0].phase is Phase.RESOLVED


def test_what_was_inferred_to_be_over_is_not_reopened_by_an_update_without_a_time() -> None:
    memory = seen_empty("state")
    memory.take(poll(incident(phase=Phase.INVESTIGATING), feed="state", covers=EVERYTHING))
    memory.take(poll(minutes=5, feed="state", covers=EVERYTHING))
    memory.take(poll(minutes=8, feed="state", covers=EVERYTHING))
    end = update(600, Phase.RESOLVED, "u2")

    _, told = memory.take(poll(incident(timeless(Phase.INVESTIGATING, "u1"), end, created_at=end.at), minutes=12))

    assert kinds(told) == [EventType.INCIDENT_UPDATED, EventType.INCIDENT_UPDATED]


def test_a_feed_that_repeats_its_updates_does_not_reopen_what_a_list_has_dropped_whatever_its_date() -> None:
    memory = seen_empty("state")
    looking = incident(update(0, Phase.INVESTIGATING, "u1"), phase=Phase.INVESTIGATING)
    memory.take(poll(incident(phase=Phase.INVESTIGATING), feed="state", covers=EVERYTHING))
    memory.take(poll(looking, minutes=3, is_dated=True))
    memory.take(poll(minutes=5, feed="state", covers=EVERYTHING))
    memory.take(poll(minutes=8, feed="state", covers=EVERYTHING))

    _, told = memory.take(poll(looking, minutes=12, is_dated=True))

    assert kinds(told) == []
    assert memory.known.incidents[0].phase is Phase.RESOLVED
