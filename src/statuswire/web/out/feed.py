"""A feed, whatever it is written as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from statuswire.web.out.story import Story


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself, and its entries, the last changed first. `home` is where people see the same."""

    id: str
    title: str
    url: str
    home: str
    updated: datetime
    stories: tuple[Story, ...]
    version: str
