"""Series of stored documents: JSON lines, plain or compressed, oldest first.

Each line has `captured_at` and `body` (or `body_b64`), and `headers`, `url` and `kind` (`poll` or `hook`) if known.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import heapq
import io
import lzma
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec

from statuswire.errors import ConfigError
from statuswire.extras import need, optional
from statuswire.model import Document, DocumentKind


class Line(msgspec.Struct):
    """One line as written."""

    captured_at: datetime
    body: str | None = None
    body_b64: str | None = None
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    url: str = ""
    kind: DocumentKind = DocumentKind.POLL


@dataclass(frozen=True, slots=True)
class Stored:
    """A document of a series, and which series of those given it comes from."""

    series: int
    document: Document


zstandard = optional("zstandard")
_FAULTS = (OSError, EOFError, zlib.error, lzma.LZMAError, *((zstandard.ZstdError,) if zstandard else ()))

_decoder = msgspec.json.Decoder(Line)


def read_series(path: Path, index: int = 0) -> Iterator[Stored]:
    """The documents of one series in the order of the file. Raises ConfigError that names the file and the line."""
    with _opened(path) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield Stored(index, _document(line, path, number))


def merged(paths: Iterable[Path]) -> Iterator[Stored]:
    """The documents of several series by time; of one moment, in the order in which the series were given."""
    series = [read_series(path, index) for index, path in enumerate(paths)]
    return heapq.merge(*series, key=lambda stored: stored.document.received_at)


@contextmanager
def _opened(path: Path) -> Iterator[Iterable[bytes]]:
    try:
        with path.open("rb") as raw:
            yield _inflated(path, raw)
    except _FAULTS as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ConfigError(f"cannot be read as a series: {reason}", where=str(path)) from error


def _inflated(path: Path, raw: IO[bytes]) -> Iterable[bytes]:
    match path.suffix:
        case ".gz":
            return gzip.open(raw)
        case ".xz":
            return lzma.open(raw)
        case ".zst":
            need("archive", where=str(path))
            return io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True))
        case _:
            return raw


def _document(line: bytes, path: Path, number: int) -> Document:
    where = f"{path}:{number}"
    try:
        read = _decoder.decode(line)
        body = base64.b64decode(read.body_b64, validate=True) if read.body_b64 else (read.body or "").encode()
    except (msgspec.DecodeError, binascii.Error, UnicodeError, RecursionError) as error:
        hint = 'one JSON object a line with "captured_at" and "body" is expected'
        raise ConfigError(f"{hint}: {error}", where=where) from error
    at = read.captured_at
    return Document(
        body=body,
        received_at=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
        url=read.url,
        kind=read.kind,
        headers={name.lower(): value for name, value in read.headers.items()},
    )
