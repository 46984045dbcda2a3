"""Slugs that stand for no page: a typo must not look like calm, so it is refused with the nearest there are."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from statuswire.engine.lists import is_plain
from statuswire.model import Filter
from statuswire.store import Tx, queries
from statuswire.web.problems import Refusal, RefusedRequest

NEAREST = 3
_SHOWN = 10


def unknown_page(slug: str, slugs: Iterable[str]) -> Refusal:
    """With the nearest slugs, or some of them."""
    known = sorted(slugs)
    near = get_close_matches(slug, known, n=NEAREST, cutoff=0.5) or known[:_SHOWN]
    return Refusal("unknown_page", f"There is no page {slug[:100]!r}.", known=tuple(near))


def check_pages(tx: Tx, wanted: Filter) -> None:
    """Raises RefusedRequest for a slug without `*` and `?` of which there is no page."""
    for slug in filter(is_plain, wanted.pages):
        if queries.page_by_slug(tx, slug) is None:
            raise RefusedRequest(unknown_page(slug, (one.slug for one in queries.pages(tx))))
