"""The few nouns that derive something: what the headers of a document say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.model import Document

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def served_at(**headers: str) -> datetime:
    return Document(b"", NOW, headers=headers).served_at


def test_a_body_was_made_at_its_date_less_the_age_it_has_in_a_cache() -> None:
    made_at = served_at(date="Mon, 04 May 2026 09:59:00 GMT", age="30")

    assert made_at == datetime(2026, 5, 4, 9, 58, 30, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "soon", "Mon, 04 May 2026 11:30:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359"])
def test_a_body_without_a_believable_date_was_made_when_it_came(date: str) -> None:
    assert served_at(date=date, age="") == NOW


@pytest.mark.parametrize("age", ["-5", "1e9", "an hour", "9" * 40])
def test_an_age_that_is_no_number_of_seconds_is_none(age: str) -> None:
    assert served_at(date="Mon, 04 May 2026 09:59:00 GMT", age=age) == NOW - timedelta(minutes=1)


@given(st.text(max_size=60), st.text(max_size=12), st.integers(0, 9999), st.sampled_from(["GMT", "-2359", "+2359", ""]))
def test_D12_whatever_the_headers_say_a_body_is_no_newer_than_its_receipt(
    date: str, age: str, year: int, zone: str
) -> None:
    for written in (date, f"Fri, 31 Dec {year:04} 23:59:59 {zone}"):
        assert served_at(date=written, age=age) <= NOW


@pytest.mark.parametrize(
    ("header", "media_type", "charset"),
    [
        ("", "", None),
        ("Application/JSON", "application/json", None),
        ("text/xml; charset=UTF-16", "text/xml", "utf-16"),
        ("text/xml; q=1; Charset = 'latin-1' ", "text/xml", "latin-1"),
        ("text/xml; charset=", "text/xml", None),
    ],
)
def test_the_content_type_is_taken_apart(header: str, media_type: str, charset: str | None) -> None:
    document = Document(b"", NOW, headers={"content-type": header})

    assert (document.content_type, document.charset) == (media_type, charset)
