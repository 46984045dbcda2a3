"""Statements about filters with a name: what somebody looks for often, or follows in a feed reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from statuswire.store import rows
from statuswire.store.base import Row, Tx

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, tuple[str, ...]]).decode

_SELECT = "SELECT name, body, author, created_at FROM saved_filter"
_PUT = """
INSERT INTO saved_filter (name, body, author, created_at) VALUES (:name, :body, :author, :now)
ON CONFLICT (name) DO UPDATE SET body = :body, author = :author, created_at = :now
"""


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """`words` are those of the filter by their names, as a query string or a route has them: `{"page": ("acme",)}`."""

    name: str
    words: Mapping[str, tuple[str, ...]]
    author: str
    created_at: datetime


def saved_filters(tx: Tx) -> list[SavedFilter]:
    """All of them, by name."""
    return [_filter(row) for row in tx.all(f"{_SELECT} ORDER BY name")]


def saved_filter(tx: Tx, name: str) -> SavedFilter | None:
    row = tx.one(f"{_SELECT} WHERE name = :name", {"name": rows.clean(name)})
    return None if row is None else _filter(row)


def put_saved_filter(tx: Tx, one: SavedFilter) -> None:
    """Keep it; one of the same name is replaced."""
    params = {
        "name": rows.clean(one.name),
        "body": rows.clean(_encode(one.words).decode()),
        "author": rows.clean(one.author),
        "now": rows.micros(one.created_at),
    }
    tx.execute(_PUT, params)


def drop_saved_filter(tx: Tx, name: str) -> bool:
    """Whether there was one."""
    return tx.execute("DELETE FROM saved_filter WHERE name = :name", {"name": rows.clean(name)}) == 1


def _filter(row: Row) -> SavedFilter:
    name, body, author, created_at = row
    try:
        return SavedFilter(name, _decode(body), author, rows.time_of(created_at))
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("saved_filter", error) from error
