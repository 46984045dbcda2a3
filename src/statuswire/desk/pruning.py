"""`statuswire prune`: forget what is old, now, through the service where one runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from statuswire.config import Config
from statuswire.desk import ordering, reaching
from statuswire.engine.obeyed import Obeyed
from statuswire.engine.orders import Prune
from statuswire.engine.retention import KINDS, Kind, kept_for
from statuswire.errors import StoreError, StoreReason
from statuswire.store import Tx


@dataclass(frozen=True, slots=True)
class Pruned:
    """One kind: what was there before `before` and was, or would be, forgotten."""

    kind: str
    before: datetime
    rows: int


def would_prune(loaded: Config, older_than: timedelta | None, now: datetime) -> list[Pruned]:
    """What there is to forget. Raises ConfigError and StoreError."""

    def count(tx: Tx) -> list[Pruned]:
        return [
            Pruned(kind.name, before, kind.count(tx, before))
            for kind in KINDS.values()
            for before in [now - kept_for(kind, loaded.retention, older_than)]
        ]

    return reaching.ask(loaded, count)


def prune(
    loaded: Config, older_than: timedelta | None, now: datetime, author: str, say: Callable[[str], None]
) -> list[Pruned]:
    """Forget it, some rows at a time. `say` is told of the progress. Raises ConfigError and StoreError."""
    return [_prune(loaded, kind, older_than, now, author, say) for kind in KINDS.values()]


def _prune(
    loaded: Config, kind: Kind, older_than: timedelta | None, now: datetime, author: str, say: Callable[[str], None]
) -> Pruned:
    before = now - kept_for(kind, loaded.retention, older_than)
    gone = 0
    while some := _obeyed(ordering.order(loaded, Prune(kind.name, before, author))).id:
        gone += some
        say(f"{kind.name}: {gone:,} forgotten")
    return Pruned(kind.name, before, gone)


def _obeyed(answer: Obeyed) -> Obeyed:
    if not answer.done:
        raise StoreError(StoreReason.UNAVAILABLE, answer.sentence)
    return answer
