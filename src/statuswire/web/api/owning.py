"""Pages and routes that are kept in the database: added, changed and dropped. Those of the file are read-only here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field, JsonValue

from statuswire.engine import owning
from statuswire.engine.owning import DropPage, DropRoute, PutPage, PutRoute
from statuswire.model import Own
from statuswire.store import Tx, queries
from statuswire.web import shapes as bodies
from statuswire.web.api import shapes
from statuswire.web.api.asked import MAX_WORD, Nothing
from statuswire.web.api.ordering import order
from statuswire.web.api.pages import Slug
from statuswire.web.api.replies import Asking, read
from statuswire.web.asking import Ask
from statuswire.wire import timestamp

router = APIRouter()

Name = Annotated[str, Path(max_length=MAX_WORD, description="The name of a route.", examples=["pager"])]
PageBody = Annotated[
    dict[str, JsonValue],
    Body(
        description="What an entry of `pages` in the configuration file may hold, but for secrets and `allow_private`.",
        examples=[{"slug": "payments", "url": "https://status.example.com", "tags": ["critical-path"]}],
    ),
]
RouteBody = Annotated[
    dict[str, JsonValue],
    Body(
        description="What an entry of `routes` in the configuration file may hold. It needs a `name`.",
        examples=[{"name": "loud", "channel": "pager", "impact": ">=major", "hold": "3m"}],
    ),
]


class PlaceAsked(Nothing):
    position: int | None = Field(default=None, ge=0, le=1_000_000, examples=[3])
    """Where the route stands among those of the database; where it is, or last, when left out."""


@router.get("/own", response_model=shapes.OwnThings, tags=["rules"], summary="Pages and routes beside the file")
async def list_own(ask: Asking, asked: Annotated[Nothing, Query()]) -> Response:
    """As they were given, with why one does not count."""
    return await read(ask, lambda tx: _own(tx, ask))


@router.post("/pages", response_model=shapes.Obeyed, status_code=201, tags=["pages"], summary="Watch a page")
async def add_page(ask: Asking, page: PageBody, asked: Annotated[Nothing, Query()]) -> Response:
    """Its slug is given, the catalog's, or comes of the address; `name` of the answer says it."""
    return await order(ask, PutPage(dict(page), is_new=True), status=201)


@router.put("/pages/{slug}", response_model=shapes.Obeyed, tags=["pages"], summary="Say something else of a page")
async def put_page(ask: Asking, slug: Slug, page: PageBody, asked: Annotated[Nothing, Query()]) -> Response:
    """All that is said of it; one that is not there is added."""
    return await order(ask, PutPage(dict(page), slug))


@router.delete("/pages/{slug}", response_model=shapes.Obeyed, tags=["pages"], summary="Watch a page no more")
async def drop_page(ask: Asking, slug: Slug, asked: Annotated[Nothing, Query()]) -> Response:
    """What is known of it is kept."""
    return await order(ask, DropPage(slug))


@router.post("/routes", response_model=shapes.Obeyed, status_code=201, tags=["rules"], summary="Add a route")
async def add_route(ask: Asking, route: RouteBody, asked: Annotated[PlaceAsked, Query()]) -> Response:
    """To channels of the configuration file."""
    return await order(ask, PutRoute(dict(route), position=asked.position, is_new=True), status=201)


@router.put("/routes/{name}", response_model=shapes.Obeyed, tags=["rules"], summary="Change a route")
async def put_route(ask: Asking, name: Name, route: RouteBody, asked: Annotated[PlaceAsked, Query()]) -> Response:
    """All that is said of it; one that is not there is added."""
    return await order(ask, PutRoute(dict(route), name, asked.position))


@router.delete("/routes/{name}", response_model=shapes.Obeyed, tags=["rules"], summary="Take a route away")
async def drop_route(ask: Asking, name: Name, asked: Annotated[Nothing, Query()]) -> Response:
    """What it had still to tell is told no more."""
    return await order(ask, DropRoute(name))


def _own(tx: Tx, ask: Ask) -> bodies.Body:
    left_out = {(one.kind, one.name): one.sentence for one in owning.load(tx, ask.parts.file).left_out}
    pages, routes = queries.own_pages(tx), queries.own_routes(tx)
    return {
        "pages": [{"slug": one.name, **_said(one, left_out.get(("page", one.name)))} for one in pages],
        "routes": [
            {"name": one.name, "position": one.position, **_said(one, left_out.get(("route", one.name)))}
            for one in routes
        ],
    }


def _said(one: Own, left_out: str | None) -> bodies.Body:
    return {
        "body": one.body,
        "author": one.author,
        "created_at": timestamp(one.created_at),
        "updated_at": timestamp(one.updated_at),
        "left_out": left_out,
    }
