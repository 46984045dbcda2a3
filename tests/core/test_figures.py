"""Tables that no spreadsheet runs, and figures of lengths."""

from __future__ import annotations

from datetime import timedelta

import pytest

from statuswire.core.figures import spread, to_csv


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_what_a_spreadsheet_would_run_is_led_by_an_apostrophe(text: str) -> None:
    assert to_csv([{"title": text}]).split("\r\n")[1].lstrip('"').startswith("'")


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    assert to_csv([{"a": -1.5, "b": "fine", "c": None}]) == "a,b,c\r\n-1.5,fine,\r\n"


def test_the_figures_of_many_lengths() -> None:
    found = spread(timedelta(seconds=count) for count in range(1, 101))

    assert (found.median, found.p95, found.longest) == (
        timedelta(seconds=50.5),
        timedelta(seconds=95),
        timedelta(seconds=100),
    )
