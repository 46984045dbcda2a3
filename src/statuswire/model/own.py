"""Pages and routes that are kept in the database instead of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Own:
    """One page, by its slug, or one route, by its name. `body` is what the file would hold of it. Routes count in the
    order of `position`, then of their names; pages in the order in which they were made."""

    name: str
    body: Mapping[str, object]
    author: str
    created_at: datetime
    updated_at: datetime
    position: int = 0
