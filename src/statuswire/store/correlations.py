"""Statements about correlations: several pages in one story."""

from __future__ import annotations

from datetime import datetime

import msgspec

from statuswire.model import Correlation, Sighting
from statuswire.store import rows
from statuswire.store.base import Tx
from statuswire.store.marks import set_setting, setting

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Correlation).decode
_decode_sightings = msgspec.json.Decoder(tuple[Sighting, ...]).decode

_SINCE = "SELECT body FROM correlation WHERE updated_at > :since ORDER BY updated_at DESC, id"
_ONE = "SELECT body FROM correlation WHERE id = :id"
_SAVE = """
INSERT INTO correlation (id, began_at, updated_at, body) VALUES (:id, :began_at, :updated_at, :body)
ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at, body = excluded.body
"""
_FORGET = "DELETE FROM correlation WHERE updated_at < :before"


def correlations(tx: Tx, since: datetime) -> list[Correlation]:
    """Those of all routes that got a member after then, the newest first."""
    return [_read(row[0]) for row in tx.all(_SINCE, {"since": rows.micros(since)})]


def correlation(tx: Tx, id_: str) -> Correlation | None:
    row = tx.one(_ONE, {"id": id_})
    return None if row is None else _read(row[0])


def save_correlation(tx: Tx, one: Correlation) -> None:
    tx.execute(
        _SAVE,
        {
            "id": one.id,
            "began_at": rows.micros(one.began_at),
            "updated_at": rows.micros(one.updated_at),
            "body": rows.clean(_encode(one).decode()),
        },
    )


def forget_correlations(tx: Tx, before: datetime) -> int:
    """Forget those without a new member since then; how many."""
    return tx.execute(_FORGET, {"before": rows.micros(before)})


def sightings(tx: Tx, route: str) -> tuple[Sighting, ...]:
    """What began lately on a route and may yet be part of a correlation, the oldest first."""
    written = setting(tx, _place(route))
    if written is None:
        return ()
    try:
        return _decode_sightings(written)
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("sighting", error) from error


def save_sightings(tx: Tx, route: str, some: tuple[Sighting, ...]) -> None:
    set_setting(tx, _place(route), rows.clean(_encode(some).decode()))


def _place(route: str) -> str:
    return f"route.{route}.sightings"


def _read(body: str) -> Correlation:
    try:
        return _decode(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("correlation", error) from error
