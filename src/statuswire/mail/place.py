"""Where mail is listened for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen: a path for a Unix socket, else host and port. `is_lmtp` for LMTP."""

    is_lmtp: bool
    host: str = "127.0.0.1"
    port: int = 0
    path: str = ""

    @property
    def way(self) -> str:
        return "lmtp" if self.is_lmtp else "smtp"

    def __str__(self) -> str:
        return f"{self.way} {self.path or f'{self.host}:{self.port}'}"
