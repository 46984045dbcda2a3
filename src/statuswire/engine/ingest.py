"""The one door in: a Snapshot becomes changes and events inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass

from statuswire.model import Event


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of recording one Snapshot.

    `wants_history`: something left a list that should show it; read the page's HISTORY feeds once, then `settle`.
    `is_provisional`: the document hints at something it does not prove; look again soon and without validators.
    `has_open`: an incident is open or a maintenance is running, so poll faster.
    `silent`: how many updates were stored without being told (history met on first sight, backfills).
    """

    events: tuple[Event, ...] = ()
    wants_history: bool = False
    is_provisional: bool = False
    has_open: bool = False
    silent: int = 0
