"""The event log, and what routes made of its events."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Response

from statuswire.core.routing import Facts
from statuswire.engine import accounting
from statuswire.engine.planner import Rules
from statuswire.model import EventType, Filter
from statuswire.store import Tx, queries
from statuswire.store.queries import EventQuestion, EventRows
from statuswire.web.api import shapes
from statuswire.web.api.asked import EventsAsked, Nothing, filter_of
from statuswire.web.api.errors import unknown_item
from statuswire.web.api.replies import Asking, number_of, part, read
from statuswire.web.api.selecting import means, pages_of, rest_of, types_of
from statuswire.web.asking import Ask
from statuswire.web.needs import Need, allows
from statuswire.web.shapes import Body
from statuswire.wire import decode_event, to_mapping

router = APIRouter(tags=["events"])

EventId = Annotated[int, Path(ge=0, lt=2**63, description="The number of an event.", examples=[812])]

READ_AT_ONCE = 1_000
"""How many events are read to the end in one look where only their content can answer."""


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
    chosen = pages_of(tx, wanted, rules)
    types = types_of(wanted, sees_feeds=_sees_feeds(ask))
    if chosen == [] or not types:
        return part((), None)
    question = EventQuestion(
        after=number_of(asked.after),
        newest_first=asked.order == "newest",
        pages=None if chosen is None else tuple(page.id for page in chosen),
        types=() if len(types) == len(EventType) else types,
        since=asked.since,
        until=asked.until,
    )
    rest = rest_of(wanted)
    if rest == Filter():
        found = queries.event_rows(tx, question, asked.limit)
        return part((msgspec.Raw(body.encode()) for _, body in found.rows), _next(found.ended_at))
    return _meant(queries.event_rows(tx, question, READ_AT_ONCE), rest, asked.limit)


def _meant(found: EventRows, rest: Filter, limit: int) -> Body:
    items: list[object] = []
    for id_, body in found.rows:
        if means(rest, Facts(decode_event(body))):
            items.append(msgspec.Raw(body.encode()))
        if len(items) == limit:
            return part(items, None if id_ == found.rows[-1][0] and found.ended_at is None else _next(id_))
    return part(items, _next(found.ended_at))


def _next(ended_at: int | None) -> str | None:
    return None if ended_at is None else str(ended_at)
