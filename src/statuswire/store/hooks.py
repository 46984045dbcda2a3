"""Statements about the inbox: hooks that were believed and acknowledged, and wait to be read.

Where several processes read, each claims what it reads, under a lease. Hooks of one lane are claimed by one reader at a
time, so that they are read in the order in which they came. Whoever ends a hook must still have its claim, which is
what the number `claims` says: it grows with every claim, and with every one that ran out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from statuswire.model import Hook
from statuswire.store import rows
from statuswire.store.base import Tx, named
from statuswire.store.lanes import Claim
from statuswire.store.marks import lock_setting

_COLUMNS = ("source", "message_id", "platform", "body", "headers", "page_slug", "provider", "received_at", "lane")
_ADD = f"""
INSERT INTO inbox ({", ".join(_COLUMNS)}) VALUES ({", ".join(f":{name}" for name in _COLUMNS)})
ON CONFLICT (source, message_id) DO NOTHING
"""  # noqa: S608  (constants)
_AT_ONCE = 256
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, _AT_ONCE)
_WAITING = f"SELECT {rows.HOOK_COLUMNS} FROM inbox WHERE state = 'waiting' ORDER BY id LIMIT :limit"  # noqa: S608
_FINISH = "UPDATE inbox SET state = 'read', last_error = '' WHERE id = :id AND claims = :claims AND state = 'waiting'"
_QUARANTINE = """
UPDATE inbox SET state = 'quarantined', last_error = :reason
WHERE id = :id AND claims = :claims AND state = 'waiting'
"""
_RETRY = """
UPDATE inbox SET attempts = attempts + 1, last_error = :error, claimed_by = '', claimed_until = NULL
WHERE id = :id AND claims = :claims AND state = 'waiting'
"""
_COUNTS = "SELECT state, COUNT(*) FROM inbox GROUP BY state"
# The index of waiting hooks is in order of arrival.
_OLDEST = "SELECT received_at FROM inbox WHERE state = 'waiting' ORDER BY id LIMIT 1"
_UNREAD = "SELECT COUNT(*) FROM inbox WHERE state = 'waiting'"
_FORGET = "DELETE FROM inbox WHERE state = 'read' AND received_at < :before"

# Whoever ends a hook has its row; a reader that stands still inside its transaction keeps nobody waiting.
_OVERDUE = """
SELECT id FROM inbox WHERE state = 'waiting' AND claimed_until IS NOT NULL AND claimed_by <> :owner
    AND (claimed_until <= :now OR claimed_until > :far) ORDER BY id
