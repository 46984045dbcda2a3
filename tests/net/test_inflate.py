"""Content encodings: undone completely, within bounds, or refused."""

from __future__ import annotations

import contextlib
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import FetchError, FetchReason
from statuswire.net.inflate import inflate, is_encoded
from tests.fake_provider import bomb, encoded

ENCODINGS = ["gzip", "deflate", "br", "zstd"]
MIB = 1024 * 1024


def refused(body: bytes, encoding: str, limit: int = 8 * MIB) -> FetchReason:
    with pytest.raises(FetchError) as caught:
        inflate(body, encoding, limit)
    return FetchReason(caught.value.reason)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(body=st.binary(max_size=4_000))
def test_what_was_encoded_comes_back(encoding: str, body: bytes) -> None:
    assert inflate(encoded(body, encoding), encoding, 8 * MIB) == body


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_body_of_a_megabyte_comes_back(encoding: str) -> None:
    body = b"".join(b"%d," % number for number in range(150_000))

    assert inflate(encoded(body, encoding), encoding, 8 * MIB) == body


def test_deflate_without_the_zlib_header_is_understood() -> None:
    assert inflate(encoded(b"{}" * 500, "raw-deflate"), "deflate", MIB) == b"{}" * 500


def test_a_gzip_body_may_have_several_members_and_padding() -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two") + bytes(16)

    assert inflate(body, "x-gzip", MIB) == b"one two"


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_a_plain_body_is_left_alone(encoding: str) -> None:
    assert inflate(b"{}", encoding, MIB) == b"{}"
    assert not is_encoded(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_N5_a_body_cut_anywhere_is_refused(encoding: str) -> None:
    body = encoded(b"the quick brown fox jumps over the lazy dog" * 20, encoding)

    for length in range(len(body)):
        assert refused(body[:length], encoding) is FetchReason.ENCODING


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_N5_bytes_after_the_end_are_refused(encoding: str) -> None:
    assert refused(encoded(b"{}" * 400, encoding) + b"garbage", encoding) is FetchReason.ENCODING


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_N5_a_body_that_is_not_what_it_says_is_refused(encoding: str) -> None:
    assert refused(b'{"page": {}}', encoding) is FetchReason.ENCODING


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,br", "gzip, identity", "compress", "utf-8", "*"])
def test_N5_stacked_and_unknown_encodings_are_refused(encoding: str) -> None:
    assert refused(gzip.compress(b"{}"), encoding) is FetchReason.ENCODING


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_N6_a_decompression_bomb_is_refused(encoding: str) -> None:
    assert refused(bomb(encoding), encoding) is FetchReason.TOO_LARGE


def test_N6_a_ratio_above_200_is_refused_once_it_matters() -> None:
    small, large = gzip.compress(bytes(64 * 1024)), gzip.compress(bytes(MIB))

    assert len(inflate(small, "gzip", 8 * MIB)) == 64 * 1024
    assert refused(large, "gzip") is FetchReason.TOO_LARGE


def test_N6_thousands_of_empty_members_are_refused() -> None:
    assert refused(gzip.compress(b"") * 5_000, "gzip") is FetchReason.ENCODING


def test_a_plain_body_above_the_cap_is_refused() -> None:
    assert refused(bytes(1_001), "", 1_000) is FetchReason.TOO_LARGE


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(body=st.binary(max_size=600))
def test_arbitrary_bytes_give_a_body_or_a_fetch_error(encoding: str, body: bytes) -> None:
    with contextlib.suppress(FetchError):
        inflate(body, encoding, MIB)
