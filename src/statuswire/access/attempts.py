"""How often one may be wrong when signing in: five times a minute for an account, and for a network.

An attempt is counted before the password is looked at and taken back when it is right, so that many at once are no way
round it. What is stored is a digest: a name may be a password, typed into the wrong field.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from statuswire.store import Tx, queries

ALLOWED: Final = 5


def subjects(name: str, network: str) -> tuple[str, str]:
    """Under what an attempt is counted: the account, whether there is one or not, and where it came from."""
    return subject("account", name), subject("network", network)


def subject(kind: str, who: str) -> str:
    """Under what attempts of this kind are counted."""
    return sha256(f"{kind}\0{who}".encode("utf-8", "replace")).hexdigest()


def take(tx: Tx, counted: Iterable[str], now: datetime, allowed: int = ALLOWED) -> int:
    """Count one attempt; 0, or how many seconds to wait where there were too many, and nothing was counted."""
    ordered, minute = sorted(counted), minute_of(now)
    before = {one: queries.failures(tx, one, minute) for one in ordered}
    wait_s = max((_wait_s(counts, now, allowed) for counts in before.values()), default=0)
    if wait_s:
        return wait_s
    # Another process may have counted since we looked; from here on it waits for us.
    taken = {one: queries.count_failure(tx, one, minute) - 1 for one in ordered}
    wait_s = max((_wait_s((taken[one], before[one][1]), now, allowed) for one in ordered), default=0)
    if wait_s:
        take_back(tx, ordered, now)
    return wait_s


def take_back(tx: Tx, counted: Iterable[str], at: datetime) -> None:
    """The attempt of that moment was right."""
    for one in counted:
        queries.take_back_failure(tx, one, minute_of(at))


def minute_of(moment: datetime) -> int:
    """Minutes since 1970."""
    return int(moment.astimezone(UTC).timestamp()) // 60


def _wait_s(counts: tuple[int, int], now: datetime, allowed: int) -> int:
    """`counts` are those of this minute and the one before: together they may be no more than allowed."""
    this, before = counts
    if this + before < allowed:
        return 0
    minutes = 2 if this >= allowed else 1
    return (minute_of(now) + minutes) * 60 - int(now.timestamp())
