"""Statements about the state of a page: what we know of it, and the changes that a recording writes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from statuswire.model import Changes, Known, KnownComponent, KnownIncident, Moment
from statuswire.store import rows
from statuswire.store.base import Row, Tx

_STATE = "SELECT ver, status, as_of, served_at, baseline_at FROM page_state WHERE page_id = :page_id"
# A history feed is read now and then, for one incident: what it shows of others since the last time is no news.
_FEED = """
SELECT CASE role WHEN 'history' THEN NULL ELSE read_at END, as_of, served_at
FROM feed WHERE id = :feed_id AND page_id = :page_id
"""
_COMPONENTS = "SELECT body FROM component WHERE page_id = :page_id ORDER BY position, id"
_INCIDENTS = "SELECT id, body, begun_at FROM incident WHERE page_id = :page_id"
# A union and not an OR, which would walk through every incident that the page ever had.
_BY_ID = "SELECT id FROM incident WHERE page_id = :page_id"
_BY_ALIAS = "SELECT incident_id FROM incident_alias WHERE page_id = :page_id"
# Updates and aliases go with their incident (ON DELETE CASCADE).
_REMOVE_INCIDENT = "DELETE FROM incident WHERE page_id = :page_id AND id = :id"
_FORGET_MOMENT = "UPDATE page_state SET ver = ver + 1, as_of = NULL, served_at = NULL WHERE page_id = :page_id"
_UNDER_WAY = "SELECT 1 FROM incident WHERE page_id = :page_id AND is_open = 1 AND phase <> 'scheduled' LIMIT 1"
# The cross join has SQLite find the updates of each wanted one by key; for `IN (VALUES ...)` it scans all of them.
_UPDATES_OF_MANY = """
WITH wanted (page_id, incident_id) AS (SELECT DISTINCT * FROM (VALUES {values}) AS given)
SELECT one.page_id, one.incident_id, one.body FROM wanted CROSS JOIN incident_update AS one
WHERE one.page_id = wanted.page_id AND one.incident_id = wanted.incident_id ORDER BY one.at, one.seq
"""
_UPDATES = "SELECT incident_id, body FROM incident_update WHERE page_id = :page_id"

_FIRST_STATE = """
INSERT INTO page_state (page_id, ver, status, as_of, served_at, baseline_at)
VALUES (:page_id, 1, :status, :as_of, :served_at, :baseline_at)
ON CONFLICT (page_id) DO NOTHING
"""

_NEXT_STATE = """
UPDATE page_state SET ver = ver + 1, status = COALESCE(:status, status), as_of = COALESCE(:as_of, as_of),
    served_at = COALESCE(:served_at, served_at), baseline_at = COALESCE(:baseline_at, baseline_at)
WHERE page_id = :page_id AND ver = :ver
"""

_FEED_MOMENT = """
UPDATE feed SET as_of = :as_of, served_at = :served_at
WHERE id = :feed_id AND (as_of IS NULL OR (as_of, served_at) < (:as_of, :served_at))
"""


_SAVE_COMPONENT = """
INSERT INTO component (page_id, id, status, position, body) VALUES (:page_id, :id, :status, :position, :body)
ON CONFLICT (page_id, id) DO UPDATE SET
    status = excluded.status, position = excluded.position, body = excluded.body
"""

_SAVE_INCIDENT = """
INSERT INTO incident (page_id, id, kind, phase, impact, is_open, begun_at, body)
VALUES (:page_id, :id, :kind, :phase, :impact, :is_open, :begun_at, :body)
ON CONFLICT (page_id, id) DO UPDATE SET
    kind = excluded.kind, phase = excluded.phase, impact = excluded.impact, is_open = excluded.is_open,
    begun_at = excluded.begun_at, body = excluded.body
