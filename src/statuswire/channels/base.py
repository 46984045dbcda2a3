"""What a channel is, as far as one exists: a kind of destination and the forms it can write an event in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """One kind of destination. `formats` are the names of its forms, the usual one first."""

    kind: str
    title: str
    formats: tuple[str, ...]
