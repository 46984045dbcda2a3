"""Which pages and events a question means, by the rules of routes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase

from statuswire.core.routing import Facts, mismatch
from statuswire.core.selection import is_meant
from statuswire.engine.planner import Rules
from statuswire.model import EventType, Filter, KnownIncident, Page
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
    if not (wanted.pages or wanted.tags or wanted.categories):
        return None
    if wanted.pages and not (wanted.tags or wanted.categories or any(set("*?[") & set(slug) for slug in wanted.pages)):
        return sorted({page_of(tx, slug) for slug in wanted.pages}, key=lambda page: page.id)
    pages = queries.pages(tx)
    slugs = {one.slug for one in pages}
    for slug in wanted.pages:
        if not set("*?[") & set(slug) and slug not in slugs:
            raise unknown_page(slug, slugs)
    return [one for one in pages if _is_wanted(one, wanted, rules)]


def _is_wanted(page: Page, wanted: Filter, rules: Rules) -> bool:
    return (
        _is_like((page.slug,), wanted.pages)
        and _is_like(rules.tags.get(page.slug, ()), wanted.tags)
        and _is_like((rules.categories.get(page.slug, ""),), wanted.categories)
    )


def _is_like(words: Iterable[str], globs: tuple[str, ...]) -> bool:
    return not globs or any(fnmatchcase(word.casefold(), glob.casefold()) for word in words for glob in globs)


def types_of(wanted: Filter, *, sees_feeds: bool) -> tuple[EventType, ...]:
    """The types that a filter means, without those that tell of our reading where that is not shown."""
    return tuple(
        one
        for one in EventType
        if _is_like((one.value,), wanted.types) and (sees_feeds or not one.value.startswith("feed."))
    )


def names_components(incident: KnownIncident, wanted: Filter) -> bool:
    return any(is_meant(one, wanted.components) for one in incident.components)


def rest_of(wanted: Filter) -> Filter:
    """What of a filter only the event itself can answer; pages and types are chosen before."""
    return replace(wanted, pages=(), tags=(), categories=(), types=())


def means(wanted: Filter, facts: Facts) -> bool:
    return not mismatch(wanted, facts)
