"""Which pages and events a question means, by the rules of routes."""

from __future__ import annotations

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
    """The pages that a filter means, in the order in which they were made; None where it means all of them.

    Refuses a slug without `*` and `?` of which there is no page, for a typo must not read as calm.
    """
    for slug in filter(is_plain, wanted.pages):
        page_of(tx, slug)
    return meant_pages(tx, wanted, labels_of(rules))


def labels_of(rules: Rules) -> Labels:
    return Labels(rules.tags, rules.categories)
