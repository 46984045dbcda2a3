"""A JSON document taken apart as far as needed says the same as one that is decoded whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, Problem
from statuswire.platforms.derived import is_whole
from statuswire.platforms.loading import load_json
from statuswire.platforms.parts import (
    Part,
    is_list,
    is_object,
    load_parts,
    object_of,
    objects_of,
    opened,
    whole,
)
from statuswire.platforms.reading import as_mapping, choose, item_parts, items

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=25)
spaces = st.sampled_from(["", " ", "\n\t", "\r\n  "])


def _document(body: bytes | str, content_type: str = "application/json") -> Document:
    written = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return Document(written, NOW, headers={"content-type": content_type})


def _outcome(read: object) -> object:
    """A loaded value taken apart to its leaves."""
    value = opened(read)
    if isinstance(value, dict):
        return {name: _outcome(one) for name, one in value.items()}
    return [_outcome(one) for one in value] if isinstance(value, list) else value


@given(values, st.booleans(), spaces)
def test_what_is_opened_level_by_level_is_what_decoding_gives(value: object, is_ascii: bool, space: str) -> None:
    written = json.dumps({"items": value}, ensure_ascii=is_ascii, indent=1 if space else None)
    document = _document(space + written)

    assert _outcome(load_parts(document)) == msgspec.json.decode(document.body)


@given(values)
def test_a_part_made_whole_is_what_decoding_gives(value: object) -> None:
    body = json.dumps(value).encode()

    assert whole(Part(body)) == msgspec.json.decode(body)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u0d8f1e+-. nul', max_size=60).map(str.encode))
def test_any_bytes_end_alike_whichever_way_they_are_loaded(body: bytes) -> None:
    document = _document(body)

    def loaded(load: object) -> object:
        try:
            return _outcome(load(document))  # type: ignore[operator]
        except ParseError as error:
            return error.reason

    assert loaded(load_parts) == loaded(load_json)


# --- what is left alone, and what needs repair ---------------------------------------------------------------------


def test_only_objects_and_lists_are_parts() -> None:
    loaded = load_parts(_document('{"a": 1, "b": "x", "c": null, "d": {"e": []}, "f": [1]}'))

    assert isinstance(loaded, dict)
    assert {name for name, value in loaded.items() if type(value) is Part} == {"d", "f"}


def test_the_last_of_two_equal_keys_counts() -> None:
    loaded = load_parts(_document('{"a": {"x": 1}, "a": {"x": 2}}'))

    assert object_of(loaded)["a"] == msgspec.Raw(b'{"x": 2}')
    assert whole(object_of(loaded)["a"]) == {"x": 2}


@pytest.mark.parametrize(
    "body",
    [
        '{"a": {"text": "caf\\u00e9"}}'.encode("utf-16"),
        b"\xef\xbb\xbf" + b'{"a": {"text": 1}}',
        b'{"a": {"text": "cut \\ud83d"}}',
        '{"a": {"text": "caf\u00e9"}}'.encode("latin-1"),
        b'[{"a": "\\ud83d"}, {"b": 1}]',
    ],
)
def test_a_body_that_needs_repair_is_repaired_as_ever(body: bytes) -> None:
    document = _document(body, "application/json; charset=iso-8859-1")

    assert load_parts(document) == load_json(document)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b'{"a": [1, 2}', ParseReason.NOT_JSON),
        (b"<html><title>Hello</title></html>", ParseReason.HTML),
        (b"[" * 5000 + b"]" * 5000, ParseReason.TOO_DEEP),
        (b'{"error": "no", "code": 7}', ParseReason.ERROR_BODY),
        (b'{"errors": [{"message": "no"}]}', ParseReason.ERROR_BODY),
    ],
)
def test_a_body_that_cannot_be_loaded_says_why(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as told:
        load_parts(_document(body))

    assert told.value.reason is reason


def test_a_problem_document_is_an_error_whatever_its_keys() -> None:
    with pytest.raises(ParseError) as told:
        load_parts(_document('{"weather": {"a": 1}}', "application/problem+json"))

    assert told.value.reason is ParseReason.ERROR_BODY


def test_an_object_whose_errors_are_none_is_taken_apart() -> None:
    loaded = load_parts(_document('{"error": null, "errors": [], "incidents": []}'))

    assert type(object_of(loaded)["incidents"]) is Part
    assert _outcome(loaded) == {"error": None, "errors": [], "incidents": []}


def test_an_object_with_an_error_among_other_things_is_read() -> None:
    assert load_parts(_document('{"error": "late", "incidents": []}')) == {"error": "late", "incidents": []}


@pytest.mark.parametrize("read", [whole, opened, object_of, as_mapping])
def test_a_part_that_is_no_json_after_all_is_an_error(read: object) -> None:
    with pytest.raises(ParseError) as told:
        read(Part(b'{"a": 1e999999}' if read is not opened else b'{"a": }'))  # type: ignore[operator]

    assert told.value.reason is ParseReason.NOT_JSON


def test_a_part_nested_too_deep_is_an_error() -> None:
    with pytest.raises(ParseError) as told:
        whole(Part(b"[" * 5000 + b"]" * 5000))

    assert told.value.reason is ParseReason.TOO_DEEP


# --- shapes ----------------------------------------------------------------------------------------------------------


def test_shapes_are_told_of_parts_and_of_plain_values_alike() -> None:
    assert is_object(Part(b"{}")) and is_object({})
    assert is_list(Part(b"[]")) and is_list([])
    assert not any(map(is_object, (Part(b"[]"), [], None, "{")))
    assert not any(map(is_list, (Part(b"{}"), {}, None, "[")))
    assert object_of(Part(b"[1]")) == object_of(None) == {}


def test_a_list_of_nothing_but_objects_gives_their_parts() -> None:
    assert objects_of(Part(b'[{"a": 1}, {}]')) == [msgspec.Raw(b'{"a": 1}'), msgspec.Raw(b"{}")]
    assert objects_of(Part(b"[]")) == []
    assert objects_of([Part(b"{}")]) == [msgspec.Raw(b"{}")]


@pytest.mark.parametrize("value", [Part(b"[{}, 1]"), Part(b"{}"), [Part(b"[]")], [{}], [], None, "x"])
def test_any_other_value_gives_no_parts(value: object) -> None:
    assert objects_of(value) is None


def test_items_are_the_same_of_parts_and_of_plain_values() -> None:
    plain = [{"a": 1}, 2, {"b": None}, []]
    found: list[list[Problem]] = [[], [], []]
    part, parts = Part(msgspec.json.encode(plain)), [Part(b'{"a": 1}'), 2, Part(b'{"b": null}'), Part(b"[]")]

    read = [list(items(value, "x", said)) for value, said in zip((plain, part, parts), found, strict=True)]

    assert read[0] == read[1] == read[2] == [(0, {"a": 1}), (2, {"b": None})]
    assert found[0] == found[1] == found[2]
    assert [problem.where for problem in found[0]] == ["x[1]", "x[3]"]


def test_items_stay_parts_where_their_reader_wants_them() -> None:
    problems: list[Problem] = []

    assert list(item_parts(Part(b'[{"a": 1}]'), "x", problems)) == [(0, msgspec.Raw(b'{"a": 1}'))]
    assert list(item_parts(Part(b'[{"a": 1}, null]'), "x", problems)) == [(0, {"a": 1})]
    assert list(item_parts(None, "x", problems)) == list(item_parts(Part(b"{}"), "y", problems)) == []
    assert [problem.where for problem in problems] == ["x[1]", "y"]


def test_a_list_is_whole_where_no_item_of_it_is_a_problem() -> None:
    assert is_whole(Part(b"[]"), "x", [])
    assert not is_whole(Part(b"[1]"), "x", [Problem("x[0]", "no object")])
    assert not is_whole(Part(b"{}"), "x", [])


def test_a_part_in_the_place_of_a_word_is_named_as_what_it_is() -> None:
    problems: list[Problem] = []

    choose(Part(b"{}"), {"up": 1}, 0, "status", problems)

    assert problems == [Problem("status", "expected a word, found an object")]
