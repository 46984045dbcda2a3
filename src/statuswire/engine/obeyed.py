"""What became of an order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Obeyed:
    """Whether it could be done, in a sentence; `id` is that of what was made."""

    done: bool
    sentence: str
    id: int = 0
