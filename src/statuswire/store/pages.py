"""Statements about pages and their feeds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from statuswire.model import Feed, FeedHealth, FeedSpec, Page
from statuswire.store import rows
from statuswire.store.base import Params, Tx, named

_PAGES = f"SELECT {rows.PAGE_COLUMNS} FROM {rows.PAGE_TABLES}"  # noqa: S608  (constants)
_WATCHED = "page.dropped_at IS NULL"
_WATCHED_FIRST = "ORDER BY page.dropped_at IS NOT NULL, page.id LIMIT 1"
_FEEDS = f"SELECT {rows.FEED_COLUMNS} FROM feed"  # noqa: S608  (constants)

# What was learnt about a page (its platform, the provider's id, its zone) outlives a caller that does not know it.
_UPSERT_PAGE = """
INSERT INTO page (slug, name, name_fold, url, platform, origin, provider_id, time_zone, allow_private)
VALUES (:slug, :name, :name_fold, :url, :platform, :origin, :provider_id, :time_zone, :allow_private)
ON CONFLICT (slug) DO UPDATE SET
    name = excluded.name, name_fold = excluded.name_fold, url = excluded.url,
    platform = CASE WHEN excluded.platform = '' THEN page.platform ELSE excluded.platform END,
    origin = excluded.origin,
    provider_id = COALESCE(excluded.provider_id, page.provider_id),
    time_zone = COALESCE(excluded.time_zone, page.time_zone),
    allow_private = excluded.allow_private, dropped_at = NULL
RETURNING id
"""

_PAGE_ROW = "SELECT id FROM page WHERE slug = :slug"
_ADD_PAGE = """
INSERT INTO page (slug, name, name_fold, url, platform, origin, provider_id, time_zone, allow_private)
VALUES (:slug, :name, :name_fold, :url, :platform, :origin, :provider_id, :time_zone, :allow_private)
ON CONFLICT (slug) DO NOTHING
"""

_UPDATE_PAGE = """
UPDATE page SET slug = :slug, name = :name, name_fold = :name_fold, url = :url, platform = :platform,
    origin = :origin, provider_id = :provider_id, time_zone = :time_zone, allow_private = :allow_private
WHERE id = :id
"""

_DROP = "UPDATE page SET dropped_at = :now WHERE id IN ({pages}) AND dropped_at IS NULL"
_TAKE_UP = "UPDATE page SET dropped_at = NULL WHERE slug IN ({slugs}) AND dropped_at IS NOT NULL"
_DROPPED_SLUGS = "SELECT slug FROM page WHERE dropped_at IS NOT NULL ORDER BY id"

# Of the pages that the operator named, those that the database names no more; where `:since` counts, only those that
# somebody polled and that nobody has polled since.
_LEFT = """
SELECT id, slug FROM page
WHERE dropped_at IS NULL AND origin IN ('config', 'own') AND slug NOT IN (SELECT slug FROM own_page)
"""
_FORGOTTEN = "id IN (SELECT page_id FROM feed WHERE role <> 'history' GROUP BY page_id HAVING MAX(due_at) < :since)"

_PUT_FEED = """
INSERT INTO feed (page_id, url, role, tier, accept, every, post, state)
VALUES (:page_id, :url, :role, :tier, :accept, :every, :post, :state)
ON CONFLICT (page_id, url) DO UPDATE SET
    role = excluded.role, tier = excluded.tier, accept = excluded.accept, every = excluded.every, post = excluded.post
"""
_UPSERT_FEED = f"{_PUT_FEED} RETURNING {rows.FEED_COLUMNS}"

# read_at and the moment never go back: a poller may hold a Feed from before the last recording.
_SAVE_FEED = """
UPDATE feed SET etag = :etag, last_modified = :last_modified, wire_digest = :wire_digest, state = :state,
    failures = :failures, failing_since = :failing_since, last_ok_at = :last_ok_at, last_error = :last_error,
    due_at = COALESCE(:due_at, due_at), polls = :polls, not_modified = :not_modified,
    read_at = CASE WHEN read_at IS NULL OR CAST(:read_at AS BIGINT) > read_at THEN :read_at ELSE read_at END
WHERE id = :id
"""

_SAVE_FEED_MOMENT = """
UPDATE feed SET as_of = :as_of, served_at = :served_at
WHERE id = :id AND (as_of IS NULL OR (as_of, served_at) < (:as_of, :served_at))
"""

_SAVE_SCHEDULE = """
UPDATE feed SET due_at = :due_at, polls = :polls, not_modified = :not_modified,
    last_ok_at = COALESCE(:last_ok_at, last_ok_at)
