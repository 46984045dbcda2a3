"""Text made safe and cut to the unit of its medium."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.channels.quoting import escaped, json_bytes, paragraphs, substituting, units, within

FAMILY = "👩‍👩‍👧‍👦"
SAFE = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)

escape = substituting({"&": "&amp;", "<": "&lt;"})


def test_paragraphs_stay_and_what_obeys_nobody_goes() -> None:
    assert (
        paragraphs("one\x1b[31m\r\n\n\n\n two\u202e \ud800\u2028three") == "one\n\ntwo \N{REPLACEMENT CHARACTER}\nthree"
    )


def test_letters_beyond_the_first_plane_count_twice() -> None:
    assert units("a€😀") == 4


def test_a_cut_never_falls_into_a_letter() -> None:
    assert within(FAMILY * 3, units(FAMILY) * 2 + 1) == FAMILY * 2 + "…"
    assert within(FAMILY, 3) == "…"
    assert within("abc", 0) == ""


def test_bytes_inside_json_are_counted_with_their_escapes() -> None:
    assert [json_bytes(text) for text in ("", 'a"', "ä", "\n")] == [0, 3, 2, 2]
    assert within('""""', 7, json_bytes) == '""…'


@given(SAFE, st.integers(0, 70))
def test_what_is_cut_is_the_beginning_and_fits(text: str, limit: int) -> None:
    cut = within(text, limit)

    assert units(cut) == len(cut.encode("utf-16-le")) // 2 <= limit
    assert cut == text or text.startswith(cut.removesuffix("…"))


@given(SAFE, st.integers(0, 70))
def test_bytes_fit_too(text: str, limit: int) -> None:
    assert len(json.dumps(within(text, limit, json_bytes), ensure_ascii=False).encode()) - 2 <= limit + 6 * text.count(
        "\x7f"
    )


@pytest.mark.parametrize("limit", range(30))
def test_what_is_escaped_is_cut_before_and_no_escape_is_broken(limit: int) -> None:
    written = escaped("a<b&c<d&e", limit, escape)

    assert units(written) <= limit
    assert "&" not in written.replace("&amp;", "").replace("&lt;", "")
