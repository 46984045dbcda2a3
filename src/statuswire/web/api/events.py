"""The event log, and what routes made of its events."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Response

from statuswire.engine import accounting
from statuswire.engine.lists import EventQuery, walk_events
from statuswire.engine.planner import Rules
from statuswire.store import Tx, queries
from statuswire.web.api import shapes
from statuswire.web.api.asked import EventsAsked, Nothing, filter_of
from statuswire.web.api.errors import unknown_item
from statuswire.web.api.replies import Asking, number_of, part, read
from statuswire.web.api.selecting import labels_of, pages_of
from statuswire.web.asking import Ask
from statuswire.web.needs import Need, allows
from statuswire.web.shapes import Body
from statuswire.wire import to_mapping

router = APIRouter(tags=["events"])

EventId = Annotated[int, Path(ge=0, lt=2**63, description="The number of an event.", examples=[812])]


@router.get("/events", response_model=shapes.Events, summary="The event log")
async def list_events(ask: Asking, asked: Annotated[EventsAsked, Query()]) -> Response:
    """`after` is the number of the last event that was seen. Where few are meant, an answer may hold fewer than `limit`
    and still have a `next`; `since` and `until` go by when we saw them."""
    return await read(ask, lambda tx: _events(tx, ask, asked))


@router.get("/events/{id}", response_model=shapes.Event, summary="One event")
async def one_event(ask: Asking, id: EventId, asked: Annotated[Nothing, Query()]) -> Response:
    return await read(ask, lambda tx: _one(tx, id, sees_feeds=_sees_feeds(ask)))


@router.get("/events/{id}/verdicts", response_model=shapes.Verdicts, summary="What every route made of it, and why")
async def verdicts(ask: Asking, id: EventId, asked: Annotated[Nothing, Query()]) -> Response:
    return await read(ask, lambda tx: _account(tx, id, ask.parts.rules()))


def _sees_feeds(ask: Ask) -> bool:
    """What fails in reading is for those who may see more than the state of pages."""
    return allows(ask.principal, Need.VIEW, is_public=ask.parts.is_public)


def _one(tx: Tx, id_: int, *, sees_feeds: bool) -> Body:
    found = queries.events_by_ids(tx, [id_])
    if not found or (found[0].feed is not None and not sees_feeds):
        raise unknown_item(f"event {id_}")
    return to_mapping(found[0])


def _account(tx: Tx, id_: int, rules: Rules) -> Body:
    found = accounting.account(tx, id_, rules)
    if found is None:
        raise unknown_item(f"event {id_}")
    return accounting.as_mapping(found)


def _events(tx: Tx, ask: Ask, asked: EventsAsked) -> Body:
    wanted, rules = filter_of(asked), ask.parts.rules()
    pages_of(tx, wanted, rules)
    query = EventQuery(wanted, asked.since, asked.until, labels_of(rules), _sees_feeds(ask))
    after = number_of(asked.after)
    found = walk_events(tx, query, after=after, newest_first=asked.order == "newest", limit=asked.limit)
    following = None if found.ended_at is None else str(found.ended_at)
    return part((msgspec.Raw(body.encode()) for _, body, _ in found.rows), following)
