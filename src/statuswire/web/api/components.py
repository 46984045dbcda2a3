"""Components, as trees and as one list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query, Response

from statuswire.core.asof import ComponentThen
from statuswire.core.selection import matches
from statuswire.engine.planner import Rules
from statuswire.model import KnownComponent, Page
from statuswire.store import Tx, queries
from statuswire.web.api import shapes
from statuswire.web.api.asked import AtAsked, ComponentsAsked, filter_of
from statuswire.web.api.pages import Slug
from statuswire.web.api.replies import Asking, Key, cursor_of, key_of, part, read
from statuswire.web.api.selecting import page_of, watched_of
from statuswire.web.api.then import LOOKED_AT, moment, pages_then
from statuswire.web.shapes import Body, optional, ref_body
from statuswire.wire import timestamp

router = APIRouter(tags=["pages"])

_SCANNED = 5_000


@router.get("/pages/{slug}/components", response_model=shapes.ComponentTree, summary="Its components as a tree")
async def component_tree(ask: Asking, slug: Slug, asked: Annotated[AtAsked, Query()]) -> Response:
    """Groups and components in the order of the page."""
    at = moment(ask, asked.at)
    return await read(ask, lambda tx: _tree(tx, page_of(tx, slug), at))


@router.get("/components", response_model=shapes.Components, summary="Components of all pages")
async def list_components(ask: Asking, asked: Annotated[ComponentsAsked, Query()]) -> Response:
    """By page. With filters, an answer may hold fewer than `limit` and still have a `next`."""
    at = moment(ask, asked.at)
    return await read(ask, lambda tx: _components(tx, ask.parts.rules(), asked, at))


def _tree(tx: Tx, page: Page, at: datetime | None) -> Body:
    if at is None:
        known = queries.load_known(tx, page.id, feed_id=None, ids=(), with_open=False).components
        listed = [(one.group, _component(one)) for one in known]
    else:
        (then,) = pages_then(tx, [page], at)
        listed = [(one.group, _component_then(one)) for one in then.components]
    groups: dict[str | None, list[Body]] = defaultdict(list)
    for group, body in listed:
        groups[group].append(body)
    return {"page": ref_body(page.ref), "groups": [{"group": name, "components": one} for name, one in groups.items()]}


def _components(tx: Tx, rules: Rules, asked: ComponentsAsked, at: datetime | None) -> Body:
    wanted = filter_of(asked)
    chosen = watched_of(tx, wanted, rules, at)
    after = key_of(asked.after, tuple[Key, str], (0, ""))
    if at is not None:
        return _components_then(tx, asked, chosen, after, at)
    size = _SCANNED if wanted.components else asked.limit
    found = queries.components_after(tx, after, size + 1, pages=_ids(chosen), levels=asked.status)
    pages = queries.pages_by_ids(tx, {page_id for page_id, _ in found})
    items: list[Body] = []
    for place, (page_id, one) in enumerate(found[:size], 1):
        if _is_meant(one, asked):
            items.append(_component(one) | {"page": ref_body(pages[page_id].ref)})
        if len(items) == asked.limit or place == size:
            return part(items, cursor_of(page_id, one.id) if len(found) > place else None)
    return part(items, None)


def _components_then(
    tx: Tx, asked: ComponentsAsked, chosen: Sequence[Page] | None, after: tuple[int, str], at: datetime
) -> Body:
    """The same as it was, page by page."""
    listed = queries.pages(tx, at) if chosen is None else chosen
    pages = [page for page in listed if page.id >= after[0]]
    meant = (row for row in _standing(tx, pages[:LOOKED_AT], asked, at) if (row[0].id, row[1].id) > after)
    found = list(islice(meant, asked.limit + 1))
    items = [_component_then(one) | {"page": ref_body(page.ref)} for page, one in found[: asked.limit]]
    if len(found) > asked.limit:
        page, one = found[asked.limit - 1]
        return part(items, cursor_of(page.id, one.id))
    return part(items, cursor_of(pages[LOOKED_AT].id, "") if len(pages) > LOOKED_AT else None)


def _standing(
    tx: Tx, pages: Sequence[Page], asked: ComponentsAsked, at: datetime
) -> Iterator[tuple[Page, ComponentThen]]:
    """What is meant, in the order of the list."""
    for then in pages_then(tx, pages, at):
        for one in sorted(then.components, key=lambda one: one.id):
            if (not asked.status or one.status in asked.status) and _is_meant(one, asked):
                yield then.look.page, one


def _ids(pages: Sequence[Page] | None) -> tuple[int, ...] | None:
    return None if pages is None else tuple(page.id for page in pages)


def _is_meant(one: KnownComponent | ComponentThen, asked: ComponentsAsked) -> bool:
    globs = asked.component
    return not globs or any(matches(one.group, one.name, glob, one.id) for glob in globs)


def _component(one: KnownComponent) -> Body:
    return {
        "id": one.id,
        "name": one.name,
        "group": one.group,
        "status": one.status.value,
        "since": timestamp(one.since),
        "updated_at": optional(one.updated_at),
    }


def _component_then(one: ComponentThen) -> Body:
    return {
        "id": one.id,
        "name": one.name,
        "group": one.group,
        "status": one.status.value,
        "since": optional(one.since),
        "updated_at": None,
    }
