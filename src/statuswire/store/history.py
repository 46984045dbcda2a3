"""Statements about what was: the log by page and by incident, what was known of components and incidents, who watched.

What is forgotten of the log is still there as far as reports need it (`past`). Where a function takes `page_id`, None
means every page; answers are then by the number of the page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import msgspec

from statuswire import wire
from statuswire.model import DeliveryState, Event, EventType, KnownComponent, KnownIncident, VerdictKind
from statuswire.store import past, rows
from statuswire.store.base import Tx
from statuswire.store.events import read_event
from statuswire.store.state import in_lists, with_updates

SILENCE: Final = timedelta(hours=1)
"""A service writes once a minute that it polls, if it did; a longer silence is a time in which nobody watched."""

APART: Final = timedelta(minutes=1)
"""So far may the moments be apart at which several services say that they watch."""

Span = tuple[datetime, datetime]

_BASELINES = "SELECT page_id, baseline_at FROM page_state WHERE baseline_at IS NOT NULL"
_COMPONENTS = "SELECT page_id, body FROM component"
_WATCHED = "SELECT began_at, last_at FROM watching WHERE last_at >= :since ORDER BY began_at"
_STILL = """
UPDATE watching SET last_at = CASE WHEN last_at < :now THEN :now ELSE last_at END
WHERE began_at = (SELECT max(began_at) FROM watching) AND last_at >= :latest AND last_at <= :soon
"""
_ANEW = "INSERT INTO watching (began_at, last_at) VALUES (:now, :now) ON CONFLICT (began_at) DO NOTHING"

_WITHIN = """
SELECT body, begun_at, id FROM incident WHERE page_id = :page_id AND begun_at >= :since AND begun_at < :until
UNION ALL SELECT body, begun_at, id FROM incident WHERE page_id = :page_id AND begun_at < :since AND is_open = 1
UNION ALL SELECT body, begun_at, id FROM incident WHERE page_id = :page_id AND begun_at < :since AND is_open = 0
    AND id IN (
        SELECT incident_id FROM event WHERE page_id = :page_id AND seen_at > :since AND seen_at <= :until
        UNION SELECT incident_id FROM past_event WHERE page_id = :page_id AND seen_at > :since AND seen_at <= :until
    )
