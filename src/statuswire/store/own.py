"""Statements about pages and routes that are kept in the database instead of the file.

Every change counts a version up in the same transaction: by it a process sees that another one changed something.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from statuswire.model import Own
from statuswire.store import rows
from statuswire.store.base import Row, Tx
from statuswire.store.marks import count_up, lock_setting, setting

VERSION_SETTING: Final = "own.version"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, object]).decode

_PAGES = "SELECT slug, body, author, created_at, updated_at FROM own_page ORDER BY created_at, slug"
_PUT_PAGE = """
INSERT INTO own_page (slug, body, author, created_at, updated_at) VALUES (:name, :body, :author, :now, :now)
ON CONFLICT (slug) DO UPDATE SET body = excluded.body, author = excluded.author, updated_at = excluded.updated_at
"""
_ROUTES = "SELECT name, body, author, created_at, updated_at, position FROM own_route ORDER BY position, name"
_PUT_ROUTE = """
INSERT INTO own_route (name, position, body, author, created_at, updated_at)
VALUES (:name, :position, :body, :author, :now, :now)
ON CONFLICT (name) DO UPDATE SET position = excluded.position, body = excluded.body, author = excluded.author,
    updated_at = excluded.updated_at
"""


def own_version(tx: Tx) -> int:
    """How often own pages and routes were changed."""
    return int(setting(tx, VERSION_SETTING) or 0)


def lock_own(tx: Tx) -> None:
    """Until the commit nobody else changes an own page or route."""
    if tx.dialect.is_shared:
        lock_setting(tx, VERSION_SETTING)


def own_pages(tx: Tx) -> list[Own]:
    """In the order in which they were made."""
    return [_own(row) for row in tx.all(_PAGES)]


def put_own_page(tx: Tx, slug: str, body: Mapping[str, object], author: str, now: datetime) -> None:
    """Add the page, or put this in the place of what was said of it before."""
    tx.execute(_PUT_PAGE, _params(slug, body, author, now))
    _count_up(tx)


def drop_own_page(tx: Tx, slug: str) -> bool:
    """Whether there was one."""
    return _dropped(tx, "DELETE FROM own_page WHERE slug = :name", slug)


def own_routes(tx: Tx) -> list[Own]:
    """In the order in which they count."""
    return [_own(row) for row in tx.all(_ROUTES)]


def put_own_route(tx: Tx, name: str, body: Mapping[str, object], position: int, author: str, now: datetime) -> None:
    """Add the route, or put this in the place of what was said of it before."""
    tx.execute(_PUT_ROUTE, {**_params(name, body, author, now), "position": position})
    _count_up(tx)


def drop_own_route(tx: Tx, name: str) -> bool:
    """Whether there was one."""
    return _dropped(tx, "DELETE FROM own_route WHERE name = :name", name)


def _dropped(tx: Tx, sql: str, name: str) -> bool:
    was_there = tx.execute(sql, {"name": rows.clean(name)}) == 1
    if was_there:
        _count_up(tx)
    return was_there


def _count_up(tx: Tx) -> None:
    count_up(tx, VERSION_SETTING)


def _params(name: str, body: Mapping[str, object], author: str, now: datetime) -> dict[str, object]:
    return {
        "name": rows.clean(name),
        "body": rows.clean(_encode(body).decode()),
        "author": rows.clean(author),
        "now": rows.micros(now),
    }


def _own(row: Row) -> Own:
    name, body, author, created_at, updated_at, *position = row
    try:
        return Own(name, _decode(body), author, rows.time_of(created_at), rows.time_of(updated_at), *position)
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("own page or route", error) from error
