"""Components whose levels follow from what is open: several incidents may name one of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from statuswire.model import Component, Status

_WORST_LAST: Final = (
    Status.OPERATIONAL,
    Status.MAINTENANCE,
    Status.UNKNOWN,
    Status.DEGRADED,
    Status.PARTIAL_OUTAGE,
    Status.MAJOR_OUTAGE,
)


def worst_rows(rows: Iterable[Component]) -> tuple[Component, ...]:
    """Each component once, in the order in which it is first named, at the worst of its levels."""
    found: dict[str, Component] = {}
    for row in rows:
        known = found.get(row.id)
        if known is None or _WORST_LAST.index(row.status) > _WORST_LAST.index(known.status):
            found[row.id] = row
    return tuple(found.values())
