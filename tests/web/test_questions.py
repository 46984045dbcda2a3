"""Query strings of `/incidents`."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.model import Impact, Kind, Phase
from statuswire.web import questions
from statuswire.web.problems import Refusal
from statuswire.web.questions import IncidentQuestion, read_question


def test_nothing_asked_is_the_usual_question() -> None:
    assert read_question(b"") == IncidentQuestion(limit=100)


def test_every_parameter_is_read() -> None:
    asked = (
        b"limit=5&after=abc&page=openai&type=maintenance&phase=In_Progress&impact=major"
        b"&since=2026-05-04T10:00:00%2B02:00&until=2026-05-05"
    )

    assert read_question(asked) == IncidentQuestion(
        limit=5,
        after="abc",
        page="openai",
        type=Kind.MAINTENANCE,
        phase=Phase.IN_PROGRESS,
        impact=Impact.MAJOR,
        since=datetime(2026, 5, 4, 8, tzinfo=UTC),
        until=datetime(2026, 5, 5, tzinfo=UTC),
    )


def test_a_plus_that_became_a_blank_is_still_a_zone() -> None:
    question = read_question(b"since=2026-05-04T10:00:00+02:00")

    assert isinstance(question, IncidentQuestion)
    assert question.since == datetime(2026, 5, 4, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "query",
    [
        b"limit=0",
        b"limit=1001",
        b"limit=-1",
        b"limit=ten",
        b"limit=",
        b"limit=9999999999999999999999",
        b"phase=broken",
        b"type=incident.created",
        b"since=yesterday",
        b"since=99999-01-01",
        b"page=",
        b"nothing=1",
        b"limit=1&limit=2",
        b"a=%ff",
        b"\xff=1",
        b"page=" + b"x" * 5000,
    ],
)
def test_wrong_parameters_are_refused(query: bytes) -> None:
    refusal = read_question(query)

    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.status) == ("bad_parameter", 400)


def test_an_unknown_parameter_is_answered_with_the_known_ones() -> None:
    refusal = read_question(b"limits=5")

    assert isinstance(refusal, Refusal)
    assert "limit" in refusal.known


def test_every_field_of_the_question_has_a_reader() -> None:
    assert set(questions._READERS) == {field.name for field in fields(IncidentQuestion)}


@given(st.binary(max_size=200))
def test_whatever_is_asked_a_question_or_a_refusal_comes_out(query: bytes) -> None:
    assert isinstance(read_question(query), IncidentQuestion | Refusal)
