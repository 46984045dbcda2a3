"""Signing in and out: each a few steps on the store, on a thread of the caller's.

Whoever is refused learns nothing of why: an unknown name, a wrong password, a disabled account and one without a
password are answered alike, and after the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from statuswire.access import attempts, passwords, sessions
from statuswire.access.names import folded
from statuswire.model import Account
from statuswire.store import Store, Tx, queries


@dataclass(frozen=True, slots=True)
class TooOften:
    """Wait this long before the next attempt."""

    retry_after_s: int


def by_password(store: Store, name: str, password: str, network: str, now: datetime) -> Account | TooOften | None:
    """The account; None where name and password do not belong together. Raises StoreError."""
    wanted = folded(name)
    counted = attempts.subjects(wanted, network)
    wait_s = store.write(partial(attempts.take, counted=counted, now=now))
    if wait_s:
        return TooOften(wait_s)
    found = store.read(partial(queries.credentials, name=wanted))
    is_usable = found is not None and found.account.disabled_at is None
    password_hash = found.password_hash if found is not None and is_usable else ""
    if not passwords.matches(password, password_hash) or found is None:
        return None
    fresh = passwords.hash_of(password) if passwords.is_outdated(password_hash) else ""
    store.write(partial(_forgive, counted=counted, at=now, id_=found.account.id, fresh_hash=fresh))
    return found.account


def _forgive(tx: Tx, counted: tuple[str, ...], at: datetime, id_: int, fresh_hash: str) -> None:
    attempts.take_back(tx, counted, at)
    if fresh_hash:
        queries.set_password(tx, id_, fresh_hash)


def begin(tx: Tx, account: Account, shown: str, now: datetime, way: str) -> None:
    """Open a session for what the cookie will show; `way` is how they proved who they are."""
    digest = sessions.digest_of(shown)
    if digest is None:
        raise ValueError("that is nothing a cookie of ours holds")
    queries.add_session(tx, digest, sessions.begin(account, shown, now))
    queries.note_sign_in(tx, account.id, now)
    queries.note_change(tx, now, account.name, "session.begin", f"account/{account.name}", {"way": way})


def end(tx: Tx, shown: str) -> bool:
    """Whether there was a session."""
    digest = sessions.digest_of(shown)
    return digest is not None and queries.end_session(tx, digest)
