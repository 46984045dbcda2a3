"""Planned maintenance: what is running, what comes, and a month of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import parse_qs

from statuswire.engine.lists import IncidentQuery, list_incidents
from statuswire.model import Kind, KnownIncident, PageRef
from statuswire.store import Tx, queries
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.frame import Context, show
from statuswire.web.face.months import LONGEST, Month, Planned

MOST: Final = 1_000


async def maintenance(ask: Ask) -> Answer:
    """The month that `month` names, below what runs and what comes."""
    now = ask.parts.clock.now()
    given = parse_qs(ask.query.decode("latin-1"), max_num_fields=20)
    month = Month.of(given.get("month", [""])[-1], now)

    def load(tx: Tx) -> Context:
        still = [planned_of(page, one, now) for page, one in _still(tx)]
        weeks = month.weeks(_within(tx, month, still, now), now)
        return {
            "running": sorted((one for one in still if one.is_running), key=lambda one: one.begin),
            "coming": sorted((one for one in still if not one.is_running), key=lambda one: one.begin),
            "month": month,
            "weeks": weeks,
            "is_bare": not any(day.planned for week in weeks for day in week),
        }

    return await show(ask, "maintenance.html", load, title="Maintenance", current="maintenance", live="*")


def _still(tx: Tx) -> list[tuple[PageRef, KnownIncident]]:
    listed, _ = list_incidents(tx, IncidentQuery(kind=Kind.MAINTENANCE, is_open=True), limit=MOST)
    return listed


def _within(tx: Tx, month: Month, still: list[Planned], now: datetime) -> list[Planned]:
    """What is there in the month, over or not."""
    begin, end = month.window
    query = IncidentQuery(kind=Kind.MAINTENANCE, is_open=False, since=begin - LONGEST, until=end)
    over, _ = list_incidents(tx, query, limit=MOST)
    return still + [planned_of(page, one, now) for page, one in over]


def planned_of(page: PageRef, one: KnownIncident, now: datetime) -> Planned:
    """With its beginning and its end, as it went where that is known, else as it was planned."""
    begin = one.started_at if one.phase.is_closed and one.started_at else one.scheduled_for or queries.begun_at(one)
    end = one.resolved_at if one.phase.is_closed and one.resolved_at else one.scheduled_until
    found = Planned(page, one, begin, end)
    is_open_ended = found.is_running and (end is None or end < now)
    return Planned(page, one, begin, now) if is_open_ended else found
