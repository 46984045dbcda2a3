"""Heroku's own status page, <https://status.heroku.com>, read without an account.

Documented at <https://devcenter.heroku.com/articles/heroku-status> (checked 2026-11 against captures of 2019).

- `/api/v4/current-status` has the three systems, what is open, and what is planned;
- `/api/v4/incidents` is an array of the newest incidents, `/api/v4/incidents/<id>` one of them;
- `/feed`, an Atom feed, is only polled where the other two cannot be read.

Quirks: `resolved` may be false beside the state `resolved`; a document of version 3 has it without a state, and levels
for development and production. Updates stand newest first. Windows of maintenance stay listed as `upcoming` for
months: one whose day lies more than two days back is taken as over. Regions are tags of an incident, not systems of
their own. The incidents are also published under the product Heroku of Salesforce, as another page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, oldest_first, worst_impact
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    ident,
    items,
    load_json,
    moment,
    normalise_url,
    plain,
    text,
    title,
    yearless,
)
from statuswire.platforms.remembering import Now, known_again, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin
from statuswire.platforms.words import PHASE_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "heroku"
HOME: Final = "https://status.heroku.com"
ATOM: Final = "application/atom+xml"

COLOURS: Final[dict[str, Status]] = {
    "green": Status.OPERATIONAL,
    "yellow": Status.DEGRADED,
    "red": Status.MAJOR_OUTAGE,
    "blue": Status.MAINTENANCE,
}

UPDATE_TYPES: Final[dict[str, Phase]] = {
    **PHASE_WORDS,
    "issue": Phase.INVESTIGATING,
    "update": Phase.IDENTIFIED,
}
"""Of an incident. An `issue` that is not the first update has found the cause."""

MAINTENANCE_TYPES: Final[dict[str, Phase]] = {
    **PHASE_WORDS,
    "issue": Phase.IN_PROGRESS,
    "investigating": Phase.IN_PROGRESS,
    "monitoring": Phase.VERIFYING,
    "resolved": Phase.COMPLETED,
}

STATES: Final[dict[str, Phase]] = {
    "open": Phase.INVESTIGATING,
    "resolved": Phase.RESOLVED,
    "closed": Phase.RESOLVED,
    "upcoming": Phase.SCHEDULED,
    "scheduled": Phase.SCHEDULED,
}
"""What is open is as far as its updates tell."""

_OVERDUE: Final = timedelta(days=2)

# --- what is polled ----------------------------------------------------------------------------------------------

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/current-status", FeedSpec("", Role.STATE)),
    ("/api/v4/incidents", FeedSpec("", Role.ENTRIES)),
    ("/feed", FeedSpec("", Role.ENTRIES, accept=ATOM)),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The present state and the history, with the feed where they cannot be read; or the one document that is named."""
    named = named_document(page_url, _DOCUMENTS)
    if named:
        return named
    base = origin(page_url)
    if not base:
        return ()
    return (
        FeedSpec(f"{base}/api/v4/current-status"),
        FeedSpec(f"{base}/api/v4/incidents?limit=50", Role.HISTORY),
        FeedSpec(f"{base}/feed", Role.ENTRIES, 1, ATOM),
    )


# --- documents ---------------------------------------------------------------------------------------------------

_PAGE: Final = PageFacts(name="Heroku", url=HOME)


@dataclass(frozen=True, slots=True)
class _Setting:
    """`level` is the worst of the present, for incidents that name no system."""

    now: Now
    level: Status = Status.UNKNOWN
    problems: list[Problem] = field(default_factory=list)


def parse(document: Document) -> Snapshot:
    """Read any document of Heroku's page, told by content. Raises ParseError."""
    if Sight(document).is_markup:
        return _read_feed(read_feed(document), document)
    loaded = load_parts(document)
    fields = as_mapping(loaded)
    if is_list(fields.get("status")):
        return _read_current(fields, document.served_at)
    listed = loaded if isinstance(loaded, list) else [as_mapping(load_json(document))]
    problems: list[Problem] = []
    read = _incident.each(listed, "incidents", problems, Now(document.served_at), Status.UNKNOWN, False).found
    if (listed and not read) or not _is_listing(listed):
        raise ParseError(ParseReason.SHAPE, "neither the state of Heroku nor an incident of it")
    return Snapshot(NAME, _PAGE, incidents=read, problems=tuple(problems))


