"""What is remembered, how old it gets, and what is asked when."""

from __future__ import annotations

from statuswire.client import Freshness, Status
from statuswire.client.book import EVERY_S, FRESH_S, GAP_S, Book
from statuswire.client.standing import Subject

from .bodies import component
from .test_standing import state

API = Subject("acme", "API")
WEB = Subject("brook")
DOWN = state(of={}, rows=[component(status="major_outage")])


def book() -> Book:
    made = Book()
    made.add(API, 0.0)
    return made


def test_what_was_never_answered_is_unknown_and_says_why() -> None:
    made = book()
    assert made.reading(API, 1.0).why == "acme:API: unknown: the server has not answered yet"

    made.failed(API, "nothing listens there", 1.0)

    told = made.reading(API, 2.0)
    assert (told.status, told.freshness, told.age_s) == (Status.UNKNOWN, Freshness.UNKNOWN, None)
    assert told.why == "acme:API: unknown: nothing listens there"


def test_what_was_told_is_fresh_and_then_stale_and_never_forgotten() -> None:
    made = book()
    made.noted(API, DOWN, 10.0)

    fresh, stale = made.reading(API, 10.0 + FRESH_S), made.reading(API, 11.0 + FRESH_S)

    assert (fresh.freshness, fresh.is_down) == (Freshness.FRESH, True)
    assert (stale.freshness, stale.is_down, stale.age_s) == (Freshness.STALE, True, 1 + FRESH_S)


def test_failures_keep_what_was_known_and_are_tried_again_more_and_more_slowly() -> None:
    made = book()
    made.noted(API, DOWN, 0.0)
    pauses = []
    for _ in range(8):
        made.failed(API, "gone", 100.0)
        pauses.append(made.next_due_at(100.0) - 100.0)

    assert pauses[0] <= 1 and 30 <= pauses[-1] <= 60
    assert made.reading(API, 100.0).is_down
    assert "gone" in made.reading(API, 1000.0).why


def test_an_event_of_a_page_makes_it_due_at_once_and_no_other() -> None:
    made = book()
    made.add(WEB, 0.0)
    made.noted(API, DOWN, 5.0)
    made.noted(WEB, DOWN, 5.0)
    assert made.due(6.0) == () and made.next_due_at(6.0) == 5.0 + EVERY_S

    made.touch(["acme", "unheard"], 6.0)

    assert made.due(6.0) == (API,)


def test_nothing_is_read_twice_in_a_second_however_much_happens() -> None:
    made = book()
    made.noted(API, DOWN, 5.0)

    made.touch(["acme"], 5.2)

    assert made.due(5.9) == () and made.due(5.0 + GAP_S) == (API,)


def test_what_fails_waits_for_its_turn_whatever_happens_there() -> None:
    made = book()
    made.failed(API, "gone", 0.0)

    made.touch(["acme"], 0.1)

    assert made.due(0.1) == ()
