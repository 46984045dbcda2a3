"""Series of stored documents: every packing reads alike, and what is damaged is refused with its place."""

from __future__ import annotations

import contextlib
import gzip
import json
import lzma
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from statuswire.engine.series import merged, read_series
from statuswire.errors import ConfigError
from statuswire.model import DocumentKind

PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    ".jsonl": bytes,
    ".jsonl.gz": gzip.compress,
    ".jsonl.xz": lzma.compress,
    ".jsonl.zst": zstandard.compress,
}


def line(minute: int, body: str = "{}", **fields: object) -> bytes:
    return json.dumps({"captured_at": f"2026-05-04T10:{minute:02}:00Z", "body": body} | fields).encode() + b"\n"


def lines() -> bytes:
    return b"".join(line(minute, f"{minute * 7919} {minute * 104729}") for minute in range(60))


@pytest.mark.parametrize("suffix", PACKINGS)
def test_a_series_reads_alike_in_every_packing(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"series{suffix}"
    path.write_bytes(PACKINGS[suffix](lines()))

    stored = list(read_series(path))

    assert [one.document.received_at.minute for one in stored] == list(range(60))


@pytest.mark.parametrize("suffix", PACKINGS)
def test_packed_series_may_be_joined_as_files_are(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"series{suffix}"
    path.write_bytes(PACKINGS[suffix](line(1)) + PACKINGS[suffix](line(2)))

    assert [one.document.received_at.minute for one in read_series(path)] == [1, 2]


@pytest.mark.parametrize("suffix", [suffix for suffix in PACKINGS if suffix != ".jsonl"])
def test_a_packing_that_is_damaged_anywhere_is_a_series_or_a_clear_refusal(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"series{suffix}"
    packed = PACKINGS[suffix](lines())

    for place in range(12, len(packed) - 12, 5):
        path.write_bytes(
            packed[:place] + bytes(byte ^ 0xFF for byte in packed[place : place + 4]) + packed[place + 4 :]
        )
        with contextlib.suppress(ConfigError):
            list(read_series(path))


def test_a_line_may_tell_where_its_document_came_from(tmp_path: Path) -> None:
    path = tmp_path / "series.jsonl"
    path.write_bytes(line(1, headers={"Date": "x"}, url="https://acme.example/a", kind="hook"))

    (stored,) = read_series(path)

    document = stored.document
    assert (document.url, document.kind, document.headers) == (
        "https://acme.example/a",
        DocumentKind.HOOK,
        {"date": "x"},
    )
    assert document.received_at == datetime(2026, 5, 4, 10, 1, tzinfo=UTC)


def test_several_series_are_merged_by_time_and_say_which_each_document_is_from(tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    first.write_bytes(line(1) + b"\n" + line(3))
    second.write_bytes(line(1) + line(2))

    read = [(one.series, one.document.received_at.minute) for one in merged([first, second])]

    assert read == [(0, 1), (1, 1), (1, 2), (0, 3)]


def test_a_series_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.jsonl: cannot be read as a series: No such file"):
        list(read_series(tmp_path / "gone.jsonl"))