ORDER BY begun_at, id
"""


# --- the log ---------------------------------------------------------------------------------------------------------


def events_seen(
    tx: Tx,
    types: Collection[EventType],
    since: datetime,
    until: datetime | None = None,
    *,
    page_id: int | None = None,
) -> dict[int, list[Event]]:
    """Events of these types, which say how a page stood, seen after `since` and not after `until` (None: to the end),
    by page and in order; those too that are kept for reports only, which have no key."""
    params: dict[str, object] = {"since": rows.micros(since), "page_id": page_id, "until": rows.maybe_micros(until)}
    where = ["seen_at > :since", f"type IN ({_words(types)})"]
    where += ["page_id = :page_id"] if page_id is not None else []
    where += ["seen_at <= :until"] if until is not None else []
    sql = f"""
    SELECT body, key, page_id, id FROM event WHERE {" AND ".join(where)}
    UNION ALL SELECT body, '' AS key, page_id, id FROM past_event WHERE {" AND ".join(where)} ORDER BY id
    """  # noqa: S608 - our own words
    found: dict[int, list[Event]] = defaultdict(list)
    for row in tx.all(sql, params):
        found[row[2]].append(read_event(row))
    return found


def briefs_seen(tx: Tx, page_id: int, types: Collection[EventType], since: datetime) -> list[wire.Brief]:
    """In brief the events of these types on one page that were seen after `since`, in order."""
    where = f"page_id = :page_id AND seen_at > :since AND type IN ({_words(types)})"
    sql = f"SELECT id, body FROM event WHERE {where} UNION ALL SELECT id, body FROM past_event WHERE {where}"  # noqa: S608
    found = tx.all(sql, {"since": rows.micros(since), "page_id": page_id})
    try:  # put in order here: asked to, SQLite walks the whole log of the page by id
        return [wire.decode_brief(body) for _, body in sorted(found)]
    except msgspec.DecodeError as error:
        raise rows.damaged("event", error) from error


def incident_log(tx: Tx, page_id: int, ids: Collection[str], until: datetime | None = None) -> dict[str, list[Event]]:
    """All events of these incidents that were seen by `until` (None: all), by incident id and in order."""
    found: dict[str, list[Event]] = defaultdict(list)
    limit = "" if until is None else " AND seen_at <= :until"
    for names, params in in_lists(sorted(ids)):
        params |= {"page_id": page_id, "until": rows.maybe_micros(until)}
        sql = f"SELECT body, key, incident_id FROM event WHERE page_id = :page_id AND incident_id IN ({names}){limit}"  # noqa: S608
        for row in tx.all(f"{sql} ORDER BY id", params):
            found[row[2]].append(read_event(row))
    return found


def told_after(tx: Tx, at: datetime, *, page_id: int | None = None) -> dict[int, frozenset[str]]:
    """The incidents of which something was told after that moment, by page."""
    mine = "" if page_id is None else " AND page_id = :page_id"
    where = f"incident_id IS NOT NULL AND seen_at > :at{mine}"
    sql = f"""
    SELECT page_id, incident_id FROM event WHERE {where} UNION SELECT page_id, incident_id FROM past_event WHERE {where}
    """  # noqa: S608
    ids: dict[int, set[str]] = defaultdict(set)
    for page, incident in tx.all(sql, {"at": rows.micros(at), "page_id": page_id}):
        ids[page].add(incident)
    return {page: frozenset(some) for page, some in ids.items()}


def last_seen(tx: Tx, page_id: int, types: Collection[EventType], until: datetime) -> list[Event]:
    """The events of these types on one page that were seen by then, the newest first; at most twenty."""
    params = {"page_id": page_id, "until": rows.micros(until)}
    found: list[Event] = []
    for columns, table in (("body, key", "event"), ("body, '' AS key", "past_event")):
        sql = f"""
        SELECT {columns} FROM {table} WHERE page_id = :page_id AND seen_at <= :until AND type IN ({_words(types)})
        ORDER BY seen_at DESC, id DESC LIMIT 20
        """  # noqa: S608
        found += [read_event(row) for row in tx.all(sql, params)]
    return found[:20]


def _words(types: Collection[EventType]) -> str:
    return ", ".join(f"'{one.value}'" for one in types)


# --- what is known ---------------------------------------------------------------------------------------------------


def baselines(tx: Tx, *, page_id: int | None = None) -> dict[int, datetime]:
    """When pages were first read; those that never were are left out."""
    mine = "" if page_id is None else " AND page_id = :page_id"
    return {row[0]: rows.time_of(row[1]) for row in tx.all(f"{_BASELINES}{mine}", {"page_id": page_id})}


def components_of(tx: Tx, *, page_id: int | None = None) -> dict[int, tuple[KnownComponent, ...]]:
    """All components by page, in page order."""
    mine = "" if page_id is None else " WHERE page_id = :page_id"
    found = tx.all(f"{_COMPONENTS}{mine} ORDER BY page_id, position, id", {"page_id": page_id})
    known: dict[int, list[KnownComponent]] = defaultdict(list)
    for row, one in zip(found, rows.components([row[1] for row in found]), strict=True):
        known[row[0]].append(one)
    return {page: tuple(some) for page, some in known.items()}


def pages_with_open(tx: Tx) -> frozenset[int]:
    """The numbers of pages that have an incident or a maintenance that is not over."""
    return frozenset(row[0] for row in tx.all("SELECT DISTINCT page_id FROM incident WHERE is_open = 1"))


def incidents_of(tx: Tx, page_id: int, ids: Collection[str], *, with_open: bool = False) -> tuple[KnownIncident, ...]:
    """Incidents of one page by id or alias, without their updates, and every open one where that is wanted."""
    found: dict[str, str] = {}
    base = "SELECT id, body FROM incident WHERE page_id = :page_id"
    if with_open:
        found |= dict(tx.all(f"{base} AND is_open = 1", {"page_id": page_id}))
    for names, params in in_lists(sorted(ids)):
        aliased = f"SELECT incident_id FROM incident_alias WHERE page_id = :page_id AND alias IN ({names})"  # noqa: S608
        sql = f"{base} AND (id IN ({names}) OR id IN ({aliased}))"
        found |= dict(tx.all(sql, params | {"page_id": page_id}))
    return rows.incidents([(found[id_], ()) for id_ in sorted(found)])


def updates_of(tx: Tx, page_id: int, incidents: Collection[KnownIncident]) -> tuple[KnownIncident, ...]:
    """The same incidents with all their updates in order of provider time."""
    return with_updates(tx, page_id, [(rows.clean(one.id), rows.incident_body(one)) for one in incidents])


def incidents_within(tx: Tx, page_id: int, since: datetime, until: datetime) -> tuple[KnownIncident, ...]:
    """What was going on on one page between the two, as far as that can be said without reading it: begun within, open,
    or told of within and begun before. The earliest begun first, without updates."""
    params = {"since": rows.micros(since), "until": rows.micros(until), "page_id": page_id}
    return rows.incidents([(row[0], ()) for row in tx.all(_WITHIN, params)])


# --- who watched -----------------------------------------------------------------------------------------------------


def note_watching(tx: Tx, now: datetime) -> None:
    """The service has polled lately; said once a minute at most."""
    params = {"now": rows.micros(now), "latest": rows.micros(now - SILENCE), "soon": rows.micros(now + APART)}
    if tx.execute(_STILL, params) == 0:
        tx.execute(_ANEW, params)


def watched(tx: Tx, since: datetime) -> tuple[Span, ...]:
    """The spans of time, oldest first, in which a service ran, as far as they reach beyond `since`."""
    found = tx.all(_WATCHED, {"since": rows.micros(since)})
    return tuple((rows.time_of(began), rows.time_of(last)) for began, last in found)


# --- what was told to people -----------------------------------------------------------------------------------------


class _Sent(msgspec.Struct, gc=False):
    event_ids: tuple[int, ...] = ()
    route: str = ""


_decode_sent = msgspec.json.Decoder(_Sent).decode

_VERDICTS = """
SELECT COALESCE(event.page_id, past_event.page_id) AS page, verdict.route, verdict.kind, COUNT(*)
FROM verdict LEFT JOIN event ON event.id = verdict.event_id LEFT JOIN past_event ON past_event.id = verdict.event_id
WHERE verdict.at > :since AND verdict.at <= :until AND (event.id IS NOT NULL OR past_event.id IS NOT NULL)
GROUP BY COALESCE(event.page_id, past_event.page_id), verdict.route, verdict.kind
"""
_COUNTS = """
SELECT id, (SELECT COUNT(*) FROM event WHERE page_id = page.id AND seen_at > :since AND seen_at <= :until)
    + (SELECT COUNT(*) FROM past_event WHERE page_id = page.id AND seen_at > :since AND seen_at <= :until) FROM page
