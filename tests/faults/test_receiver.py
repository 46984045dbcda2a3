"""When a message that came twice is one that its sender should have known to be taken."""

from __future__ import annotations

import random

from tests.faults.receiver import PLAIN, Receiver


def told_twice(*stood: tuple[int, float, float], again_by: int = 1) -> Receiver:
    """A message of the first process came at 10 s and was answered at 11 s; processes stood still meanwhile."""
    receiver = Receiver(random.Random(0))
    for life, since, until in stood:
        receiver.stand_still(life, since).until = until
    receiver.hear(PLAIN[0], "a", b"{}", 1)
    receiver.take("a", 1, 10.0, 11.0)
    receiver.hear(PLAIN[0], "a", b"{}", again_by)
    return receiver


def test_a_process_that_sends_twice_is_found() -> None:
    assert told_twice().again_at_once == ["a"]


def test_another_process_may_send_again() -> None:
    receiver = told_twice(again_by=2)

    assert receiver.again_at_once == []
    assert receiver.again == {2: 1}


def test_a_process_that_stood_still_over_the_answer_may_send_again() -> None:
    for since, until in ((9.0, 12.0), (10.5, 20.0), (11.5, 30.0)):
        assert told_twice((1, since, until)).again_at_once == [], since


def test_standing_still_before_or_long_after_the_answer_is_no_excuse() -> None:
    for life, since, until in ((1, 1.0, 9.5), (1, 14.0, 30.0), (2, 9.0, 12.0)):
        assert told_twice((life, since, until)).again_at_once == ["a"], (life, since)
