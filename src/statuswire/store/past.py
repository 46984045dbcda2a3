"""Statements that forget what is old, some rows at a time, and keep of it what reports need.

Of an event there remain its place in time, its page and its incident, and the whole body where it says how a page
stood: so uptime, falls and lags of any window are the same afterwards. Of verdicts and deliveries there remain counts,
for each quarter of an hour: no month of any zone begins within one. Keys of events stay for good, so that none is told
again.

An event that somebody still needs is left, however old: what a follower has not seen, or a story is told of.

On an engine with partitions whole ones could be dropped instead of deleting rows: `delete_events` and `delete_ended`
are where that would be done, after what reports need was kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from statuswire.model import EventType
from statuswire.store import rows
from statuswire.store.base import Row, Tx, named

QUARTER: Final = timedelta(minutes=15)
_QUARTER_US = 900_000_000

MOST_NAMED: Final = 10_000
"""Of the events that are needed, so many are left one by one, and from the next on all."""

VERDICT: Final = "verdict"
DELIVERY: Final = "delivery"

_OLD_EVENTS = "SELECT id, page_id, type, incident_id, at, seen_at, body FROM event"
_KEEP_EVENT = """
INSERT INTO past_event (id, page_id, type, incident_id, at, seen_at, source, body)
VALUES (:id, :page_id, :type, :incident_id, :at, :seen_at, :source, :body)
"""
_OLD_VERDICTS = """
SELECT verdict.event_id, verdict.route, verdict.kind, verdict.at, COALESCE(event.page_id, past_event.page_id)
FROM verdict LEFT JOIN event ON event.id = verdict.event_id LEFT JOIN past_event ON past_event.id = verdict.event_id
WHERE verdict.at < :before ORDER BY verdict.at LIMIT :limit
"""
_OLD_ENDED = """
SELECT id, channel, state, ended_at, body FROM delivery_log WHERE ended_at < :before ORDER BY ended_at, id LIMIT :limit
"""
_ADD_COUNT = """
INSERT INTO past_count (ended_at, page_id, what, route, channel, word, count)
VALUES (:ended_at, :page_id, :what, :route, :channel, :word, :count)
ON CONFLICT (ended_at, page_id, what, route, channel, word) DO UPDATE SET count = past_count.count + excluded.count
"""
_OLD_UPDATES = """
SELECT incident_update.page_id, incident_update.incident_id, incident_update.key
FROM incident JOIN incident_update
    ON incident_update.page_id = incident.page_id AND incident_update.incident_id = incident.id
