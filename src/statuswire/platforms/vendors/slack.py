"""Slack's own status page, <https://slack-status.com>, read without an account.

Documented at <https://api.slack.com/docs/slack-status> (checked 2026-11 against captures of 2023 and 2026).

- `/api/v2.0.0/current` has what is open; `/api/v2.0.0/history` is an array of the newest incidents.
- `/api/v1.0.0/current` is the old document: one incident without an id in the top-level object.
- `/feed/atom` and `/feed/rss` have titles that begin with `Incident: ` or `Notice: `.

Quirks: `status.slack.com` redirects here, and some who follow end at the array, so both shapes are read at every
address. Notes stood newest first in 2023 and oldest first in 2026. A notice is an incident without impact. There is no
list of services: the names that were seen are kept, and others are added as they appear. What was resolved leaves
`current` at once, without its closing note; that is in `history`. The dates of the whole document repeat those of the
last incident.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
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
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    ident,
    items,
    load_json,
    moment,
    normalise_url,
    plain,
    split_url,
    text,
    title,
    url_path_tail,
)
from statuswire.platforms.remembering import known_again, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "slack"
HOME: Final = "https://slack-status.com"
ATOM: Final = "application/atom+xml"
RSS: Final = "application/rss+xml"

SERVICES: Final = (
    "Login/SSO",
    "Messaging",
    "Notifications",
    "Search",
    "Workspace/Org Administration",
    "Canvases",
    "Connectivity",
    "Files",
    "Huddles",
    "Apps/Integrations/APIs",
    "Workflows",
    "Posts/Files",
    "Calls",
    "Link Previews",
)
"""The names that incidents gave to services up to 2026-11."""

IMPACTS: Final[dict[str, Impact]] = {
    "outage": Impact.CRITICAL,
    "incident": Impact.MINOR,
    "notice": Impact.NONE,
    "maintenance": Impact.MAINTENANCE,
}
"""By `type`; an outage that names few services is major."""

LEVELS: Final[dict[str, Status]] = {
    "outage": Status.MAJOR_OUTAGE,
    "incident": Status.DEGRADED,
    "notice": Status.OPERATIONAL,
    "maintenance": Status.MAINTENANCE,
}
"""Of the services that an active incident names: there is no severity per service."""

FEW: Final = 2

STATES: Final[dict[str, Phase]] = {
    "active": Phase.INVESTIGATING,
    "ok": Phase.RESOLVED,
    "broken": Phase.INVESTIGATING,
    "resolved": Phase.RESOLVED,
    "scheduled": Phase.SCHEDULED,
    "completed": Phase.COMPLETED,
    "cancelled": Phase.CANCELLED,
    "canceled": Phase.CANCELLED,
}
"""What goes on is as far as its notes tell. `ok` and `broken` are of the old document."""

_IN_KIND: Final = {
    Kind.INCIDENT: {Phase.COMPLETED: Phase.RESOLVED},
    Kind.MAINTENANCE: {Phase.RESOLVED: Phase.COMPLETED},
}

_WHOLE: Final = frozenset({"ok", "active", "broken"})

# --- what is polled ----------------------------------------------------------------------------------------------

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/current", FeedSpec("", Role.STATE)),
    ("/history", FeedSpec("", Role.ENTRIES)),
    ("/feed/atom", FeedSpec("", Role.ENTRIES, accept=ATOM)),
    ("/feed/rss", FeedSpec("", Role.ENTRIES, accept=RSS)),
)
_OLD_HOSTS: Final = frozenset({"status.slack.com", "www.slack-status.com"})


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """What is open and the history, with the feed where they cannot be read; or the one document that is named."""
    named = named_document(page_url, _DOCUMENTS)
    if named:
        return named
    base = origin(page_url)
    address = split_url(page_url)
    if address and address.hostname in _OLD_HOSTS:
        base = HOME
    if not base:
        return ()
    return (
        FeedSpec(f"{base}/api/v2.0.0/current"),
        FeedSpec(f"{base}/api/v2.0.0/history", Role.HISTORY),
        FeedSpec(f"{base}/feed/atom", Role.ENTRIES, 1, ATOM),
    )


# --- documents ---------------------------------------------------------------------------------------------------

_PAGE: Final = PageFacts(name="Slack", url=HOME)


def parse(document: Document) -> Snapshot:
    """Read any document of Slack's page, told by content. Raises ParseError."""
    if Sight(document).is_markup:
        return _read_feed(read_feed(document), document)
    loaded = load_parts(document)
    if isinstance(loaded, list):
        return _read_history(loaded)
    fields = as_mapping(loaded)
    if is_list(fields.get("active_incidents")):
        return _read_current(fields)
    if text(fields.get("status"), 40).lower() in _WHOLE:
        return _read_old(as_mapping(load_json(document)))
    raise ParseError(ParseReason.SHAPE, "neither what is open at Slack nor its history")


