"""How we are, and who asks."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Response

from statuswire.engine.asof import load_state_at
from statuswire.engine.replica_list import ReplicaHolds, load_replicas
from statuswire.web import pages
from statuswire.web.api import shapes
from statuswire.web.api.asked import AtAsked, Nothing
from statuswire.web.api.replies import JSON, Asking, encode, read, reply, reply_but
from statuswire.web.api.then import moment
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.shapes import Body, status_body
from statuswire.wire import timestamp

router = APIRouter(tags=["ourselves"])


@router.get("/me", response_model=shapes.Me, summary="Who you are here, and what you may")
async def me(ask: Asking, asked: Annotated[Nothing, Query()]) -> Response:
    who = ask.principal
    body = {"kind": who.kind, "name": who.name, "role": who.role, "scopes": sorted(who.scopes)}
    return reply(ask, encode(body))


@router.get(
    "/health",
    response_model=shapes.Health,
    summary="Whether we can do our work",
    responses={503: {"model": shapes.Health, "description": "We cannot; `faults` says why."}},
)
async def health(ask: Asking, asked: Annotated[Nothing, Query()]) -> Response:
    """The same as `/health`."""
    return _response(ask, await pages.health(ask), "timestamp", "uptime_s")


@router.get("/replicas", response_model=shapes.Replicas, summary="The processes that share the database")
async def replicas(ask: Asking, asked: Annotated[Nothing, Query()]) -> Response:
    now, facts = ask.parts.clock.now(), ask.parts.facts()
    own = facts.replica.id if facts.replica is not None else ""
    return await read(ask, lambda tx: {"items": [_replica_body(one, own) for one in load_replicas(tx, now)]})


def _replica_body(one: ReplicaHolds, own: str) -> Body:
    about = one.replica.about
    return {
        "id": about.id,
        "version": about.version,
        "schema_revision": about.revision,
        "roles": list(about.roles),
        "address": about.address,
        "started_at": timestamp(one.replica.started_at),
        "seen_at": timestamp(one.replica.seen_at),
        "shards": one.shards,
        "duties": list(one.duties),
        "is_this": about.id == own,
    }


@router.get("/stats", response_model=shapes.Stats, summary="Everything that is counted")
async def stats(ask: Asking, asked: Annotated[Nothing, Query()]) -> Response:
    """The same as `/stats`."""
    return _response(ask, await pages.stats(ask), "timestamp", "uptime_s")


@router.get("/status", response_model=shapes.WholeStatus, summary="The latest state in one object")
async def status(ask: Asking, asked: Annotated[AtAsked, Query()]) -> Response:
    """The same as `/status`; with `at` as it was known then, but for the incident that began last, which is null."""
    at = moment(ask, asked.at)
    if at is not None:
        return await read(ask, lambda tx: status_body(load_state_at(tx, at).overview, at))
    return _response(ask, await pages.status(ask), "timestamp")


def _response(ask: Ask, answer: Answer, *passing: str) -> Response:
    """`passing` are fields that change by the mere passing of time."""
    if answer.status == 200:
        return reply_but(ask, msgspec.json.decode(answer.body), *passing)
    return Response(answer.body, answer.status, media_type=JSON)
