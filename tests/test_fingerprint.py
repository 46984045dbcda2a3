"""When two texts are one text, and that finding it out takes no longer than reading them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.fingerprint import FOLD_LENGTH, derived_update_id, event_key, fold_text, revision

MAX_SECONDS = 0.5
"""CPU time for 64,000 characters, a hundred times what is needed."""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We are **looking** at it.", "We are looking at it"),
        ("See [our page](https://acme.example/a_(b)) for more", "See our page for more"),
        ("See https://acme.example/x now", "See now"),
        ("- first\n- second", "first\nsecond"),
        ("\n\n  1. first\r\n\r\n## second", "first second"),
        ("Caf\u00e9 is slow", "Cafe\u0301 is slow"),
        ("Cut here…", "Cut here..."),
    ],
)
def test_markup_and_white_space_make_no_difference(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other)


def test_only_the_beginning_of_a_text_counts_for_its_fold_and_all_of_it_for_its_revision() -> None:
    beginning = "word " * FOLD_LENGTH

    assert fold_text(beginning + "one") == fold_text(beginning + "two")
    assert revision(beginning + "one") != revision(beginning + "two")


@given(st.text(st.sampled_from("ab .*-#1_`~[]()\n\r\t…"), max_size=80))
def test_a_folded_text_has_no_white_space_but_single_blanks(text: str) -> None:
    folded = fold_text(text)

    assert folded == " ".join(folded.split())


@pytest.mark.parametrize("part", ["\n", " \n", "\n1", "[", "[x](", "[](()", "*-", "- ", "http://", "#\n"])
def test_a_text_made_to_be_slow_is_folded_in_linear_time(part: str) -> None:
    text = part * (64_000 // len(part)) + "x"
    started_s = time.process_time()

    fold_text(text)

    assert time.process_time() - started_s < MAX_SECONDS


def test_P16_stored_names_never_change() -> None:
    """Other replicas and later versions compare them; see VERSION."""
    assert revision("We are **looking** at it.") == "4acce9abce92f2f5"
    assert derived_update_id("resolved", "Fixed", None) == "d-1a989872e9576632"
    assert event_key("acme", "i1", "u1") == "8815e4b0582090bfe5710ec1648fcb4fe679d3ad"
