"""Incidents and maintenances."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from statuswire.engine import lists
from statuswire.engine.accounts import load_incident
from statuswire.engine.lists import IncidentQuery
from statuswire.engine.planner import Rules
from statuswire.model import Kind
from statuswire.store import Tx, queries
from statuswire.web import told
from statuswire.web.api import shapes
from statuswire.web.api.asked import IncidentsAsked, Nothing, filter_of
from statuswire.web.api.errors import unknown_item, wrong
from statuswire.web.api.pages import Slug
from statuswire.web.api.replies import Asking, part, read
from statuswire.web.api.selecting import labels_of, page_of, pages_of, watched_of
from statuswire.web.api.then import incidents_then, moment
from statuswire.web.asking import Ask
from statuswire.web.needs import Need, allows
from statuswire.web.shapes import Body, account_body, incident_body

router = APIRouter(tags=["incidents"])

IncidentId = Annotated[
    str, Path(max_length=1000, description="The provider's own id; one with a slash: `id=`.", examples=["w2x4y6z8b1c3"])
]


@router.get("/incidents", response_model=shapes.Incidents, summary="Incidents, the latest begun first")
async def list_incidents(ask: Asking, asked: Annotated[IncidentsAsked, Query()]) -> Response:
    """With all their updates. Where few are meant, an answer may hold fewer than `limit` and still have a `next`."""
    at = moment(ask, asked.at)
    return await read(ask, lambda tx: _incidents(tx, ask.parts.rules(), asked, Kind.INCIDENT, at))


@router.get("/maintenances", response_model=shapes.Incidents, summary="Planned maintenances, the latest begun first")
async def list_maintenances(ask: Asking, asked: Annotated[IncidentsAsked, Query()]) -> Response:
    """`since` and `until` go by the planned beginning."""
    at = moment(ask, asked.at)
    return await read(ask, lambda tx: _incidents(tx, ask.parts.rules(), asked, Kind.MAINTENANCE, at))


@router.get(
    "/pages/{slug}/incidents/{id}", response_model=shapes.IncidentAccount, summary="One incident or maintenance"
)
async def one_incident(ask: Asking, slug: Slug, id: IncidentId, asked: Annotated[Nothing, Query()]) -> Response:
    """With the wordings that its updates had, whom it hit when, and, for viewers, what was told of it."""
    return await read(ask, lambda tx: _one(tx, ask, slug, id))


def _one(tx: Tx, ask: Ask, slug: str, id_: str) -> Body:
    account = load_incident(tx, page_of(tx, slug), id_, ask.parts.clock.now())
    if account is None:
        raise unknown_item(f"incident {id_[:100]!r} on {slug}")
    sees_ours = allows(ask.principal, Need.VIEW, is_public=ask.parts.is_public)
    return account_body(account) | {"ours": told.telling_body(tx, account) if sees_ours else None}


def _incidents(tx: Tx, rules: Rules, asked: IncidentsAsked, kind: Kind, at: datetime | None) -> Body:
    if asked.id and at is None:
        return _by_ids(tx, asked, kind)
    wanted = filter_of(asked)
    if at is not None:
        return incidents_then(tx, asked, watched_of(tx, wanted, rules, at), kind, at)
    pages_of(tx, wanted, rules)
    query = IncidentQuery(wanted, kind, asked.open, asked.since, asked.until, labels_of(rules))
    listed, following = lists.list_incidents(tx, query, limit=asked.limit, after=asked.after)
    return part((incident_body(*one) for one in listed), following)


def _by_ids(tx: Tx, asked: IncidentsAsked, kind: Kind) -> Body:
    if len(asked.page) != 1:
        raise wrong("query.id", "needs `page` with one slug")
    page = page_of(tx, asked.page[0])
    found = (queries.one_incident(tx, page.id, id_) for id_ in dict.fromkeys(asked.id))
    return part((incident_body(*one) for one in found if one is not None and one[1].kind is kind), None)
