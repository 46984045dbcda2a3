"""Statements that answer lists of the API part by part: each part goes on where a key says that the last one ended."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from statuswire.model import EventType, Feed, FeedState, KnownComponent, Status
from statuswire.store import rows
from statuswire.store.base import Row, Tx, named

EVENT_SPAN = 20_000
"""How many event ids one look goes through at most, however few of them are wanted."""

_DISORDER_US = 10 * 60 * 1_000_000
"""Ids follow the order of commits, and what is seen is dated before its commit: so far may the two orders differ."""

_COMPONENTS = "SELECT page_id, id, body FROM component"
_FEEDS = f"SELECT {rows.FEED_COLUMNS} FROM feed"  # noqa: S608  (constants)
_HOOK = "SELECT state FROM inbox WHERE id = :id"
_QUARANTINED = """
SELECT id, source, platform, page_slug, received_at, attempts, last_error, length(body)
FROM inbox WHERE state = 'quarantined' AND id > :after ORDER BY id LIMIT :limit
"""
_REPLAY = """
UPDATE inbox SET state = 'waiting', attempts = 0, ends = 0, claimed_by = '', claimed_until = NULL
WHERE id = :id AND state = 'quarantined'
"""
# Two selects: only a lone min or max is taken from the end of an index.
_ENDS = "SELECT (SELECT min(id) FROM event), (SELECT max(id) FROM event)"
# Of the many that were seen after a moment only those nearest to it are looked at.
_FIRST = "SELECT min(id) FROM (SELECT id FROM event WHERE seen_at >= :at ORDER BY seen_at, id LIMIT 1000) AS near"
_LAST = """
SELECT max(id) FROM (SELECT id FROM event WHERE seen_at <= :at ORDER BY seen_at DESC, id DESC LIMIT 1000) AS near
"""


# --- components and feeds ----------------------------------------------------------------------------------------


def components_after(
    tx: Tx, after: tuple[int, str], limit: int, *, pages: Collection[int] | None, levels: Collection[Status]
) -> list[tuple[int, KnownComponent]]:
    """Components by page and id, with the number of their page. `pages` None: of all that are watched."""
    params: dict[str, object] = {"page": after[0], "id": after[1], "limit": limit}
    conditions = ["(page_id, id) > (:page, :id)"]
    if pages is None:
        conditions.append(rows.OF_WATCHED)
    else:
        conditions.append(f"page_id IN ({named('p', pages, params)})")
    if levels:
        conditions.append(f"status IN ({named('s', [one.value for one in levels], params)})")
    sql = f"{_COMPONENTS} WHERE {' AND '.join(conditions)} ORDER BY page_id, id LIMIT :limit"
    found = tx.all(sql, params)
    read = rows.components([row[2] for row in found])
    return [(row[0], one) for row, one in zip(found, read, strict=True)]


def feeds_after(
    tx: Tx, after: int, limit: int, *, pages: Collection[int] | None, states: Collection[FeedState]
) -> list[Feed]:
    """Feeds in the order in which they were made. `pages` None: of all that are watched."""
    params: dict[str, object] = {"after": after, "limit": limit}
    conditions = ["id > :after"]
    if pages is None:
        conditions.append(rows.OF_WATCHED)
    else:
        conditions.append(f"page_id IN ({named('p', pages, params)})")
    if states:
        conditions.append(f"state IN ({named('s', [one.value for one in states], params)})")
    sql = f"{_FEEDS} WHERE {' AND '.join(conditions)} ORDER BY id LIMIT :limit"
    return [rows.feed(row) for row in tx.all(sql, params)]


# --- events ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventQuestion:
    """Which events: beyond `after` (None: from the very beginning of the order), of these pages (None: of all) and
    types (none: of all), seen from `since` on and before `until`."""

    after: int | None = None
    newest_first: bool = False
    pages: tuple[int, ...] | None = None
    types: tuple[EventType, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventRows:
    """Ids with the JSON of their events and their keys, and where the look ended; None: there is nothing beyond."""

    rows: tuple[tuple[int, str, str], ...]
    ended_at: int | None


def event_rows(tx: Tx, question: EventQuestion, limit: int) -> EventRows:
    """At most `limit` events, and of at most EVENT_SPAN ids: there may be more where few or none come."""
    first, last = _ids(tx, question)
    low, high = _span(question, first, last)
    if low > high:
        return EventRows((), None)
    params: dict[str, object] = {"low": low, "high": high, "limit": limit}
    conditions = ["id BETWEEN :low AND :high", *_event_conditions(question, params)]
    order = "DESC" if question.newest_first else "ASC"
    sql = f"SELECT id, body, key FROM event WHERE {' AND '.join(conditions)} ORDER BY id {order} LIMIT :limit"  # noqa: S608
    found = tuple((row[0], row[1], row[2]) for row in tx.all(sql, params))
    if len(found) == limit:
        return EventRows(found, found[-1][0])
    is_all = low <= first if question.newest_first else high >= last
    return EventRows(found, None if is_all else low if question.newest_first else high)


def _ids(tx: Tx, question: EventQuestion) -> tuple[int, int]:
    """Ids between which everything lies that was seen in the time that is asked for, and a little more."""
    row = tx.one(_ENDS)
    if row is None or row[0] is None:
        return 1, 0
    first, last = row
    if question.since is not None:
        begin = tx.one(_FIRST, {"at": rows.micros(question.since) - _DISORDER_US})
        first = last + 1 if begin is None or begin[0] is None else begin[0]
    if question.until is not None:
        end = tx.one(_LAST, {"at": rows.micros(question.until) + _DISORDER_US})
        last = 0 if end is None or end[0] is None else end[0]
    return first, last


def _span(question: EventQuestion, first: int, last: int) -> tuple[int, int]:
    if question.newest_first:
        high = last if question.after is None else min(last, question.after - 1)
        return max(first, high - EVENT_SPAN + 1), high
    low = first if question.after is None else max(first, question.after + 1)
    return low, min(last, low + EVENT_SPAN - 1)


def _time_conditions(question: EventQuestion, params: dict[str, object]) -> Iterator[str]:
    if question.since is not None:
        params["since"] = rows.micros(question.since)
        yield "seen_at >= :since"
    if question.until is not None:
        params["until"] = rows.micros(question.until)
        yield "seen_at < :until"


def _event_conditions(question: EventQuestion, params: dict[str, object]) -> Iterator[str]:
    """What leads through the span is the id; a `+` keeps the engine from choosing another index."""
    for condition in _time_conditions(question, params):
        yield f"+{condition}"
    if question.pages is not None:
        column = "page_id" if len(question.pages) == 1 else "+page_id"
        yield f"{column} IN ({named('p', question.pages, params)})"
    if question.types:
        yield f"type IN ({named('t', [one.value for one in question.types], params)})"


# --- hooks -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuarantinedHook:
    """A hook that could not be read, without its body, which may hold secrets."""

    id: int
    source: str
    platform: str
    page: str
    received_at: datetime
    attempts: int
    reason: str
    size_bytes: int


def quarantined_hooks(tx: Tx, after: int, limit: int) -> list[QuarantinedHook]:
    """Those beyond a number, oldest first."""
    return [_quarantined(row) for row in tx.all(_QUARANTINED, {"after": after, "limit": limit})]


def _quarantined(row: Row) -> QuarantinedHook:
    id_, source, platform, page, received_at, attempts, reason, size_bytes = row
    return QuarantinedHook(id_, source, platform, page, rows.time_of(received_at), attempts, reason, size_bytes)


def hook_state(tx: Tx, id_: int) -> str | None:
    """`waiting`, `read` or `quarantined`; None where there is no such hook."""
    row = tx.one(_HOOK, {"id": id_})
    return None if row is None else str(row[0])


def replay_hook(tx: Tx, id_: int) -> bool:
    """Have a quarantined hook read again; False where it is not in quarantine."""
    return tx.execute(_REPLAY, {"id": id_}) == 1
