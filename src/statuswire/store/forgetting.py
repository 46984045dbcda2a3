"""Statements that forget what is old, some of it in each transaction, and keep of it what reports need (`past`).

Keys of events stay for good, so that none is told again. An event that somebody still needs is left, however old: what
a follower has not seen, or a story is told of.

Where a table has parts by time, a whole part is one step: what reports need of it is kept, and it is dropped. Of the
part in which the moment lies nothing is forgotten yet. `limit` counts only where rows are deleted one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from statuswire.model import EventType
from statuswire.store import partitions, rows
from statuswire.store.base import Row, Tx, named
from statuswire.store.partitions import DELIVERIES, EVENTS
from statuswire.store.past import DELIVERY, VERDICT, Count, add_counts, in_numbers, pages_of_events, quarter

MOST_NAMED: Final = 10_000
"""Of the events that are needed, so many are left one by one, and from the next on all."""

_BEYOND = 2**63 - 1
_EVENT = "id, page_id, key, type, incident_id, at, seen_at, body"
_PUT_EVENT = f"""
INSERT INTO event ({_EVENT}) VALUES (:id, :page_id, :key, :type, :incident_id, :at, :seen_at, :body)
"""  # noqa: S608 - our own words
_PAST = "INSERT INTO past_event (id, page_id, type, incident_id, at, seen_at, body)"
_KEEP = f"{_PAST} VALUES (:id, :page_id, :type, :incident_id, :at, :seen_at, :body)"
_KEEP_PART = f"""
{_PAST}
SELECT id, page_id, type, incident_id, at, seen_at, CASE WHEN type IN ({{types}}) THEN body ELSE
    CAST(JSONB_BUILD_OBJECT(
        'type', told -> 'type', 'at', told -> 'at', 'seen_at', told -> 'seen_at', 'source', told -> 'source',
        'page', JSONB_BUILD_OBJECT()
    ) AS TEXT) END
FROM (SELECT {_EVENT}, CAST(body AS JSONB) AS told FROM {{part}}) AS old WHERE id NOT IN ({{names}})
"""  # noqa: S608 - our own words
_OLD_VERDICTS = """
SELECT verdict.event_id, verdict.route, verdict.kind, verdict.at, COALESCE(event.page_id, past_event.page_id)
FROM verdict LEFT JOIN event ON event.id = verdict.event_id LEFT JOIN past_event ON past_event.id = verdict.event_id
WHERE verdict.at < :before ORDER BY verdict.at LIMIT :limit
"""
_UPDATES = """
FROM incident JOIN incident_update
    ON incident_update.page_id = incident.page_id AND incident_update.incident_id = incident.id
