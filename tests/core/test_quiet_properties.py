"""What holds of every route, however quiet, over generated histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.core.quiet import Around, Tell, may_release, on_event, on_release, on_time
from statuswire.core.routing import IMPACT_ORDER, Facts, at_least, impact_of, mismatch
from statuswire.core.stories import closes, is_afterword, is_level, key_of, stands_alone
from statuswire.model import (
    Escalation,
    Event,
    Filter,
    Impact,
    Kind,
    Mark,
    MarkKind,
    MessageKind,
    Mode,
    Phase,
    Quiet,
    QuietHours,
    Route,
    Silence,
    Story,
    Verdict,
    VerdictKind,
)
from statuswire.model.rules import PLAIN_QUIET

from .happenings import Happening, broken_off, happenings
from .histories import STYLES
from .rules import live
from .told import T0
from .views import documents

NONE = timedelta(0)
MAJOR = at_least(Impact.MAJOR)

lengths = st.sampled_from(
    [NONE, timedelta(seconds=60), timedelta(minutes=3), timedelta(minutes=10), timedelta(hours=1)]
)
quiets = st.builds(
    Quiet,
    hold=lengths,
    settle=lengths,
    flap=lengths,
    has_gate=st.booleans(),
    groups_titles=st.booleans(),
    mode=st.sampled_from(Mode),
    quiet_hours=st.sampled_from([None, QuietHours(time(22), time(7), ZoneInfo("Europe/Berlin"))]),
    escalation=st.sampled_from([None, Escalation(timedelta(minutes=5), ("boss",))]),
    is_quiet_in_maintenance=st.booleans(),
    leaves_to_incidents=st.booleans(),
)
filters = st.sampled_from(
    [
        Filter(),
        Filter(impacts=MAJOR),
        Filter(types=("incident.*",)),
        Filter(types=("incident.created", "incident.updated")),
        Filter(types=("component.status_changed", "feed.*")),
        Filter(phases=frozenset({Phase.INVESTIGATING})),
        Filter(components=("API",)),
    ]
)
component_filters = st.sampled_from(
    [Filter(), Filter(types=("component.*",)), Filter(types=("component.status_changed", "incident.*"))]
)
logs = st.builds(happenings, st.integers(0, 2**32 - 1), st.integers(1, 60))
MIDDLE = T0 + timedelta(hours=2)
silences = st.sampled_from(
    [
        (),
        (Silence(Filter(), "for an hour", until=MIDDLE),),
        (Silence(Filter(types=("incident.created", "incident.reopened")), "no beginnings"),),
        (Silence(Filter(impacts=MAJOR), "no bad news", until=MIDDLE),),
    ]
)
marks = st.sampled_from(
    [(), (Mark("acme", "", MarkKind.SNOOZED, T0, until=MIDDLE),), (Mark("acme", "", MarkKind.ACKNOWLEDGED, T0),)]
)


@dataclass
class Life:
    """A route that lives through a log: what it told and the verdict on each event it met."""

    route: Route
    silences: tuple[Silence, ...] = ()
    marks: tuple[Mark, ...] = ()
    stories: dict[str, Story] = field(default_factory=dict)
    facts: dict[int, Facts] = field(default_factory=dict)
    tells: list[Tell] = field(default_factory=list)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    engaged_ends: list[int] = field(default_factory=list)
    naming: dict[str, frozenset[str]] = field(default_factory=dict)
    """The open incidents, and the components that each names."""

    def live(self, log: Iterable[Happening], rest: timedelta = timedelta(days=30)) -> Life:
        now = T0
        for number, one in enumerate(log, 1):
            event = replace(one.event, id=number, key=f"k{number}")
            now = event.at
            self._wake(now)
            self._note(event)
            self._meet(event, now)
        self._wake(now + rest)
        return self

    def _note(self, event: Event) -> None:
        if event.incident is None or event.incident.kind is Kind.MAINTENANCE:
            return
        if closes(event) or is_afterword(event):
            self.naming.pop(event.incident.id, None)
        else:
            self.naming[event.incident.id] = frozenset(one.id for one in event.incident.components)

    def covering(self, component_id: str) -> tuple[str, ...]:
        return tuple(one for one, named in self.naming.items() if component_id in named)

    def _covered(self, event: Event) -> tuple[str, ...]:
        return () if event.component is None else self.covering(event.component.id)

    def _meet(self, event: Event, now: datetime) -> None:
        held_now = tuple(mark for mark in self.marks if mark.is_active(now))
        covered_by = self._covered(event)
        self.facts[event.id] = facts = Facts(event, covered_by=covered_by, marks=held_now, component_count=2)
        self._release(event, now)
        before = self.stories.get(key_of(event))
        if before is not None and before.is_open and before.told and (closes(event) or is_afterword(event)):
            self.engaged_ends.append(event.id)
        step = on_event(self.route, before, facts, self._around(facts), now)
        if step is not None:
            self._take(key_of(event), step.story, step.tell, step.verdicts)

    def _release(self, event: Event, now: datetime) -> None:
        for story in [one for one in self.stories.values() if one.left_to and may_release(event)]:
            step = on_release(self.route, story, event, now)
            if step is not None:
                self._take(story.key, step.story, step.tell, step.verdicts)

    def _wake(self, until: datetime) -> None:
        while due := [one for one in self.stories.values() if one.wake_at is not None and one.wake_at <= until]:
            story = min(due, key=lambda one: (one.wake_at, one.key))
            now = story.wake_at or until
            last = self.facts[story.held[-1] if story.held else story.last_event_id]
            said = tuple(mark for mark in self.marks if mark.is_active(now))
            facts = replace(last, marks=said, covered_by=self._covered(last.event))
            step = on_time(self.route, story, facts, self._around(facts), now)
            self._take(story.key, step.story, step.tell, step.verdicts)

    def _around(self, facts: Facts) -> Around:
        covers = [self.stories.get(f"acme/incident/{one}") for one in facts.covered_by]
        cover = next((one for one in covers if one is not None and one.is_open and (one.told or one.held)), None)
        return Around(self.silences, cover)

    def _take(self, key: str, story: Story | None, tells: Iterable[Tell], verdicts: Iterable[Verdict]) -> None:
        if story is not None:
            self.stories[key] = story
        self.tells += tells
        self.verdicts |= {one.event_id: one for one in verdicts}

    def told(self) -> list[Tell]:
        return [one for one in self.tells if one.kind is MessageKind.EVENT]


def no_event_is_told_twice(life: Life) -> None:
    told = Counter(id_ for one in life.told() for id_ in one.event_ids)
    assert [id_ for id_, count in told.items() if count > 1] == []


def what_was_told_is_told_to_its_end_exactly_once(life: Life) -> None:
    lasts = {one.event_ids[-1] for one in life.told() if one.is_last}
    assert set(life.engaged_ends) <= lasts
    is_open: dict[str, bool] = {}
    for one in life.told():
        event = life.facts[one.event_ids[-1]].event
        key = one.story.key
        if one.is_last:
            assert is_open.get(key, True), f"{key} ended twice"
            is_open[key] = False
        elif not (stands_alone(event) or is_afterword(event) or closes(event)):
            is_open[key] = True
    assert [key for key, is_still in is_open.items() if is_still] == []


def every_event_met_has_one_last_word(life: Life) -> None:
    assert [one for one in life.verdicts.values() if one.kind is VerdictKind.HELD] == []
    assert [one for one in life.verdicts.values() if one.kind is not VerdictKind.TOLD and not one.reason] == []
    told = {one.event_ids[-1] for one in life.told()}
    assert {id_ for id_, one in life.verdicts.items() if one.kind is VerdictKind.TOLD} == told
    assert {id_ for id_, one in life.facts.items() if not mismatch(life.route.filter, one)} <= set(life.verdicts)


def threads_are_in_order(life: Life) -> None:
    newest: dict[str, int] = {}
    for one in life.told():
        assert one.event_ids[-1] > newest.get(one.story.thread, 0)
        newest[one.story.thread] = one.event_ids[-1]


@settings(max_examples=400)
@given(logs, quiets, filters, silences, marks)
def test_whatever_is_told_is_told_once_in_order_and_to_its_end(
    log: list[Happening], quiet: Quiet, wanted: Filter, held: tuple[Silence, ...], said: tuple[Mark, ...]
) -> None:
    life = Life(Route("r", ("ops",), wanted, quiet), held, said).live(log)

    no_event_is_told_twice(life)
    what_was_told_is_told_to_its_end_exactly_once(life)
    every_event_met_has_one_last_word(life)
    threads_are_in_order(life)


@pytest.mark.nightly
@settings(max_examples=20_000)
@given(logs, quiets, filters, silences, marks)
def test_twenty_thousand_routes(
    log: list[Happening], quiet: Quiet, wanted: Filter, held: tuple[Silence, ...], said: tuple[Mark, ...]
) -> None:
    life = Life(Route("r", ("ops",), wanted, quiet), held, said).live(log)

    no_event_is_told_twice(life)
    what_was_told_is_told_to_its_end_exactly_once(life)
    every_event_met_has_one_last_word(life)
    threads_are_in_order(life)


@settings(max_examples=300)
@given(logs, quiets)
def test_nothing_bad_that_lasts_is_missed(log: list[Happening], quiet: Quiet) -> None:
    """Of whatever lasts longer than all waiting together something is told while it lasts; a component may be told of
    by its incident."""
    life = Life(Route("r", ("ops",), Filter(impacts=MAJOR), quiet)).live(log)
    longest = quiet.hold + quiet.settle + quiet.flap

    for key, began, ended in bad_times(log):
        is_left = "/component/" in key and quiet.leaves_to_incidents
        if ended - began > longest and not is_left:
            assert any(one.story.key == key and began_of(life, one) <= ended for one in life.told()), key


@settings(max_examples=400)
@given(st.builds(broken_off, st.integers(0, 2**32 - 1), st.integers(1, 60)), quiets, component_filters)
def test_no_component_stays_bad_for_long_without_something_told_that_is_open(
    log: list[Happening], quiet: Quiet, wanted: Filter
) -> None:
    """Wherever a history stands, once all waiting together is over: the component is told itself, or an open incident
    that names it is."""
    longest = quiet.hold + quiet.settle + quiet.flap + timedelta(minutes=1)
    life = Life(Route("r", ("ops",), wanted, quiet)).live(log, rest=longest)

    levels = {one.event.component.id: one.event for one in log if one.event.component and is_level(one.event)}
    for id_, event in levels.items():
        if not closes(event):
            covers = (f"acme/incident/{one}" for one in life.covering(id_))
            telling = [life.stories.get(key) for key in (f"acme/component/{id_}", *covers)]
            assert any(one is not None and one.is_open and one.told for one in telling), f"{id_} is bad, and untold"


def bad_times(log: list[Happening]) -> list[tuple[str, datetime, datetime]]:
    """From the first event at major or worse to the end, of each story each time."""
    begun: dict[str, datetime] = {}
    found = []
    for one in log:
        key, impact = key_of(one.event), impact_of(one.event)
        if closes(one.event) or is_afterword(one.event):
            if key in begun:
                found.append((key, begun.pop(key), one.event.at))
        elif impact in IMPACT_ORDER and impact in MAJOR:
            begun.setdefault(key, one.event.at)
    return found


def began_of(life: Life, one: Tell) -> datetime:
    return life.facts[one.event_ids[0]].event.at


@settings(max_examples=200)
@given(logs, filters)
def test_a_plain_route_tells_every_event_that_it_means(log: list[Happening], wanted: Filter) -> None:
    life = Life(Route("r", ("ops",), wanted, PLAIN_QUIET)).live(log)

    meant = {id_ for id_, one in life.facts.items() if not mismatch(wanted, one)}
    told = {one.event_ids[-1] for one in life.told()}

    assert meant <= told
    ends = {id_ for id_ in told - meant if closes(life.facts[id_].event) or is_afterword(life.facts[id_].event)}
    assert told - meant == ends


@settings(max_examples=60)
@given(st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 40), st.sampled_from(STYLES)), quiets)
def test_the_same_holds_of_the_events_that_documents_give(history: tuple[int, int, str], quiet: Quiet) -> None:
    _, arriving = documents(*history)
    log = [Happening(replace(event, at=event.seen_at)) for event in live(arriving).events]

    life = Life(Route("r", ("ops",), Filter(), quiet)).live(log)

    no_event_is_told_twice(life)
    assert [one for one in life.verdicts.values() if one.kind is VerdictKind.HELD] == []
    threads_are_in_order(life)


def test_a_seed_gives_the_same_happenings() -> None:
    seed = Random(7).randrange(1_000)

    assert happenings(seed, 20) == happenings(seed, 20)
