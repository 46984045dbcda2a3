"""Us or them: every verdict with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.core.blame import Blame, Elsewhere, Ground, TheirWord, judge
from statuswire.model import KnownIncident, Signal, Status
from tests.core.test_signals import NOW, ago, incident, signal

FINE = TheirWord("Acme", Status.OPERATIONAL, is_blind=False)
BLIND = TheirWord("Acme", Status.OPERATIONAL, is_blind=True)
NEVER_READ = TheirWord("Acme", Status.UNKNOWN, is_blind=True)
BAD = TheirWord("Acme", Status.DEGRADED, is_blind=False)


def open_with(*open_: KnownIncident, is_blind: bool = False) -> TheirWord:
    return TheirWord("Acme", Status.DEGRADED, is_blind, open_)


def beside(*names: str, began: float = 20, admits: bool = False) -> list[Elsewhere]:
    return [Elsewhere(name, ago(began), admits) for name in names]


CASES: list[tuple[list[Signal], TheirWord, list[Elsewhere], Blame, list[Ground]]] = [
    ([], FINE, [], Blame.QUIET, [Ground.NO_SIGNAL, Ground.SAYS_FINE]),
    ([], BAD, [], Blame.QUIET, [Ground.NO_SIGNAL, Ground.ADMITS]),
    ([], BLIND, [], Blame.QUIET, [Ground.NO_SIGNAL, Ground.UNREAD]),
    ([signal(20)], open_with(incident(10)), [], Blame.THEM, [Ground.ADMITS]),
    ([signal(20)], open_with(incident(10), is_blind=True), [], Blame.THEM, [Ground.ADMITS]),
    ([signal(20)], BAD, [], Blame.THEM, [Ground.ADMITS]),
    ([signal(20)], BLIND, [], Blame.UNKNOWN, [Ground.UNREAD]),
    ([signal(20)], NEVER_READ, [], Blame.UNKNOWN, [Ground.UNREAD]),
    (
        [signal(20, component="Docs")],
        open_with(incident(10, None, "i1", "API")),
        [],
        Blame.UNCLEAR,
        [Ground.ADMITS_OTHER],
    ),
    ([signal(20)], FINE, [], Blame.UNCLEAR, [Ground.SAYS_FINE, Ground.STILL_TIME]),
    ([signal(40)], FINE, [], Blame.US, [Ground.SAYS_FINE, Ground.SILENT]),
    ([signal(20)], FINE, beside("Brook"), Blame.UNCLEAR, [Ground.SAYS_FINE, Ground.STILL_TIME]),
    ([signal(20)], FINE, beside("Brook", "Cinder"), Blame.US, [Ground.SAYS_FINE, Ground.SEVERAL]),
    ([signal(20)], FINE, beside("Brook", admits=True), Blame.UNCLEAR, [Ground.SAYS_FINE, Ground.OTHERS_ADMIT]),
    ([signal(20)], FINE, beside("B", "C", began=90), Blame.UNCLEAR, [Ground.SAYS_FINE, Ground.STILL_TIME]),
    ([signal(20)], open_with(incident(10)), beside("B", "C"), Blame.THEM, [Ground.ADMITS, Ground.SEVERAL]),
    ([signal(20)], BLIND, beside("B", "C"), Blame.UNKNOWN, [Ground.UNREAD, Ground.SEVERAL]),
]


@pytest.mark.parametrize(("firing", "theirs", "others", "blame", "grounds"), CASES)
def test_the_verdict_and_why(
    firing: Sequence[Signal], theirs: TheirWord, others: Sequence[Elsewhere], blame: Blame, grounds: list[Ground]
) -> None:
    found = judge(firing, theirs, others, NOW)

    assert (found.blame, [one.ground for one in found.reasons]) == (blame, grounds)
    assert all(one.sentence.endswith(".") for one in found.reasons)


@given(
    st.lists(st.integers(0, 300), max_size=3),
    st.sampled_from(Status),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=4),
)
def test_it_is_never_them_without_their_word_and_never_us_while_they_cannot_be_read(
    began: list[int], level: Status, is_blind: bool, others: list[tuple[int, bool]]
) -> None:
    firing = [signal(minutes, None, number) for number, minutes in enumerate(began, 1)]
    elsewhere = [Elsewhere(f"p{place}", ago(minutes), admits) for place, (minutes, admits) in enumerate(others)]

    found = judge(firing, TheirWord("Acme", level, is_blind), elsewhere, NOW)

    admits = level in (Status.DEGRADED, Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE)
    assert (found.blame is Blame.QUIET) is (not firing)
    assert found.blame is not Blame.THEM or admits
    assert found.blame is not Blame.US or not is_blind
    assert found.reasons


def test_the_provider_is_given_half_an_hour() -> None:
    at_once = judge([signal(29)], FINE, [], NOW)
    later = judge([signal(29)], FINE, [], NOW + timedelta(minutes=2))

    assert (at_once.blame, later.blame) == (Blame.UNCLEAR, Blame.US)
