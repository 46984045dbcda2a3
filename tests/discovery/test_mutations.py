"""Whatever stands in a file, a reader answers or refuses; it never fails otherwise, and quickly."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.discovery import kinds
from statuswire.discovery.matching import Findings, of_file
from statuswire.discovery.readers import dotenv
from statuswire.errors import ConfigError
from tests.discovery.samples import SAMPLES

PIECES = (
    "\n",
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    ":",
    "=",
    "- ",
    "@",
    "node_modules/",
    "\0",
    "\ufeff",
    "|",
    "  ",
    "\\",
    "*",
    "/",
)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str]:
    """A kind of file, and one of the samples cut, doubled and spoilt in places."""
    file = draw(st.sampled_from(sorted(SAMPLES)))
    text = SAMPLES[draw(st.sampled_from(sorted(SAMPLES)))] if draw(st.booleans()) else SAMPLES[file]
    for _ in range(draw(st.integers(1, 6))):
        begin, end = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
        piece = draw(st.sampled_from(PIECES) | st.text(max_size=5) | st.just(text[begin:end] * 2))
        text = text[:begin] + piece + text[end:]
    return file, text


@given(
    st.lists(st.tuples(st.sampled_from("'\"`"), st.text("ABC_=\n# :\\'\"`x", max_size=40)), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
)
def test_no_part_of_a_quoted_value_is_taken_for_a_name(values: list[tuple[str, str]], end: str) -> None:
    lines = []
    for number, (quote, value) in enumerate(values):
        inner = f"{value}\nSTRIPE_SECRET=1\n{value}".replace("\\", "").replace(quote, "")
        lines.append(f"STRIPE_{number}={quote}{inner}{quote}")

    seen = list(dotenv.names(end.join(lines)))

    assert [one.name for one in seen] == [f"STRIPE_{number}" for number in range(len(values))]


@given(mutated())
@settings(max_examples=400, deadline=None)
def test_a_spoilt_file_is_read_as_far_as_it_goes_or_refused(sample: tuple[str, str]) -> None:
    file, text = sample
    way = kinds.way_of(file)
    assert way is not None

    try:
        of_file(Findings(), file, text, way.read(text))
    except ConfigError as refusal:
        assert str(refusal).startswith("is ")


@given(
    st.sampled_from(sorted(SAMPLES)),
    st.sampled_from(["[" * 60_000, '{"a":' * 60_000, "a" * 200_000, "https://" * 40_000]),
)
@settings(max_examples=60, deadline=5000)
def test_nesting_and_length_without_end_do_no_harm(file: str, text: str) -> None:
    way = kinds.way_of(file)
    assert way is not None

    try:
        of_file(Findings(), file, text, way.read(text))
    except ConfigError as refusal:
        assert str(refusal).startswith("is ")
