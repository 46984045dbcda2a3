"""Which bodies count as JSON objects."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.web.bodies import check_body, check_head
from statuswire.web.trust import Believed, Way

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
UNPROVED = Believed(Way.LOOPBACK)
PROVED = Believed(Way.SIGNED, "m")
GOOD = b'{"event":"test"}'


def code(body: bytes, content_type: str | None = "application/json", believed: Believed = UNPROVED) -> str | None:
    headers = {} if content_type is None else {"content-type": content_type}
    refusal = check_head(headers) or check_body(body, headers, believed, NOW)
    return None if refusal is None else refusal.code


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/json; charset=UTF8; x=y",
        "application/cloudevents+json",
        "text/json",
    ],
)
def test_json_types_are_taken(content_type: str) -> None:
    assert code(GOOD, content_type) is None


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream"]
)
def test_w6_loose_types_are_taken_from_proved_senders_only(content_type: str) -> None:
    assert code(GOOD, content_type) == "wrong_type"
    assert code(GOOD, content_type, PROVED) is None
    assert code(b"event=test", content_type, PROVED) == "wrong_type"


def test_w6_no_type_at_all_is_taken_if_it_looks_like_an_object() -> None:
    assert code(GOOD, None) is None
    assert code(b"\xef\xbb\xbf \n" + GOOD, None) is None
    assert code(b"hello", None) == "wrong_type"


@pytest.mark.parametrize("content_type", ["text/html", "image/png", "multipart/form-data", "application/xml", "json"])
def test_w6_other_types_are_wrong_whoever_sends_them(content_type: str) -> None:
    assert code(GOOD, content_type, PROVED) == "wrong_type"


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "GZIP", "identity, gzip"])
def test_w13_compressed_bodies_are_refused(encoding: str) -> None:
    refusal = check_head({"content-type": "application/json", "content-encoding": encoding})

    assert refusal is not None
    assert (refusal.code, refusal.status) == ("encoded_body", 415)


def test_an_identity_encoding_is_none() -> None:
    assert check_head({"content-type": "application/json", "content-encoding": "identity"}) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b'{"a":}',
        b'{"a":NaN}',
        b'{"a":1} trailing',
        b"<html></html>",
        b'{"a":"\xff"}',
        b"[" * 50_000 + b"]" * 50_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
)
def test_malformed_json_is_told(body: bytes) -> None:
    assert code(body) == "bad_json"


@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null", b"true"])
def test_json_that_is_no_object_is_told(body: bytes) -> None:
    assert code(body) == "not_an_object"


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"anything": [1, {"b": null}]}',
        b'{"error": "this is an object as well"}',
        b'{"a": 1, "a": 2}',
        b"\xef\xbb\xbf{}",
        '{"a": "é"}'.encode("utf-16"),
    ],
)
def test_any_json_object_is_taken_whether_or_not_it_is_understood(body: bytes) -> None:
    assert code(body) is None


@given(body=st.binary(max_size=400), content_type=st.text(max_size=40))
def test_whatever_bytes_and_types_a_verdict_comes_out(body: bytes, content_type: str) -> None:
    assert code(body, content_type) in {None, "bad_json", "not_an_object", "wrong_type"}