def _is_listing(listed: Sequence[object]) -> bool:
    return not listed or any(isinstance(as_mapping(row).get("updates"), list) for row in listed)


_LISTS: Final = (("incidents", Cover.OPEN_INCIDENTS), ("scheduled", Cover.OPEN_MAINTENANCES))


def _read_current(fields: Fields, now: datetime) -> Snapshot:
    problems: list[Problem] = []
    components = _systems(fields.get("status"), problems)
    level = _worst(row.status for row in components)
    read: dict[str, Incident] = {}
    covers = {Cover.COMPONENTS} if components and is_whole(fields["status"], "status", problems) else set()
    for name, cover in _LISTS:
        for incident in _incident.each(fields.get(name), name, problems, Now(now), level, name == "scheduled").found:
            read.setdefault(incident.id, incident)
        if is_whole(fields.get(name), name, problems):
            covers.add(cover)
    return Snapshot(
        platform=NAME,
        page=_PAGE,
        covers=frozenset(covers),
        components=components,
        incidents=tuple(read.values()),
        problems=tuple(problems),
    )


def _systems(listed: object, problems: list[Problem]) -> tuple[Component, ...]:
    rows: dict[str, Component] = {}
    for place, fields in items(listed, "status", problems):
        name, word = title(fields.get("system")), fields.get("status")
        if not name:
            problems.append(Problem(f"status[{place}]", "a system without a name"))
            continue
        level = choose(word, COLOURS, Status.UNKNOWN, f"status[{place}].status", problems)
        rows.setdefault(name, Component(name, name, status=level, raw_status=text(word, 40), position=place))
    return tuple(rows.values())


_WORST_LAST: Final = (Status.UNKNOWN, Status.OPERATIONAL, Status.MAINTENANCE, Status.DEGRADED, Status.MAJOR_OUTAGE)


def _worst(levels: Iterable[Status]) -> Status:
    return max(levels, key=_WORST_LAST.index, default=Status.UNKNOWN)


# --- one incident ------------------------------------------------------------------------------------------------


@remembered
def _incident(
    fields: Fields, where: str, problems: list[Problem], now: Now, level: Status, is_planned: bool
) -> Incident | None:
    setting = _Setting(now, level, problems)
    own_id = ident(fields.get("id"))
    if not own_id:
        setting.problems.append(Problem(where, "an incident without id"))
        return None
    told = _told(fields, where, setting)
    state = fields.get("state")
    stated = choose(state, STATES, Phase.UNKNOWN, f"{where}.state", setting.problems)
    kind = _kind(told, stated, is_planned=is_planned)
    updates = _phased(told, kind, where, setting)
    window = _window(fields, updates) if kind is Kind.MAINTENANCE else ()
    phase = _phase(fields, stated, updates, kind, is_stale=_is_stale(fields, kind, window, setting.now))
    updated = moment(fields.get("updated_at"))
    is_on = not phase.is_closed and phase is not Phase.SCHEDULED
    affected = _affected(fields, where, setting, is_on=is_on)
    url = text(fields.get("full_url"), 300) or f"{HOME}/incidents/{own_id}"
    begun = moment(fields.get("created_at"))
    return Incident(
        id=own_id,
        title=title(fields.get("title")),
        kind=kind,
        phase=phase,
        impact=Impact.MAINTENANCE if kind is Kind.MAINTENANCE else _impact(fields, where, setting),
        url=url,
        created_at=begun,
        started_at=begun if kind is Kind.INCIDENT else None,
        resolved_at=_ended(fields, updates, updated) if phase.is_closed else None,
        updated_at=updated,
        scheduled_for=window[0] if window else None,
        scheduled_until=window[-1] if len(window) > 1 else None,
        components=affected,
        updates=updates,
        aliases=(normalise_url(url),),
        raw_phase=text(state, 40),
    )


def _kind(told: Sequence[IncidentUpdate], stated: Phase, *, is_planned: bool) -> Kind:
    """What is listed as planned, and what began as a plan."""
    begins_planned = bool(told) and told[0].raw_phase.lower() == "scheduled"
    return Kind.MAINTENANCE if is_planned or begins_planned or stated is Phase.SCHEDULED else Kind.INCIDENT