WHERE id = :id
"""

_MICROSECOND = timedelta(microseconds=1)

Schedule = tuple[int, datetime, int, int, datetime | None]
"""feed id, due at, polls, answers "not modified", last good read."""


def upsert_page(
    tx: Tx,
    *,
    slug: str,
    name: str,
    url: str,
    platform: str,
    origin: str,
    provider_id: str | None = None,
    time_zone: str | None = None,
    allow_private: bool = False,
) -> Page:
    """The page of that slug, made or brought up to date.

    An empty platform and a None never replace what is known; the id and the status stay. One that was dropped is
    watched again.
    """
    new = Page(0, slug, name, url, platform, origin, provider_id, time_zone, None, allow_private)
    row = tx.one(_UPSERT_PAGE, _page_params(new))
    if row is None:
        raise LookupError(f"page {slug!r} vanished while it was written")
    page = page_by_id(tx, row[0])
    if page is None:
        raise LookupError(f"page {slug!r} vanished while it was written")
    return page


def add_page(tx: Tx, new: Page) -> Page | None:
    """A page that is not there yet; None where its slug is taken, also by somebody who was quicker."""
    return page_by_slug(tx, new.slug) if tx.execute(_ADD_PAGE, _page_params(new)) == 1 else None


def add_pages(tx: Tx, new: Sequence[Page]) -> None:
    """Pages that are not there yet; those whose slug is taken are left as they are."""
    tx.many(_ADD_PAGE, [_page_params(page) for page in new])


def lock_page(tx: Tx, slug: str) -> None:
    """Nobody else changes the row of the page until the commit. Before anything else that the transaction locks."""
    if tx.dialect.is_shared:
        tx.one(f"{_PAGE_ROW}{tx.dialect.for_update}", {"slug": rows.clean(slug)})


def update_page(tx: Tx, page: Page) -> None:
    """Write every field of the page but its status, which `save_changes` writes, and whether it is watched."""
    tx.execute(_UPDATE_PAGE, _page_params(page))


def has_zones(tx: Tx) -> bool:
    """Whether any page has told of its own zone."""
    return tx.one("SELECT 1 FROM page WHERE time_zone IS NOT NULL LIMIT 1") is not None


def page_by_id(tx: Tx, page_id: int) -> Page | None:
    return _page(tx, "WHERE page.id = :id", {"id": page_id})


def page_by_slug(tx: Tx, slug: str) -> Page | None:
    return _page(tx, "WHERE page.slug = :slug", {"slug": rows.clean(slug)})


def page_by_provider(tx: Tx, platform: str, provider_id: str) -> Page | None:
    """The oldest page of that platform with the provider's own id of the page; rather one that is watched."""
    where = f"WHERE page.platform = :platform AND page.provider_id = :provider_id {_WATCHED_FIRST}"
    return _page(tx, where, {"platform": platform, "provider_id": rows.clean(provider_id)})


def page_by_name(tx: Tx, name: str) -> Page | None:
    """The oldest page of that name, rather one that is watched; case and white space are ignored."""
    where = f"WHERE page.name_fold = :fold {_WATCHED_FIRST}"
    return _page(tx, where, {"fold": rows.fold_name(name)})


def pages(tx: Tx, at: datetime | None = None) -> list[Page]:
    """All watched pages in the order in which they were made; with `at` also those that were dropped after it."""
    if at is None:
        return [rows.page(row) for row in tx.all(f"{_PAGES} WHERE {_WATCHED} ORDER BY page.id")]
    found = tx.all(f"{_PAGES} WHERE {_WATCHED} OR page.dropped_at > :at ORDER BY page.id", {"at": rows.micros(at)})
    return [rows.page(row) for row in found]


def all_pages(tx: Tx) -> list[Page]:
    """The same with those that are watched no more."""
    return [rows.page(row) for row in tx.all(f"{_PAGES} ORDER BY page.id")]


def pages_after(tx: Tx, after: int, limit: int, *, are_dropped: bool = False) -> list[Page]:
    """The watched pages beyond a number, or those that were dropped, at most so many."""
    which = "page.dropped_at IS NOT NULL" if are_dropped else _WATCHED
    sql = f"{_PAGES} WHERE page.id > :after AND {which} ORDER BY page.id LIMIT :limit"
    return [rows.page(row) for row in tx.all(sql, {"after": after, "limit": limit})]


def drop_pages(tx: Tx, ids: Collection[int], now: datetime) -> None:
    """These pages are watched no more; nothing else of them changes."""
    if ids:
        params: dict[str, object] = {"now": rows.micros(now)}
        tx.execute(_DROP.format(pages=named("p", sorted(ids), params)), params)


def take_up_pages(tx: Tx, slugs: Collection[str]) -> None:
    """These pages are watched again, where they were not."""
    if slugs:
        params: dict[str, object] = {}
        tx.execute(_TAKE_UP.format(slugs=named("s", sorted(map(rows.clean, slugs)), params)), params)


def dropped_slugs(tx: Tx) -> list[str]:
    """The pages that are watched no more."""
    return [row[0] for row in tx.all(_DROPPED_SLUGS)]


