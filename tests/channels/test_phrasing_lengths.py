"""Cutting a text between graphemes, quickly however long it is."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from statuswire.channels.phrasing import shortened

LETTERS = st.sampled_from(["a", " ", "é", "e\u0301", "👩‍👩‍👧‍👦", "🇦🇹", "🇩🇪", "각", "क्षि", "한", "\n", "漢"])


@given(st.lists(LETTERS, max_size=40).map("".join), st.integers(0, 60))
def test_what_is_kept_is_whole_graphemes(text: str, limit: int) -> None:
    cut = shortened(text, limit)

    assert len(cut) <= limit
    if cut != text:
        kept = cut.removesuffix("…")
        ends = {0} | {found.end() for found in regex.finditer(r"\X", text)}
        assert any(text[:end].rstrip() == kept for end in ends)


@pytest.mark.parametrize("letter", ["a", "漢", "e\u0301", "👩‍👩‍👧‍👦", "🇦🇹 "])
def test_a_long_text_is_cut_as_exactly_as_a_short_one(letter: str) -> None:
    cut = shortened(letter * 20_000, 10_000)

    assert cut == (letter * (9_999 // len(letter))).rstrip() + "…"


def test_a_letter_of_thousands_of_marks_is_cut_all_the_same() -> None:
    assert len(shortened("e" + "\u0301" * 5000, 1000)) <= 1000
