"""What keys and channels at Redis are called."""

from __future__ import annotations


class Names:
    """What our keys and channels are called: nobody else's database has the same."""

    def __init__(self, prefix: str, database: str) -> None:
        self._base = f"{prefix}:{database}"
        self.hints = f"{self._base}:hints"
        self.events = f"{self._base}:events"

    def host(self, name: str) -> str:
        """The token bucket of a provider's host."""
        return f"{self._base}:host:{name}"