"""
_PAST = """
SELECT page_id, route, channel, word, SUM(count) FROM past_count
WHERE what = :what AND ended_at > :since AND ended_at <= :until GROUP BY page_id, route, channel, word
"""
_SENT = "SELECT channel, state, body, id FROM delivery_log WHERE ended_at > :since AND ended_at <= :until ORDER BY id"


def event_counts(tx: Tx, since: datetime, until: datetime) -> dict[int, int]:
    """How many events of each page were seen between the two."""
    return dict(tx.all(_COUNTS, {"since": rows.micros(since), "until": rows.micros(until)}))


def verdict_counts(tx: Tx, since: datetime, until: datetime) -> list[tuple[int, str, VerdictKind, int]]:
    """How often each route said what of the events of each page: page, route, kind, count."""
    within: dict[str, object] = {"since": rows.micros(since), "until": rows.micros(until)}
    counts = Counter({tuple(row[:3]): int(row[3]) for row in tx.all(_VERDICTS, within)})
    for page, route, _, kind, count in tx.all(_PAST, {**within, "what": past.VERDICT}):
        counts[page, route, kind] += int(count)
    return [(page, route, VerdictKind(kind), count) for (page, route, kind), count in counts.items()]


def sent(tx: Tx, since: datetime, until: datetime) -> dict[int, dict[tuple[str, str, DeliveryState], int]]:
    """How many deliveries by route, channel and state ended between the two, by the page of their first event; those of
    which that is not kept any more are left out."""
    within: dict[str, object] = {"since": rows.micros(since), "until": rows.micros(until)}
    read = [(channel, state, _read_sent(body)) for channel, state, body, _ in tx.all(_SENT, within)]
    pages = past.pages_of_events(tx, {one.event_ids[0] for _, _, one in read if one.event_ids})
    ways = Counter(
        (page, one.route, channel, state)
        for channel, state, one in read
        if one.event_ids and (page := pages.get(one.event_ids[0])) is not None
    )
    for page, route, channel, state, count in tx.all(_PAST, {**within, "what": past.DELIVERY}):
        ways[page, route, channel, state] += int(count)
    counts: dict[int, dict[tuple[str, str, DeliveryState], int]] = defaultdict(dict)
    for (page, route, channel, state), count in ways.items():
        counts[page][route, channel, DeliveryState(state)] = count
    return counts


def deliveries_of(tx: Tx, event_ids: Collection[int], since: datetime, until: datetime) -> tuple[int, ...]:
    """The ids of deliveries, under way or ended between the two, that tell of any of these events."""
    wanted = frozenset(event_ids)
    ended = tx.all(_SENT, {"since": rows.micros(since), "until": rows.micros(until)})
    under_way = tx.all("SELECT channel, state, body, id FROM delivery ORDER BY id")
    return tuple(sorted(row[3] for row in (*ended, *under_way) if wanted.intersection(_read_sent(row[2]).event_ids)))


def _read_sent(body: str) -> _Sent:
    try:
        return _decode_sent(body)
    except msgspec.DecodeError as error:
        raise rows.damaged("delivery", error) from error
