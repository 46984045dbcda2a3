"""Uptime, and reports over a time: as JSON, or as tables for spreadsheets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, timedelta, tzinfo
from enum import StrEnum
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Response

from statuswire.core.figures import Table, to_csv
from statuswire.core.timeline import Window
from statuswire.engine import reports
from statuswire.engine.reports import Grounds, Report, ReportQuery, Rows, Uptime, tally_cells
from statuswire.model import Page
from statuswire.store import Tx, queries
from statuswire.web.api import shapes
from statuswire.web.api.asked import OverTime, ReportAsked, UptimeAsked, filter_of
from statuswire.web.api.errors import Refused, wrong
from statuswire.web.api.replies import Asking, Key, cursor_of, encode, key_of, part, reply, reply_but
from statuswire.web.api.selecting import is_watched, labels_of, pages_of
from statuswire.web.api.then import EARLIEST
from statuswire.web.asking import Ask
from statuswire.web.guard import refusal
from statuswire.web.needs import Need, allows
from statuswire.web.pages import read_store
from statuswire.web.problems import Refusal
from statuswire.web.shapes import Body
from statuswire.wire import timestamp

router = APIRouter(tags=["reports"])

CSV: Final = "text/csv; charset=utf-8"
AS_CSV: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
"""For the description: the same as a table."""

USUAL: Final = timedelta(days=90)
LONGEST: Final = timedelta(days=1_100)
LONGEST_BY_DAY: Final = timedelta(days=400)
REPORT_S: Final = 30.0

MOST_PAGES: Final = 100
MOST_FIGURES: Final = 20_000
"""How many pages, and figures of a day or month, one look adds up at most."""


class Name(StrEnum):
    INCIDENTS = "incidents"
    LAG = "lag"
    SILENCE = "silence"
    NOISE = "noise"
    MAINTENANCE = "maintenance"
    SIGNALS = "signals"


PRIVATE: Final = frozenset({Name.NOISE, Name.SIGNALS})
"""Of routes, channels and what is our own only viewers know."""

_MADE: Final[Mapping[Name, Callable[[Grounds], Report]]] = {
    Name.INCIDENTS: reports.load_incidents,
    Name.LAG: reports.load_lag,
    Name.SILENCE: reports.load_silence,
    Name.NOISE: reports.load_noise,
    Name.MAINTENANCE: reports.load_maintenance,
    Name.SIGNALS: reports.load_signals,
}


@router.get("/uptime", response_model=shapes.Uptimes, responses=AS_CSV, summary="Uptime by component and month or day")
async def list_uptime(ask: Asking, asked: Annotated[UptimeAsked, Query()]) -> Response:
    """Page by page: the page as a whole, then its components. An answer may hold fewer than `limit` and still have a
    `next`; as CSV, `next` stands in the header `Link`."""
    longest = LONGEST_BY_DAY if asked.by == "day" else LONGEST
    query = _query(ask, asked, longest, _zone(asked.zone))
    parts, following = await read_store(ask.parts, lambda tx: _uptime(tx, ask, asked, query))
    if asked.format == "json":
        return reply(ask, encode(part((_uptime_body(one) for one in parts), following)))
    return _table(ask, f"uptime-by-{asked.by}", [row for one in parts for row in one.as_rows()], following)


@router.get("/reports/{name}", response_model=shapes.ReportRows, responses=AS_CSV, summary="A report over some time")
async def one_report(
    ask: Asking,
    name: Annotated[Name, Path(description="Of what.", examples=["incidents"])],
    asked: Annotated[ReportAsked, Query()],
) -> Response:
    """Incidents and how long they took; the lag of providers; components that went bad without a word or before one;
    what was told to us and whom we told; planned work as it was planned and as it went; our own signals beside what
    providers admitted. `noise` and `signals` are for viewers."""
    if name in PRIVATE and not allows(ask.principal, Need.VIEW, is_public=ask.parts.is_public):
        raise Refused(refusal(ask.principal, Need.VIEW))
    query = _query(ask, asked, LONGEST, UTC)
    rows = await _made(ask, lambda tx: _rows(tx, ask, name, query))
    if asked.format == "csv":
        return _table(ask, name, rows, None)
    window = query.window
    spoken = {"name": name.value, "since": timestamp(window.since), "until": timestamp(window.until)}
    passing = [field for field in ("since", "until") if getattr(asked, field) is None]
    return reply_but(ask, {**spoken, "rows": rows}, *passing)


async def _made(ask: Ask, work: Callable[[Tx], Rows]) -> Rows:
    """Reports take longer than other reads may. Refuses what takes too long."""
    try:
        async with asyncio.timeout(REPORT_S):
            return await asyncio.to_thread(ask.parts.store.read, work)
    except TimeoutError as error:
        detail = f"The report took more than {REPORT_S:g} seconds: ask for fewer pages, or a shorter time."
        raise Refused(Refusal("out_of_time", detail)) from error


# --- what is asked -----------------------------------------------------------------------------------------------


def _query(ask: Ask, asked: OverTime, longest: timedelta, zone: tzinfo) -> ReportQuery:
    rules, now = ask.parts.rules(), ask.parts.clock.now()
    until = min(asked.until or now, now)
    if min(until, asked.since or until) < EARLIEST:
        raise wrong("query.since", f"and `until` must lie after {EARLIEST:%Y-%m-%d}")
    since = asked.since or until - USUAL
    if since >= until:
        raise wrong("query.since", "must lie before `until`, and before now")
    if until - since > longest:
        raise wrong("query.since", f"may lie at most {longest.days:,} days before `until`")
    return ReportQuery(Window(since, until), filter_of(asked), zone, labels_of(rules))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise wrong("query.zone", "must be a name of the IANA time zone database, such as Europe/Berlin") from error


def _rows(tx: Tx, ask: Ask, name: Name, query: ReportQuery) -> Rows:
    """The report. Refuses slugs that no page has."""
    pages_of(tx, query.filter, ask.parts.rules())
    return _MADE[name](Grounds(tx, query, ask.parts.clock.now())).as_rows()


# --- uptime ------------------------------------------------------------------------------------------------------


def _uptime(tx: Tx, ask: Ask, asked: UptimeAsked, query: ReportQuery) -> tuple[list[Uptime], str | None]:
    """The cursor has the number of a page, and how many of its parts were shown."""
    page_id, shown = key_of(asked.after, tuple[Key, Key], (0, 0))
    chosen = pages_of(tx, query.filter, ask.parts.rules())
    if chosen is None:
        chosen = queries.pages(tx, query.window.since)
    pages = [page for page in chosen if page.id >= page_id and is_watched(page, query.window.since)]
    found: list[Uptime] = []
    figures = 0
    for page, place, one in _parts(tx, ask, asked, query, pages[:MOST_PAGES]):
        if (page.id, place) < (page_id, shown):
            continue
        if len(found) == asked.limit or figures > MOST_FIGURES:
            return found, cursor_of(page.id, place)
        found.append(one)
        figures += len(one.days or one.months)
    return found, cursor_of(pages[MOST_PAGES].id, 0) if len(pages) > MOST_PAGES else None


def _parts(
    tx: Tx, ask: Ask, asked: UptimeAsked, query: ReportQuery, pages: Sequence[Page]
) -> Iterator[tuple[Page, int, Uptime]]:
    now = ask.parts.clock.now()
    for page in pages:
        for place, one in enumerate(reports.load_page_uptime(tx, page, query, now, by_day=asked.by == "day")):
            yield page, place, one


def _uptime_body(one: Uptime) -> Body:
    part_of = one.timeline
    periods = [(day.date, day.tally) for day in one.days] or [(month.first, month.tally) for month in one.months]
    component = {"id": part_of.id, "name": part_of.name, "group": part_of.group}
    return {
        "page": one.page.slug,
        "component": component if part_of.name else None,
        "by": part_of.word.value,
        "whole": tally_cells(one.whole),
        "periods": [{"first": f"{first}", **tally_cells(tally)} for first, tally in periods],
    }


# --- tables ------------------------------------------------------------------------------------------------------


def _table(ask: Ask, name: str, rows: Table, following: str | None) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="statuswire-{name}.csv"'}
    if following is not None:
        headers["Link"] = f'<{_next_address(ask, following)}>; rel="next"'
    return reply(ask, to_csv(rows).encode("utf-8", "replace"), media_type=CSV, more=headers)


def _next_address(ask: Ask, following: str) -> str:
    kept = [(name, text) for name, text in parse_qsl(ask.query.decode("ascii")) if name != "after"]
    return f"/api/v1/uptime?{urlencode([*kept, ('after', following)])}"