"""
_END_CLAIMS = """
UPDATE inbox SET claimed_by = '', claimed_until = NULL, claims = claims + 1, ends = ends + 1
WHERE state = 'waiting' AND id IN ({ids})
"""
_FREE = """
SELECT id, attempts + ends FROM inbox WHERE state = 'waiting' AND lane NOT IN (
    SELECT lane FROM inbox WHERE state = 'waiting' AND claimed_until IS NOT NULL AND claimed_by <> :owner
) ORDER BY id LIMIT :limit
"""
_CLAIM = """
UPDATE inbox SET claimed_by = :owner, claimed_until = :until, claims = claims + 1
WHERE state = 'waiting' AND id IN ({ids}) RETURNING {columns}
"""
_LET_GO = """
UPDATE inbox SET claimed_by = '', claimed_until = NULL
WHERE state = 'waiting' AND claimed_until IS NOT NULL AND claimed_by = :owner
"""

STATES = ("waiting", "read", "quarantined")
ERROR_LENGTH = 2_000
CLAIMS_SETTING = "inbox.claims"
"""The row that claims are made under, one after the other."""


# --- kept --------------------------------------------------------------------------------------------------------


def add_hooks(tx: Tx, hooks: Sequence[Hook]) -> list[bool]:
    """Put hooks into the inbox; for each True, or False where its source and message id were seen before.

    One statement for each is quicker where the engine is in our own process (7 against 10 to 28 microseconds for a
    hook, SQLite, 2026-11), one for many where every statement is a journey.
    """
    if not tx.dialect.is_shared:
        return [tx.execute(_ADD, _params(hook)) == 1 for hook in hooks]
    added: Counter[tuple[str, str]] = Counter()
    start = 0
    while start < len(hooks):
        size = max(size for size in _SIZES if size <= len(hooks) - start)
        params = [_params(hook) for hook in hooks[start : start + size]]
        found = tx.all(_add_many(size), {f"{name}_{n}": one[name] for n, one in enumerate(params) for name in _COLUMNS})
        added.update((row[0], row[1]) for row in found)
        start += size
    return [_took(added, (rows.clean(hook.source), rows.clean(hook.message_id))) for hook in hooks]


def _took(added: Counter[tuple[str, str]], key: tuple[str, str]) -> bool:
    """Of hooks that are the same the first was added."""
    added[key] -= 1
    return added[key] >= 0


@lru_cache(maxsize=len(_SIZES))
def _add_many(count: int) -> str:
    """Few different texts, so that prepared statements are found again."""
    values = ", ".join(f"({', '.join(f':{name}_{n}' for name in _COLUMNS)})" for n in range(count))
    return (
        f"INSERT INTO inbox ({', '.join(_COLUMNS)}) VALUES {values} "  # noqa: S608  (constants)
        "ON CONFLICT (source, message_id) DO NOTHING RETURNING source, message_id"
    )


def _params(hook: Hook) -> dict[str, object]:
    return {**rows.hook_params(hook), "lane": rows.clean(hook.page_slug or hook.source)}


# --- read --------------------------------------------------------------------------------------------------------


def waiting_hooks(tx: Tx, limit: int) -> list[Hook]:
    """Hooks not read yet, oldest first."""
    return [rows.hook(row) for row in tx.all(_WAITING, {"limit": limit})]


def claim_hooks(tx: Tx, claim: Claim, limit: int) -> list[Hook]:
    """Take the oldest hooks whose lane nobody else is reading, at most `limit`, in order.

    What a reader left behind that is gone counts as an end, and is then claimed alone: so a hook that ends its reader
    does so without others. Claims that the caller still has are its own to take again.
    """
    if tx.one(_OLDEST) is None:
        return []
    lock_setting(tx, CLAIMS_SETTING)
    _end_claims(tx, claim)
    free = tx.all(_FREE, {"owner": claim.owner, "limit": limit})
    first_suspect = next((place for place, (_, troubles) in enumerate(free) if troubles), len(free))
    ids = [row[0] for row in free[: max(first_suspect, 1)]]
    if not ids:
        return []
    params: dict[str, object] = {"owner": claim.owner, "until": rows.micros(claim.until)}
    sql = _CLAIM.format(ids=named("id", ids, params), columns=rows.HOOK_COLUMNS)
    return sorted((rows.hook(row) for row in tx.all(sql, params)), key=lambda hook: hook.id)


def _end_claims(tx: Tx, claim: Claim) -> None:
    """Claims that ran out are nobody's any more, but for those whose reader is just committing."""
    moments = {"owner": claim.owner, "now": rows.micros(claim.now), "far": rows.micros(claim.far)}
    overdue = [row[0] for row in tx.all(f"{_OVERDUE}{tx.dialect.skip_locked}", moments)]
    if overdue:
        params: dict[str, object] = {}
        tx.execute(_END_CLAIMS.format(ids=named("id", overdue, params)), params)


def let_go_hooks(tx: Tx, owner: str) -> int:
    """A reader ends in good order: others may read what it has not; how many."""
    return tx.execute(_LET_GO, {"owner": owner})


def finish_hook(tx: Tx, hook_id: int, claims: int = 0) -> bool:
    """The hook was read; in the same transaction as what came of it. False where the claim is not ours any more, as in
    what follows. The row is ours until the commit."""
    return tx.execute(_FINISH, {"id": hook_id, "claims": claims}) == 1


def quarantine_hook(tx: Tx, hook_id: int, reason: str, claims: int = 0) -> bool:
    """The hook cannot be read; it is kept, with the reason, and not tried again."""
    params = {"id": hook_id, "claims": claims, "reason": rows.clean(reason[:ERROR_LENGTH])}
    return tx.execute(_QUARANTINE, params) == 1


def retry_hook(tx: Tx, hook_id: int, error: str, claims: int = 0) -> bool:
    """Reading failed for now; the hook waits on with one attempt more, and is free to be claimed."""
    return tx.execute(_RETRY, {"id": hook_id, "claims": claims, "error": rows.clean(error[:ERROR_LENGTH])}) == 1


# --- counted, forgotten ------------------------------------------------------------------------------------------


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
