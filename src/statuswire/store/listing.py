"""Statements that answer the API, the console and the dashboard: counts, lists, one look at all pages."""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from statuswire.errors import StatuswireError
from statuswire.model import (
    Feed,
    Impact,
    Kind,
    KnownComponent,
    KnownIncident,
    Page,
    PageRef,
    Phase,
    Status,
)
from statuswire.store import rows
from statuswire.store.base import Params, Row, Tx, named
from statuswire.store.pages import feeds_of, pages
from statuswire.store.state import updates_of_many

_COUNTS = {
    "pages": "SELECT COUNT(*) FROM page WHERE dropped_at IS NULL",
    "feeds": f"SELECT COUNT(*) FROM feed WHERE {rows.OF_WATCHED}",  # noqa: S608  (constants)
    "components": "SELECT COUNT(*) FROM component",
    "incidents": "SELECT COUNT(*) FROM incident",
    "open_incidents": f"SELECT COUNT(*) FROM incident WHERE is_open = 1 AND {rows.OF_WATCHED}",  # noqa: S608  (constants)
    "updates": "SELECT COUNT(*) FROM incident_update",
    "events": "SELECT COUNT(*) FROM event",
}

_LIST = (
    "SELECT incident.id, incident.body, incident.page_id, page.slug, page.name, page.url, incident.begun_at"
    " FROM incident JOIN page ON page.id = incident.page_id"
)
_NEWEST_FIRST = "ORDER BY incident.begun_at DESC, incident.page_id DESC, incident.id DESC"
# The same where only open ones are wanted, which are few: the `+` has them found by their own index and sorted, instead
# of looked for among all by the index of beginnings (24,000 incidents: 1 ms, not 60).
_OPEN_ORDER = "ORDER BY +incident.begun_at DESC, incident.page_id DESC, incident.id DESC"

_MAINTENANCES = """
SELECT page.id, page.slug, page.name, page.url, incident.body
FROM incident JOIN page ON page.id = incident.page_id
WHERE incident.is_open = 1 AND incident.kind = 'maintenance' AND page.dropped_at IS NULL ORDER BY page.id, incident.id
"""

_FILTERS = {
    "page": "page.slug = :page",
    "kind": "incident.kind = :kind",
    "since": "incident.begun_at >= :since",
    "until": "incident.begun_at < :until",
}
_AFTER = "(incident.begun_at, incident.page_id, incident.id) < (:after_at, :after_page, :after_id)"

MAX_LIMIT = 1000
SCANNED = 2_000
"""How many incidents one look goes through at most, however few of them are meant."""

_STEP = 250

Listed = tuple[PageRef, KnownIncident]


class CursorError(StatuswireError):
    """An `after=` that no list of ours gave out."""

    reason = "cursor"


@dataclass(frozen=True, slots=True)
class PageState:
    """One look at a page: its own roll-up (None where the provider gives none), how many components stand at each
    status, those not operational in page order, the number of open incidents and running maintenances, its feeds."""

    page: Page
    status: Status | None
    components: dict[Status, int]
    troubled: list[KnownComponent]
    open_incidents: int
    feeds: list[Feed]


def stats(tx: Tx) -> dict[str, int]:
    """How many rows there are of each kind: pages, feeds and open_incidents as far as they are watched, components,
    incidents, updates, events."""
    counts = {}
    for name, sql in _COUNTS.items():
        row = tx.one(sql)
        counts[name] = 0 if row is None else int(row[0])
    return counts


# --- incidents --------------------------------------------------------------------------------------------------


def incident_list(
    tx: Tx,
    *,
    limit: int,
    after: str | None = None,
    page: str | None = None,
    page_ids: Collection[int] | None = None,
    kind: Kind | None = None,
    phases: Collection[Phase] = (),
    impacts: Collection[Impact] = (),
    is_open: bool | None = None,
    is_watched: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    keep: Callable[[KnownIncident], bool] | None = None,
) -> tuple[list[Listed], str | None]:
    """Incidents and maintenances, the latest begun first, and the cursor of the next part (None: that was all).

    `limit` is clamped to 1..1000, `page` is a slug, `since` is inclusive and `until` is not; no phases and impacts mean
    any. `is_watched`: only of pages that are watched, as it always is where open ones are wanted. With `keep`, which is
    asked of each without its updates, a part may be short although more follow: at most SCANNED are looked at. Raises
    CursorError.
    """
    limit = min(max(limit, 1), MAX_LIMIT)
    wanted: dict[str, object] = {
        "page": page,
        "kind": kind and kind.value,
        "since": rows.maybe_micros(since),
        "until": rows.maybe_micros(until),
    }
    params = {name: value for name, value in wanted.items() if value is not None}
    conditions = [_FILTERS[name] for name in params]
    if is_open is not None:
        conditions.append(f"incident.is_open = {int(is_open)}")
    if is_open or is_watched:
        conditions.append("page.dropped_at IS NULL")
    lists: dict[str, Collection[object] | None] = {
        "page_id": page_ids,
        "phase": [one.value for one in phases] or None,
        "impact": [one.value for one in impacts] or None,
    }
    for column, values in lists.items():
        if values is not None:
            conditions.append(f"incident.{column} IN ({named(column, values, params)})")
    look = _Look(tx, tuple(conditions), params, _OPEN_ORDER if is_open else _NEWEST_FIRST)
    return _part(look, after, limit) if keep is None else _kept(look, after, limit, keep)


