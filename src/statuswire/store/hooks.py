"""Statements about the inbox: hooks that were believed and acknowledged, and wait to be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from statuswire.model import Hook
from statuswire.store import rows
from statuswire.store.base import Tx

_ADD = """
INSERT INTO inbox (source, message_id, platform, body, headers, page_slug, provider, received_at)
VALUES (:source, :message_id, :platform, :body, :headers, :page_slug, :provider, :received_at)
ON CONFLICT (source, message_id) DO NOTHING
"""
_WAITING = f"SELECT {rows.HOOK_COLUMNS} FROM inbox WHERE state = 'waiting' ORDER BY id LIMIT :limit"  # noqa: S608
_FINISH = "UPDATE inbox SET state = 'read', last_error = '' WHERE id = :id"
_QUARANTINE = "UPDATE inbox SET state = 'quarantined', last_error = :reason WHERE id = :id"
_RETRY = "UPDATE inbox SET attempts = attempts + 1, last_error = :error WHERE id = :id"
_COUNTS = "SELECT state, COUNT(*) FROM inbox GROUP BY state"
# The index of waiting hooks is in order of arrival.
_OLDEST = "SELECT received_at FROM inbox WHERE state = 'waiting' ORDER BY id LIMIT 1"
_UNREAD = "SELECT COUNT(*) FROM inbox WHERE state = 'waiting'"
_FORGET = "DELETE FROM inbox WHERE state = 'read' AND received_at < :before"

STATES = ("waiting", "read", "quarantined")
ERROR_LENGTH = 2_000


def add_hooks(tx: Tx, hooks: Sequence[Hook]) -> list[bool]:
    """Put hooks into the inbox; for each True, or False where its source and message id were seen before."""
    return [tx.execute(_ADD, rows.hook_params(hook)) == 1 for hook in hooks]


def waiting_hooks(tx: Tx, limit: int) -> list[Hook]:
    """Hooks not read yet, oldest first."""
    return [rows.hook(row) for row in tx.all(_WAITING, {"limit": limit})]


def finish_hook(tx: Tx, hook_id: int) -> None:
    """The hook was read; in the same transaction as what came of it."""
    tx.execute(_FINISH, {"id": hook_id})


def quarantine_hook(tx: Tx, hook_id: int, reason: str) -> None:
    """The hook cannot be read; it is kept, with the reason, and not tried again."""
    tx.execute(_QUARANTINE, {"id": hook_id, "reason": rows.clean(reason[:ERROR_LENGTH])})


def retry_hook(tx: Tx, hook_id: int, error: str) -> None:
    """Reading failed for now; the hook waits on with one attempt more."""
    tx.execute(_RETRY, {"id": hook_id, "error": rows.clean(error[:ERROR_LENGTH])})


def hook_counts(tx: Tx) -> dict[str, int]:
    """How many hooks are `waiting`, `read` and `quarantined`."""
    return dict.fromkeys(STATES, 0) | dict(tx.all(_COUNTS))


def unread_hooks(tx: Tx) -> tuple[int, datetime | None]:
    """How many hooks wait to be read, and when the oldest of them came."""
    count, oldest = tx.one(_UNREAD), tx.one(_OLDEST)
    return 0 if count is None else int(count[0]), None if oldest is None else rows.time_of(oldest[0])


def forget_hooks(tx: Tx, before: datetime) -> int:
    """Drop hooks that were read and came before that time; how many.

    Their message ids are forgotten too: keep at least 7 days, or a repeated delivery is taken for a new one.
    """
    return tx.execute(_FORGET, {"before": rows.micros(before)})
