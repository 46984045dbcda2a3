"""UptimeRobot's public status pages: `stats.uptimerobot.com/<key>` and custom domains.

The page for people is filled by a browser from two documents that nobody documents. Where they lie is in its source:

    window.pspApiPath = 'https://stats.uptimerobot.com/api/getMonitorList/<key>'

- `getMonitorList/<key>`: the monitors, some thirty to a page, as `data` or as `psp.monitors`;
- `getEventFeed/<key>`: what the owner has announced in the last days.

Known from captures of several pages and from working clients, checked 2026-11.

Quirks: a monitor is up or down, there are no phases; names are written as HTML; a paused check says nothing, so that it
is unknown and not maintenance; times are without a zone and are left alone; the number in `status` of an event means
opposite things in two clients and is left alone too, so that an event goes on until its own end or until it leaves the
feed. The key may change: then both addresses answer 404, and the page is to be read anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.addresses import base_of, host_of, is_host_of, path_of, root_of
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    ident,
    items,
    load_json,
    moment,
    plain,
    require_mapping,
    text,
    title,
    unescape,
)
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.sight import Sight

NAME: Final = "uptimerobot"
HOST: Final = "stats.uptimerobot.com"
MONITORS: Final = "/api/getMonitorList/"
EVENTS: Final = "/api/getEventFeed/"
MONITORS_EVERY: Final = timedelta(minutes=2)
"""The list has from 58 to 441 kB, because each monitor brings ninety days along."""
EVENTS_EVERY: Final = timedelta(minutes=5)
MOST_PAGES: Final = 10

LEVELS: Final[dict[str, Status]] = {
    "success": Status.OPERATIONAL,
    "warning": Status.DEGRADED,
    "danger": Status.MAJOR_OUTAGE,
    "info": Status.MAINTENANCE,
    "black": Status.UNKNOWN,
    "paused": Status.UNKNOWN,
}
"""By the class of style that the page gives a monitor."""

KINDS: Final[dict[str, Kind]] = {
    "maintenance": Kind.MAINTENANCE,
    "incident": Kind.INCIDENT,
    "update": Kind.INCIDENT,
    "announcement": Kind.INCIDENT,
}
"""The types of events. Owners announce incidents as announcements: the product knows nothing better for it."""

Fields = dict[str, object]

_API_PATH: Final = re.compile(r"""pspApiPath\s{0,9}=\s{0,9}["']([^"'<>]{1,300})["']""")
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{4,64}")


# --- addresses ---------------------------------------------------------------------------------------------------


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """Monitors and events. `page_id` is the key, or the whole address of the monitors where they lie on another host;
    without it only a page on UptimeRobot's own host, which has the key in its path, can be polled."""
    if any(part in page_url for part in (MONITORS, EVENTS)) and base_of(page_url):
        every = EVENTS_EVERY if EVENTS in page_url else MONITORS_EVERY
        return (FeedSpec(page_url, every=every),)
    root, key = _place_of(page_url, page_id or "")
    if not root or not _KEY.fullmatch(key):
        return ()
    query = "?page=1" if host_of(root) == HOST else ""
    return (
        FeedSpec(f"{root}{MONITORS}{key}{query}", every=MONITORS_EVERY),
        FeedSpec(f"{root}{EVENTS}{key}", every=EVENTS_EVERY),
    )


def _place_of(page_url: str, page_id: str) -> tuple[str, str]:
    """The host and the key."""
    if "/" in page_id:
        return root_of(page_id), path_of(page_id).rpartition("/")[2]
    if not page_id and host_of(page_url) == HOST:
        return root_of(page_url), path_of(page_url).strip("/").partition("/")[0]
    return root_of(page_url), page_id


def page_id(document: Document) -> str | None:
    """The key in the source of the page; with its address where that is on UptimeRobot's host and the page is not."""
    found = _API_PATH.search(Sight(document).page)
    url = found[1].replace("\\/", "/") if found else ""
    key = path_of(url).partition(MONITORS)[2]
    if not _KEY.fullmatch(key):
        return None
    is_elsewhere = is_host_of(host_of(url), "uptimerobot.com") and host_of(document.url) not in ("", host_of(url))
    return base_of(url) if is_elsewhere else key


# --- documents ---------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read the monitors or the events. Raises ParseError."""
    fields = require_mapping(load_parts(document), "")
    problems: list[Problem] = []
    if is_list(fields.get("results")):
        return _read_events(fields, document, problems)
    fields = require_mapping(load_json(document), "")
    listed = _monitors_of(fields)
    if not isinstance(listed, list):
        raise ParseError(ParseReason.SHAPE, "not an UptimeRobot document: neither monitors nor results")
    components = tuple(_components(listed, problems))
    is_all = bool(components) and is_whole(listed, "monitors", problems) and _total(fields) <= len(listed)
    return Snapshot(
        platform=NAME,
        covers=frozenset({Cover.COMPONENTS}) if is_all and _is_first(document.url) else frozenset(),
        components=components,
        problems=tuple(problems),
    )


