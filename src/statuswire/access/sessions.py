"""Browsers that have signed in: what the cookie holds, how long it counts. Pure: the randomness is an argument."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from statuswire.model import Account, Principal, PrincipalKind, Session

COOKIE: Final = "statuswire_session"
IDLE: Final = timedelta(days=14)
LONGEST: Final = timedelta(days=90)
TOUCH_EVERY: Final = timedelta(hours=1)
"""How exactly the last use is known: of every request it would be a write for every read."""

_LETTERS: Final = 43
_LABEL: Final = b"statuswire csrf\0"


def make(randomness: bytes) -> str:
    """What the cookie holds, of 32 random bytes."""
    return urlsafe_b64encode(randomness).rstrip(b"=").decode()


def digest_of(shown: str) -> bytes | None:
    """What is kept of it: its SHA-256. None for a text that it can never be."""
    return sha256(shown.encode()).digest() if len(shown) == _LETTERS and shown.isascii() else None


def begin(account: Account, shown: str, now: datetime) -> Session:
    """A new session. The word that forms must carry comes of the cookie, and does not lead back to it."""
    return Session(account, make(sha256(_LABEL + shown.encode()).digest()), now, now, now + LONGEST)


def is_over(one: Session, now: datetime) -> bool:
    return now >= one.expires_at or now - one.seen_at >= IDLE or one.account.disabled_at is not None


def principal_of(one: Session) -> Principal:
    account = one.account
    return Principal(PrincipalKind.ACCOUNT, account.name, account.role, account_id=account.id, csrf=one.csrf)


def cookie_name(*, is_https: bool, name: str = COOKIE) -> str:
    """With https a browser takes it only from this very host, and a network attacker cannot plant one of his."""
    return f"__Host-{name}" if is_https else name


def cookie(shown: str, *, is_https: bool, max_age: timedelta = LONGEST, name: str = COOKIE) -> str:
    """The value of a Set-Cookie header; `max_age` of nothing takes the cookie away."""
    secure = "; Secure" if is_https else ""
    age_s = int(max_age.total_seconds())
    return (
        f"{cookie_name(is_https=is_https, name=name)}={shown}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_s}{secure}"
    )


def shown_in(header: str, name: str) -> str:
    """The value of a cookie in a Cookie header; empty without one. The first counts (RFC 6265 5.4 puts the most exact
    path first)."""
    for pair in header.split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name:
            return value
    return ""
