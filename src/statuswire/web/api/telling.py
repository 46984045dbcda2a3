"""Channels, and what is on its way to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from statuswire.engine.orders import Drop, Enable, SendAgain
from statuswire.store import Tx, queries
from statuswire.web import told
from statuswire.web.api import shapes
from statuswire.web.api.asked import MAX_WORD, DeliveriesAsked, Nothing, Part, SinceAsked
from statuswire.web.api.errors import unknown_item
from statuswire.web.api.ordering import order
from statuswire.web.api.replies import Asking, encode, number_of, part, read, reply, slice_of
from statuswire.web.asking import Ask
from statuswire.web.pages import read_store
from statuswire.web.shapes import Body

router = APIRouter(tags=["telling"])

USUAL = timedelta(days=30)

ChannelName = Annotated[str, Path(max_length=MAX_WORD, description="The name of a channel.", examples=["ops"])]
DeliveryId = Annotated[int, Path(ge=0, lt=2**63, description="The number of a delivery.", examples=[812])]


# --- channels ----------------------------------------------------------------------------------------------------


@router.get("/channels", response_model=shapes.Channels, summary="Where things are told, and how sending goes")
async def list_channels(ask: Asking, asked: Annotated[Part, Query()]) -> Response:
    """The configured ones, by name, without their settings."""
    return await read(
        ask,
        lambda tx: slice_of(
            _channels(tx, ask), asked.limit, asked.after, lambda one: str(one["name"]), lambda one: one
        ),
    )


@router.get("/channels/{name}", response_model=shapes.Channel, summary="One channel")
async def one_channel(ask: Asking, name: ChannelName, asked: Annotated[Nothing, Query()]) -> Response:
    _check(ask, name)
    return await read(ask, lambda tx: next(one for one in _channels(tx, ask) if one["name"] == name))


@router.post("/channels/{name}/enable", response_model=shapes.Obeyed, summary="Send to it again")
async def enable(ask: Asking, name: ChannelName, asked: Annotated[Nothing, Query()]) -> Response:
    """A channel that was disabled is sent to again, beginning with what waits."""
    _check(ask, name)
    return await order(ask, Enable(name))


@router.post("/channels/{name}/test", response_model=shapes.TestOutcome, summary="Send a sample event to it")
async def send_test(ask: Asking, name: ChannelName, asked: Annotated[Nothing, Query()]) -> Response:
    """The answer says what became of it. What a receiver answered is shown by its status alone."""
    _check(ask, name)
    return reply(ask, encode(await ask.parts.tools.send_test(name)))


def _channels(tx: Tx, ask: Ask) -> list[Body]:
    states = {one.name: one for one in queries.channel_states(tx)}
    waiting = queries.waiting_counts(tx)
    known = ask.parts.rules().channels
    return [told.channel_body(name, known[name].kind, states.get(name), waiting.get(name, 0)) for name in sorted(known)]


def _check(ask: Ask, name: str) -> None:
    if name not in ask.parts.rules().channels:
        raise unknown_item(f"channel {name[:100]!r}")


# --- deliveries --------------------------------------------------------------------------------------------------


@router.get("/deliveries", response_model=shapes.Deliveries, summary="What is on its way, and what became of it")
async def list_deliveries(ask: Asking, asked: Annotated[DeliveriesAsked, Query()]) -> Response:
    """The newest first."""
    return await read(ask, lambda tx: _deliveries(tx, ask, asked))


@router.get("/deliveries/{id}", response_model=shapes.Delivery, summary="One delivery")
async def one_delivery(ask: Asking, id: DeliveryId, asked: Annotated[Nothing, Query()]) -> Response:
    return await read(ask, lambda tx: _delivery(tx, id))


@router.post("/deliveries/{id}/retry", response_model=shapes.Obeyed, summary="Send it now")
async def retry(ask: Asking, id: DeliveryId, asked: Annotated[Nothing, Query()]) -> Response:
    """What waits or was given up is sent now, with its old message id."""
    await read_store(ask.parts, lambda tx: _delivery(tx, id))
    return await order(ask, SendAgain(id))


@router.post("/deliveries/{id}/drop", response_model=shapes.Obeyed, summary="Never send it")
async def drop(ask: Asking, id: DeliveryId, asked: Annotated[Nothing, Query()]) -> Response:
    await read_store(ask.parts, lambda tx: _delivery(tx, id))
    return await order(ask, Drop(id))


def _deliveries(tx: Tx, ask: Ask, asked: DeliveriesAsked) -> Body:
    below = number_of(asked.after)
    found = queries.delivery_list(
        tx,
        channel=asked.channel,
        state=asked.state,
        since=asked.since or ask.parts.clock.now() - USUAL,
        limit=asked.limit + 1,
        **({} if below is None else {"below": below}),
    )
    following = str(found[asked.limit - 1].delivery.id) if len(found) > asked.limit else None
    return part((told.delivery_body(tx, one) for one in found[: asked.limit]), following)


def _delivery(tx: Tx, id_: int) -> Body:
    listed = queries.one_delivery(tx, id_)
    if listed is None:
        raise unknown_item(f"delivery {id_}")
    return told.delivery_body(tx, listed)


# --- correlations ------------------------------------------------------------------------------------------------


@router.get("/correlations", response_model=shapes.Correlations, summary="Stories of several pages that are one")
async def list_correlations(ask: Asking, asked: Annotated[SinceAsked, Query()]) -> Response:
    """By id."""
    since = asked.since or ask.parts.clock.now() - USUAL
    return await read(
        ask,
        lambda tx: slice_of(
            sorted(queries.correlations(tx, since), key=lambda one: one.id),
            asked.limit,
            asked.after,
            lambda one: one.id,
            told.correlation_body,
        ),
    )
