"""Statements about browsers that have signed in. Of what they show only the SHA-256 is known."""

from __future__ import annotations

from datetime import datetime

from statuswire.model import Session
from statuswire.store import rows
from statuswire.store.accounts import ACCOUNT_COLUMNS, account_of
from statuswire.store.base import Tx

_ADD = """
INSERT INTO session (digest, account_id, csrf, created_at, seen_at, expires_at)
VALUES (:digest, :account_id, :csrf, :created_at, :seen_at, :expires_at)
"""
_BY_DIGEST = f"""
SELECT {ACCOUNT_COLUMNS}, csrf, session.created_at, session.seen_at, expires_at
FROM session JOIN account ON account.id = account_id WHERE digest = :digest
"""  # noqa: S608  (constants)
_TOUCH = "UPDATE session SET seen_at = :now WHERE digest = :digest AND seen_at < :now"
_FORGET = "DELETE FROM session WHERE seen_at < :before OR expires_at < :before"


def add_session(tx: Tx, digest: bytes, one: Session) -> None:
    tx.execute(
        _ADD,
        {
            "digest": digest,
            "account_id": one.account.id,
            "csrf": one.csrf,
            "created_at": rows.micros(one.created_at),
            "seen_at": rows.micros(one.seen_at),
            "expires_at": rows.micros(one.expires_at),
        },
    )


def session_by_digest(tx: Tx, digest: bytes) -> Session | None:
    """Also one that is over, or whose account is disabled: the caller decides."""
    row = tx.one(_BY_DIGEST, {"digest": digest})
    if row is None:
        return None
    csrf, created_at, seen_at, expires_at = row[8:12]
    return Session(account_of(row), csrf, *map(rows.time_of, (created_at, seen_at, expires_at)))


def touch_session(tx: Tx, digest: bytes, now: datetime) -> None:
    tx.execute(_TOUCH, {"digest": digest, "now": rows.micros(now)})


def end_session(tx: Tx, digest: bytes) -> bool:
    """Whether there was one."""
    return tx.execute("DELETE FROM session WHERE digest = :digest", {"digest": digest}) == 1


def end_sessions(tx: Tx, account_id: int) -> int:
    """Sign an account out everywhere; how many browsers that were."""
    return tx.execute("DELETE FROM session WHERE account_id = :id", {"id": account_id})


def forget_sessions(tx: Tx, before: datetime) -> int:
    """Those that nobody has used since, and those that ended before."""
    return tx.execute(_FORGET, {"before": rows.micros(before)})