def _read_current(fields: Fields) -> Snapshot:
    problems: list[Problem] = []
    listed = fields.get("active_incidents")
    read = _incident.each(listed, "active_incidents", problems).found
    return _present(read, problems, covers_all=is_whole(listed, "active_incidents", problems))


def _read_history(listed: list[object]) -> Snapshot:
    problems: list[Problem] = []
    read = _incident.each(listed, "incidents", problems).found
    if listed and not read:
        raise ParseError(ParseReason.SHAPE, "a list, but none of its items is an incident of Slack")
    return Snapshot(NAME, _PAGE, incidents=tuple(read), problems=tuple(problems))


def _read_old(fields: Fields) -> Snapshot:
    """The document of version 1: `ok`, or one incident beside its own status."""
    problems: list[Problem] = []
    if text(fields.get("status"), 40).lower() == "ok":
        return _present([], problems, covers_all=True)
    told = _incident(fields, "incident", problems)
    if told is None:
        raise ParseError(ParseReason.SHAPE, "something is wrong at Slack, but the document does not say what")
    return _present([told], problems, covers_all=True)


def _present(read: Sequence[Incident], problems: list[Problem], *, covers_all: bool) -> Snapshot:
    covers = frozenset({Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES, Cover.TROUBLED})
    return Snapshot(
        platform=NAME,
        page=_PAGE,
        covers=covers if covers_all else frozenset(),
        components=_rows(read) if covers_all else (),
        incidents=tuple(read),
        problems=tuple(problems),
    )


def _rows(read: Sequence[Incident]) -> tuple[Component, ...]:
    """Each known service and each that an incident names, at the worst of the levels."""
    affected = (
        Component(one.id, one.name, status=one.status, raw_status=incident.raw_impact)
        for incident in read
        for one in incident.components or ()
    )
    return worst_rows((*(Component(name, name, status=Status.OPERATIONAL) for name in SERVICES), *affected))


# --- one incident ------------------------------------------------------------------------------------------------


@remembered
def _incident(fields: Fields, where: str, problems: list[Problem]) -> Incident | None:
    url = text(fields.get("url"), 300)
    own_id = ident(fields.get("id")) or url_path_tail(url)
    if not own_id:
        problems.append(Problem(where, "an incident without id"))
        return None
    word = choose(fields.get("type"), {name: name for name in IMPACTS}, "", f"{where}.type", problems)
    kind = Kind.MAINTENANCE if word == "maintenance" else Kind.INCIDENT
    word_of_state = choose(fields.get("status"), STATES, Phase.UNKNOWN, f"{where}.status", problems)
    stated = None if word_of_state is Phase.INVESTIGATING else _IN_KIND[kind].get(word_of_state, word_of_state)
    updates = _updates(fields, own_id, kind, stated, where, problems)
    phase = stated or next((one.phase for one in reversed(updates) if one.phase), _OPEN[kind])
    is_open = not phase.is_closed and phase is not Phase.SCHEDULED
    affected = _affected(fields, LEVELS.get(word, Status.UNKNOWN) if is_open else Status.OPERATIONAL, where, problems)
    updated = moment(fields.get("date_updated"))
    return Incident(
        id=own_id,
        title=title(fields.get("title")),
        kind=kind,
        phase=phase,
        impact=_impact(word, len(affected)),
        url=url,
        created_at=moment(fields.get("date_created")),
        started_at=moment(fields.get("date_created")),
        resolved_at=updated if phase.is_closed else None,
        updated_at=updated,
        components=affected,
        updates=updates,
        aliases=_aliases(url, own_id),
        raw_phase=text(fields.get("status"), 40),
        raw_impact=text(fields.get("type"), 40),
    )


def _aliases(url: str, own_id: str) -> tuple[str, ...]:
    """The address is what the feeds know an incident by."""
    normal = normalise_url(url)
    return (normal,) if normal and normal != own_id else ()


def _impact(word: str, services: int) -> Impact:
    if word == "outage" and 0 < services <= FEW:
        return Impact.MAJOR
    return IMPACTS.get(word, Impact.UNKNOWN)


def _affected(fields: Fields, level: Status, where: str, problems: list[Problem]) -> tuple[AffectedComponent, ...]:
    listed = fields.get("services")
    if listed is not None and not isinstance(listed, list):
        problems.append(Problem(f"{where}.services", "expected a list of names"))
        return ()
    names = dict.fromkeys(title(name) for name in listed or () if isinstance(name, str))
    return tuple(AffectedComponent(name, name, status=level) for name in names if name)


# --- notes -------------------------------------------------------------------------------------------------------

_BY_PLACE: Final = (Phase.INVESTIGATING, Phase.IDENTIFIED)
"""Of the first note of an incident, and of those after it."""

_OPEN: Final = {Kind.INCIDENT: Phase.INVESTIGATING, Kind.MAINTENANCE: Phase.IN_PROGRESS}

