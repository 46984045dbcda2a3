"""The data inside pages of Next.js, put together from pieces."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import ParseError
from statuswire.model import Document
from statuswire.platforms.next_stream import NextStream


def page(*pieces: str) -> NextStream:
    body = "".join(f"<script>self.__next_f.push([1,{json.dumps(piece)}])</script>" for piece in pieces)
    return NextStream(Document(body.encode(), datetime(2026, 5, 4, tzinfo=UTC)))


def first(stream: NextStream) -> object:
    return stream.plain(next(stream.objects((b'"wanted"',))))


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_stream_may_be_cut_anywhere(one: int, other: int) -> None:
    stream = '0:"$L1"\n1c:T5,hällo'.replace("T5", "T6") + '5:["$","a",null,{"wanted":"$1c"}]\n'
    low, high = sorted((one, other))

    assert first(page(stream[:low], stream[low:high], stream[high:])) == {"wanted": "hällo"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("$undefined", {}),
        ("$$5", {"wanted": "$5"}),
        ("$D2026-05-04", {"wanted": "2026-05-04"}),
        ("$7", {"wanted": {"a": [1, 2]}}),
        ("$7:a:1", {"wanted": 2}),
        ("$7:b:1", {"wanted": None}),
        ("$99", {"wanted": None}),
        ("plain", {"wanted": "plain"}),
    ],
)
def test_the_notation_of_the_stream_is_resolved(written: str, meant: object) -> None:
    assert first(page('7:{"a":[1,2]}\n5:' + json.dumps([{"wanted": written}]) + "\n")) == meant


def test_a_row_that_refers_to_itself_ends() -> None:
    assert first(page('5:{"wanted":["$5","$5"]}\n')) is not None


def test_rows_that_multiply_are_refused() -> None:
    rows = "".join(f"{place:x}:[{','.join([json.dumps(f'${place + 1:x}')] * 60)}]\n" for place in range(10, 14))

    with pytest.raises(ParseError):
        first(page(f'{rows}e:[1]\n5:{{"wanted":"$a"}}\n'))


def test_a_damaged_piece_is_refused() -> None:
    with pytest.raises(ParseError):
        NextStream(Document(b'self.__next_f.push([1,"\\ud800"])', datetime(2026, 5, 4, tzinfo=UTC)))
