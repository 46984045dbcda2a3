"""Tokens of programs: `sw_`, 32 random bytes in base62, and a checksum, so that scanners for lost secrets know one from
its looks. Pure: the randomness is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from zlib import crc32

from statuswire.model import Account, AccountRole, ApiToken, Principal, PrincipalKind, Scope

PREFIX: Final = "sw_"
RANDOM_BYTES: Final = 32
_RANDOM_LETTERS: Final = 43
"""62 ** 43 is just above 2 ** 256."""
_SUM_LETTERS: Final = 6
_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH: Final = len(PREFIX) + _RANDOM_LETTERS + _SUM_LETTERS

_ROLES: Final = {Scope.READ: AccountRole.VIEWER, Scope.WRITE: AccountRole.OPERATOR, Scope.ADMIN: AccountRole.ADMIN}


def make(randomness: bytes) -> str:
    """The token of 32 bytes. Raises ValueError for any other number of them."""
    if len(randomness) != RANDOM_BYTES:
        raise ValueError(f"a token needs {RANDOM_BYTES} random bytes")
    bare = PREFIX + _base62(int.from_bytes(randomness), _RANDOM_LETTERS)
    return bare + _checksum(bare)


def digest_of(text: str) -> bytes | None:
    """What is kept of a token: its SHA-256. None for a text that no token can be, so that nothing need be asked.

    A plain digest is enough: 256 random bits cannot be guessed, and a slow one would cost every request.
    """
    bare = text[:-_SUM_LETTERS]
    if len(text) != LENGTH or not text.isascii() or not bare.startswith(PREFIX) or text != bare + _checksum(bare):
        return None
    return sha256(text.encode()).digest()


def role_of(scopes: Iterable[Scope]) -> AccountRole | None:
    """The highest role that the scopes make; None for `metrics` alone."""
    return max((_ROLES[one] for one in scopes if one in _ROLES), key=list(AccountRole).index, default=None)


def principal_of(token: ApiToken, owner: Account | None) -> Principal:
    """A token may what its scopes say, and never more than the account that it belongs to."""
    role = role_of(token.scopes)
    if role is not None and owner is not None and not owner.role.includes(role):
        role = owner.role
    return Principal(PrincipalKind.TOKEN, f"token {token.name}", role, token.scopes, token.account_id or 0)


def _checksum(bare: str) -> str:
    return _base62(crc32(bare.encode("utf-8", "replace")), _SUM_LETTERS)


def _base62(number: int, width: int) -> str:
    letters = []
    for _ in range(width):
        number, digit = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[digit])
    return "".join(reversed(letters))
