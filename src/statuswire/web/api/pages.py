"""Pages and their components."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from statuswire.engine.asof import PageThen
from statuswire.engine.obeyed import Obeyed
from statuswire.engine.overview import levels_of, look_at, suggested_address
from statuswire.engine.planner import Rules
from statuswire.model import Page, Status
from statuswire.store import Tx, queries
from statuswire.web.api import shapes
from statuswire.web.api.asked import MAX_WORD, AtAsked, Nothing, PagesAsked, filter_of
from statuswire.web.api.errors import Refused
from statuswire.web.api.ordering import said
from statuswire.web.api.replies import Asking, Key, cursor_of, key_of, part, read
from statuswire.web.api.selecting import is_watched, page_of, pages_of, watched_of
from statuswire.web.api.then import LOOKED_AT, moment, pages_then
from statuswire.web.asking import Ask
from statuswire.web.pages import read_store
from statuswire.web.problems import Refusal
from statuswire.web.shapes import Body, page_body

router = APIRouter(tags=["pages"])

Slug = Annotated[str, Path(max_length=MAX_WORD, description="The slug of a page.", examples=["acme"])]

MOST = 100_000
"""How many pages there may be."""


@router.get("/pages", response_model=shapes.Pages, summary="The watched pages, as they are now")
async def list_pages(ask: Asking, asked: Annotated[PagesAsked, Query()]) -> Response:
    """In the order in which they were made. What is not watched any more is left out, unless `dropped` asks for it or
    `page` names it. With `at` and `status`, an answer may hold fewer than `limit` and still
    have a `next`."""
    at = moment(ask, asked.at)
    return await read(ask, lambda tx: _pages(tx, ask, asked, at))


@router.get("/pages/{slug}", response_model=shapes.Page, summary="One page")
async def one_page(ask: Asking, slug: Slug, asked: Annotated[AtAsked, Query()]) -> Response:
    at = moment(ask, asked.at)
    return await read(ask, lambda tx: next(_bodies(tx, ask, [page_of(tx, slug)], at)))


@router.post("/pages/{slug}/look", response_model=shapes.Obeyed, summary="Poll it soon")
async def look(ask: Asking, slug: Slug, asked: Annotated[Nothing, Query()]) -> Response:
    """The page is read as soon as the politeness that its provider asks for allows."""
    page = await read_store(ask.parts, lambda tx: page_of(tx, slug))
    if page.dropped_at is not None or not ask.parts.look_soon(page.id):
        raise Refused(Refusal("not_done", f"Nothing of {page.slug} is polled."))
    return said(ask, Obeyed(True, f"{page.slug} is looked at soon", page.id))


# --- pages -------------------------------------------------------------------------------------------------------


def _pages(tx: Tx, ask: Ask, asked: PagesAsked, at: datetime | None) -> Body:
    select = pages_of if asked.dropped else partial(watched_of, at=at)
    chosen = select(tx, filter_of(asked), ask.parts.rules())
    after = key_of(asked.after, tuple[Key], (0,))[0]
    if chosen is None:
        chosen = _all(tx, asked, after, at)
    beyond = [page for page in chosen if page.id > after and not (asked.dropped and is_watched(page, at))]
    found = [page for page in beyond if asked.q is None or _is_called(page, asked.q)]
    if asked.status and at is not None:
        return _pages_then(tx, ask, asked, found, at)
    if asked.status:
        meant = (page for page, level in levels_of(tx, found, ask.parts.clock.now()) if level in asked.status)
        found = list(islice(meant, asked.limit + 1))
    following = cursor_of(found[asked.limit - 1].id) if len(found) > asked.limit else None
    return part(_bodies(tx, ask, found[: asked.limit], at), following)


def _all(tx: Tx, asked: PagesAsked, after: int, at: datetime | None) -> list[Page]:
    """Those that may be meant, some of which were dropped since where an earlier moment is asked for."""
    if at is not None:
        return queries.all_pages(tx) if asked.dropped else queries.pages(tx, at)
    return queries.pages_after(
        tx, after, MOST if asked.q or asked.status else asked.limit + 1, are_dropped=asked.dropped
    )


def _pages_then(tx: Tx, ask: Ask, asked: PagesAsked, pages: Sequence[Page], at: datetime) -> Body:
    """Those that stood so then: one by one, for what was is not looked up but worked out."""
    items: list[Body] = []
    for place, then in enumerate(pages_then(tx, pages[:LOOKED_AT], at), 1):
        if then.look.level in asked.status:
            items.append(_body_then(then, ask, at))
        if len(items) == asked.limit or place == LOOKED_AT:
            return part(items, cursor_of(then.look.page.id) if len(pages) > place else None)
    return part(items, None)


def _is_called(page: Page, text: str) -> bool:
    wanted = text.casefold()
    return wanted in page.slug or wanted in page.name.casefold()


def _bodies(tx: Tx, ask: Ask, pages: Sequence[Page], at: datetime | None) -> Iterator[Body]:
    if at is not None:
        return (_body_then(one, ask, at) for one in pages_then(tx, pages, at))
    return _bodies_now(tx, ask, pages)


def _bodies_now(tx: Tx, ask: Ask, pages: Sequence[Page]) -> Iterator[Body]:
    rules, now = ask.parts.rules(), ask.parts.clock.now()
    states = queries.page_states(tx, pages)
    looks = look_at(states, queries.open_incidents(tx, [page.id for page in pages]), now)
    moves = queries.suggestions(tx)
    for state, one in zip(states, looks, strict=True):
        body = page_body(one, now) | {"suggested_url": suggested_address(moves.get(one.page.id, ""))}
        yield body | _beside(one.page, state.components, rules)


def _body_then(then: PageThen, ask: Ask, at: datetime) -> Body:
    counts = Counter(one.status for one in then.components)
    return page_body(then.look, at) | _beside(then.look.page, counts, ask.parts.rules())


def _beside(page: Page, counts: Mapping[Status, int], rules: Rules) -> Body:
    return {
        "tags": list(rules.tags.get(page.slug, ())),
        "category": rules.categories.get(page.slug) or None,
        "origin": page.origin,
        "components": {status.value: count for status, count in counts.items()},
    }
