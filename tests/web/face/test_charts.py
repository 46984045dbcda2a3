"""Bars of days, drawn by the server."""

from __future__ import annotations

from datetime import date, timedelta

import lxml.html

from statuswire.model import Status
from statuswire.web.face.charts import Bar, bars, strip, summary

FIRST = date(2026, 5, 1)
DAYS = [
    Bar(FIRST, Status.OPERATIONAL),
    Bar(FIRST + timedelta(days=1), Status.MAJOR_OUTAGE, "12 min major outage", 0.5),
    Bar(FIRST + timedelta(days=2), Status.UNKNOWN, seen=0.0),
    Bar(FIRST + timedelta(days=3), Status.OPERATIONAL),
    Bar(FIRST + timedelta(days=4), Status.OPERATIONAL),
]
LEVELS = [day.level for day in DAYS]


def test_each_day_is_one_bar_with_its_state_and_its_words() -> None:
    drawn = lxml.html.fromstring(bars(DAYS, "Acme"))

    assert [one.get("class") for one in drawn.xpath("//rect")] == [
        "is-operational",
        "is-major_outage",
        "is-unknown",
        "is-operational",
        "is-operational",
    ]
    assert [one.text for one in drawn.xpath("//rect/title")][:3] == [
        "2026-05-01: operational",
        "2026-05-02: 12 min major outage; observed 50%",
        "2026-05-03: not observed",
    ]
    assert drawn.xpath("//@style") == []


def test_a_strip_draws_days_of_one_state_as_one_stroke() -> None:
    drawn = lxml.html.fromstring(strip(LEVELS, "API"))

    assert [one.get("d") for one in drawn.xpath("//path")] == ["M0 8H6", "M8 8H14", "M16 8H22", "M24 8H38"]


def test_u1_what_is_said_of_a_day_is_escaped() -> None:
    drawn = str(bars([Bar(FIRST, Status.DEGRADED, "<script>")], '"><script>'))

    assert "<script" not in drawn


def test_no_days_are_a_drawing_of_nothing() -> None:
    assert "<rect" not in bars([], "Acme")
    assert summary(LEVELS) == "5 days: 1 with trouble, 1 not observed"
