"""Any id of a provider is one segment of a path, and comes back as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from statuswire.web.paths import incident_path, segment, text_of


def test_plain_ids_stay_what_they_are() -> None:
    assert incident_path("acme", "w2x4y6z8b1c3") == "/pages/acme/incidents/w2x4y6z8b1c3"


@given(st.text())
def test_every_text_comes_back_out_of_a_segment_that_no_server_touches(text: str) -> None:
    made = segment(text)

    assert text_of(made) == text
    assert made.isascii()
    assert not set(made) & set("/%?#\\ ")
    assert made not in (".", "..", "")


def test_a_segment_that_was_never_made_stands_for_itself() -> None:
    assert [text_of(one) for one in ("~", "~%%%", "~a", "x~")] == ["", "~%%%", "~a", "x~"]
