"""Pages that stand in the database just as they are to be watched: found, and made, many at a time.

At a start nearly all pages are of that kind, and new ones have nothing that would have to be carried over. To ask and
write for each of them by itself is a dozen statements, which at 100,000 pages and a database behind a network keep a
start waiting for many minutes. What is otherwise is left to `places`, which takes pages one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from statuswire.catalog import Target
from statuswire.model import Feed, FeedSpec, Page, Role
from statuswire.platforms import FEED_FORMATS, PLATFORMS
from statuswire.store import Tx, queries

FEED_ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, */*;q=0.5"
)


def known_feeds(target: Target) -> tuple[FeedSpec, ...]:
    """The feeds that can be named without looking: the one feed asked for, or the platform's own."""
    if target.feed_url:
        role = Role.STATE if target.feed_url.partition("?")[0].endswith(".json") else Role.ENTRIES
        return (FeedSpec(target.feed_url, role, accept=FEED_ACCEPT),)
    if target.platform and target.platform in PLATFORMS and target.platform not in FEED_FORMATS:
        return PLATFORMS[target.platform].feeds(target.url, target.page_id)
    return ()


def has_moved(page: Page, target: Target) -> bool:
    """Whether the page was followed to somewhere else than the operator said."""
    return page.url != target.url or bool(page.platform and target.platform and page.platform != target.platform)


def said(target: Target) -> str:
    """What of the operator's words decides where the page is read."""
    return "\n".join((target.url, target.platform or "", target.feed_url or ""))


def name_of(page_id: int, what: str) -> str:
    """The name of a setting of the page: `configured` is what was said of it last, `left` what it was before it was
    given another address, until something is read there."""
    return f"page.{page_id}.{what}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Pages by slug as the database has them, with their feeds in order, and what was said of them, by number."""

    pages: Mapping[str, Page] = field(default_factory=dict)
    feeds: Mapping[int, list[Feed]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tx: Tx, slugs: Collection[str]) -> Standing:
        pages = queries.pages_by_slugs(tx, slugs)
        ids = [page.id for page in pages.values()]
        if not ids:
            return cls()
        feeds: dict[int, list[Feed]] = {id_: [] for id_ in ids}
        for feed in queries.feeds_of(tx, ids):
            feeds[feed.page_id].append(feed)
        names = [name_of(id_, what) for id_ in ids for what in ("configured", "left")]
        return cls(pages, feeds, queries.settings(tx, names))

    def as_wanted(self, target: Target, origin: str) -> tuple[Page, list[Feed]] | None:
        """The page with the feeds to poll, where nothing of it would have to be written."""
        page = self.pages.get(target.slug)
        if page is None or not self._is_settled(page, target, origin):
            return None
        feeds = self.feeds[page.id]
        specs = known_feeds(target)
        if has_moved(page, target):
            return page, feeds
        if not specs:
            return page, feeds if page.platform else []
        by_url = {feed.spec.url: feed for feed in feeds}
        wanted = [by_url.get(spec.url) for spec in specs]
        found = [feed for feed, spec in zip(wanted, specs, strict=True) if feed is not None and feed.spec == spec]
        return (page, found) if len(found) == len(specs) else None

    def _is_settled(self, page: Page, target: Target, origin: str) -> bool:
        return (
            self.settings.get(name_of(page.id, "configured")) == said(target)
            and not self.settings.get(name_of(page.id, "left"))
            and page.origin == origin
            and page.dropped_at is None
            and page.allow_private == target.allow_private
            and (page.name == target.name or not target.is_named)
            and bool(page.platform or not target.platform)
        )


def make(tx: Tx, wanted: Sequence[tuple[Target, str]]) -> None:
    """Make the pages that are not there, with their feeds, each with its origin. Another process may make the same at
    this moment: whoever is second waits for the first, and adds nothing to what was said otherwise there."""
    there = queries.pages_by_slugs(tx, [target.slug for target, _ in wanted])
    new = [(target, origin) for target, origin in wanted if target.slug not in there]
    if not new:
        return
    queries.add_pages(tx, [_page(target, origin) for target, origin in new])
    pages = queries.pages_by_slugs(tx, [target.slug for target, _ in new])
    words = {name_of(pages[target.slug].id, "configured"): said(target) for target, _ in new if target.slug in pages}
    queries.set_first(tx, words)
    kept = queries.settings(tx, words)
    specs = [
        (page.id, spec)
        for target, _ in new
        if (page := pages.get(target.slug)) is not None and kept[name_of(page.id, "configured")] == said(target)
        for spec in known_feeds(target)
    ]
    queries.upsert_feeds(tx, specs)


def _page(target: Target, origin: str) -> Page:
    return Page(
        0,
        target.slug,
        target.name,
        target.url,
        target.platform or "",
        origin,
        allow_private=target.allow_private,
    )
