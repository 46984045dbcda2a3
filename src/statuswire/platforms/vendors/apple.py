"""Apple's status pages: <https://www.apple.com/support/systemstatus/> and <https://developer.apple.com/system-status/>.

Their data is served as JavaScript: plain JSON for the one, a call `jsonCallback({...});` around it for the other.
Nobody documents it; checked 2026-11 against captures of 2021 and working clients.

    {"drpost": false, "drMessage": null, "services": [{"serviceName": "iCloud Mail", "redirectUrl": null, "events": [
       {"messageId": "1000000999", "statusType": "Outage", "eventStatus": "ongoing", "usersAffected": "Some users ...",
        "epochStartDate": <ms>, "epochEndDate": null, "message": "...", "affectedServices": null, ...}]}]}

Quirks: a service has no id but its name, which is localised with the file, so that we stay with `en_US`. One problem is
posted on several services, sometimes under one number. There is one text for an event, which is reworded: each wording
is an update of when we saw it. Dates as text are in the time of Cupertino, and those of the posting move with every
build: only the epochs are read. What is resolved vanishes after a day or two. Some captures count their epochs in
seconds from 2001, as Apple's frameworks do, and have neither number nor type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Final

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
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import load_parts, opened
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    ident,
    item_parts,
    items,
    moment,
    plain,
    split_url,
    text,
    title,
)
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "apple"
CONSUMER: Final = "consumer"
DEVELOPER: Final = "developer"

CONSUMER_URL: Final = "https://www.apple.com/support/systemstatus/data/system_status_en_US.js"
DEVELOPER_URL: Final = "https://www.apple.com/support/systemstatus/data/developer/system_status_en_US.js"
DEVELOPER_SPARE_URL: Final = "https://developer.apple.com/system-status/data/system_status_en_US.js"
SCRIPT: Final = "application/json, application/javascript, text/javascript, */*;q=0.5"

PAGES: Final[dict[str, PageFacts]] = {
    CONSUMER: PageFacts(name="Apple", url="https://www.apple.com/support/systemstatus/"),
    DEVELOPER: PageFacts(name="Apple Developer", url="https://developer.apple.com/system-status/"),
}

LEVELS: Final[dict[str, Status]] = {
    "outage": Status.MAJOR_OUTAGE,
    "issue": Status.PARTIAL_OUTAGE,
    "performance": Status.DEGRADED,
    "performanceissue": Status.DEGRADED,
    "maintenance": Status.MAINTENANCE,
    "available": Status.OPERATIONAL,
}

IMPACTS: Final[dict[str, Impact]] = {
    "outage": Impact.MAJOR,
    "issue": Impact.MAJOR,
    "performance": Impact.MINOR,
    "performanceissue": Impact.MINOR,
    "maintenance": Impact.MAINTENANCE,
    "available": Impact.NONE,
}
"""An outage for all users is critical."""

PHASES: Final[dict[Kind, dict[str, Phase]]] = {
    Kind.INCIDENT: {
        "upcoming": Phase.SCHEDULED,
        "ongoing": Phase.INVESTIGATING,
        "resolved": Phase.RESOLVED,
        "completed": Phase.RESOLVED,
    },
    Kind.MAINTENANCE: {
        "upcoming": Phase.SCHEDULED,
        "ongoing": Phase.IN_PROGRESS,
        "resolved": Phase.COMPLETED,
        "completed": Phase.COMPLETED,
    },
}

_ALL_USERS: Final = re.compile(r"\ball users\b", re.IGNORECASE)
_COVERS: Final = frozenset({Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES})

# --- what is polled ----------------------------------------------------------------------------------------------


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The data of the page for customers or of that for developers; or the one file that is named."""
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    if address.path.endswith(".js"):
        return (FeedSpec(page_url, accept=SCRIPT),)
    if _audience(page_url, "") == DEVELOPER:
        return (FeedSpec(DEVELOPER_URL, accept=SCRIPT), FeedSpec(DEVELOPER_SPARE_URL, tier=1, accept=SCRIPT))
    return (FeedSpec(CONSUMER_URL, accept=SCRIPT),)


def _audience(url: str, body: str) -> str:
    """For whom a document is: by its address, else by the call around it, which only that for developers has."""
    if "developer" in url or "/system-status" in url:
        return DEVELOPER
    return DEVELOPER if not url and body else CONSUMER