"""

_SAVE_UPDATE = """
INSERT INTO incident_update (page_id, incident_id, key, seq, at, body)
VALUES (:page_id, :incident_id, :key, :seq, :at, :body)
ON CONFLICT (page_id, incident_id, key) DO UPDATE SET seq = excluded.seq, at = excluded.at, body = excluded.body
"""

_SAVE_ALIAS = """
INSERT INTO incident_alias (page_id, alias, incident_id) VALUES (:page_id, :alias, :incident_id)
ON CONFLICT DO NOTHING
"""
_REMOVE_COMPONENT = "DELETE FROM component WHERE page_id = :page_id AND id = :id"

IN_SIZES = (1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256)
"""How many placeholders an IN list has: few different statements, so that prepared ones are found again."""


# --- reading ----------------------------------------------------------------------------------------------------


def load_known(
    tx: Tx, page_id: int, *, feed_id: int | None, ids: Collection[str], with_open: bool = True, lock: bool = False
) -> Known:
    """What is known of the page, as far as a Snapshot needs it that names these incident ids and aliases.

    All components in page order; each named incident, and every open one unless `with_open` is False (for a document
    whose silence means nothing), oldest first, with all its updates in order of provider time. A page that was never
    recorded has version 0. Raises StoreError.

    The version is read first, so that whatever is recorded meanwhile is noticed when changes are saved. `lock`: nobody
    else saves any before the commit; the page's row, if that is locked too, comes before.
    """
    state = tx.one(f"{_STATE}{tx.dialect.for_update if lock else ''}", {"page_id": page_id}) or (
        0,
        None,
        None,
        None,
        None,
    )
    feed = _load_feed(tx, page_id, feed_id)
    return Known(
        version=state[0],
        status=rows.maybe_status(state[1]),
        moment=rows.maybe_moment(state[2], state[3]),
        baseline_at=rows.maybe_time(state[4]),
        feed_read_at=rows.maybe_time(feed[0]),
        feed_moment=rows.maybe_moment(feed[1], feed[2]),
        components=rows.components([row[0] for row in tx.all(_COMPONENTS, {"page_id": page_id})]),
        incidents=with_updates(tx, page_id, _load_incidents(tx, page_id, ids, with_open)),
    )


def _load_feed(tx: Tx, page_id: int, feed_id: int | None) -> Row:
    if feed_id is None:
        return (None, None, None)
    return tx.one(_FEED, {"feed_id": feed_id, "page_id": page_id}) or (None, None, None)


def has_open(tx: Tx, page_id: int) -> bool:
    """Whether an incident is open or a maintenance is running."""
    return tx.one(_UNDER_WAY, {"page_id": page_id}) is not None


def _load_incidents(tx: Tx, page_id: int, ids: Collection[str], with_open: bool) -> list[Row]:
    """Open ones and those found by id or alias, each once, by the moment of beginning."""
    is_open = tx.all(f"{_INCIDENTS} AND is_open = 1", {"page_id": page_id}) if with_open else []
    found = {row[0]: row for row in is_open}
    missing = sorted({rows.clean(name) for name in ids} - found.keys() - {""})
    for names, params in in_lists(missing):
        params["page_id"] = page_id
        named = f"{_BY_ID} AND id IN ({names}) UNION {_BY_ALIAS} AND alias IN ({names})"
        found |= {row[0]: row for row in tx.all(f"{_INCIDENTS} AND id IN ({named})", params)}
    return sorted(found.values(), key=lambda row: (row[2], row[0]))


def with_updates(tx: Tx, page_id: int, incidents: Sequence[Row]) -> tuple[KnownIncident, ...]:
    """Incidents of one page from rows that begin with id and body, each with all its updates in order of time."""
    if not incidents:
        return ()
    updates: dict[str, list[str]] = {row[0]: [] for row in incidents}
    for names, params in in_lists(list(updates)):
        params["page_id"] = page_id
        for incident_id, body in tx.all(f"{_UPDATES} AND incident_id IN ({names}) ORDER BY at, seq", params):
            updates[incident_id].append(body)
    return rows.incidents([(row[1], updates[row[0]]) for row in incidents])


def updates_of_many(tx: Tx, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], list[str]]:
    """The bodies of all updates of incidents of several pages, in order of time, by page and incident."""
    found: dict[tuple[int, str], list[str]] = {key: [] for key in keys}
    for start in range(0, len(keys), IN_SIZES[-1]):
        chunk = keys[start : start + IN_SIZES[-1]]
        size = next(size for size in IN_SIZES if size >= len(chunk))
        padded = [chunk[min(place, len(chunk) - 1)] for place in range(size)]
        params: dict[str, object] = {f"p{place}": page_id for place, (page_id, _) in enumerate(padded)}
        params |= {f"v{place}": rows.clean(id_) for place, (_, id_) in enumerate(padded)}
        values = ", ".join(f"(:p{place}, :v{place})" for place in range(size))
        for page_id, incident_id, body in tx.all(_UPDATES_OF_MANY.format(values=values), params):
            found[page_id, incident_id].append(body)
    return found


def in_lists(values: Sequence[str] | Sequence[int]) -> Iterator[tuple[str, dict[str, object]]]:
    """Chunks of an IN list as placeholders and their values, the last value repeated up to the next list size."""
    for start in range(0, len(values), IN_SIZES[-1]):
        chunk = values[start : start + IN_SIZES[-1]]
        size = next(size for size in IN_SIZES if size >= len(chunk))
        params: dict[str, object] = {f"v{n}": chunk[min(n, len(chunk) - 1)] for n in range(size)}
        yield ", ".join(f":v{n}" for n in range(size)), params


# --- writing ----------------------------------------------------------------------------------------------------


def save_changes(tx: Tx, page_id: int, expected_version: int, changes: Changes, feed_id: int | None = None) -> bool:
    """Write what a recording decided, if the page is still at the version that it was decided on.

    False: somebody else recorded meanwhile, nothing is written; load again and decide again. None in `changes` leaves
    what is there. The moment of the feed moves only forward.
    """
    if not _claim(tx, page_id, expected_version, changes):
        return False
    _save_components(tx, page_id, changes.components, changes.removed_components)
    _save_incidents(tx, page_id, changes.incidents)
    updates = [rows.update_params(page_id, incident_id, update) for incident_id, update in changes.updates]
    if updates:
        tx.many(_SAVE_UPDATE, updates)
    if feed_id is not None and changes.feed_moment is not None:
        tx.execute(_FEED_MOMENT, {"feed_id": feed_id, **_moment(changes.feed_moment)})
    return True


def lock_state(tx: Tx, page_id: int) -> None:
    """Nobody else records anything of the page before the commit."""
    if tx.dialect.is_shared:
        tx.one(f"{_STATE}{tx.dialect.for_update}", {"page_id": page_id})


def numeric_incidents(tx: Tx, page_id: int) -> frozenset[str]:
    """Ids that are mere numbers: the only ones that two platforms may both use."""
    ids = (row[0] for row in tx.all("SELECT id FROM incident WHERE page_id = :page_id", {"page_id": page_id}))
    return frozenset(one for one in ids if one.isdecimal())


def save_relocation(
    tx: Tx, page_id: int, components: Sequence[KnownComponent], incidents: Sequence[tuple[str, KnownIncident]]
) -> None:
    """Put the components in the place of all that were known, and incidents, with their updates, under new ids.

    The moment of the page is forgotten: stamps of two platforms cannot be compared.
    """
    tx.execute("DELETE FROM component WHERE page_id = :page_id", {"page_id": page_id})
    _save_components(tx, page_id, components, ())
    for old_id, incident in incidents:
        tx.execute(_REMOVE_INCIDENT, {"page_id": page_id, "id": rows.clean(old_id)})
        _save_incidents(tx, page_id, (incident,))
        tx.many(_SAVE_UPDATE, [rows.update_params(page_id, incident.id, update) for update in incident.updates])
    tx.execute(_FORGET_MOMENT, {"page_id": page_id})


def _claim(tx: Tx, page_id: int, expected_version: int, changes: Changes) -> bool:
    params: dict[str, object] = {
        "page_id": page_id,
        "status": None if changes.status is None else changes.status.value,
        "baseline_at": rows.maybe_micros(changes.baseline_at),
        **_moment(changes.moment),
    }
    if expected_version == 0:
        return tx.execute(_FIRST_STATE, params) == 1
    return tx.execute(_NEXT_STATE, {**params, "ver": expected_version}) == 1


def _moment(moment: Moment | None) -> dict[str, object]:
    if moment is None:
        return {"as_of": None, "served_at": None}
    return {"as_of": rows.micros(moment.as_of), "served_at": rows.micros(moment.served_at)}


def _save_components(tx: Tx, page_id: int, components: Sequence[KnownComponent], removed: Sequence[str]) -> None:
    if removed:
        tx.many(_REMOVE_COMPONENT, [{"page_id": page_id, "id": rows.clean(id_)} for id_ in removed])
    if components:
        tx.many(_SAVE_COMPONENT, [rows.component_params(page_id, component) for component in components])


def _save_incidents(tx: Tx, page_id: int, incidents: Sequence[KnownIncident]) -> None:
    if not incidents:
        return
    tx.many(_SAVE_INCIDENT, [rows.incident_params(page_id, incident) for incident in incidents])
    aliases = [
        {"page_id": page_id, "alias": rows.clean(alias), "incident_id": rows.clean(incident.id)}
        for incident in incidents
        for alias in incident.aliases
    ]
    if aliases:
        tx.many(_SAVE_ALIAS, aliases)
