"""`/calendar.ics` and `/calendar/{page}.ics`: planned maintenance as iCalendar (RFC 5545, checked 2026-11); narrowed by
the query string like the feeds.

Times are UTC, so no zone need be told. `SEQUENCE` rises with every change that we heard of; a maintenance that was
cancelled stays, as cancelled, so that calendars take it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote

from statuswire.channels.wording import PHASE_WORDS
from statuswire.engine import lists
from statuswire.engine.lists import IncidentQuery, Labels
from statuswire.model import Kind, KnownIncident, PageRef, Phase
from statuswire.store import Tx, queries
from statuswire.store.listing import Listed
from statuswire.web import paths, problems
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.words import safe_url
from statuswire.web.out.giving import NO_SUCH_PAGE, asked_filter, base_url, give
from statuswire.web.out.story import changed_at
from statuswire.web.pages import read_store
from statuswire.web.problems import Refusal, RefusedRequest
from statuswire.web.slugs import check_pages

CONTENT_TYPE = b"text/calendar; charset=utf-8"
PAST = timedelta(days=90)
MOST = 1_000
LONGEST_TEXT = 4_000
FOLD = 75

_ONE_TYPE = Refusal("bad_parameter", "A calendar holds maintenances alone, so it has no `type`.")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


async def whole_calendar(ask: Ask) -> Answer:
    return await _calendar(ask, None)


async def page_calendar(ask: Ask) -> Answer:
    return await _calendar(ask, paths.text_of(ask.params["page"]))


async def _calendar(ask: Ask, slug: str | None) -> Answer:
    wanted = asked_filter(ask)
    if wanted.types:
        raise RefusedRequest(_ONE_TYPE)
    since, labels = ask.parts.clock.now() - PAST, ask.parts.hub.labels()
    shown = Labels(labels.tags, labels.categories)
    query = IncidentQuery(wanted, kind=Kind.MAINTENANCE, since=since, labels=shown)
    found = await read_store(ask.parts, partial(_load, slug=slug, query=query))
    if found is None:
        return problems.answer(NO_SUCH_PAGE)
    name, listed = found
    return give(ask, write(name, listed, base_url(ask)), CONTENT_TYPE)


def _load(tx: Tx, slug: str | None, query: IncidentQuery) -> tuple[str, list[Listed]] | None:
    """The name of the calendar and its maintenances; None for a page that is not watched. Raises RefusedRequest for
    one in the filter that there is not."""
    check_pages(tx, query.filter)
    page = queries.page_by_slug(tx, slug) if slug is not None else None
    if slug is not None and page is None:
        return None
    if page is not None:
        query = replace(query, filter=replace(query.filter, pages=(page.slug,)))
    listed, _ = lists.list_incidents(tx, query, limit=MOST)
    return f"Maintenance: {page.name if page is not None else 'all pages'}", listed


# --- writing -----------------------------------------------------------------------------------------------------


def write(name: str, listed: Iterable[Listed], base: str) -> bytes:
    """The calendar. `base` is our address."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//statuswire//maintenance//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
    ]
    for page, one in listed:
        lines += _event(page, one, base)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(page: PageRef, one: KnownIncident, base: str) -> Iterator[str]:
    changed = _utc(changed_at(one))
    begin, end = _window(one)
    title = one.title or "Maintenance"
    yield "BEGIN:VEVENT"
    yield f"UID:{quote(page.slug, safe='')}/{quote(one.id, safe='')}@statuswire"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{sequence(one)}"
    yield f"DTSTART:{_utc(begin)}"
    if end is not None:
        yield f"DTEND:{_utc(end)}"
    yield f"SUMMARY:{_text(f'{page.name}: {title}')}"
    yield f"DESCRIPTION:{_text(_description(one))}"
    yield f"STATUS:{'CANCELLED' if one.phase is Phase.CANCELLED else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield f"CATEGORIES:{_text(page.name)}"
    yield f"URL:{_address(page, one, base)}"
    yield "END:VEVENT"


def sequence(one: KnownIncident) -> int:
    """How many changes of it we heard of: updates, their edits, changes without one, reopenings."""
    edits = sum(max(len(update.revisions) - 1, 0) for update in one.updates)
    return len(one.updates) + edits + one.revision + one.cycle


def _window(one: KnownIncident) -> tuple[datetime, datetime | None]:
    """When it begins and ends. Without a planned end, one that is over ended when it did; one without any end is a
    moment, for a guess would be ours."""
    begin = queries.begun_at(one)
    end = one.scheduled_until or one.resolved_at
    return begin, end if end is not None and end > begin else None


def _description(one: KnownIncident) -> str:
    """Where it stands, what it touches, and the provider's last words."""
    names = ", ".join(dict.fromkeys(affected.name for affected in one.components if affected.name))
    last = next((update.text for update in reversed(one.updates) if update.text), "")
    parts = (
        PHASE_WORDS[one.phase] if one.phase is not Phase.UNKNOWN else "",
        f"Affected: {names}" if names else "",
        last,
    )
    return "\n\n".join(part for part in parts if part)[:LONGEST_TEXT]


def _address(page: PageRef, one: KnownIncident, base: str) -> str:
    """The provider's own page of it, else ours. An address is no text: nothing in it is escaped (section 3.3.13)."""
    return quote(safe_url(one.url), safe="!#$%&'()*+,/:;=?@[]~") or f"{base}{paths.incident_path(page.slug, one.id)}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """As a TEXT value (section 3.3.11)."""
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    escaped = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line in parts of at most 75 octets, none of which cuts a character (section 3.1)."""
    body = line.encode("utf-8", "replace")
    parts: list[bytes] = []
    start = 0
    while len(body) - start > FOLD - bool(parts):
        end = start + FOLD - bool(parts)
        while body[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(body[start:end])
        start = end
    return b"\r\n ".join([*parts, body[start:]]) + b"\r\n"
