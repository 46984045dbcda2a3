"""Flat lists of values: what frameworks put into their pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import ParseError, ParseReason
from statuswire.platforms.flattened import unfold
from tests.platforms.flattening import flatten

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats(0, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(st.booleans(), st.lists(VALUES, min_size=1, max_size=4))
def test_what_was_flattened_is_unfolded_again(has_named_keys: bool, value: list[Any]) -> None:
    assert unfold(flatten(value, has_named_keys=has_named_keys), has_named_keys=has_named_keys) == value


@pytest.mark.parametrize(
    ("flat", "expected"),
    [
        ([["ShallowReactive", 1], {"a": 2}, "x"], {"a": "x"}),
        ([["Reactive", 1], ["Ref", 2], "x"], "x"),
        ([{"at": 1}, ["Date", "2026-05-04T10:00:00Z"]], {"at": "2026-05-04T10:00:00Z"}),
        ([["Set", 1, 2], "x", "y"], ["x", "y"]),
        ([["BigInt", "9"]], None),
        ([{"a": -1, "b": 9, "c": True}], {"a": None, "b": None, "c": True}),
    ],
)
def test_devalue(flat: list[Any], expected: object) -> None:
    assert unfold(flat) == expected


@pytest.mark.parametrize(
    ("flat", "expected"),
    [
        ([{"_1": 2, "_3": -5}, "name", "Acme", "logo"], {"name": "Acme", "logo": None}),
        ([{"_1": 2}, "at", ["D", 1777890000000]], {"at": 1777890000000}),
        ([{"_1": 2}, "later", ["P", 2]], {"later": None}),
        ([{"_99": 1, "x": 1}, "v"], {"_99": "v", "x": "v"}),
    ],
)
def test_turbo_stream(flat: list[Any], expected: object) -> None:
    assert unfold(flat, has_named_keys=False) == expected


def test_a_value_inside_of_itself_ends_there() -> None:
    assert unfold([{"self": 0, "name": 1}, "x"]) == {"self": None, "name": "x"}


def test_a_value_that_is_shared_stands_once() -> None:
    flat: list[Any] = [[1, 1]]
    flat += [[place + 2, place + 2] for place in range(40)]
    flat.append("x")

    unfold(flat)  # 2 to the power of 40 copies, were they copied


def test_a_chain_that_is_too_deep_is_refused() -> None:
    flat = [[place + 1] for place in range(5_000)]

    with pytest.raises(ParseError) as caught:
        unfold(flat)

    assert caught.value.reason is ParseReason.TOO_DEEP


@pytest.mark.parametrize("flat", [[], {}, None, "x", 1])
def test_what_is_no_list_is_refused(flat: object) -> None:
    with pytest.raises(ParseError):
        unfold(flat)


@given(st.recursive(st.none() | st.integers(-9, 9) | st.text(max_size=3), st.lists, max_leaves=15), st.booleans())
def test_whatever_the_list_holds_there_is_a_value_or_an_error(flat: object, has_named_keys: bool) -> None:
    try:
        json.dumps(unfold(flat, has_named_keys=has_named_keys))
    except ParseError:
        return
