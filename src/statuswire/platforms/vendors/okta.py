"""Okta's own status page, <https://status.okta.com>, a Salesforce site; not documented.

Known from working clients, checked 2026-11. The page for people is the document: hidden elements of it hold records of
Salesforce as JSON, of which all fields but `Id` may be missing.

    <span data-id="incidents">[{"Id": "a0B...", "Status__c": "Investigating", "Category__c": "Security"}]</span>
    <span data-id="planned-outages">[...]</span> <span data-id="cellList">OK1, OK2</span>

`https://feeds.feedburner.com/OktaStatusRSS` is asked where the page cannot be read. Quirks: an empty array means that
all is well, a page without the element is no answer; anything but the closing words is open; `Service_Feature__c` of
`tp` is an issue of a third party; cells (`OK1`) are the components, several of them in one text. `Log__c` is the text
so far, of which no single message can be told apart: it is known by itself, for `Last_Updated__c` also moves without
it. Auth0 and FGA have pages of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec

from statuswire.errors import ParseError, ParseReason
from statuswire.fingerprint import revision
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
from statuswire.platforms.derived import is_whole
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.reading import (
    choose,
    fold_word,
    ident,
    items,
    load_html,
    load_json,
    moment,
    plain,
    text,
    title,
)
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.rows import worst_rows
from statuswire.platforms.words import PHASE_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "okta"
HOME: Final = "https://status.okta.com"
FEED: Final = "https://feeds.feedburner.com/OktaStatusRSS"

CATEGORIES: Final[dict[str, tuple[Status, Impact]]] = {
    "majorservicedisruption": (Status.MAJOR_OUTAGE, Impact.CRITICAL),
    "servicedisruption": (Status.MAJOR_OUTAGE, Impact.MAJOR),
    "minorservicedisruption": (Status.PARTIAL_OUTAGE, Impact.MAJOR),
    "servicedegradation": (Status.DEGRADED, Impact.MINOR),
    "performanceissue": (Status.DEGRADED, Impact.MINOR),
    "featuredisruption": (Status.DEGRADED, Impact.MINOR),
}
_UNKNOWN: Final = (Status.UNKNOWN, Impact.UNKNOWN)
_THIRD_PARTY: Final = (Status.DEGRADED, Impact.MINOR)

PHASES: Final[dict[str, Phase]] = {**PHASE_WORDS, "completed": Phase.RESOLVED, "complete": Phase.RESOLVED}
PLANNED_PHASES: Final[dict[str, Phase]] = {
    **PHASE_WORDS,
    "maintenance": Phase.IN_PROGRESS,
    "resolved": Phase.COMPLETED,
    "closed": Phase.COMPLETED,
}


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page for people, and the feed where that cannot be read; or the feed alone where its address is given."""
    base, path = origin(page_url), path_of(page_url)
    if not base:
        return ()
    if path.lower().endswith("rss"):
        return (FeedSpec(page_url, Role.ENTRIES, accept="application/rss+xml"),)
    return (
        FeedSpec(f"{base}/", accept="text/html"),
        FeedSpec(FEED, Role.ENTRIES, 1, "application/rss+xml"),
    )


# --- the page ----------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read the page or the feed. Raises ParseError; SHAPE for a page without the element."""
    if is_feed(document):
        return feed_snapshot(NAME, read_feed(document), document)
    held = _elements(document)
    if "incidents" not in held:
        raise ParseError(ParseReason.SHAPE, "a page without the element that holds the incidents of Okta")
    problems: list[Problem] = []
    told = _listed(held["incidents"], "incidents", document)
    planned = _listed(held.get("planned-outages", ""), "planned-outages", document)
    incidents = (
        *_records(told, "incidents", problems),
        *_records(planned, "planned-outages", problems, kind=Kind.MAINTENANCE),
    )
    unique = tuple({one.id: one for one in reversed(incidents)}.values())[::-1]
    covers = {Cover.OPEN_INCIDENTS} if is_whole(told, "incidents", problems) else set()
    if "planned-outages" in held and is_whole(planned, "planned-outages", problems):
        covers.add(Cover.OPEN_MAINTENANCES)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="Okta", url=HOME),
        covers=frozenset(covers),
        components=_cells(held.get("cellList", ""), unique),
        incidents=unique,
        problems=tuple(problems),
    )


_HOLDERS: Final = frozenset({"incidents", "planned-outages", "cellList"})


def _elements(document: Document) -> dict[str, str]:
    """The text of each element that holds records."""
    held: dict[str, str] = {}
    for element in load_html(document).iter("span", "div", "script", "input"):
        name = element.get("data-id", "")
        if name in _HOLDERS:
            held.setdefault(name, element.text_content().strip())
    return held


def _listed(written: str, where: str, document: Document) -> list[object]:
    """The records. Raises ParseError for what is no JSON array; an empty element holds none."""
    if not written:
        return []
    try:
        loaded: object = msgspec.json.decode(written.encode("utf-8", "replace"))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        body = written.encode("utf-8", "replace")
        loaded = load_json(Document(body, document.received_at, url=document.url))
    if isinstance(loaded, list):
        return loaded
    raise ParseError(ParseReason.SHAPE, "the records of Okta are no list", where=where)


# --- records -----------------------------------------------------------------------------------------------------


