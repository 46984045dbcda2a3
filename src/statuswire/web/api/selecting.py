"""Which pages and events a question means, by the rules of routes."""

from __future__ import annotations

from datetime import datetime

from statuswire.engine.lists import Labels, is_plain, meant_pages
from statuswire.engine.planner import Rules
from statuswire.model import Filter, Page
from statuswire.store import Tx, queries
from statuswire.web.api.errors import unknown_page


def page_of(tx: Tx, slug: str) -> Page:
    """The page of that slug. Refuses an unknown one with the nearest."""
    page = queries.page_by_slug(tx, slug)
    if page is None:
        raise unknown_page(slug, (one.slug for one in queries.pages(tx)))
    return page


def pages_of(tx: Tx, wanted: Filter, rules: Rules) -> list[Page] | None:
    """The pages that a filter means, in the order in which they were made, also those that are not watched any more;
    None where it means all of them.

    Refuses a slug without `*` and `?` of which there is no page, for a typo must not read as calm.
    """
    for slug in filter(is_plain, wanted.pages):
        page_of(tx, slug)
    return meant_pages(tx, wanted, labels_of(rules))


def watched_of(tx: Tx, wanted: Filter, rules: Rules, at: datetime | None = None) -> list[Page] | None:
    """The same without those that are not watched any more, or were not at a moment, unless they are named."""
    found = pages_of(tx, wanted, rules)
    return None if found is None else [page for page in found if is_watched(page, at) or page.slug in wanted.pages]


def is_watched(page: Page, at: datetime | None = None) -> bool:
    """Whether the page is watched, or was at that moment."""
    return page.dropped_at is None or (at is not None and page.dropped_at > at)


def labels_of(rules: Rules) -> Labels:
    return Labels(rules.tags, rules.categories)
