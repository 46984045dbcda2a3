"""How far a database is filled: settings of the target, written with the rows that they speak of."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from statuswire.store import Tx, copying, queries

_MARK = "archive.mark."


@dataclass(frozen=True, slots=True)
class Mark:
    """One table: the key of the last row that is there, and how many there are."""

    key: tuple[object, ...] = ()
    rows: int = 0
    is_done: bool = False


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Mark).decode


def source_of(tx: Tx) -> str | None:
    """What the database is being filled from; None for one that is whole."""
    return queries.setting(tx, queries.UNFINISHED_SETTING)


def begin(tx: Tx, source: str) -> None:
    """From now on the database is being filled from that source."""
    queries.set_setting(tx, queries.UNFINISHED_SETTING, source)


def mark_of(tx: Tx, table: str) -> Mark:
    found = queries.setting(tx, _MARK + table)
    return Mark() if found is None else _decode(bytes.fromhex(found))


def set_mark(tx: Tx, table: str, mark: Mark) -> None:
    queries.set_setting(tx, _MARK + table, _encode(mark).hex())


def drop_marks(tx: Tx) -> None:
    """The database is whole."""
    copying.drop_marks(tx)