def _monitors_of(fields: Fields) -> object:
    """The list of monitors, of which two shapes are about."""
    listed = fields.get("data")
    return listed if isinstance(listed, list) else as_mapping(fields.get("psp")).get("monitors")


def _total(fields: Fields) -> int:
    """How many monitors the page has; 0 where the document does not tell."""
    counts = as_mapping(as_mapping(fields.get("statistics")).get("counts"))
    told = (as_mapping(fields.get("psp")).get("totalMonitors"), counts.get("total"))
    return max((number for number in told if isinstance(number, int)), default=0)


def _is_first(url: str) -> bool:
    return "?page=" not in url or url.endswith("?page=1")


def _components(listed: list[object], problems: list[Problem]) -> Iterator[Component]:
    for place, fields in items(listed, "monitors", problems):
        monitor_id = ident(fields.get("monitorId"))
        if not monitor_id:
            problems.append(Problem(f"monitors[{place}]", "a monitor without id"))
            continue
        word = fields.get("statusClass")
        yield Component(
            id=monitor_id,
            name=title(unescape(text(fields.get("name")))),
            group=title(unescape(text(fields.get("groupName")))) or None if fields.get("groupId") else None,
            status=choose(word, LEVELS, Status.UNKNOWN, f"monitors[{place}].statusClass", problems),
            raw_status=text(word, 200),
            position=place,
        )


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The further pages of the monitors."""
    base, fields = base_of(document.url), Sight(document).fields
    size = as_mapping(fields.get("psp")).get("perPage")
    if MONITORS not in base or not _is_first(document.url) or not isinstance(size, int) or size < 1:
        return ()
    last = min(-(-_total(fields) // size), MOST_PAGES)
    return tuple(FeedSpec(f"{base}?page={number}", Role.ENTRIES) for number in range(2, last + 1))


# --- events ------------------------------------------------------------------------------------------------------


def _read_events(fields: Fields, document: Document, problems: list[Problem]) -> Snapshot:
    """One incident for each event; one that is no longer in the feed is taken as over."""
    listed = fields["results"]
    count = as_mapping(fields.get("meta")).get("count")
    incidents = _event.each(listed, "results", problems, document.time_zone, Now(document.served_at)).found
    is_all = is_whole(listed, "results", problems) and count in (None, len(incidents))
    return Snapshot(
        platform=NAME,
        covers=frozenset({Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}) if is_all else frozenset(),
        incidents=incidents,
        problems=tuple(problems),
    )


@remembered
def _event(fields: Fields, here: str, problems: list[Problem], zone: str | None, now: Now) -> Incident | None:
    event_id = ident(fields.get("id"))
    if not event_id:
        problems.append(Problem(here, "an event without id"))
        return None
    kind = choose(fields.get("type"), KINDS, Kind.INCIDENT, f"{here}.type", problems)
    at = moment(fields.get("timestamp"))
    ends = moment(fields.get("endDateGMT")) or moment(fields.get("endDate"), zone)
    is_planned = kind is Kind.MAINTENANCE
    told_at = at if at and now.has_come(at) else None  # one ahead is a plan, not when it was told
    said, raw = plain(text(fields.get("content")) or text(fields.get("description")))
    return Incident(
        id=event_id,
        title=title(unescape(text(fields.get("title")))),
        kind=kind,
        phase=_planned_phase(at, ends, now) if is_planned else _phase(ends, now),
        impact=Impact.MAINTENANCE if is_planned else Impact.UNKNOWN,
        created_at=told_at,
        started_at=None if is_planned else told_at,
        resolved_at=ends if ends and now.has_come(ends) else None,
        scheduled_for=at if is_planned and told_at is None else None,
        scheduled_until=ends if is_planned else None,
        updates=(IncidentUpdate(event_id, None, said, told_at, raw=raw),),
        raw_phase=text(fields.get("status"), 200),
    )


def _phase(ends: datetime | None, now: Now) -> Phase:
    return Phase.RESOLVED if ends and now.has_come(ends) else Phase.INVESTIGATING


def _planned_phase(at: datetime | None, ends: datetime | None, now: Now) -> Phase:
    """By the moment that is shown, which may be that of the announcement: without an end nothing is known of it."""
    if ends and now.has_come(ends):
        return Phase.COMPLETED
    if at and now.is_before(at):
        return Phase.SCHEDULED
    return Phase.IN_PROGRESS if ends else Phase.UNKNOWN


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Monitors with their class of style, or the feed of events with its range of dates."""
    fields = sight.fields
    if "date_range" in as_mapping(fields.get("meta")) and isinstance(fields.get("results"), list):
        return True
    listed = _monitors_of(fields)
    if not isinstance(listed, list):
        return False
    if not listed:
        return "totalMonitors" in as_mapping(fields.get("psp")) and "statistics" in fields
    return {"monitorId", "statusClass"} <= as_mapping(listed[0]).keys()


PLATFORM: Final = Platform(
    name=NAME,
    title="UptimeRobot",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=(HOST,),
    marks=("pspApiPath",),
    page_id=page_id,
    more=more,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=False,
        maintenances=True,
        identity="the numbers of monitors and of announced events",
        absence="a monitor gone from a list that is whole is gone; an event that has left the feed is taken as over",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