@dataclass(frozen=True, slots=True)
class _Look:
    """A list that is asked for, and in which order it comes."""

    tx: Tx
    conditions: tuple[str, ...]
    params: Params
    order: str

    def rows(self, after: str | None, limit: int) -> list[Row]:
        conditions = self.conditions if after is None else (*self.conditions, _AFTER)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        place = {} if after is None else _read_cursor(after)
        return self.tx.all(f"{_LIST} {where} {self.order} LIMIT :limit", {**self.params, **place, "limit": limit})


def _part(look: _Look, after: str | None, limit: int) -> tuple[list[Listed], str | None]:
    found = look.rows(after, limit + 1)
    return _listed(look.tx, found[:limit]), _cursor(found[limit - 1]) if len(found) > limit else None


def _kept(
    look: _Look, after: str | None, limit: int, keep: Callable[[KnownIncident], bool]
) -> tuple[list[Listed], str | None]:
    """The same, walking on until enough are kept or enough were looked at."""
    kept: list[Row] = []
    for _ in range(SCANNED // _STEP):
        found = look.rows(after, _STEP)
        for row, incident in zip(found, rows.incidents([(row[1], ()) for row in found]), strict=True):
            after = _cursor(row)
            if keep(incident):
                kept.append(row)
            if len(kept) == limit:
                return _listed(look.tx, kept), after
        if len(found) < _STEP:
            return _listed(look.tx, kept), None
    return _listed(look.tx, kept), after


def one_incident(tx: Tx, page_id: int, id_: str) -> Listed | None:
    """The incident or maintenance of a page with that very id, or known by it once."""
    ids = "SELECT :id UNION SELECT incident_id FROM incident_alias WHERE page_id = :page_id AND alias = :id"
    where = f"incident.page_id = :page_id AND incident.id IN ({ids})"
    found = tx.all(f"{_LIST} WHERE {where} ORDER BY incident.id = :id DESC LIMIT 1", {"page_id": page_id, "id": id_})
    return _listed(tx, found)[0] if found else None


def open_incidents(tx: Tx, page_ids: Collection[int] | None = None, *, has_updates: bool = True) -> list[Listed]:
    """Every open incident and every maintenance that is not over, the latest begun first; of some pages or of all that
    are watched, with their updates unless nobody needs these."""
    params: dict[str, object] = {}
    which = "AND page.dropped_at IS NULL" if page_ids is None else _of_pages("incident.page_id", page_ids, params)
    where = f"WHERE incident.is_open = 1 {which}"
    found = tx.all(f"{_LIST} {where} {_OPEN_ORDER}", params)
    if has_updates:
        return _listed(tx, found)
    read = rows.incidents([(row[1], ()) for row in found])
    return [(PageRef(row[3], row[4], row[5]), one) for row, one in zip(found, read, strict=True)]


def open_of(tx: Tx, page_id: int) -> list[KnownIncident]:
    """The same for one page."""
    sql = f"{_LIST} WHERE incident.page_id = :page_id AND incident.is_open = 1 {_NEWEST_FIRST}"
    return [incident for _, incident in _listed(tx, tx.all(sql, {"page_id": page_id}))]


def open_on_page(tx: Tx, page_id: int) -> tuple[KnownIncident, ...]:
    """What is open on one page, without updates."""
    sql = "SELECT body FROM incident WHERE page_id = :page_id AND is_open = 1 ORDER BY id"
    return rows.incidents([(row[0], ()) for row in tx.all(sql, {"page_id": page_id})])


def open_maintenances(tx: Tx) -> list[tuple[int, PageRef, KnownIncident]]:
    """Every maintenance of watched pages that is not over, without updates, with its page and the page's number."""
    found = tx.all(_MAINTENANCES)
    read = rows.incidents([(row[4], ()) for row in found])
    return [(row[0], PageRef(row[1], row[2], row[3]), known) for row, known in zip(found, read, strict=True)]


def component_count(tx: Tx, page_id: int) -> int:
    row = tx.one("SELECT COUNT(*) FROM component WHERE page_id = :page_id", {"page_id": page_id})
    return 0 if row is None else int(row[0])


def _listed(tx: Tx, found: Sequence[Row]) -> list[Listed]:
    """Rows of `_LIST` as values, with their updates."""
    updates = updates_of_many(tx, [(row[2], row[0]) for row in found])
    incidents = rows.incidents([(row[1], updates[row[2], row[0]]) for row in found])
    return [(PageRef(row[3], row[4], row[5]), one) for row, one in zip(found, incidents, strict=True)]


def _cursor(row: Row) -> str:
    text = f"{row[6]}.{row[2]}.{row[0]}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> dict[str, object]:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        at, page_id, incident_id = text.split(".", 2)
        return {"after_at": _bounded(at), "after_page": _bounded(page_id), "after_id": incident_id}
    except (binascii.Error, ValueError) as error:
        raise CursorError("this cursor is not one that a list gave out") from error


def _bounded(digits: str) -> int:
    """An integer that every engine can compare with a BIGINT. Raises ValueError."""
    if len(digits) > 20 or not -(2**63) <= int(digits) < 2**63:
        raise ValueError("too large")
    return int(digits)


# --- pages ------------------------------------------------------------------------------------------------------

_COMPONENT_COUNTS = "SELECT page_id, status, COUNT(*) FROM component"
_TROUBLED = "SELECT page_id, body FROM component WHERE status <> 'operational'"
# A maintenance that is only announced is not "open" to somebody who asks what is wrong now.
_OPEN_COUNTS = "SELECT page_id, COUNT(*) FROM incident WHERE is_open = 1 AND phase <> 'scheduled'"


_FEW = 200

_CALM = f"""
SELECT page_id FROM page_state
WHERE status = 'operational' AND {rows.OF_WATCHED}
AND page_id NOT IN (SELECT page_id FROM incident WHERE is_open = 1 AND phase <> 'scheduled')
AND page_id NOT IN (SELECT page_id FROM feed WHERE state <> 'ok') AND page_id IN (SELECT page_id FROM feed)
AND page_id NOT IN (SELECT page_id FROM feed WHERE role <> 'history' GROUP BY page_id HAVING MAX(due_at) < :since)
"""  # noqa: S608  (constants)


def calm_pages(tx: Tx, since: datetime) -> frozenset[int]:
    """Pages that call themselves operational, of which nothing is open, all of whose feeds are read well, and one of
    whose feeds was due since then or is not yet."""
    return frozenset(row[0] for row in tx.all(_CALM, {"since": rows.micros(since)}))


def page_states(tx: Tx, some: Sequence[Page] | None = None) -> list[PageState]:
    """Every watched page, or only some, with what is wrong on it, in the order in which pages were made."""
    listed = pages(tx) if some is None else some
    ids = None if len(listed) > _FEW else [one.id for one in listed]  # of many it is quicker to look at all
    params: dict[str, object] = {}
    of_pages = _of_pages("page_id", ids, params)
    counts: dict[int, dict[Status, int]] = defaultdict(dict)
    for page_id, status, count in tx.all(
        f"{_COMPONENT_COUNTS} WHERE 1 = 1 {of_pages} GROUP BY page_id, status", params
    ):
        counts[page_id][Status(status)] = count
    troubled = _grouped(tx.all(f"{_TROUBLED} {of_pages} ORDER BY page_id, position, id", params))
    open_counts: dict[int, int] = dict(tx.all(f"{_OPEN_COUNTS} {of_pages} GROUP BY page_id", params))
    of_page = _grouped((feed.page_id, feed) for feed in feeds_of(tx, ids))
    return [
        PageState(
            page=page,
            status=page.status,
            components=counts.get(page.id, {}),
            troubled=list(rows.components(troubled.get(page.id, ()))),
            open_incidents=open_counts.get(page.id, 0),
            feeds=of_page.get(page.id, []),
        )
        for page in listed
    ]


def _of_pages(column: str, page_ids: Collection[int] | None, params: dict[str, object]) -> str:
    """The end of a condition, `AND ...`; empty where all pages are meant."""
    return "" if page_ids is None else f"AND {column} IN ({named('of', page_ids, params)})"


def _grouped(pairs: Iterable[Row]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def page_state(tx: Tx, page: Page) -> PageState:
    """The same for one page."""
    return page_states(tx, [page])[0]
