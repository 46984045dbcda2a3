"""How long each kind of record is kept, and forgetting it in small transactions.

The janitor does it by itself; `statuswire prune` orders it at once, also with another age.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from statuswire.config.retention import RetentionConfig
from statuswire.core.asof import STATE_TYPES
from statuswire.engine.planning import NAME as PLANNER
from statuswire.store import Tx, evidence, forgetting, queries

AT_ONCE: Final = 2_000
"""Rows in one transaction."""

Forget = Callable[..., int]
Count = Callable[[Tx, datetime], int]


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is that of its setting. `forget(tx, before=..., limit=...)` forgets some, about so many, and says how
    many, 0 when there is nothing left; `count` says how many there are. `least`: it is never kept for a shorter time,
    whatever is asked for."""

    name: str
    forget: Forget
    count: Count
    least: timedelta = timedelta(days=1)


def _all_at_once(forget: Callable[[Tx, datetime], int]) -> Forget:
    """For kinds of which there are never many: without a limit."""

    return lambda tx, *, before, limit: forget(tx, before)


def _counting(name: str) -> Count:
    return lambda tx, before: forgetting.old_rows(tx, name, before)


KINDS: Final = {
    one.name: one
    for one in (
        # Verdicts and deliveries first: what is counted of them goes by the pages of their events.
        Kind("verdicts", forgetting.forget_verdicts, _counting("verdicts")),
        Kind("deliveries", forgetting.forget_ended, forgetting.old_ended),
        Kind(
            "events",
            partial(forgetting.forget_events, follower=PLANNER, whole=STATE_TYPES),
            partial(forgetting.old_events, follower=PLANNER),
        ),
        Kind("updates", forgetting.forget_updates, _counting("updates")),
        # Senders repeat for at most five days (incident.io, checked 2026-11), and a message id must be known while they
        # do.
        Kind("hooks", _all_at_once(queries.forget_hooks), _counting("hooks"), least=timedelta(days=8)),
        Kind("correlations", _all_at_once(queries.forget_correlations), _counting("correlations")),
        Kind("signals", queries.forget_signals, _counting("signals")),
        Kind("documents", evidence.forget_documents, evidence.old_documents, least=timedelta(days=31)),
        Kind("changes", _all_at_once(queries.forget_changes), _counting("changes")),
    )
}
"""Everything that has an age of its own in the configuration, in the order in which it is forgotten."""


def kept_for(kind: Kind, retention: RetentionConfig, older_than: timedelta | None = None) -> timedelta:
    """How long it is kept: as configured, and not longer than `older_than`."""
    configured: timedelta = getattr(retention, kind.name)
    return max(kind.least, configured if older_than is None else min(configured, older_than))