def _records(listed: object, where: str, problems: list[Problem], kind: Kind = Kind.INCIDENT) -> list[Incident]:
    found = []
    for place, fields in items(listed, where, problems):
        own_id = ident(fields.get("Id"))
        if own_id:
            found.append(_record(fields, own_id, f"{where}[{place}]", kind, problems))
        else:
            problems.append(Problem(f"{where}[{place}]", "a record without Id"))
    return found


def _record(fields: Fields, own_id: str, where: str, kind: Kind, problems: list[Problem]) -> Incident:
    is_planned = kind is Kind.MAINTENANCE
    phase = _phase(fields.get("Status__c"), f"{where}.Status__c", problems, is_planned=is_planned)
    level, impact = _badness(fields, where, problems, is_planned=is_planned)
    started, ended = _first_moment(fields, _STARTS), _first_moment(fields, _ENDS)
    reached = _reached(level, phase)
    incident = Incident(
        id=own_id,
        title=_title(fields),
        kind=kind,
        phase=phase,
        impact=impact,
        url=HOME,
        created_at=moment(fields.get("CreatedDate")) or (None if is_planned else started),
        updated_at=moment(fields.get("Last_Updated__c")),
        components=tuple(AffectedComponent(cell, cell, status=reached) for cell in _cell_names(fields)),
        updates=_log(fields, phase),
        raw_phase=text(fields.get("Status__c"), 60),
        raw_impact=text(fields.get("Category__c"), 60),
    )
    if is_planned:
        return replace(incident, scheduled_for=started, scheduled_until=ended)
    over_at = (ended or moment(fields.get("Last_Updated__c"))) if phase.is_closed else None
    return replace(incident, started_at=started, resolved_at=over_at)


_STARTS: Final = ("Start_Time__c", "Start_Date__c", "CreatedDate")
_ENDS: Final = ("End_Time__c", "End_Date__c")
_TITLES: Final = ("Incident_Title__c", "Title__c", "Okta_Sub_Service__c", "Category__c", "Name")


def _first_moment(fields: Fields, keys: tuple[str, ...]) -> datetime | None:
    return next((at for key in keys if (at := moment(fields.get(key)))), None)


def _title(fields: Fields) -> str:
    return next((found for key in _TITLES if (found := title(fields.get(key)))), "Incident")


def _phase(word: object, where: str, problems: list[Problem], *, is_planned: bool) -> Phase:
    """Of a plan as its word says. Of an incident anything but a closing word is open."""
    table = PLANNED_PHASES if is_planned else PHASES
    default = Phase.SCHEDULED if is_planned else Phase.INVESTIGATING
    phase = choose(word, table, default, where, problems)
    open_ones = {Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.UNKNOWN}
    return Phase.INVESTIGATING if not is_planned and phase in open_ones else phase


def _badness(fields: Fields, where: str, problems: list[Problem], *, is_planned: bool) -> tuple[Status, Impact]:
    if is_planned:
        return Status.MAINTENANCE, Impact.MAINTENANCE
    known = choose(fields.get("Category__c"), CATEGORIES, _UNKNOWN, f"{where}.Category__c", problems)
    return _THIRD_PARTY if fold_word(text(fields.get("Service_Feature__c"), 60)) == "tp" else known


def _reached(level: Status, phase: Phase) -> Status:
    is_ahead = phase is Phase.SCHEDULED
    return Status.OPERATIONAL if phase.is_closed or is_ahead else level


def _log(fields: Fields, phase: Phase) -> tuple[IncidentUpdate, ...]:
    words, raw = plain(text(fields.get("Log__c")))
    at = moment(fields.get("Last_Updated__c"))
    return (IncidentUpdate(revision(words), phase, words, at, raw=raw),) if words else ()


# --- cells -------------------------------------------------------------------------------------------------------

_SEPARATOR: Final = re.compile(r"[;,]")
MOST_CELLS: Final = 1_000


def _split(written: str) -> tuple[str, ...]:
    names = (title(one, 60) for one in _SEPARATOR.split(written)[:MOST_CELLS])
    return tuple(dict.fromkeys(name for name in names if name))


def _cell_names(fields: Fields) -> tuple[str, ...]:
    return _split(text(fields.get("Impacted_Cells__c"), 4_000))


def _cells(listed: str, incidents: tuple[Incident, ...]) -> tuple[Component, ...]:
    """The cells that the page lists, each at the worst level of what is open there; none where it lists none."""
    known = _split(listed)
    hit = [
        Component(one.id, one.name, status=one.status) for incident in incidents for one in incident.components or ()
    ]
    levels = {row.id: row.status for row in worst_rows(hit)}
    return tuple(
        Component(cell, cell, status=levels.get(cell, Status.OPERATIONAL), position=place)
        for place, cell in enumerate(known)
    )


# --- recognising -------------------------------------------------------------------------------------------------

_MARKS: Final = ('data-id="incidents"', "data-id='incidents'")


def recognize(sight: Sight) -> bool:
    """A page with the element, of Okta by its words."""
    return sight.is_markup and any(mark in sight.page for mark in _MARKS) and "okta" in sight.page.lower()


PLATFORM = Platform(
    name=NAME,
    title="Okta",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.okta.com",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the id of the Salesforce record; a text is known by itself; a component is a cell, known by its name",
        absence="an incident or a planned outage that leaves the page is over",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