WHERE incident.is_open = 0 AND incident.begun_at < :before AND incident_update.at < :before
"""
_OLD_UPDATES = f"""
SELECT incident_update.page_id, incident_update.incident_id, incident_update.key {_UPDATES}
ORDER BY incident.begun_at, incident.page_id, incident.id, incident_update.key LIMIT :limit
"""


class _Brief(msgspec.Struct):
    """What `wire.Brief` needs of every event, as it was written."""

    type: msgspec.Raw
    at: msgspec.Raw
    seen_at: msgspec.Raw
    source: msgspec.Raw


class _Referring(msgspec.Struct):
    """What of a delivery or a story names events."""

    event_ids: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    last_event_id: int = 0


class _Routed(msgspec.Struct):
    event_ids: tuple[int, ...] = ()
    route: str = ""


_brief = msgspec.json.Decoder(_Brief).decode
_encode = msgspec.json.Encoder().encode
_referring = msgspec.json.Decoder(_Referring).decode
_routed = msgspec.json.Decoder(_Routed).decode


# --- events that are needed ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Needed:
    """Those from `floor` on, which a follower has not seen, and those by `ids`, of which a delivery waits or a story is
    told."""

    floor: int
    ids: frozenset[int]

    def condition(self, last: int, params: dict[str, object]) -> str:
        """Of those up to `last` that are not needed; its values are put into `params`."""
        kept = sorted(id_ for id_ in self.ids if id_ <= last)
        params["floor"] = min([self.floor, *kept[MOST_NAMED : MOST_NAMED + 1]])
        return f"id < :floor AND id NOT IN ({named('kept', kept[:MOST_NAMED] or [0], params)})"


def needed_events(tx: Tx, follower: str) -> Needed:
    floors = [int(row[0]) + 1 for row in tx.all("SELECT event_id FROM follower WHERE name = :name", {"name": follower})]
    ids: set[int] = set()
    for table in ("delivery", "story"):
        for (body,) in tx.all(f"SELECT body FROM {table}"):  # noqa: S608
            ids.update(_events_in(body))
    return Needed(min(floors, default=_BEYOND), frozenset(ids))


def _events_in(body: str) -> list[int]:
    try:
        one = _referring(body)
    except msgspec.DecodeError as error:
        raise rows.damaged("delivery or story", error) from error
    last = (one.last_event_id,) if one.last_event_id else ()
    return [*one.event_ids, *one.held, *last]


# --- events ----------------------------------------------------------------------------------------------------------


def forget_events(tx: Tx, before: datetime, limit: int, *, follower: str, whole: Collection[EventType]) -> int:
    """Forget the oldest events that were seen before then, but for those that are needed; how many. Those of the types
    `whole` keep their bodies for reports."""
    parts = partitions.old_parts(tx, EVENTS, before)
    table = partitions.table_of_rows(tx, EVENTS)
    if not parts and not _last(tx, f"{table} WHERE seen_at < :before", {"before": rows.micros(before)}):
        return 0
    needed = needed_events(tx, follower)
    for part in parts:
        last = _last(tx, part)
        if last < needed.floor and (gone := _forget_part(tx, part, last, needed, whole)):
            return gone
    return _forget_rows(tx, table, before, limit, needed, whole)


def _forget_rows(tx: Tx, table: str, before: datetime, limit: int, needed: Needed, whole: Collection[EventType]) -> int:
    where, params = _old(tx, table, before, needed)
    sql = f"SELECT {_EVENT} FROM {table} WHERE {where} ORDER BY seen_at, id LIMIT :limit"  # noqa: S608
    old = tx.all(sql, {**params, "limit": limit})
    tx.many(_KEEP, [_past(row, whole) for row in old])
    for names, ids in in_numbers(row[0] for row in old):
        tx.execute(f"DELETE FROM {table} WHERE id IN ({names})", ids)  # noqa: S608 - names of parameters
    return len(old)


def _old(tx: Tx, table: str, before: datetime, needed: Needed) -> tuple[str, dict[str, object]]:
    """The condition for events that may be forgotten one by one, and its values."""
    params: dict[str, object] = {"before": rows.micros(before)}
    last = _last(tx, f"{table} WHERE seen_at < :before", dict(params))
    return f"seen_at < :before AND {needed.condition(last, params)}", params


def _forget_part(tx: Tx, part: str, last: int, needed: Needed, whole: Collection[EventType]) -> int:
    """All of a part, which is dropped; what is needed of it lies elsewhere then. How many were forgotten."""
    kept = sorted(id_ for id_ in needed.ids if id_ <= last)
    params: dict[str, object] = {}
    names = named("kept", kept or [0], params)
    left = tx.all(f"SELECT {_EVENT} FROM {part} WHERE id IN ({names})", params)  # noqa: S608
    words = ", ".join(f"'{one.value}'" for one in sorted(whole))
    gone = tx.execute(_KEEP_PART.format(types=words, part=part, names=names), params)
    partitions.drop(tx, part)
    tx.many(_PUT_EVENT, [_event(row) for row in left])
    return gone


def _event(row: Row) -> dict[str, object]:
    return dict(zip(_EVENT.split(", "), row, strict=True))


def _past(row: Row, whole: Collection[EventType]) -> dict[str, object]:
    event = _event(row)
    del event["key"]
    return event if event["type"] in whole else {**event, "body": _in_brief(str(event["body"]))}


def _in_brief(body: str) -> str:
    try:
        one = _brief(body)
    except msgspec.DecodeError as error:
        raise rows.damaged("event", error) from error
    kept = {"type": one.type, "at": one.at, "seen_at": one.seen_at, "source": one.source, "page": {}}
    return _encode(kept).decode()


def old_events(tx: Tx, before: datetime, follower: str) -> int:
    """How many `forget_events` would forget in all."""
    needed = needed_events(tx, follower)
    where, params = _old(tx, table := partitions.table_of_rows(tx, EVENTS), before, needed)
    count = _number(tx, f"{table} WHERE {where}", params)
    for part in partitions.old_parts(tx, EVENTS, before):
        values: dict[str, object] = {}
        if (last := _last(tx, part)) < needed.floor:
            count += _number(tx, f"{part} WHERE {needed.condition(last, values)}", values)
    return count


# --- what was told to people -----------------------------------------------------------------------------------------


def forget_verdicts(tx: Tx, before: datetime, limit: int) -> int:
    """Forget the oldest verdicts from before then, and count them for reports; how many."""
    old = tx.all(_OLD_VERDICTS, {"before": rows.micros(before), "limit": limit})
    add_counts(
        tx,
        Counter((quarter(at), page, VERDICT, route, "", kind) for _, route, kind, at, page in old if page is not None),
    )
    tx.many(
        "DELETE FROM verdict WHERE event_id = :event_id AND route = :route",
        [{"event_id": row[0], "route": row[1]} for row in old],
    )
    return len(old)


def forget_ended(tx: Tx, before: datetime, limit: int) -> int:
    """Forget the oldest deliveries that ended before then, and count them for reports by the page of their first event;
    how many."""
    for part in partitions.old_parts(tx, DELIVERIES, before):
        gone = 0
        for some in _ended(tx, part, limit):
            _count_ended(tx, some)
            gone += len(some)
        partitions.drop(tx, part)
        if gone:
            return gone
    table = partitions.table_of_rows(tx, DELIVERIES)
    sql = f"SELECT {_ENDED} FROM {table} WHERE ended_at < :before ORDER BY ended_at, id LIMIT :limit"  # noqa: S608
    old = tx.all(sql, {"before": rows.micros(before), "limit": limit})
    _count_ended(tx, old)
    for names, ids in in_numbers(row[0] for row in old):
        tx.execute(f"DELETE FROM {table} WHERE id IN ({names})", ids)  # noqa: S608 - names of parameters
    return len(old)


_ENDED = "id, channel, state, ended_at, body"


def _ended(tx: Tx, part: str, limit: int) -> Iterator[list[Row]]:
    """All of a part, some at a time."""
    last = 0
    sql = f"SELECT {_ENDED} FROM {part} WHERE id > :last ORDER BY id LIMIT :limit"  # noqa: S608 - our own words
    while some := tx.all(sql, {"last": last, "limit": limit}):
        yield some
        last = some[-1][0]


def _count_ended(tx: Tx, old: Sequence[Row]) -> None:
    read = [(channel, state, ended_at, _read_routed(body)) for _, channel, state, ended_at, body in old]
    pages = pages_of_events(tx, {one.event_ids[0] for *_, one in read if one.event_ids})
    counts: Counter[Count] = Counter(
        (quarter(ended_at), pages[one.event_ids[0]], DELIVERY, one.route, channel, state)
        for channel, state, ended_at, one in read
        if one.event_ids and one.event_ids[0] in pages
    )
    add_counts(tx, counts)


def _read_routed(body: str) -> _Routed:
    try:
        return _routed(body)
    except msgspec.DecodeError as error:
        raise rows.damaged("delivery", error) from error


def old_ended(tx: Tx, before: datetime) -> int:
    """How many `forget_ended` would forget in all."""
    table = partitions.table_of_rows(tx, DELIVERIES)
    count = _number(tx, f"{table} WHERE ended_at < :before", {"before": rows.micros(before)})
    return count + sum(_number(tx, part, {}) for part in partitions.old_parts(tx, DELIVERIES, before))


# --- what is known ---------------------------------------------------------------------------------------------------


def forget_updates(tx: Tx, before: datetime, limit: int) -> int:
    """Forget the oldest updates, from before then, of incidents that are over; how many. The incidents stay."""
    old = tx.all(_OLD_UPDATES, {"before": rows.micros(before), "limit": limit})
    tx.many(
        "DELETE FROM incident_update WHERE page_id = :page_id AND incident_id = :incident_id AND key = :key",
        [{"page_id": row[0], "incident_id": row[1], "key": row[2]} for row in old],
    )
    return len(old)


_OLD: Final = {
    "updates": _UPDATES.removeprefix("\nFROM "),
    "verdicts": "verdict WHERE at < :before",
    "hooks": "inbox WHERE state = 'read' AND received_at < :before",
    "changes": "audit WHERE at < :before",
    "correlations": "correlation WHERE updated_at < :before",
    "signals": "signals WHERE lapses_at < :before",
}


def old_rows(tx: Tx, kind: str, before: datetime) -> int:
    """How many rows of a kind of `_OLD` are old enough to be forgotten."""
    return _number(tx, _OLD[kind], {"before": rows.micros(before)})


def _number(tx: Tx, of: str, params: dict[str, object]) -> int:
    row = tx.one(f"SELECT COUNT(*) FROM {of}", params)  # noqa: S608 - our own words
    return 0 if row is None else int(row[0])


def _last(tx: Tx, of: str, params: dict[str, object] | None = None) -> int:
    """The highest id; 0 where there is none."""
    row = tx.one(f"SELECT max(id) FROM {of}", params or {})  # noqa: S608 - our own words
    return 0 if row is None or row[0] is None else int(row[0])
