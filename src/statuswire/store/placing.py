"""Statements about which shard pages belong to, and what the process that polls them has to know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from statuswire.model import Feed, Page
from statuswire.store import rows
from statuswire.store.base import Tx, named
from statuswire.store.marks import count_up, setting
from statuswire.store.pages import feeds_of, pages_by_ids

_SHARDS: Final = "SELECT id, shard FROM page WHERE id IN ({pages})"
_PLACE: Final = "UPDATE page SET shard = :shard WHERE id = :id"
_SHARE: Final = "INSERT INTO shared_host (name) VALUES (:name) ON CONFLICT (name) DO NOTHING"
_PLACED: Final = "SELECT id, slug, shard FROM page WHERE shard IN ({shards}) ORDER BY id"
_OPEN: Final = """
SELECT DISTINCT page_id FROM incident WHERE is_open = 1 AND phase <> 'scheduled' AND page_id IN ({pages})
"""
_WISH: Final = "UPDATE page SET wished_at = :now WHERE id = :id AND wished_at IS NULL"
_WISHES: Final = """
SELECT id, EXISTS (
    SELECT 1 FROM incident WHERE incident.page_id = page.id AND is_open = 1 AND phase <> 'scheduled'
)
FROM page WHERE wished_at IS NOT NULL AND shard IN ({shards}) ORDER BY id LIMIT :limit
"""
_GRANT: Final = "UPDATE page SET wished_at = NULL WHERE id IN ({pages})"

MOVES_SETTING: Final = "pages.moves"
NOWHERE: Final = -1


@dataclass(frozen=True, slots=True)
class Placed:
    """A page with the shard that it belongs to now."""

    id: int
    slug: str
    shard: int


def place_pages(tx: Tx, shards: Mapping[int, int]) -> bool:
    """These pages belong to those shards; whether any of them belonged to another one until now."""
    if not shards:
        return False
    params: dict[str, object] = {}
    before: dict[int, int] = dict(tx.all(_SHARDS.format(pages=named("p", shards, params)), params))
    new = [id_ for id_, shard in shards.items() if before.get(id_, shard) != shard]
    if new:
        tx.many(_PLACE, [{"id": id_, "shard": shards[id_]} for id_ in new])
    return any(before[id_] != NOWHERE for id_ in new)


def count_page_move(tx: Tx) -> None:
    """A page came to belong to another shard, so that whoever has that one looks for it."""
    count_up(tx, MOVES_SETTING)


def page_moves(tx: Tx) -> int:
    """How often that was counted."""
    return int(setting(tx, MOVES_SETTING) or 0)


def placed_pages(tx: Tx, shards: Collection[int]) -> list[Placed]:
    """The pages of these shards."""
    if not shards:
        return []
    params: dict[str, object] = {}
    sql = _PLACED.format(shards=named("s", shards, params))
    return [Placed(*row) for row in tx.all(sql, params)]


def pages_to_poll(tx: Tx, ids: Collection[int]) -> dict[int, tuple[Page, list[Feed], bool]]:
    """Pages by their numbers, with their feeds, and whether an incident is open or a maintenance is running."""
    if not ids:
        return {}
    params: dict[str, object] = {}
    has_open = {row[0] for row in tx.all(_OPEN.format(pages=named("p", ids, params)), params)}
    found: dict[int, tuple[Page, list[Feed], bool]] = {
        id_: (page, [], id_ in has_open) for id_, page in pages_by_ids(tx, ids).items()
    }
    for feed in feeds_of(tx, ids):
        if feed.page_id in found:
            found[feed.page_id][1].append(feed)
    return found


def share_host(tx: Tx, name: str) -> None:
    """Feeds of this host are read for pages of other hosts too."""
    tx.execute(_SHARE, {"name": rows.clean(name)})


def shared_hosts(tx: Tx) -> frozenset[str]:
    """Hosts that several processes may ask."""
    return frozenset(row[0] for row in tx.all("SELECT name FROM shared_host"))


def wish_poll(tx: Tx, page_id: int, now: datetime) -> None:
    """Let whoever polls the page do so soon; one wish is enough until it is granted."""
    tx.execute(_WISH, {"id": page_id, "now": rows.micros(now)})


def poll_wishes(tx: Tx, shards: Collection[int], limit: int) -> dict[int, bool]:
    """Pages of these shards that are to be polled soon, and whether something is open on them."""
    if not shards:
        return {}
    params: dict[str, object] = {"limit": limit}
    sql = _WISHES.format(shards=named("s", shards, params))
    return {row[0]: bool(row[1]) for row in tx.all(sql, params)}


def grant_wishes(tx: Tx, page_ids: Collection[int]) -> None:
    """These pages are polled soon."""
    params: dict[str, object] = {}
    tx.execute(_GRANT.format(pages=named("p", sorted(page_ids), params)), params)


def slugs_after(tx: Tx, after: int) -> list[tuple[int, str]]:
    """Numbers and slugs of the pages beyond a number."""
    return [
        (row[0], row[1]) for row in tx.all("SELECT id, slug FROM page WHERE id > :after ORDER BY id", {"after": after})
    ]
