"""Updates in one entry's body: labels, texts, moments, years, windows."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.platforms.markup import scheduled_window, split_updates

NEAR = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)


def utc(year: int, month: int, day: int, *clock: int) -> datetime:
    hour, minute, second, microsecond = (*clock, 0, 0, 0, 0)[:4]
    return datetime(year, month, day, hour, minute, second, microsecond, UTC)


def statuspage(month: str, day: str, clock: str, label: str, body: str, zone: str = "UTC") -> str:
    return (
        f"<p><small>{month} <var data-var='date'>{day:>2}</var>, <var data-var='time'>{clock}</var> {zone}</small><br>"
        f"<strong>{label}</strong> - {body}</p>"
    )


def told(markup: str, near: datetime | None = NEAR, zone: str | None = None) -> list[tuple[str, str, datetime | None]]:
    return [(update.label, update.text, update.at) for update in split_updates(markup, near, zone)]


def test_updates_are_oldest_first_with_label_text_and_moment() -> None:
    markup = statuspage("May", "4", "10:22", "Identified", "A bad deploy.<br />Second line") + statuspage(
        "May", "4", "10:01", "Investigating", "Looking &amp; waiting."
    )

    assert told(markup) == [
        ("Investigating", "Looking & waiting.", utc(2026, 5, 4, 10, 1)),
        ("Identified", "A bad deploy.\nSecond line", utc(2026, 5, 4, 10, 22)),
    ]


def test_the_raw_markup_of_an_update_ends_where_the_update_ends() -> None:
    markup = statuspage("May", "4", "10:22", "Resolved", "<b>Done</b>.") + statuspage(
        "May", "4", "10:01", "Identified", "x"
    )

    assert [update.raw for update in split_updates(markup, NEAR)] == ["x", "<b>Done</b>."]


def test_blanks_between_the_tags_change_nothing() -> None:
    markup = (
        "<p> <small>May <var data-var='date'> 4</var>, <var data-var='time'>10:22</var> UTC</small><br> "
        "<strong>Resolved</strong> - Done. </p> <p> <small>May <var data-var='date'> 4</var>, "
        "<var data-var='time'>10:01</var> UTC</small><br> <strong>Update</strong> - Soon. </p>"
    )

    assert told(markup) == [
        ("Update", "Soon.", utc(2026, 5, 4, 10, 1)),
        ("Resolved", "Done.", utc(2026, 5, 4, 10, 22)),
    ]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<p><small>Jan  1, 09:09 PST</small><br><strong>Resolved</strong> - Done.</p>",
            ("Resolved", "Done.", utc(2026, 1, 1, 17, 9)),
        ),
        (
            "<p><small>May 13, 2017, 06:45 UTC</small><br><strong>Scheduled</strong> - Work.</p>",
            ("Scheduled", "Work.", utc(2017, 5, 13, 6, 45)),
        ),
        (
            "<p><small>May <var data-var='date'> 4</var>, <var data-var='time'>10:22:31</var> GMT+2</small><br />"
            "<strong>Identified</strong> -\n A bad deploy..</p>",
            ("Identified", "A bad deploy..", utc(2026, 5, 4, 8, 22, 31)),
        ),
        (
            "<small>Aug 28, 10:33 PM UTC</small><br/><strong>RESOLVED</strong> - <p>text</p>",
            ("RESOLVED", "text", utc(2026, 8, 28, 22, 33)),
        ),
        (
            "<SMALL>May 4, 10:22 UTC</SMALL><BR><B>In progress</B>: Now.",
            ("In progress", "Now.", utc(2026, 5, 4, 10, 22)),
        ),
        ("<p><small>soon</small><br><strong>Update</strong> - x</p>", ("Update", "x", None)),
    ],
)
def test_the_variants_of_other_platforms(markup: str, expected: tuple[str, str, datetime | None]) -> None:
    assert told(markup) == [expected]


def test_a_provider_who_writes_the_oldest_first_is_read_in_its_own_order() -> None:
    markup = (
        "<small>May 4, 2026 05:15 PDT</small><br /><b>Investigating</b> - Looking.<br /><br />"
        "<small>May 4, 2026 06:43 PDT</small><br /><b>Resolved</b> - Fixed.<br /><br />"
    )

    assert [label for label, _, _ in told(markup)] == ["Investigating", "Resolved"]


def test_d13_updates_out_of_order_are_put_in_order_of_their_time() -> None:
    markup = (
        statuspage("May", "4", "10:30", "Resolved", "c")
        + statuspage("May", "4", "10:01", "Investigating", "a")
        + statuspage("May", "4", "10:22", "Identified", "b")
    )

    assert [text for _, text, _ in told(markup)] == ["a", "b", "c"]


def test_updates_of_one_minute_keep_their_order() -> None:
    markup = statuspage("May", "4", "10:22", "Resolved", "b") + statuspage("May", "4", "10:22", "Update", "a")

    assert [text for _, text, _ in told(markup)] == ["a", "b"]


@pytest.mark.parametrize("labels", [("Investigating", "Identified"), ("Scheduled", "Completed"), ("Active", "Update")])
def test_where_the_year_is_written_the_oldest_of_one_minute_stands_first(labels: tuple[str, str]) -> None:
    header = "<small>May 4, 2026 05:15 PDT</small><br /><b>{}</b> - Text.<br /><br />"

    told = split_updates("".join(map(header.format, labels)), None)

    assert tuple(update.label for update in told) == labels


def test_the_year_falls_when_going_back_over_new_year() -> None:
    markup = (
        statuspage("Jan", "2", "09:00", "Resolved", "d")
        + statuspage("Dec", "31", "23:50", "Update", "c")
        + statuspage("Mar", "1", "08:00", "Update", "b")
        + statuspage("Nov", "5", "08:00", "Investigating", "a")
    )

    assert [at for _, _, at in told(markup, utc(2026, 1, 2, 9))] == [
        utc(2024, 11, 5, 8),
        utc(2025, 3, 1, 8),
        utc(2025, 12, 31, 23, 50),
        utc(2026, 1, 2, 9),
    ]


def test_without_a_date_of_the_entry_moments_without_a_year_are_unknown() -> None:
    assert told(statuspage("May", "4", "10:22", "Update", "x"), near=None) == [("Update", "x", None)]


def test_the_zone_of_the_page_decides_an_ambiguous_abbreviation() -> None:
    markup = statuspage("May", "4", "10:22", "Update", "x", zone="CST")

    assert told(markup, zone="Asia/Shanghai")[0][2] == utc(2026, 5, 4, 2, 22)


@pytest.mark.parametrize("markup", ["", "plain", "<p>Just <strong>bold</strong></p>", "<small>note</small> text"])
def test_other_markup_has_no_updates(markup: str) -> None:
    assert split_updates(markup, NEAR) == ()


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (
            "May <var data-var='date'> 9</var>, <var data-var='time'>22:00</var> - "
            "<var data-var='time'>23:30</var> UTC",
            (utc(2026, 5, 9, 22), utc(2026, 5, 9, 23, 30)),
        ),
        ("May 9, 22:00 - 01:00 UTC", (utc(2026, 5, 9, 22), utc(2026, 5, 10, 1))),
        ("May 9, 22:00 - May 10, 01:00 PDT", (utc(2026, 5, 10, 5), utc(2026, 5, 10, 8))),
        ("Dec 31, 22:00 - Jan 1, 01:00 UTC", (utc(2025, 12, 31, 22), utc(2026, 1, 1, 1))),
    ],
)
def test_the_window_of_a_maintenance(window: str, expected: tuple[datetime, datetime]) -> None:
    near = utc(2026, 1, 3) if window.startswith("Dec") else NEAR

    assert scheduled_window(f"<p><strong>THIS IS A SCHEDULED EVENT {window}</strong></p>", near) == expected


@pytest.mark.parametrize("markup", ["", "May 9, 22:00 - 23:30 UTC", "<b>THIS IS A SCHEDULED EVENT soon</b>"])
def test_no_window_gives_no_moments(markup: str) -> None:
    assert scheduled_window(markup, NEAR) == (None, None)


PIECES = st.lists(
    st.sampled_from(
        ["<small>", "</small>", "<br>", "<strong>", "</strong>", "<var data-var='date'>", "</var>", "May 4, 10:22 UTC",
         "Resolved", " - ", "<p>", "</p>", "THIS IS A SCHEDULED EVENT ", "<", ">", "&amp;", "Feb 29", "99:99", "\n"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(PIECES, st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))))
def test_any_markup_gives_updates_in_order_of_time(markup: str, near: datetime | None) -> None:
    moments = [update.at for update in split_updates(markup, near) if update.at]

    assert scheduled_window(markup, near) is not None
    if len(moments) == len(split_updates(markup, near)):
        assert moments == sorted(moments)


@pytest.mark.parametrize(
    "unit", ["<small>", "<small>May <var>", "<small>x</small><br>", "<small>x</small><b>y</b> ", "<p>"]
)
def test_splitting_takes_linear_time_on_hostile_markup(unit: str) -> None:
    markup = unit * (200_000 // len(unit))
    began = time.process_time()

    split_updates(markup, NEAR)

    assert time.process_time() - began < 1.5
