"""Statements about the processes that live: each says so every few seconds, by the database's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from statuswire.store import rows
from statuswire.store.base import Row, Tx

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[str, ...]).decode

_COLUMNS: Final = "id, started_at, seen_at, version, revision, roles, address"
_BEAT: Final = """
INSERT INTO replica (id, started_at, seen_at, lease_until, version, revision, roles, address)
VALUES (:id, :now, :now, :until, :version, :revision, :roles, :address)
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, lease_until = excluded.lease_until,
    version = excluded.version, revision = excluded.revision, roles = excluded.roles, address = excluded.address
"""
_LIVE: Final = f"""
SELECT {_COLUMNS} FROM replica WHERE lease_until > :now AND lease_until <= :far ORDER BY started_at, id
"""  # noqa: S608  (constants)
_FORGET: Final = "DELETE FROM replica WHERE id = :id"
_FORGET_DEAD: Final = "DELETE FROM replica WHERE lease_until <= :before OR lease_until > :far"


@dataclass(frozen=True, slots=True)
class About:
    """What a process says of itself. `revision` is the newest schema that it knows, `address` where it is reached."""

    id: str
    version: str
    revision: str
    roles: tuple[str, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class LiveReplica:
    """A process that lives, by its own word."""

    about: About
    started_at: datetime
    seen_at: datetime


def beat_replica(tx: Tx, about: About, now: datetime, until: datetime) -> None:
    """This process lives, and will be believed to until then."""
    params = {
        "id": about.id,
        "now": rows.micros(now),
        "until": rows.micros(until),
        "version": about.version,
        "revision": about.revision,
        "roles": _encode(about.roles).decode(),
        "address": about.address,
    }
    tx.execute(_BEAT, params)


def live_replicas(tx: Tx, now: datetime, far: datetime) -> list[LiveReplica]:
    """Who lives, oldest first. One that is said to live beyond `far` had a clock that was wrong."""
    return [_live(row) for row in tx.all(_LIVE, {"now": rows.micros(now), "far": rows.micros(far)})]


def forget_replica(tx: Tx, id_: str) -> None:
    """This process ends."""
    tx.execute(_FORGET, {"id": id_})


def forget_dead_replicas(tx: Tx, before: datetime, far: datetime) -> int:
    """Processes that have not been seen since; how many."""
    return tx.execute(_FORGET_DEAD, {"before": rows.micros(before), "far": rows.micros(far)})


def _live(row: Row) -> LiveReplica:
    id_, started_at, seen_at, version, revision, roles, address = row
    try:
        about = About(id_, version, revision, _decode(roles), address)
        return LiveReplica(about, rows.time_of(started_at), rows.time_of(seen_at))
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("replica", error) from error
