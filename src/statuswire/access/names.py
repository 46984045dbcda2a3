"""Names of accounts: one person is one name, however it is typed."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 100


def folded(name: str) -> str:
    """As it is kept and looked for: composed alike, in small letters, without blanks around it."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def fault_of(name: str) -> str:
    """Why a folded name cannot be one, as a sentence goes on after `the name`; empty where it can."""
    if not 1 <= len(name) <= LONGEST:
        return f"needs 1 to {LONGEST} characters"
    return "" if name.isprintable() else "may not have control characters"
