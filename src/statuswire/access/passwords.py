"""Passwords: argon2id, with parameters that OWASP names as enough (19 MiB, 2 passes, 1 lane; checked 2026-11).

The library comes with the extra `accounts`; it is loaded with the first password, for its memory, and because the rest
of the API does without it (ModuleNotFoundError where it is not there). Everything here takes some ten milliseconds of a
core and belongs into a thread.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 12
LONGEST: Final = 1000
"""Characters. What is longer would only cost us."""

_MEMORY_KIB: Final = 19_456
_PASSES: Final = 2
_NOBODYS: Final = f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p=1${'A' * 22}${'A' * 43}"
"""A hash that no password is known to have: where there is no account, the answer takes as long."""


def fault_of(password: str) -> str:
    """Why this cannot be a password, as a sentence goes on after `the password`; empty where it can."""
    if len(password) < SHORTEST:
        return f"needs at least {SHORTEST} characters"
    if len(password) > LONGEST:
        return f"may have at most {LONGEST} characters"
    return ""


@cache
def library() -> PasswordHasher:
    made = import_module("argon2").PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)
    return cast("PasswordHasher", made)


def hash_of(password: str) -> str:
    return library().hash(_folded(password))


def matches(password: str, password_hash: str) -> bool:
    """Whether it is the password of this hash; an empty hash takes as long and never is."""
    is_known = bool(password_hash) and len(password) <= LONGEST
    hasher, faults = library(), import_module("argon2.exceptions")
    try:
        hasher.verify(password_hash if is_known else _NOBODYS, _folded(password[:LONGEST]))
    except (faults.VerificationError, faults.InvalidHashError):
        return False
    return is_known


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return library().check_needs_rehash(password_hash)


def _folded(password: str) -> bytes:
    """The same characters, however a keyboard composes them (NIST SP 800-63B 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")