_CLOSED: Final = {Kind.INCIDENT: Phase.RESOLVED, Kind.MAINTENANCE: Phase.COMPLETED}
_OPEN: Final = {Kind.INCIDENT: Phase.INVESTIGATING, Kind.MAINTENANCE: Phase.IN_PROGRESS}


def _phase(fields: Fields, stated: Phase, updates: Sequence[IncidentUpdate], kind: Kind, *, is_stale: bool) -> Phase:
    """Closed where the state or an update says so, and, without a state, where `resolved` does.

    An end after which trouble is reported anew was taken back.
    """
    newest = next((one.phase for one in reversed(updates) if one.phase not in (None, Phase.UNKNOWN)), None)
    if newest in (Phase.POSTMORTEM, Phase.CANCELLED):
        return newest
    has_end = _is_ended(updates, _CLOSED[kind])
    if stated is Phase.RESOLVED or has_end or is_stale or ("state" not in fields and flag(fields.get("resolved"))):
        return _CLOSED[kind]
    if stated is Phase.SCHEDULED or flag(fields.get("upcoming")):
        return Phase.SCHEDULED
    if stated is Phase.INVESTIGATING and newest is Phase.SCHEDULED:
        return _OPEN[kind]
    return newest or _OPEN[kind]


_TROUBLE: Final = ("issue", "investigating")


def _is_ended(updates: Sequence[IncidentUpdate], closed: Phase) -> bool:
    is_ended = False
    for one in updates:
        if one.phase is closed:
            is_ended = True
        elif one.raw_phase.lower() in _TROUBLE:
            is_ended = False
    return is_ended


def _ended(fields: Fields, updates: Sequence[IncidentUpdate], updated: datetime | None) -> datetime | None:
    closing = next((one.at for one in updates if one.phase and one.phase.is_closed), None)
    return moment(fields.get("resolved_at")) or closing or updated


# --- updates -----------------------------------------------------------------------------------------------------


def _told(fields: Fields, where: str, setting: _Setting) -> tuple[IncidentUpdate, ...]:
    """The updates, oldest first, before their types are read."""
    rows = (row for _, row in items(fields.get("updates"), f"{where}.updates", setting.problems))
    return oldest_first(_update(row) for row in rows)


def _update(row: Fields) -> IncidentUpdate:
    words, raw = plain(text(row.get("contents")))
    return IncidentUpdate(
        id=ident(row.get("id")),
        phase=None,
        text=words,
        at=moment(row.get("created_at")),
        updated_at=moment(row.get("updated_at")),
        raw=raw,
        raw_phase=text(row.get("update_type"), 60),
    )


def _phased(told: Sequence[IncidentUpdate], kind: Kind, where: str, setting: _Setting) -> tuple[IncidentUpdate, ...]:
    updates = []
    for place, one in enumerate(told):
        updates.append(replace(one, phase=_type(one.raw_phase, kind, place, f"{where}.updates", setting.problems)))
    return tuple(updates)


def _type(word: str, kind: Kind, place: int, where: str, problems: list[Problem]) -> Phase | None:
    folded = word.lower()
    if not word or (kind is Kind.MAINTENANCE and folded == "update"):
        return None
    if kind is Kind.INCIDENT and folded == "issue" and place:
        return Phase.IDENTIFIED
    table = MAINTENANCE_TYPES if kind is Kind.MAINTENANCE else UPDATE_TYPES
    return choose(word, table, Phase.UNKNOWN, where, problems)


# --- maintenances ------------------------------------------------------------------------------------------------

_DATE: Final = re.compile(
    r"\b(?:\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?: ?(?:UTC|Z))?)?"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?"
    r"(?:,? (?:at |from )?\d{1,2}:\d{2}(?: ?[AaPp][Mm])? (?:UTC|GMT|[PMCE][SD]?T))?)(?!\w)"
)
_MOST_DATES: Final = 20


