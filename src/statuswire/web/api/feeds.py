"""Feeds, and the hooks that come in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from statuswire.engine.orders import ReplayHook
from statuswire.engine.planner import Rules
from statuswire.model import Feed
from statuswire.platforms.hook_paths import path_word
from statuswire.store import Tx, queries
from statuswire.store.queries import QuarantinedHook
from statuswire.web.api import shapes
from statuswire.web.api.asked import ByPage, FeedsAsked, Nothing, Part, filter_of
from statuswire.web.api.errors import unknown_item
from statuswire.web.api.ordering import order
from statuswire.web.api.pages import Slug
from statuswire.web.api.replies import Asking, Key, cursor_of, key_of, number_of, part, read
from statuswire.web.api.selecting import page_of, watched_of
from statuswire.web.asking import Ask
from statuswire.web.pages import read_store
from statuswire.web.shapes import Body, optional
from statuswire.wire import timestamp

router = APIRouter(tags=["feeds and hooks"])

HookId = Annotated[int, Path(ge=0, lt=2**63, description="The number of a hook.", examples=[17])]


@router.get("/feeds", response_model=shapes.Feeds, summary="What is polled, and how that goes")
async def list_feeds(ask: Asking, asked: Annotated[FeedsAsked, Query()]) -> Response:
    return await read(ask, lambda tx: _feeds(tx, ask.parts.rules(), asked))


@router.get("/hooks", response_model=shapes.Hooks, summary="Where hooks come in, and how many wait")
async def hooks(ask: Asking, asked: Annotated[Nothing, Query()]) -> Response:
    paths = [f"/webhook/{path_word(name)}" for name in ask.parts.platforms]
    return await read(ask, lambda tx: {"inbox": queries.hook_counts(tx), "paths": paths})


@router.get("/hooks/addresses", response_model=shapes.HookAddresses, summary="The secret addresses of pages")
async def addresses(ask: Asking, asked: Annotated[ByPage, Query()]) -> Response:
    """Each is believed without a signature: treat it as a password."""
    return await read(ask, lambda tx: _addresses(tx, ask, asked))


@router.get("/pages/{slug}/hook", response_model=shapes.HookAddress, summary="The secret address of a page")
async def address(ask: Asking, slug: Slug, asked: Annotated[Nothing, Query()]) -> Response:
    """To paste into the provider's form; it is believed without a signature."""
    return await read(ask, lambda tx: _address(ask, page_of(tx, slug).slug, _base(tx)))


@router.get("/hooks/quarantined", response_model=shapes.QuarantinedHooks, summary="Hooks that could not be read")
async def quarantined(ask: Asking, asked: Annotated[Part, Query()]) -> Response:
    """Oldest first. Their bodies stay in the database: they may hold secrets."""
    return await read(ask, lambda tx: _quarantined(tx, asked))


@router.post("/hooks/quarantined/{id}/replay", response_model=shapes.Obeyed, summary="Read one again")
async def replay(ask: Asking, id: HookId, asked: Annotated[Nothing, Query()]) -> Response:
    if await read_store(ask.parts, lambda tx: queries.hook_state(tx, id)) is None:
        raise unknown_item(f"hook {id}")
    return await order(ask, ReplayHook(id))


# --- feeds -------------------------------------------------------------------------------------------------------


def _feeds(tx: Tx, rules: Rules, asked: FeedsAsked) -> Body:
    chosen = watched_of(tx, filter_of(asked), rules)
    after = key_of(asked.after, tuple[Key], (0,))[0]
    found = queries.feeds_after(
        tx, after, asked.limit + 1, pages=None if chosen is None else [page.id for page in chosen], states=asked.state
    )
    pages = queries.pages_by_ids(tx, {one.page_id for one in found})
    following = cursor_of(found[asked.limit - 1].id) if len(found) > asked.limit else None
    return part((_feed(one, pages[one.page_id].slug) for one in found[: asked.limit]), following)


def _feed(one: Feed, slug: str) -> Body:
    health = one.health
    return {
        "id": one.id,
        "page": slug,
        "url": one.spec.url,
        "role": one.spec.role.value,
        "tier": one.spec.tier,
        "state": health.state.value,
        "failures": health.failures,
        "failing_since": optional(health.failing_since),
        "last_ok_at": optional(health.last_ok_at),
        "last_error": health.last_error,
        "due_at": optional(one.due_at),
        "read_at": optional(one.read_at),
        "polls": one.polls,
        "not_modified": one.not_modified,
    }


# --- hooks -------------------------------------------------------------------------------------------------------


def _addresses(tx: Tx, ask: Ask, asked: ByPage) -> Body:
    chosen = watched_of(tx, filter_of(asked), ask.parts.rules())
    after, base = key_of(asked.after, tuple[Key], (0,))[0], _base(tx)
    pages = [page for page in (queries.pages(tx) if chosen is None else chosen) if page.id > after]
    following = cursor_of(pages[asked.limit - 1].id) if len(pages) > asked.limit else None
    return part((_address(ask, page.slug, base) for page in pages[: asked.limit]), following)


def _base(tx: Tx) -> str:
    """Where we listen, as we know it ourselves: what a `Host` header says anybody can say."""
    return queries.setting(tx, queries.ADDRESS_SETTING) or ""


def _address(ask: Ask, slug: str, base: str) -> Body:
    path = f"/hooks/{ask.parts.addresses.token(slug)}"
    return {"page": slug, "path": path, "url": base + path}


def _quarantined(tx: Tx, asked: Part) -> Body:
    found = queries.quarantined_hooks(tx, number_of(asked.after) or 0, asked.limit + 1)
    following = str(found[asked.limit - 1].id) if len(found) > asked.limit else None
    return part((_hook(one) for one in found[: asked.limit]), following)


def _hook(one: QuarantinedHook) -> Body:
    return {
        "id": one.id,
        "source": one.source,
        "platform": one.platform,
        "page": one.page,
        "received_at": timestamp(one.received_at),
        "attempts": one.attempts,
        "reason": one.reason,
        "size_bytes": one.size_bytes,
    }
