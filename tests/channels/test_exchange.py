"""Reading replies that were cut off, and waits that nobody could mean."""

from __future__ import annotations

from datetime import timedelta

import pytest

from statuswire.channels.exchange import fields, seconds, with_reason, word
from statuswire.model import Delivered, Later, Refused, Reply

LONG = b'{"ok":true,"ts":"17.1","list":[1,[2,{"a":"b, c"}]],"message":{"id":5,"text":"a \\" , } long text'


@pytest.mark.parametrize("length", range(len(LONG)))
def test_of_a_reply_that_was_cut_off_what_came_whole_counts(length: int) -> None:
    body = fields(Reply(200, {}, LONG[:length]))

    assert body.get("ok", True) is True
    assert body.get("ts", "17.1") == "17.1"


def test_what_stands_first_survives_the_cut() -> None:
    body = fields(Reply(200, {}, LONG))

    assert (body["ok"], body["ts"], body["message"]) == (True, "17.1", {"id": 5})


@pytest.mark.parametrize("body", [b"", b"ok", b"<html>,", b"[1,2]", b'"x"', b"\xff"])
def test_what_is_no_object_says_nothing(body: bytes) -> None:
    assert fields(Reply(200, {}, body)) == {}


def test_words_are_short_and_on_one_line() -> None:
    said = {"a": "one\n\x1b[2Jtwo", "b": 5, "c": True, "d": [1], "e": "x" * 1000}

    assert [word(said, name) for name in "abcdf"] == ["one two", "5", "", "", ""]
    assert len(word(said, "e")) == 120


@pytest.mark.parametrize(
    ("asked", "wait"),
    [(5, 5), (0.2, 1), (0, 1), (1e9, 21_600), (True, None), (-1, None), ("5", None), (float("nan"), None)],
)
def test_waits_lie_between_a_second_and_six_hours(asked: object, wait: int | None) -> None:
    assert seconds(asked) == (None if wait is None else timedelta(seconds=wait))


def test_what_the_receiver_said_stands_behind_the_reason() -> None:
    assert with_reason(Later("HTTP 500", timedelta(1), 3), "oh") == Later("HTTP 500: oh", timedelta(1), 3)
    assert with_reason(Refused("HTTP 410", disables=True), "gone") == Refused("HTTP 410: gone", disables=True)
    assert with_reason(Delivered(), "fine") == Delivered()
    assert with_reason(Refused("HTTP 400"), "") == Refused("HTTP 400")