def _window(fields: Fields, updates: Sequence[IncidentUpdate]) -> tuple[datetime, ...]:
    """The moments that the newest text with a date in it names, in order; the window is nowhere but in the text."""
    near = moment(fields.get("created_at"))
    for words in (*(one.text for one in reversed(updates)), title(fields.get("title"))):
        dates = [found[0] for found in _DATE.finditer(words[:4_000])][:_MOST_DATES]
        moments = [at for written in dates if (at := yearless(written.replace(" from ", " at "), near))]
        if moments:
            return tuple(sorted(set(moments)))
    return ()


def _is_stale(fields: Fields, kind: Kind, window: Sequence[datetime], now: Now) -> bool:
    """Whether the last day that a plan speaks of, or without one its last revision, is more than two days ago."""
    if kind is Kind.INCIDENT:
        return False
    last = window[-1] if window else moment(fields.get("updated_at")) or moment(fields.get("created_at"))
    return last is not None and now.is_since(last, _OVERDUE)


# --- what is affected --------------------------------------------------------------------------------------------


def _levels(fields: Fields, where: str, problems: list[Problem]) -> list[tuple[Fields, Status]]:
    place = f"{where}.systems"
    return [
        (row, choose(row.get("status"), COLOURS, Status.UNKNOWN, f"{place}[{index}].status", problems))
        for index, row in items(fields.get("systems"), place, problems)
    ]


def _impact(fields: Fields, where: str, setting: _Setting) -> Impact:
    """By the worst colour of its systems, of its stages in version 3, else of the present state."""
    levels = [level for _, level in _levels(fields, where, [])]
    for name in ("status_dev", "status_prod"):
        if name in fields:
            levels.append(choose(fields[name], COLOURS, Status.UNKNOWN, f"{where}.{name}", setting.problems))
    return worst_impact(levels or [setting.level])


def _affected(fields: Fields, where: str, setting: _Setting, *, is_on: bool) -> tuple[AffectedComponent, ...] | None:
    """The systems, each with its services; None where the document does not name them."""
    if not isinstance(fields.get("systems"), list):
        return None
    found: dict[str, AffectedComponent] = {}
    for row, level in _levels(fields, where, setting.problems):
        name, here = title(row.get("name")), level if is_on else Status.OPERATIONAL
        if not name:
            continue
        found.setdefault(name, AffectedComponent(name, name, status=here))
        listed = row.get("services")
        for service in filter(None, map(title, listed if isinstance(listed, list) else ())):
            found.setdefault(f"{name}/{service}", AffectedComponent(f"{name}/{service}", service, name, here))
    return tuple(found.values())


# --- the feed ----------------------------------------------------------------------------------------------------

_LINK: Final = re.compile(r"https?://status\.heroku\.com/incidents/(?P<id>\d{1,9})/?(?:[?#].*)?\Z")


def _read_feed(feed: FeedDocument, document: Document) -> Snapshot:
    """The entries under the number of their incident."""
    found = [(entry, _LINK.match(entry.link) or _LINK.match(entry.id)) for entry in feed.entries]
    if feed.entries and not any(link for _, link in found):
        raise ParseError(ParseReason.SHAPE, "a feed, but not Heroku's")
    entries = tuple(_with_id(entry, link["id"]) if link else entry for entry, link in found)
    return replace(feed_snapshot(NAME, replace(feed, entries=entries), document), page=_PAGE)


@known_again
def _with_id(entry: Entry, own_id: str) -> Entry:
    return replace(entry, id=own_id)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Systems with colours beside what is planned, an incident with Heroku's address, or a feed of such."""
    if sight.is_markup:
        return sight.feed is not None and any(_LINK.match(entry.link) for entry in sight.feed.entries)
    fields = sight.fields
    listed = fields.get("status")
    if isinstance(listed, list) and "scheduled" in fields:
        return bool(listed) and as_mapping(listed[0]).keys() >= {"system", "status"}
    first = as_mapping(sight.json[0]) if isinstance(sight.json, list) and sight.json else fields
    return isinstance(first.get("full_url"), str) and _LINK.match(str(first["full_url"])) is not None


PLATFORM = Platform(
    name=NAME,
    title="Heroku",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.heroku.com",),
    probes=("/api/v4/current-status",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the incident's number, in feeds that at the end of the link; an update has a number of its own; a "
        "system is known by its name",
        absence="what is missing from the present state is over; the history is asked how it ended",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
