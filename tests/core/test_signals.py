"""Signals out of words in any order, and what they have to do with incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.core.promptness import told_at
from statuswire.core.signals import (
    AFTERMATH,
    LONGEST_LEAD,
    PATIENCE,
    is_about,
    is_same_part,
    never_admitted,
    pair,
    signals_of,
)
from statuswire.model import (
    AffectedComponent,
    HeardWord,
    Impact,
    Kind,
    KnownIncident,
    Moment,
    Phase,
    Signal,
    SignalSource,
    SignalState,
    SignalWord,
    Status,
)

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIRING, RESOLVED = SignalState.FIRING, SignalState.RESOLVED
MINUTE = timedelta(minutes=1)


def ago(minutes: float) -> datetime:
    return NOW - minutes * MINUTE


def word(state: SignalState, minutes: float, number: int = 1, key: str = "k", lasts: float = 10_000) -> HeardWord:
    at = ago(minutes)
    said = SignalWord(1, "", SignalSource.JSON, key, state, at, "Checkout fails", "", at + lasts * MINUTE)
    return HeardWord(number, said, at)


def signal(began: float, ended: float | None = None, number: int = 1, component: str = "") -> Signal:
    over = None if ended is None else ago(ended)
    return Signal(number, 1, component, SignalSource.JSON, f"k{number}", "Checkout fails", "", ago(began), over)


def incident(told: float, over: float | None = None, name: str = "i1", *parts: str) -> KnownIncident:
    phase = Phase.INVESTIGATING if over is None else Phase.RESOLVED
    components = tuple(AffectedComponent(f"id-{one}", one, "Europe", Status.DEGRADED) for one in parts)
    known = KnownIncident(
        name, Kind.INCIDENT, "Slow", phase, Impact.MINOR, "", Moment(ago(told), ago(told)), components
    )
    return replace(known, created_at=ago(told), resolved_at=None if over is None else ago(over))


# --- signals out of words --------------------------------------------------------------------------------------------


def spans(words: Sequence[HeardWord]) -> list[tuple[float, float | None]]:
    """Of each signal, how many minutes ago it began and ended."""
    return [
        ((NOW - one.began_at) / MINUTE, None if one.ended_at is None else (NOW - one.ended_at) / MINUTE)
        for one in signals_of(words, NOW)
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], []),
        ([word(FIRING, 30)], [(30, None)]),
        ([word(FIRING, 30), word(RESOLVED, 10)], [(30, 10)]),
        ([word(FIRING, 30), word(FIRING, 20), word(RESOLVED, 10)], [(30, 10)]),
        ([word(RESOLVED, 10)], []),
        ([word(RESOLVED, 40), word(FIRING, 30)], [(30, None)]),
        ([word(FIRING, 50), word(RESOLVED, 40), word(FIRING, 30)], [(50, 40), (30, None)]),
        ([word(FIRING, 30), word(RESOLVED, 30)], [(30, 30)]),
        ([word(FIRING, 30), word(RESOLVED, 20), word(RESOLVED, 10)], [(30, 20)]),
    ],
)
def test_a_signal_lasts_from_its_first_word_to_the_next_that_it_is_over(
    words: list[HeardWord], expected: list[tuple[float, float | None]]
) -> None:
    assert spans(words) == expected


def test_what_is_not_heard_of_any_more_has_lapsed() -> None:
    (found,) = signals_of([word(FIRING, 300, lasts=60)], NOW)

    assert (found.ended_at, found.has_lapsed) == (ago(240), True)


def test_what_fires_anew_after_it_has_lapsed_is_another_signal() -> None:
    words = [word(FIRING, 300, 1, lasts=60), word(FIRING, 30, 2, lasts=60)]

    assert spans(words) == [(300, 240), (30, None)]


def test_an_end_that_is_told_after_it_has_lapsed_changes_nothing() -> None:
    assert spans([word(FIRING, 300, 1, lasts=60), word(RESOLVED, 30, 2)]) == [(300, 240)]


def test_things_with_other_keys_are_other_signals() -> None:
    assert spans([word(FIRING, 30, 1, "a"), word(FIRING, 20, 2, "b"), word(RESOLVED, 10, 3, "b")]) == [
        (30, None),
        (20, 10),
    ]


@st.composite
def heard(draw: st.DrawFn) -> list[HeardWord]:
    """Words on a few things, each with a number of its own."""
    said = st.tuples(st.sampled_from(SignalState), st.integers(0, 40), st.sampled_from("ab"))
    lasts = draw(st.sampled_from([5, 10_000]))
    told = enumerate(draw(st.lists(said, max_size=12, unique=True)), 1)
    return [word(state, minutes, number, key, lasts) for number, (state, minutes, key) in told]


@given(heard(), st.randoms(use_true_random=False))
def test_the_order_in_which_words_come_makes_no_difference(words: list[HeardWord], dice: object) -> None:
    shuffled = list(words)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random

    assert signals_of(shuffled, NOW) == signals_of(words, NOW)


@given(heard())
def test_words_that_are_heard_twice_say_nothing_new(words: list[HeardWord]) -> None:
    again = [*words, *(replace(one, id=one.id + 100) for one in words)]

    assert [(one.began_at, one.ended_at) for one in signals_of(again, NOW)] == [
        (one.began_at, one.ended_at) for one in signals_of(words, NOW)
    ]


@given(heard())
def test_signals_of_one_thing_never_overlap_and_none_is_over_before_it_begins(words: list[HeardWord]) -> None:
    found = signals_of(words, NOW)

    for one in found:
        assert one.began_at <= (one.ended_at or NOW)
        later = [other for other in found if other.key == one.key and other.began_at > one.began_at]
        assert all(one.ended_at is not None and one.ended_at <= other.began_at for other in later)


# --- signals and incidents -------------------------------------------------------------------------------------------


def test_we_saw_it_seven_minutes_before_they_said_so() -> None:
    found = pair([signal(47)], [incident(40)], NOW).of("i1")

    assert found is not None and found.ahead == 7 * MINUTE


def test_they_said_so_before_we_saw_it() -> None:
    found = pair([signal(35)], [incident(40)], NOW).of("i1")

    assert found is not None and found.ahead == -5 * MINUTE


@pytest.mark.parametrize(
    ("ours", "theirs", "is_one"),
    [
        (signal(60, 50), incident(40), True),
        (signal(80, 71), incident(40), False),
        (signal(40 + 12 * 60), incident(40), True),
        (signal(41 + 12 * 60), incident(40), False),
        (signal(10), incident(40, 20), False),
        (signal(20), incident(40, 20), True),
        (signal(30, component="API"), incident(40, None, "i1", "API"), True),
        (signal(30, component="Europe / API"), incident(40, None, "i1", "API"), True),
        (signal(30, component="id-API"), incident(40, None, "i1", "Web", "API"), True),
        (signal(30, component="Docs"), incident(40, None, "i1", "API"), False),
        (signal(30, component="API"), incident(40), True),
        (signal(30), incident(40, None, "i1", "API"), True),
    ],
)
def test_a_signal_is_about_an_incident_that_it_meets_in_time_and_in_components(
    ours: Signal, theirs: KnownIncident, is_one: bool
) -> None:
    assert is_about(theirs, ours, NOW) is is_one


def test_what_begins_when_an_incident_is_old_is_about_it_and_says_nothing_of_who_was_first() -> None:
    found = pair([signal(30)], [incident(3 * 24 * 60)], NOW).of("i1")

    assert found is not None and (len(found.signals), found.ahead) == (1, None)


def test_planned_maintenance_admits_nothing() -> None:
    planned = replace(incident(40), kind=Kind.MAINTENANCE)

    assert pair([signal(47)], [planned], NOW).pairs == ()


def test_a_signal_that_goes_on_is_a_lead_over_the_first_incident_alone() -> None:
    paired = pair([signal(100)], [incident(90, 80, "first"), incident(40, None, "second")], NOW)
    first, second = paired.of("first"), paired.of("second")

    assert first is not None and first.ahead == 10 * MINUTE
    assert second is not None and (second.ahead, len(second.signals)) == (None, 1)


def test_what_nothing_admitted_counts_once_the_provider_has_had_its_time() -> None:
    ours = [signal(200, 190, 1), signal(10, None, 2), signal(60, None, 3)]
    paired = pair(ours, [incident(50)], NOW)

    assert [one.id for one in never_admitted(ours, paired, NOW)] == [1]


moments = st.integers(0, 3_000)


@st.composite
def sides(draw: st.DrawFn) -> tuple[list[Signal], list[KnownIncident]]:
    parts = st.sampled_from(["", "API", "Web"])
    ours, theirs = [], []
    for number, (began, length, part) in enumerate(
        draw(st.lists(st.tuples(moments, st.integers(0, 200), parts), max_size=6)), 1
    ):
        ours.append(signal(began, max(began - length, 0) if length else None, number, part))
    for number, (told, length, part) in enumerate(
        draw(st.lists(st.tuples(moments, st.integers(0, 200), parts), max_size=6)), 1
    ):
        theirs.append(
            incident(told, max(told - length, 0) if length else None, f"i{number}", *([part] if part else ()))
        )
    return ours, theirs


@given(sides(), st.randoms(use_true_random=False))
def test_pairing_does_not_depend_on_the_order_of_what_is_paired(
    both: tuple[list[Signal], list[KnownIncident]], dice: object
) -> None:
    ours, theirs = (list(some) for some in both)
    dice.shuffle(ours)  # type: ignore[attr-defined]  # hypothesis gives a Random
    dice.shuffle(theirs)  # type: ignore[attr-defined]

    assert pair(ours, theirs, NOW) == pair(*both, NOW)


@given(sides())
def test_every_incident_stands_once_and_every_signal_is_admitted_by_the_first_that_is_about_it(
    both: tuple[list[Signal], list[KnownIncident]],
) -> None:
    ours, theirs = both
    paired = pair(ours, theirs, NOW)

    assert sorted(one.incident.id for one in paired.pairs) == sorted(one.id for one in theirs)
    for one in ours:
        near = [told for told in theirs if is_about(told, one, NOW)]
        assert (one.id in paired.admitted) is bool(near)
        assert not near or told_at(paired.admitted[one.id]) == min(map(told_at, near))


@given(sides())
def test_a_lead_is_never_longer_than_it_may_be_and_a_lag_never_longer_than_the_incident(
    both: tuple[list[Signal], list[KnownIncident]],
) -> None:
    for one in pair(*both, NOW).pairs:
        if one.ahead is not None:
            assert one.ahead <= LONGEST_LEAD
            assert -one.ahead <= min(LONGEST_LEAD, (one.incident.resolved_at or NOW) - told_at(one.incident))
            assert one.first in one.signals and all(is_same_part(one.incident, it.component) for it in one.signals)


@given(sides(), st.integers(1, 100_000))
def test_leads_are_the_same_whenever_it_happens(both: tuple[list[Signal], list[KnownIncident]], minutes: int) -> None:
    later = minutes * MINUTE
    ours = [
        replace(one, began_at=one.began_at + later, ended_at=one.ended_at and one.ended_at + later) for one in both[0]
    ]
    theirs = [
        replace(
            one,
            created_at=one.created_at and one.created_at + later,
            resolved_at=one.resolved_at and one.resolved_at + later,
        )
        for one in both[1]
    ]

    moved = pair(ours, theirs, NOW + later)

    assert [one.ahead for one in moved.pairs] == [one.ahead for one in pair(*both, NOW).pairs]


@given(sides())
def test_an_incident_of_another_time_changes_no_lead(both: tuple[list[Signal], list[KnownIncident]]) -> None:
    ours, theirs = both
    old = incident(30 * 24 * 60, 29 * 24 * 60, "old")

    found = {one.incident.id: one.ahead for one in pair(ours, [*theirs, old], NOW).pairs}

    assert found.pop("old") is None
    assert found == {one.incident.id: one.ahead for one in pair(ours, theirs, NOW).pairs}


def test_the_spans_of_time_leave_room_for_slow_providers() -> None:
    assert PATIENCE <= AFTERMATH <= LONGEST_LEAD
