"""The file of a backup: JSON lines compressed with zstandard, the same whatever engine it was made of.

    {"format": "statuswire backup", "version": 1, "schema": "0006", ..., "tables": [{"name": "page", ...}, ...]}
    {"table": "page", "rows": [[1, "acme", ...], ...]}       as many lines for a table as it takes
    ...
    {"tables": {"page": {"rows": 1, "digest": "..."}, ...}, "numbers": {"page": 1, ...}}

The last line says what must have been there before it, so that a file that was cut, or changed on the way, is noticed.
Bytes are written as base64; the head says in which columns.
"""

from __future__ import annotations

import binascii
import io
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import IO, Annotated, Final, TypeVar

import msgspec
import zstandard

from statuswire.errors import ConfigError
from statuswire.store.base import Row
from statuswire.store.copying import Tally
from statuswire.store.tables import TABLES, Table

FORMAT: Final = "statuswire backup"
VERSION: Final = 1
LEVEL = 6
"""Of zstandard: about as small as gzip's best, at the speed of a disk."""

MOST_LINE = 256 << 20
"""Bytes of one line; the longest that is ever written has a sixteenth of it."""

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""Goes into statements."""

T = TypeVar("T")


class Kept(msgspec.Struct, frozen=True):
    """A table as the file has it. `is_numbered`: the database gives its ids."""

    name: Name
    columns: tuple[Name, ...]
    octets: tuple[Name, ...] = ()
    is_numbered: bool = False


class Head(msgspec.Struct, frozen=True):
    """The first line. `program` is the version that wrote it, `engine` what it was made of, `identity` of which
    database (empty where it had none)."""

    format: str
    version: int
    made_at: datetime
    program: str
    schema: str
    engine: str
    identity: str
    tables: tuple[Kept, ...]


class Counted(msgspec.Struct, frozen=True):
    rows: int
    digest: str


class End(msgspec.Struct, frozen=True):
    """The last line. `numbers`: the highest id that was ever given."""

    tables: dict[str, Counted]
    numbers: dict[str, int]


class _Lines(msgspec.Struct, frozen=True):
    table: str
    rows: list[list[int | str | None]]


class _Any(msgspec.Struct, frozen=True):
    """Which of the two a line is."""

    table: str | msgspec.UnsetType = msgspec.UNSET


_NOW = {one.name: one for one in TABLES}
_encode = msgspec.json.Encoder().encode
_decode_head = msgspec.json.Decoder(Head).decode
_decode_kind = msgspec.json.Decoder(_Any).decode
_decode_rows = msgspec.json.Decoder(_Lines).decode
_decode_end = msgspec.json.Decoder(End).decode


def kept(table: Table) -> Kept:
    return Kept(table.name, table.columns, tuple(sorted(table.octets)), table.is_numbered)


def table_of(one: Kept) -> Table:
    """With the columns that the file has, which an older version wrote."""
    now = _NOW.get(one.name, Table(one.name, one.columns, ()))
    return replace(now, columns=one.columns, octets=frozenset(one.octets), is_numbered=one.is_numbered)


def counted(tally: Tally) -> Counted:
    return Counted(tally.rows, tally.digest)


# --- out -------------------------------------------------------------------------------------------------------------


class Writer:
    """Writes the lines of one backup into an open file, which stays open."""

    def __init__(self, out: IO[bytes], head: Head) -> None:
        self._out = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).stream_writer(out, closefd=False)
        self._line(head)

    def rows(self, table: Table, some: Iterable[Row]) -> None:
        places = [place for place, name in enumerate(table.columns) if name in table.octets]
        self._line({"table": table.name, "rows": [_written(row, places) for row in some]})

    def end(self, end: End) -> None:
        self._line(end)
        self._out.close()  # type: ignore[no-untyped-call]  # has no types yet (zstandard 0.25)

    def _line(self, value: object) -> None:
        self._out.write(_encode(value) + b"\n")


def _written(row: Row, octets: list[int]) -> list[object]:
    values = list(row)
    for place in octets:
        values[place] = None if row[place] is None else b64encode(row[place]).decode("ascii")
    return values


# --- in --------------------------------------------------------------------------------------------------------------


class Reader:
    """The lines of one backup. `head` is there at once; `rows` gives the rest, and `end` is there after it.

    All raise ConfigError for what is no whole backup.
    """

    def __init__(self, lines: Iterator[bytes], name: str) -> None:
        self._lines = lines
        self._name = name
        self.head = self._head()
        self._octets = {one.name: [one.columns.index(name) for name in one.octets] for one in self.head.tables}
        self._widths = {one.name: len(one.columns) for one in self.head.tables}
        self._end: End | None = None

    @property
    def end(self) -> End:
        if self._end is None:
            raise self._refused("it is cut off: its last line is missing")
        return self._end

    def rows(self) -> Iterator[tuple[str, list[Row]]]:
        """Table by table, some rows of one at a time."""
        for line in self._lines:
            if self._read(_decode_kind, line).table is msgspec.UNSET:
                self._end = self._read(_decode_end, line)
                if next(self._lines, None) is not None:
                    raise self._refused("something follows its end")
                return
            some = self._read(_decode_rows, line)
            if some.table not in self._widths:
                raise self._refused(f"its head does not name the table {some.table[:64]!r}")
            yield some.table, self._rows(some)
        raise self._refused("it is cut off: its last line is missing")

    def _head(self) -> Head:
        line = next(self._lines, b"")
        try:
            head = _decode_head(line)
        except msgspec.DecodeError as error:
            raise self._refused("it does not begin as a backup of statuswire does") from error
        if head.format != FORMAT:
            raise self._refused("it does not begin as a backup of statuswire does")
        if head.version != VERSION:
            raise self._refused(f"it has version {head.version} of the format, written by statuswire {head.program}")
        return head

    def _rows(self, some: _Lines) -> list[Row]:
        width, places = self._widths[some.table], self._octets[some.table]
        if any(len(row) != width for row in some.rows):
            raise self._refused(f"a row of {some.table} has another number of columns than its head says")
        return [_row(row, places) for row in some.rows]

    def _read(self, decode: Callable[[bytes], T], line: bytes) -> T:
        try:
            return decode(line)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise self._refused(f"a line of it cannot be read: {error}") from error

    def _refused(self, why: str) -> ConfigError:
        return ConfigError(f"{self._name} cannot be restored: {why}")


def _row(values: list[int | str | None], octets: list[int]) -> Row:
    row: list[object] = list(values)
    for place in octets:
        value = values[place]
        row[place] = None if value is None else b64decode(str(value), validate=True)
    return tuple(row)


@contextmanager
def reading(source: IO[bytes], name: str) -> Iterator[Reader]:
    """The backup in an open file. Raises ConfigError also for what zstandard cannot inflate."""
    inflated = zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True, closefd=False)
    try:
        yield Reader(_lines(io.BufferedReader(inflated)), name)
    except (zstandard.ZstdError, EOFError, binascii.Error) as error:
        raise ConfigError(f"{name} cannot be restored: it is damaged or no backup: {error}") from error


def _lines(source: IO[bytes]) -> Iterator[bytes]:
    """What is too long for memory is no line of ours; nor is what does not end."""
    while line := source.readline(MOST_LINE):
        if not line.endswith(b"\n"):
            return
        yield line
