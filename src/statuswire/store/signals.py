"""Statements about signals: what our own monitoring has said, word by word."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from statuswire.model import HeardWord, SignalSource, SignalState, SignalWord
from statuswire.store import rows
from statuswire.store.base import Row, Tx, named

_WORD = "page_id, component, source, key, state, at"
_ADD = f"""
INSERT INTO signals ({_WORD}, title, url, seen_at, lapses_at)
VALUES (:page_id, :component, :source, :key, :state, :at, :title, :url, :seen_at, :lapses_at)
ON CONFLICT (page_id, source, key, component, at, state) DO NOTHING
"""  # noqa: S608 - our own words
_HEARD_AGAIN = """
UPDATE signals SET lapses_at = :lapses_at
WHERE page_id = :page_id AND source = :source AND key = :key AND component = :component AND at = :at AND state = :state
    AND lapses_at < :lapses_at
"""
_WHOLE = f"""
SELECT word.id, {", ".join(f"word.{name}" for name in _WORD.split(", "))},
    word.title, word.url, word.seen_at, word.lapses_at
FROM signals AS word JOIN (
    SELECT DISTINCT page_id, source, key, component FROM signals WHERE lapses_at >= :since {{pages}}
) AS late ON late.page_id = word.page_id AND late.source = word.source AND late.key = word.key
    AND late.component = word.component
ORDER BY word.id
"""  # noqa: S608 - our own words
_ANY = "SELECT 1 FROM signals WHERE page_id = :page_id LIMIT 1"
_FIRST = "SELECT page_id, MIN(at) FROM signals GROUP BY page_id"
_OLD = "SELECT id FROM signals WHERE lapses_at < :before ORDER BY lapses_at, id LIMIT :limit"


def add_signals(tx: Tx, words: Iterable[SignalWord], now: datetime) -> int:
    """How many of the words are new. One that was heard before counts for longer, if it says so."""
    count = 0
    for params in sorted((_params(one, now) for one in words), key=_place):
        is_new = tx.execute(_ADD, params) == 1
        if not is_new:
            tx.execute(_HEARD_AGAIN, params)
        count += is_new
    return count


def signal_words(tx: Tx, since: datetime, pages: Collection[int] | None = None) -> list[HeardWord]:
    """All words on the things of which any still counted then, or was said since; None: of all pages."""
    params: dict[str, object] = {"since": rows.micros(since)}
    where = "" if pages is None else f"AND page_id IN ({named('page', pages, params)})"
    return [_word(row) for row in tx.all(_WHOLE.format(pages=where), params)]


def first_signals(tx: Tx) -> dict[int, datetime]:
    """Since when there have been signals of each page that has any."""
    return {page_id: rows.time_of(at) for page_id, at in tx.all(_FIRST)}


def has_signals(tx: Tx, page_id: int) -> bool:
    """Whether the page has ever had one."""
    return tx.one(_ANY, {"page_id": page_id}) is not None


def forget_signals(tx: Tx, before: datetime, limit: int) -> int:
    """Forget the words that have not counted since before then, the oldest first; how many."""
    old = [row[0] for row in tx.all(_OLD, {"before": rows.micros(before), "limit": limit})]
    tx.many("DELETE FROM signals WHERE id = :id", [{"id": id_} for id_ in old])
    return len(old)


def _params(one: SignalWord, now: datetime) -> dict[str, object]:
    return {
        "page_id": one.page_id,
        "component": rows.clean(one.component),
        "source": one.source.value,
        "key": rows.clean(one.key),
        "state": one.state.value,
        "at": rows.micros(one.at),
        "title": rows.clean(one.title),
        "url": rows.clean(one.url),
        "seen_at": rows.micros(now),
        "lapses_at": rows.micros(one.lapses_at),
    }


def _place(params: dict[str, object]) -> tuple[object, ...]:
    """Always the same order, so that two requests at once never wait for each other."""
    return tuple(params[name] for name in ("page_id", "source", "key", "component", "at", "state"))


def _word(row: Row) -> HeardWord:
    id_, page_id, component, source, key, state, at, title, url, seen_at, lapses_at = row
    try:
        word = SignalWord(
            page_id,
            component,
            SignalSource(source),
            key,
            SignalState(state),
            rows.time_of(at),
            title,
            url,
            rows.time_of(lapses_at),
        )
    except ValueError as error:
        raise rows.damaged("signal", error) from error
    return HeardWord(id_, word, rows.time_of(seen_at))
