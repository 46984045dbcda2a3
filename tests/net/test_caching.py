"""What headers say of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.net.caching import max_age, retry_after, validator

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
AGES: list[tuple[dict[str, str], int | None]] = [
    ({}, None),
    ({"Cache-Control": "max-age=60"}, 60),
    ({"Cache-Control": 'public, MAX-AGE="90", stale-while-revalidate=30'}, 90),
    ({"Cache-Control": "s-maxage=600"}, None),
    ({"Cache-Control": "s-maxage=600, max-age=10"}, 10),
    ({"Cache-Control": "max-age=60", "Age": "45"}, 15),
    ({"Cache-Control": "max-age=60", "Age": "90"}, 0),
    ({"Cache-Control": "max-age=60", "Age": "soon"}, 60),
    ({"Cache-Control": "max-age=60, no-cache"}, 0),
    ({"Cache-Control": "no-store"}, 0),
    ({"Cache-Control": "max-age=-1"}, None),
    ({"Cache-Control": "max-age=soon"}, None),
    ({"Cache-Control": "max-age=" + "9" * 5_000}, 366 * 86_400),
    ({"Cache-Control": "private", "Expires": "Mon, 04 May 2026 10:05:00 GMT"}, 300),
    ({"Expires": "Mon, 04 May 2026 10:05:00 GMT", "Date": "Mon, 04 May 2026 10:04:00 GMT"}, 60),
    ({"Expires": "0"}, 0),
    ({"Expires": "Mon, 04 May 2020 10:05:00 GMT"}, 0),
    ({"Cache-Control": "max-age=5", "Expires": "Mon, 04 May 2026 10:05:00 GMT"}, 5),
]
WAITS: list[tuple[str, float | None]] = [
    ("120", 120),
    (" 120 ", 120),
    ("1.5", 1.5),
    ("0", 1),
    ("-5", 1),
    ("315360000", 21_600),
    ("9" * 4_000, 21_600),
    ("Mon, 04 May 2026 10:02:00 GMT", 120),
    ("Monday, 04-May-26 10:02:00 GMT", 120),
    ("Mon, 04 May 2020 10:02:00 GMT", 1),
    ("Fri, 01 May 2036 10:00:00 GMT", 21_600),
    ("soon", None),
    ("", None),
    ("１２０", None),
    ("nan", None),
    ("1e9", None),
]


@pytest.mark.parametrize(("headers", "seconds"), AGES)
def test_max_age_is_read_as_the_rfc_has_it(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert max_age(headers, NOW) == expected


@pytest.mark.parametrize(("text", "seconds"), WAITS)
def test_N9_retry_after_is_clamped_in_every_form(text: str, seconds: float | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert retry_after({"Retry-After": text}, NOW) == expected


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_arbitrary_headers_never_raise(control: str, other: str, age: str) -> None:
    headers = {"Cache-Control": control, "Expires": other, "Date": other, "Retry-After": other, "Age": age}

    lifetime, wait = max_age(headers, NOW), retry_after(headers, NOW)

    assert lifetime is None or timedelta(0) <= lifetime <= timedelta(days=366)
    assert wait is None or timedelta(seconds=1) <= wait <= timedelta(hours=6)


@pytest.mark.parametrize("value", ['"abc"', 'W/"abc"', "Mon, 04 May 2026 10:02:00 GMT", "unquoted"])
def test_a_validator_is_kept_as_it_came(value: str) -> None:
    assert validator(value) == value


@pytest.mark.parametrize("value", [None, "", '"caf\udce9"', '"é"', '"a\x01"', '"' + "x" * 2_000 + '"'])
def test_a_validator_that_cannot_be_sent_back_is_dropped(value: str | None) -> None:
    assert validator(value) == ""