WHERE incident.is_open = 0 AND incident.begun_at < :before AND incident_update.at < :before
ORDER BY incident.begun_at, incident.page_id, incident.id, incident_update.key LIMIT :limit
"""


class _Sourced(msgspec.Struct):
    source: str


class _Referring(msgspec.Struct):
    """What of a delivery or a story names events."""

    event_ids: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    last_event_id: int = 0


class _Routed(msgspec.Struct):
    event_ids: tuple[int, ...] = ()
    route: str = ""


_source_of = msgspec.json.Decoder(_Sourced).decode
_referring = msgspec.json.Decoder(_Referring).decode
_routed = msgspec.json.Decoder(_Routed).decode

Count = tuple[int, int, str, str, str, str]
"""End of the quarter, page, what, route, channel, word."""


# --- events ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Needed:
    """Events that somebody still needs: those from `floor` on, which a follower has not seen, and those by `ids`, of
    which a delivery waits or a story is told."""

    floor: int
    ids: frozenset[int]


def needed_events(tx: Tx, follower: str) -> Needed:
    floors = [int(row[0]) + 1 for row in tx.all("SELECT event_id FROM follower WHERE name = :name", {"name": follower})]
    ids: set[int] = set()
    for table in ("delivery", "story"):
        for (body,) in tx.all(f"SELECT body FROM {table}"):  # noqa: S608
            ids.update(_events_in(body))
    return Needed(min(floors, default=_BEYOND), frozenset(ids))


_BEYOND = 2**63 - 1


def _events_in(body: str) -> list[int]:
    try:
        one = _referring(body)
    except msgspec.DecodeError as error:
        raise rows.damaged("delivery or story", error) from error
    last = (one.last_event_id,) if one.last_event_id else ()
    return [*one.event_ids, *one.held, *last]


def forget_events(tx: Tx, before: datetime, limit: int, *, follower: str, whole: Collection[EventType]) -> int:
    """Forget the oldest events that were seen before then, but for those that are needed; how many. Those of the types
    `whole` keep their bodies for reports."""
    if tx.one("SELECT 1 FROM event WHERE seen_at < :before LIMIT 1", {"before": rows.micros(before)}) is None:
        return 0
    where, bounds = _old_events(tx, before, follower)
    old = tx.all(f"{_OLD_EVENTS} WHERE {where} ORDER BY seen_at, id LIMIT :limit", {**bounds, "limit": limit})
    tx.many(_KEEP_EVENT, [_past(row, whole) for row in old])
    delete_events(tx, [row[0] for row in old])
    return len(old)


def _old_events(tx: Tx, before: datetime, follower: str) -> tuple[str, dict[str, object]]:
    """The condition for events that may be forgotten, and its values."""
    bounds: dict[str, object] = {"before": rows.micros(before)}
    row = tx.one("SELECT max(id) FROM event WHERE seen_at < :before", bounds)
    last = row[0] if row is not None and row[0] is not None else 0
    needed = needed_events(tx, follower)
    kept = sorted(id_ for id_ in needed.ids if id_ <= last)
    floor = min([needed.floor, *kept[MOST_NAMED : MOST_NAMED + 1]])
    names = named("kept", kept[:MOST_NAMED] or [0], bounds)
    return f"seen_at < :before AND id < :floor AND id NOT IN ({names})", {**bounds, "floor": floor}


def _past(row: Row, whole: Collection[EventType]) -> dict[str, object]:
    id_, page_id, type_, incident_id, at, seen_at, body = row
    try:
        source = _source_of(body).source
    except msgspec.DecodeError as error:
        raise rows.damaged("event", error) from error
    kept = body if type_ in whole else ""
    names = ("id", "page_id", "type", "incident_id", "at", "seen_at", "source", "body")
    return dict(zip(names, (id_, page_id, type_, incident_id, at, seen_at, source, kept), strict=True))


def delete_events(tx: Tx, ids: Iterable[int]) -> None:
    for names, params in _in_numbers(ids):
        tx.execute(f"DELETE FROM event WHERE id IN ({names})", params)  # noqa: S608 - names of parameters


# --- what was told to people -----------------------------------------------------------------------------------------


def forget_verdicts(tx: Tx, before: datetime, limit: int) -> int:
    """Forget the oldest verdicts from before then, and count them for reports; how many."""
    old = tx.all(_OLD_VERDICTS, {"before": rows.micros(before), "limit": limit})
    _add_counts(
        tx, ((_quarter(at), page, VERDICT, route, "", kind) for _, route, kind, at, page in old if page is not None)
    )
    tx.many(
        "DELETE FROM verdict WHERE event_id = :event_id AND route = :route",
        [{"event_id": row[0], "route": row[1]} for row in old],
    )
    return len(old)


def forget_ended(tx: Tx, before: datetime, limit: int) -> int:
    """Forget the oldest deliveries that ended before then, and count them for reports by the page of their first event;
    how many."""
    old = tx.all(_OLD_ENDED, {"before": rows.micros(before), "limit": limit})
    read = [(channel, state, ended_at, _read_routed(body)) for _, channel, state, ended_at, body in old]
    pages = pages_of_events(tx, {one.event_ids[0] for *_, one in read if one.event_ids})
    _add_counts(
        tx,
        (
            (_quarter(ended_at), pages[one.event_ids[0]], DELIVERY, one.route, channel, state)
            for channel, state, ended_at, one in read
            if one.event_ids and one.event_ids[0] in pages
        ),
    )
    delete_ended(tx, [row[0] for row in old])
    return len(old)


def _read_routed(body: str) -> _Routed:
    try:
        return _routed(body)
    except msgspec.DecodeError as error:
        raise rows.damaged("delivery", error) from error


def delete_ended(tx: Tx, ids: Iterable[int]) -> None:
    for names, params in _in_numbers(ids):
        tx.execute(f"DELETE FROM delivery_log WHERE id IN ({names})", params)  # noqa: S608 - names of parameters


def pages_of_events(tx: Tx, ids: Iterable[int]) -> dict[int, int]:
    """The page of each of these events, also of those that are forgotten."""
    found: dict[int, int] = {}
    for names, params in _in_numbers(ids):
        for table in ("event", "past_event"):
            found |= dict(tx.all(f"SELECT id, page_id FROM {table} WHERE id IN ({names})", params))  # noqa: S608
    return found


def _quarter(at: int) -> int:
    """The end of the quarter of an hour in which it was, or that moment itself where it is one."""
    return -(-at // _QUARTER_US) * _QUARTER_US


def _add_counts(tx: Tx, some: Iterable[Count]) -> None:
    names = ("ended_at", "page_id", "what", "route", "channel", "word")
    counts = sorted(Counter(some).items())
    tx.many(_ADD_COUNT, [{**dict(zip(names, place, strict=True)), "count": count} for place, count in counts])


# --- what is known ---------------------------------------------------------------------------------------------------


def forget_updates(tx: Tx, before: datetime, limit: int) -> int:
    """Forget the oldest updates, from before then, of incidents that are over; how many. The incidents stay."""
    old = tx.all(_OLD_UPDATES, {"before": rows.micros(before), "limit": limit})
    tx.many(
        "DELETE FROM incident_update WHERE page_id = :page_id AND incident_id = :incident_id AND key = :key",
        [{"page_id": row[0], "incident_id": row[1], "key": row[2]} for row in old],
    )
    return len(old)


# --- how much there is -----------------------------------------------------------------------------------------------


def old_events(tx: Tx, before: datetime, follower: str) -> int:
    """How many `forget_events` would forget in all."""
    where, bounds = _old_events(tx, before, follower)
    return _number(tx, f"SELECT COUNT(*) FROM event WHERE {where}", bounds)  # noqa: S608 - our own words


def old_rows(tx: Tx, kind: str, before: datetime) -> int:
    """How many rows of a kind of `OLD` were there before then and may be forgotten."""
    return _number(tx, f"SELECT COUNT(*) FROM {OLD[kind]} < :before", {"before": rows.micros(before)})  # noqa: S608


OLD: Final = {
    "updates": (
        "incident JOIN incident_update ON incident_update.page_id = incident.page_id"
        " AND incident_update.incident_id = incident.id"
        " WHERE incident.is_open = 0 AND incident.begun_at < :before AND incident_update.at"
    ),
    "deliveries": "delivery_log WHERE ended_at",
    "verdicts": "verdict WHERE at",
    "hooks": "inbox WHERE state = 'read' AND received_at",
    "changes": "audit WHERE at",
    "correlations": "correlation WHERE updated_at",
}


def _number(tx: Tx, sql: str, params: dict[str, object]) -> int:
    row = tx.one(sql, params)
    return 0 if row is None else int(row[0])


def _in_numbers(ids: Iterable[int]) -> Iterable[tuple[str, dict[str, object]]]:
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), 500):
        params: dict[str, object] = {}
        yield named("id", wanted[start : start + 500], params), params
