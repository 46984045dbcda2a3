"""Walking the event log a few hundred rows at a time, in either direction, without reading what is not wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from statuswire.model import Event
from statuswire.store import rows
from statuswire.store.base import Tx
from statuswire.store.events import read_event

BATCH: Final = 500
DISORDER: Final = timedelta(minutes=10)
"""Ids follow the order of commits, and what is seen is dated before its commit: so far may the two orders differ."""

_COLUMNS = "SELECT body, key, id, page_id, type, seen_at FROM event"
_FIRST = "SELECT min(id) FROM (SELECT id FROM event WHERE seen_at >= :at ORDER BY seen_at, id LIMIT 1000)"
_LAST = "SELECT max(id) FROM (SELECT id FROM event WHERE seen_at <= :at ORDER BY seen_at DESC, id DESC LIMIT 1000)"


@dataclass(frozen=True, slots=True)
class Row:
    """An event that was not read yet."""

    id: int
    page_id: int
    type: str
    seen_at: datetime
    body: str
    key: str

    def event(self) -> Event:
        """Raises StoreError for a body that cannot be read."""
        return read_event((self.body, self.key))


def event_rows(
    tx: Tx, *, after: int | None = None, before: int | None = None, page_id: int | None = None, limit: int = BATCH
) -> list[Row]:
    """The next rows above `after`, oldest first; else those below `before` (None: from the end), newest first."""
    where = [] if page_id is None else ["page_id = :page_id"]
    where += ["id > :after"] if after is not None else ["id < :before"] if before is not None else []
    order = "ASC" if after is not None else "DESC"
    clause = f" WHERE {' AND '.join(where)}" if where else ""
    params = {"after": after, "before": before, "page_id": page_id, "limit": limit}
    found = tx.all(f"{_COLUMNS}{clause} ORDER BY id {order} LIMIT :limit", params)
    return [Row(row[2], row[3], row[4], rows.time_of(row[5]), row[0], row[1]) for row in found]


def first_id_since(tx: Tx, at: datetime) -> int | None:
    """An id at or before that of the first event seen at or after that moment; None where there is none."""
    row = tx.one(_FIRST, {"at": rows.micros(at - DISORDER)})
    return None if row is None else row[0]


def last_id_until(tx: Tx, at: datetime) -> int | None:
    """An id at or behind that of the last event seen by that moment; None where there is none."""
    row = tx.one(_LAST, {"at": rows.micros(at + DISORDER)})
    return None if row is None else row[0]
