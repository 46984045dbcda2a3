"""Statements about the event log: append once, follow by id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import msgspec

from statuswire import wire
from statuswire.model import Event
from statuswire.store import rows
from statuswire.store.base import Row, Tx

_CLAIM_KEY = "INSERT INTO event_key (key, seen_at) VALUES (:key, :seen_at) ON CONFLICT (key) DO NOTHING"
_NEXT_IDS = "UPDATE log_head SET last = last + :count WHERE id = 1 RETURNING last"
_APPEND = """
INSERT INTO event (id, page_id, key, type, incident_id, at, seen_at, body)
VALUES (:id, :page_id, :key, :type, :incident_id, :at, :seen_at, :body)
"""
_AT_ONCE = 500
_AFTER = "SELECT body, key FROM event WHERE id > :last ORDER BY id LIMIT :limit"


def append_events(tx: Tx, page_id: int, events: Sequence[Event]) -> tuple[Event, ...]:
    """Append the events whose key was never told, in order; returns them with their ids.

    Call it last in a transaction, and once: from here to the commit the log is locked, which keeps ids gapless and
    visible in order.
    """
    return append_all(tx, [(page_id, event) for event in events])


def append_all(tx: Tx, events: Sequence[tuple[int, Event]]) -> tuple[Event, ...]:
    """The same for events of several pages, each with the number of its page. No key is claimed once the log is locked:
    who has claimed it may wait for the log."""
    new = [(page_id, event) for page_id, event in events if _is_first(tx, event)]
    if not new:
        return ()
    head = tx.one(_NEXT_IDS, {"count": len(new)})
    if head is None:
        raise rows.damaged("log head", LookupError("its row is missing"))
    first = head[0] - len(new) + 1
    numbered = [(page_id, replace(event, id=id_)) for id_, (page_id, event) in enumerate(new, first)]
    tx.many(_APPEND, [_event_params(page_id, event) for page_id, event in numbered])
    return tuple([event for _, event in numbered])


def _is_first(tx: Tx, event: Event) -> bool:
    return tx.execute(_CLAIM_KEY, {"key": event.key, "seen_at": rows.micros(event.seen_at)}) == 1


def _event_params(page_id: int, event: Event) -> dict[str, object]:
    return {
        "id": event.id,
        "page_id": page_id,
        "key": event.key,
        "type": event.type.value,
        "incident_id": rows.clean(event.incident.id) if event.incident else None,
        "at": rows.micros(event.at),
        "seen_at": rows.micros(event.seen_at),
        "body": wire.encode_event(event).decode("utf-8"),
    }


def events_after(tx: Tx, last: int, limit: int = 500) -> list[Event]:
    """Events with an id above `last`, in order, at most `limit`. Raises StoreError for a body that cannot be read."""
    return [read_event(row) for row in tx.all(_AFTER, {"last": last, "limit": limit})]


def events_by_ids(tx: Tx, ids: Collection[int]) -> list[Event]:
    """The events with these ids that are still kept, in order."""
    found: list[Event] = []
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        names = ", ".join(f":id{place}" for place in range(len(some)))
        sql = f"SELECT body, key FROM event WHERE id IN ({names}) ORDER BY id"  # noqa: S608 - names of parameters
        found += [read_event(row) for row in tx.all(sql, {f"id{place}": id_ for place, id_ in enumerate(some)})]
    return found


def next_event_id(tx: Tx, last: int) -> int | None:
    """The id of the first event above `last`, whether or not it can be read; None where there is none."""
    row = tx.one("SELECT min(id) FROM event WHERE id > :last", {"last": last})
    return None if row is None else row[0]


def read_event(row: Row) -> Event:
    """The event of a row that begins with body and key. Raises StoreError for a body that cannot be read."""
    try:
        return wire.decode_event(row[0], row[1])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise rows.damaged("event", error) from error


def last_event_id(tx: Tx) -> int:
    """The id of the newest event; 0 before the first."""
    row = tx.one("SELECT last FROM log_head WHERE id = 1")
    return 0 if row is None else int(row[0])
