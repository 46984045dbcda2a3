"""Statements about threads: what a channel's conversation left for the next message of a story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from statuswire.store import rows
from statuswire.store.base import Tx

_encode = msgspec.json.Encoder().encode
_decode_texts = msgspec.json.Decoder(dict[str, str]).decode

_THREAD = "SELECT state FROM thread WHERE channel = :channel AND thread = :thread"
_SAVE_THREAD = """
INSERT INTO thread (channel, thread, state, updated_at) VALUES (:channel, :thread, :state, :now)
ON CONFLICT (channel, thread) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at
"""
_KEPT = """
SELECT state FROM thread WHERE channel = :channel AND (state LIKE :open OR updated_at >= :since) ORDER BY thread
"""
_FORGET_THREADS = "DELETE FROM thread WHERE updated_at < :before"


def thread(tx: Tx, channel: str, name: str) -> dict[str, str]:
    """What the last conversation in a thread left; empty before the first."""
    row = tx.one(_THREAD, {"channel": channel, "thread": rows.clean(name)}) if name else None
    return {} if row is None else _decode_texts(row[0])


def save_thread(tx: Tx, channel: str, name: str, state: Mapping[str, str], now: datetime) -> None:
    body = rows.clean(_encode(dict(state)).decode())
    tx.execute(_SAVE_THREAD, {"channel": channel, "thread": rows.clean(name), "state": body, "now": rows.micros(now)})


def kept_threads(tx: Tx, channel: str, since: datetime) -> list[dict[str, str]]:
    """What conversations left in the threads of a channel that are open, which is what their `open` says before all
    else, and in those of which something was told since then."""
    params = {"channel": channel, "open": '{"open":"yes"%', "since": rows.micros(since)}
    return [_decode_texts(row[0]) for row in tx.all(_KEPT, params)]


def forget_threads(tx: Tx, before: datetime) -> int:
    return tx.execute(_FORGET_THREADS, {"before": rows.micros(before)})
