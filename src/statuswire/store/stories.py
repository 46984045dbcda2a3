"""Statements about stories and verdicts: what a route has told so far, and why it told or did not tell an event."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from statuswire.model import Story, Verdict, VerdictKind
from statuswire.store import rows
from statuswire.store.base import Tx, named

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Story).decode

_STORIES = "SELECT body FROM story WHERE route = :route AND key IN ({names})"
_OF_COMPONENTS = """
SELECT body FROM story WHERE route = :route AND key >= :first AND key < :last AND is_open = 1
"""
_NAMESAKES = """
SELECT body FROM story WHERE route = :route AND title_key IN ({names}) AND opened_at >= :since
"""
_DUE = """
SELECT body FROM story WHERE wake_at IS NOT NULL AND wake_at <= :now ORDER BY wake_at, route, key LIMIT :limit
"""
_NEXT = "SELECT min(wake_at) FROM story WHERE wake_at IS NOT NULL"
_SAVE = """
INSERT INTO story (route, key, title_key, opened_at, is_open, wake_at, body)
VALUES (:route, :key, :title_key, :opened_at, :is_open, :wake_at, :body)
ON CONFLICT (route, key) DO UPDATE SET title_key = excluded.title_key, opened_at = excluded.opened_at,
    is_open = excluded.is_open, wake_at = excluded.wake_at, body = excluded.body
"""
_FORGET = "DELETE FROM story WHERE is_open = 0 AND wake_at IS NULL AND opened_at < :before"
_VERDICT = """
INSERT INTO verdict (event_id, route, kind, reason, at) VALUES (:event_id, :route, :kind, :reason, :at)
ON CONFLICT (event_id, route) DO UPDATE SET kind = excluded.kind, reason = excluded.reason, at = excluded.at
"""
_VERDICTS = "SELECT event_id, route, kind, reason, at FROM verdict WHERE event_id = :event_id ORDER BY route"
_ALL_VERDICTS = "SELECT event_id, route, kind, reason FROM verdict WHERE event_id > :after ORDER BY event_id, route"


def stories_of(tx: Tx, route: str, keys: Collection[str]) -> list[Story]:
    """Those of the route that have these keys."""
    params: dict[str, object] = {"route": route}
    names = named("key", [rows.clean(key) for key in keys], params)
    return [_read(row[0]) for row in tx.all(_STORIES.format(names=names), params)]


def component_stories(tx: Tx, route: str, page: str) -> list[Story]:
    """The open stories of the page's components."""
    params = {"route": route, "first": f"{page}/component/", "last": f"{page}/component0"}  # `0` comes after `/`
    return [_read(row[0]) for row in tx.all(_OF_COMPONENTS, params)]


def namesakes(tx: Tx, route: str, title_keys: Collection[str], since: datetime) -> list[Story]:
    """Stories of the route with these titles that began since then."""
    params: dict[str, object] = {"route": route, "since": rows.micros(since)}
    names = named("title", [rows.clean(title_key) for title_key in title_keys], params)
    return [_read(row[0]) for row in tx.all(_NAMESAKES.format(names=names), params)]


def due_stories(tx: Tx, now: datetime, limit: int = 500) -> list[Story]:
    """Stories of which something is due, the most overdue first."""
    return [_read(row[0]) for row in tx.all(_DUE, {"now": rows.micros(now), "limit": limit})]


def next_story_at(tx: Tx) -> datetime | None:
    """When the next story has something to decide; None for never."""
    row = tx.one(_NEXT)
    return None if row is None else rows.maybe_time(row[0])


def save_stories(tx: Tx, some: Iterable[Story]) -> None:
    tx.many(
        _SAVE,
        [
            {
                "route": one.route,
                "key": rows.clean(one.key),
                "title_key": rows.clean(one.title_key),
                "opened_at": rows.micros(one.opened_at),
                "is_open": int(one.is_open),
                "wake_at": rows.maybe_micros(one.wake_at),
                "body": rows.clean(_encode(one).decode()),
            }
            for one in some
        ],
    )


def forget_stories(tx: Tx, before: datetime) -> int:
    """Forget what is over and began before then; how many."""
    return tx.execute(_FORGET, {"before": rows.micros(before)})


def add_verdicts(tx: Tx, verdicts: Iterable[Verdict], at: datetime) -> None:
    """Note what routes made of events; a later verdict of the same route replaces the earlier one (held, then told)."""
    tx.many(
        _VERDICT,
        [
            {
                "event_id": one.event_id,
                "route": one.route,
                "kind": one.kind.value,
                "reason": rows.clean(one.reason),
                "at": rows.micros(at),
            }
            for one in verdicts
        ],
    )


def verdicts(tx: Tx, event_id: int) -> list[tuple[Verdict, datetime]]:
    """What the routes made of one event, and when."""
    found = tx.all(_VERDICTS, {"event_id": event_id})
    return [(Verdict(row[0], row[1], VerdictKind(row[2]), row[3]), rows.time_of(row[4])) for row in found]


def verdicts_after(tx: Tx, after: int) -> list[Verdict]:
    """What the routes made of all events behind this one, in order."""
    found = tx.all(_ALL_VERDICTS, {"after": after})
    return [Verdict(row[0], row[1], VerdictKind(row[2]), row[3]) for row in found]


def _read(body: str) -> Story:
    try:
        return _decode(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("story", error) from error
