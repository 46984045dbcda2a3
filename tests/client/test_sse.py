"""text/event-stream, in whatever pieces it comes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.client import Unreadable
from statuswire.client.sse import MAX_MESSAGE_BYTES, Message, Parser

STREAM = (
    b"retry: 3000\n: connected\n\nid: 7\nevent: incident.created\ndata: {}\n\n: heartbeat\n\n"
    b"id: 8\r\ndata: one\r\ndata:  two\r\n\r\nid: 9\rdata\r\rdata: three\n\n"
)
MESSAGES = [
    Message("7", "incident.created", b"{}"),
    Message("8", "message", b"one\n two"),
    Message("9", "message", b"three"),
]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_messages_are_the_same_however_the_bytes_are_cut(cuts: list[int]) -> None:
    parser, places = Parser(), [0, *sorted(cuts), len(STREAM)]

    found = [one for start, end in pairwise(places) for one in parser.feed(STREAM[start:end])]

    assert [one for one in found if one.body] == MESSAGES
    assert parser.retry_s == 3


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(body: bytes) -> None:
    parser = Parser()

    assert all(isinstance(one, Message) for one in parser.feed(body) + parser.feed(b"\n\n"))


def test_a_message_without_an_end_is_not_waited_for() -> None:
    parser = Parser()

    with pytest.raises(Unreadable):
        parser.feed(b"data: " + b"x" * MAX_MESSAGE_BYTES)


def test_what_is_not_complete_is_not_told() -> None:
    assert Parser().feed(b"id: 1\ndata: {}\n") == []