def left_pages(tx: Tx, since: datetime | None) -> list[tuple[int, str]]:
    """Watched pages that a configuration file or the database named, and that the database does not name now: number
    and slug. With `since` of those of files only what was polled once and was not due after then."""
    if since is None:
        return [(row[0], row[1]) for row in tx.all(f"{_LEFT} ORDER BY id")]
    sql = f"{_LEFT} AND (origin = 'own' OR {_FORGOTTEN}) ORDER BY id"
    return [(row[0], row[1]) for row in tx.all(sql, {"since": rows.micros(since)})]


def pages_by_ids(tx: Tx, ids: Collection[int]) -> dict[int, Page]:
    """Pages by their numbers."""
    params: dict[str, object] = {}
    names = named("p", ids, params)
    return {row[0]: rows.page(row) for row in tx.all(f"{_PAGES} WHERE page.id IN ({names})", params)}


def pages_by_slugs(tx: Tx, slugs: Collection[str]) -> dict[str, Page]:
    """Pages by their slugs."""
    params: dict[str, object] = {}
    names = named("s", [rows.clean(slug) for slug in slugs], params)
    found = (rows.page(row) for row in tx.all(f"{_PAGES} WHERE page.slug IN ({names})", params))
    return {page.slug: page for page in found}


def _page(tx: Tx, where: str, params: Params) -> Page | None:
    row = tx.one(f"{_PAGES} {where}", params)
    return None if row is None else rows.page(row)


def _page_params(page: Page) -> dict[str, object]:
    return {
        "id": page.id,
        "slug": rows.clean(page.slug),
        "name": rows.clean(page.name),
        "name_fold": rows.fold_name(page.name),
        "url": rows.clean(page.url),
        "platform": page.platform,
        "origin": page.origin,
        "provider_id": rows.maybe_clean(page.provider_id),
        "time_zone": page.time_zone,
        "allow_private": int(page.allow_private),
    }


def upsert_feed(tx: Tx, page_id: int, spec: FeedSpec) -> Feed:
    """The feed of that page and URL; validators, health and schedule of a known one are kept."""
    row = tx.one(_UPSERT_FEED, _spec_params(page_id, spec))
    if row is None:
        raise LookupError(f"feed of page {page_id} vanished while it was written")
    return rows.feed(row)


def upsert_feeds(tx: Tx, specs: Sequence[tuple[int, FeedSpec]]) -> None:
    """The same of many, each with the number of its page."""
    tx.many(_PUT_FEED, [_spec_params(page_id, spec) for page_id, spec in specs])


def _spec_params(page_id: int, spec: FeedSpec) -> dict[str, object]:
    return {
        "page_id": page_id,
        "url": rows.clean(spec.url),
        "role": spec.role.value,
        "tier": spec.tier,
        "accept": spec.accept,
        "every": None if spec.every is None else spec.every // _MICROSECOND,
        "post": spec.post,
        "state": FeedHealth().state.value,
    }


def replace_feeds(tx: Tx, page_id: int, specs: Sequence[FeedSpec]) -> list[Feed]:
    """Make these the feeds of the page; those that were there already begin anew."""
    tx.execute("DELETE FROM feed WHERE page_id = :page_id", {"page_id": page_id})
    return [upsert_feed(tx, page_id, spec) for spec in specs]


def feeds(tx: Tx, page_id: int | None = None) -> list[Feed]:
    """Feeds of one page or of all, in the order in which they were made."""
    if page_id is None:
        return [rows.feed(row) for row in tx.all(f"{_FEEDS} ORDER BY id")]
    found = tx.all(f"{_FEEDS} WHERE page_id = :page_id ORDER BY id", {"page_id": page_id})
    return [rows.feed(row) for row in found]


def last_read_at(tx: Tx) -> datetime | None:
    """When any feed was last read well; None before the first time."""
    row = tx.one("SELECT max(last_ok_at) FROM feed")
    return None if row is None else rows.maybe_time(row[0])


def feeds_of(tx: Tx, page_ids: Collection[int] | None) -> list[Feed]:
    """The same of some pages; None: of all."""
    if page_ids is None:
        return feeds(tx)
    params: dict[str, object] = {}
    names = named("p", page_ids, params)
    return [rows.feed(row) for row in tx.all(f"{_FEEDS} WHERE page_id IN ({names}) ORDER BY id", params)]


def save_feed(tx: Tx, feed: Feed) -> None:
    """Write validators, health, schedule and counters; `due_at` only where there is one, `read_at` and `moment` only
    where they are newer."""
    params = rows.feed_params(feed)
    tx.execute(_SAVE_FEED, params)
    if feed.moment is not None:
        tx.execute(_SAVE_FEED_MOMENT, params)


def save_schedules(tx: Tx, schedules: Sequence[Schedule]) -> None:
    """Write the schedule state of many feeds at once."""
    tx.many(
        _SAVE_SCHEDULE,
        [
            {
                "id": feed_id,
                "due_at": rows.micros(due_at),
                "polls": polls,
                "not_modified": not_modified,
                "last_ok_at": rows.maybe_micros(last_ok_at),
            }
            for feed_id, due_at, polls, not_modified, last_ok_at in schedules
        ],
    )