_WATCHED: Final = re.compile(
    r"\b(?:actively|closely|now|are|still) monitoring (?:to confirm|to ensure|the (?:fix|results|situation|recovery))",
    re.IGNORECASE,
)
"""With these set phrases a note says that a fix is in place and being watched. It moves only the phase."""


def _updates(
    fields: Fields, own_id: str, kind: Kind, stated: Phase | None, where: str, problems: list[Problem]
) -> tuple[IncidentUpdate, ...]:
    notes = [_note(note, own_id) for _, note in items(fields.get("notes"), f"{where}.notes", problems)]
    ordered = oldest_first(note for note in notes if note.text or note.at)
    taken: dict[str, int] = {}
    updates = []
    for place, note in enumerate(ordered):
        is_last = place == len(ordered) - 1
        phase = _phase(note.text, kind, place, is_last=is_last)
        if stated is not None and is_last:
            phase = stated
        elif stated is not None and stated.is_closed and place and phase is Phase.IDENTIFIED:
            phase = None  # any of them may be the one that told the end, with others written after it
        count = taken[note.id] = taken.get(note.id, 0) + 1
        own = note.id if count == 1 or not note.id else f"{note.id}/{count}"
        updates.append(replace(note, phase=phase, id=own))
    return tuple(updates)


def _note(fields: Fields, own_id: str) -> IncidentUpdate:
    return _written_note(own_id, text(fields.get("date_created"), 40), text(fields.get("body")))


@lru_cache(maxsize=1024)
def _written_note(own_id: str, stamp: str, body: str) -> IncidentUpdate:
    """Of a history that is read again most notes did not change."""
    words, raw = plain(body)
    return IncidentUpdate(f"{own_id}/{stamp}" if stamp else "", None, words, moment(stamp), raw=raw)


def _phase(words: str, kind: Kind, place: int, *, is_last: bool) -> Phase | None:
    """Of a maintenance only the state tells, and only of today."""
    if kind is Kind.MAINTENANCE:
        return Phase.IN_PROGRESS if is_last else None
    return Phase.MONITORING if "onitoring" in words and _WATCHED.search(words) else _BY_PLACE[min(place, 1)]


# --- the feed ----------------------------------------------------------------------------------------------------

_LINK: Final = re.compile(r"https?://(?:www\.)?(?:slack-status\.com|status\.slack\.com)/\d{4}-\d{2}/[0-9a-f]{8,40}/?\Z")
_TYPE: Final = re.compile(r"(Incident|Notice|Outage|Maintenance):\s", re.IGNORECASE)


def _read_feed(feed: FeedDocument, document: Document) -> Snapshot:
    """The entries under the address of their incident, and with the impact of the type that their title begins with."""
    if feed.entries and not any(_LINK.match(entry.link) for entry in feed.entries):
        raise ParseError(ParseReason.SHAPE, "a feed, but not Slack's")
    types: dict[str, str] = {}
    entries = []
    for entry in feed.entries:
        own_id = normalise_url(entry.link) if _LINK.match(entry.link) else entry.id
        marked = _TYPE.match(entry.title)
        types[own_id] = marked[1].lower() if marked else ""
        entries.append(_with_id(entry, own_id))
    snapshot = feed_snapshot(NAME, replace(feed, entries=tuple(entries)), document)
    incidents = tuple(_typed(incident, types.get(incident.id, "")) for incident in snapshot.incidents)
    return replace(snapshot, page=_PAGE, incidents=incidents)


@known_again
def _with_id(entry: Entry, own_id: str) -> Entry:
    return replace(entry, id=own_id)


@known_again
def _typed(incident: Incident, word: str) -> Incident:
    return replace(incident, impact=IMPACTS[word], raw_impact=word) if word else incident


# --- recognising -------------------------------------------------------------------------------------------------

_INCIDENT_KEYS: Final = frozenset({"id", "title", "type", "status", "url", "date_created", "notes", "services"})
_OLD_KEYS: Final = frozenset({"status", "date_created", "date_updated"})


def recognize(sight: Sight) -> bool:
    """The lists of the two documents by their keys, the old document by its three, a feed by the addresses in it."""
    if sight.is_markup:
        return sight.feed is not None and any(_is_ours(entry) for entry in sight.feed.entries)
    if isinstance(sight.json, list):
        return bool(sight.json) and as_mapping(sight.json[0]).keys() >= _INCIDENT_KEYS
    keys = sight.fields.keys()
    if not keys >= _OLD_KEYS:
        return False
    return "active_incidents" in keys or keys == _OLD_KEYS or keys >= _INCIDENT_KEYS - {"id"}


def _is_ours(entry: Entry) -> bool:
    return _LINK.match(entry.link) is not None


PLATFORM = Platform(
    name=NAME,
    title="Slack",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("slack-status.com", "status.slack.com"),
    probes=("/api/v2.0.0/current",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the incident's number, in feeds its address; a note is known by the number and its moment; a service "
        "by its name",
        absence="what is missing from the open ones is over, each service not named is well; the history is asked how "
        "it ended",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