# --- the document ------------------------------------------------------------------------------------------------

_CALL: Final = re.compile(rb"\s*+(?:/\*\*/\s*+)?(?:var\s+)?([A-Za-z_$][\w$.]{0,60})\s*[(=]\s*\{")


def parse(document: Document) -> Snapshot:
    """Read the data of either page, with or without a call around it. Raises ParseError."""
    call = _CALL.match(document.body)
    fields = as_mapping(load_parts(_bare(document) if call else document))
    listed = opened(fields.get("services"))
    if not isinstance(listed, list) or not any("serviceName" in as_mapping(row) for row in listed):
        raise ParseError(ParseReason.SHAPE, "not the state of Apple's services")
    audience = _audience(document.url, call[1].decode("ascii") if call else "")
    now, problems = document.served_at, list[Problem]()
    components: dict[str, Component] = {}
    incidents: dict[str, Incident] = {}
    for place, service in item_parts(listed, "services", problems):
        told = _service(service, f"services[{place}]", problems, place, audience)
        if told is None:
            continue
        components.setdefault(told[0].id, told[0])
        incidents |= {one.id: _seen(one, now) for one in told[1]}
    page = replace(PAGES[audience], status_text=_notice(fields))
    return Snapshot(
        platform=NAME,
        page=page,
        covers=_COVERS if _is_whole(listed, problems) else frozenset(),
        components=tuple(components.values()),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


def _bare(document: Document) -> Document:
    """What lies between the first brace and the last."""
    body = document.body
    return replace(document, body=body[body.find(b"{") : body.rfind(b"}") + 1])


def _notice(fields: Fields) -> str:
    """What stands above the page in an emergency."""
    return title(plain(text(fields.get("drMessage")))[0]) if flag(fields.get("drpost")) else ""


def _is_whole(listed: object, problems: Sequence[Problem]) -> bool:
    return is_whole(listed, "services", problems) and not any(one.where.endswith(".events") for one in problems)


# --- one service -------------------------------------------------------------------------------------------------

_NO_WORD: Final = re.compile(r"[^a-z0-9+]+")
_WORST_LAST: Final = (
    Status.OPERATIONAL,
    Status.UNKNOWN,
    Status.MAINTENANCE,
    Status.DEGRADED,
    Status.PARTIAL_OUTAGE,
    Status.MAJOR_OUTAGE,
)


@lru_cache(maxsize=1024)
def slug(name: str) -> str:
    """A name as part of an id: `Apple TV+` is `apple-tv+`."""
    return _NO_WORD.sub("-", name.casefold()).strip("-") or name


def _seen(incident: Incident, now: datetime) -> Incident:
    """With the moment at which its wording was seen."""
    return replace(incident, updates=tuple(replace(update, at=now) for update in incident.updates))


@remembered
def _service(
    fields: Fields, here: str, problems: list[Problem], place: int, audience: str
) -> tuple[Component, tuple[Incident, ...]] | None:
    """The row of a service, and its events; when these were seen is left open."""
    name = title(fields.get("serviceName"))
    if not name:
        problems.append(Problem(here, "a service without a name"))
        return None
    where, key = f"{here}.events", slug(name)
    if not isinstance(fields.get("events"), list):
        problems.append(Problem(where, "expected a list of events"))
        return Component(f"{audience}/{key}", name, position=place, lacks_status=True), ()
    if not fields["events"]:
        return _well(f"{audience}/{key}", name, place), ()
    read = [
        _event(event, _Service(name, key, audience), f"{where}[{index}]", problems)
        for index, event in items(fields["events"], where, problems)
    ]
    level, word = max(
        ((level, incident.raw_impact) for incident, level in read),
        key=lambda pair: _WORST_LAST.index(pair[0]),
        default=(Status.OPERATIONAL, ""),
    )
    row = Component(f"{audience}/{key}", name, status=level, raw_status=word if level is not Status.OPERATIONAL else "")
    return replace(row, position=place), tuple(incident for incident, _ in read)


@lru_cache(maxsize=1024)
def _well(own_id: str, name: str, place: int) -> Component:
    """Most services are well, poll after poll."""
    return Component(own_id, name, status=Status.OPERATIONAL, position=place)


# --- one event ---------------------------------------------------------------------------------------------------


class _Service:
    """The service on which an event is posted."""

    __slots__ = ("audience", "key", "name")

    def __init__(self, name: str, key: str, audience: str) -> None:
        self.name, self.key, self.audience = name, key, audience


def _event(fields: Fields, service: _Service, where: str, problems: list[Problem]) -> tuple[Incident, Status]:
    """The incident, and the level of its service as far as it goes."""
    word = text(fields.get("statusType"), 60)
    level = choose(fields.get("statusType"), LEVELS, Status.UNKNOWN, f"{where}.statusType", problems)
    kind = Kind.MAINTENANCE if level is Status.MAINTENANCE else Kind.INCIDENT
    state = fields.get("eventStatus")
    phase = choose(state, PHASES[kind], Phase.UNKNOWN, f"{where}.eventStatus", problems)
    if phase.is_closed or phase is Phase.SCHEDULED:
        level = Status.OPERATIONAL
    starts, ends = _epoch(fields.get("epochStartDate")), _epoch(fields.get("epochEndDate"))
    is_planned = kind is Kind.MAINTENANCE
    incident = Incident(
        id=_event_id(fields, service, starts),
        title=f"{service.name}: {word}" if word else service.name,
        kind=kind,
        phase=phase,
        impact=_impact(fields, where),
        url=PAGES[service.audience].url or "",
        created_at=starts,
        started_at=None if is_planned else starts,
        resolved_at=ends if phase.is_closed else None,
        scheduled_for=starts if is_planned else None,
        scheduled_until=ends if is_planned else None,
        components=tuple(_affected(fields, service, level)),
        updates=_wording(fields, phase, text(state, 60)),
        raw_phase=text(state, 60),
        raw_impact=word,
    )
    return incident, level


def _event_id(fields: Fields, service: _Service, starts: datetime | None) -> str:
    """Number and service; where it has no number, service and start."""
    own = ident(fields.get("messageId")) or (str(int(starts.timestamp())) if starts else "")
    return f"{own}/{service.audience}/{service.key}" if own else f"{service.audience}/{service.key}"


_COCOA_LIMIT: Final = 10**9
_COCOA_EPOCH: Final = 978_307_200
"""2001-01-01 in seconds of UNIX; a count of seconds below the limit is one from there."""


def _epoch(value: object) -> datetime | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _COCOA_LIMIT:
        value += _COCOA_EPOCH
    return moment(value)


def _impact(fields: Fields, where: str) -> Impact:
    impact = choose(fields.get("statusType"), IMPACTS, Impact.UNKNOWN, where, [])
    is_outage = text(fields.get("statusType"), 60).strip().lower() == "outage"
    return Impact.CRITICAL if is_outage and _ALL_USERS.search(text(fields.get("usersAffected"), 500)) else impact


def _affected(fields: Fields, service: _Service, level: Status) -> Iterable[AffectedComponent]:
    """The service itself, and what else the event names."""
    yield AffectedComponent(f"{service.audience}/{service.key}", service.name, status=level)
    listed = fields.get("affectedServices")
    for name in filter(None, map(title, listed if isinstance(listed, list) else ())):
        if slug(name) != service.key:
            yield AffectedComponent(f"{service.audience}/{slug(name)}", name, status=level)


def _wording(fields: Fields, phase: Phase, state: str) -> tuple[IncidentUpdate, ...]:
    """The text as it reads now, known by itself: another wording or state is another update, of when it was seen."""
    parts = (plain(text(fields.get(name)))[0] for name in ("message", "usersAffected"))
    words = "\n".join(filter(None, parts))
    if not words:
        return ()
    own_id = revision(f"{state}\n{words}")
    return (IncidentUpdate(own_id, phase, words, None, raw_phase=state),)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Services with a name and events, bare or inside a call."""
    if sight.is_markup:
        return False
    body = sight.document.body
    if _CALL.match(body):
        return b'"serviceName"' in body and b'"events"' in body and b'"services"' in body
    listed = sight.fields.get("services")
    return isinstance(listed, list) and bool(listed) and as_mapping(listed[0]).keys() >= {"serviceName", "events"}


PLATFORM = Platform(
    name=NAME,
    title="Apple System Status",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("apple.com",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the number of the message with the service it stands on; a wording is known by itself; a service by "
        "its name in English",
        absence="each service is listed with all that is open on it: what is missing is over",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
