"""What adapters derive from what they have read, whatever the format.

The order of updates, the worst of several levels, and whether a list was read to its last item.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from statuswire.model import Impact, IncidentUpdate, Problem, Status
from statuswire.platforms.parts import is_list
from statuswire.platforms.words import IMPACT_ORDER, STATUS_IMPACT

_LONG_AGO: Final = datetime.fromtimestamp(0, UTC)


def oldest_first(updates: Iterable[IncidentUpdate]) -> tuple[IncidentUpdate, ...]:
    """By the moment shown. Updates of one moment keep their order, one without a moment stays behind its neighbour."""
    keyed: list[tuple[datetime, IncidentUpdate]] = []
    shown = _LONG_AGO
    for update in updates:
        shown = update.at or shown
        keyed.append((shown, update))
    keyed.sort(key=lambda row: row[0])
    return tuple(update for _, update in keyed)


def worst_impact(levels: Iterable[Status]) -> Impact:
    """The impact of the worst level; UNKNOWN where none is worse than operational, for then all is well again and
    nothing tells how bad it was."""
    worst = max((STATUS_IMPACT.get(level, Impact.UNKNOWN) for level in levels), key=IMPACT_ORDER.index, default=None)
    return Impact.UNKNOWN if worst in (None, Impact.NONE) else worst


_ITEM: Final = re.compile(r"\[\d+\]")


def is_whole(listed: object, place: str, problems: Iterable[Problem]) -> bool:
    """Whether a list is there and every item of it was read.

    An item that was skipped, or a list that was cut, is named in `problems` by its place alone (`incidents[3]`,
    `incidents`); what is wrong inside an item has a longer one (`incidents[3].status`).
    """
    return is_list(listed) and not any(_ITEM.sub("", problem.where) == place for problem in problems)
