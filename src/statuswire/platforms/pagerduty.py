"""PagerDuty's status pages, its own <https://status.pagerduty.com> among them: small undocumented JSON documents.

Seen in public clients of 2026 (checked 2026-11); the management API needs a key and is described at
<https://developer.pagerduty.com>. `/api/services` names the components without a level; the open posts say which are
hit and how badly. `/api/impacted_services` has ids of a vocabulary that is the page's own (`/api/post_enums`), so its
levels are read only where the words stand in it. Any other path answers 200 with the application's HTML. Webhooks of an
account tell of its own incidents, not of its status page, and there are none for visitors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

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
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    ident,
    items,
    moment,
    plain,
    require_mapping,
    split_url,
    text,
    title,
)
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import PHASE_WORDS

NAME: Final = "pagerduty"
SERVICES: Final = "/api/services"
OPEN_STATUSES: Final = ("investigating", "detected")
POSTS: Final = "/api/posts?" + "&".join(f"{quote('statuses[]')}={word}" for word in OPEN_STATUSES) + "&limit=500"

LEVELS: Final[Mapping[str, Status]] = {
    "allgood": Status.OPERATIONAL,
    "operational": Status.OPERATIONAL,
    "minor": Status.DEGRADED,
    "partialoutage": Status.PARTIAL_OUTAGE,
    "major": Status.MAJOR_OUTAGE,
    "outage": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}
"""The last part of a key of the page's vocabulary (`incident/impacts/partial_outage`), or the severity's name."""

IMPACTS: Final[Mapping[str, Impact]] = {
    "allgood": Impact.NONE,
    "minor": Impact.MINOR,
    "major": Impact.MAJOR,
    "maintenance": Impact.MAINTENANCE,
}

PHASES: Final[Mapping[str, Phase]] = {**PHASE_WORDS, "repairing": Phase.IDENTIFIED}

Fields = Mapping[str, object]


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """Names and open posts of a page, or the very document that `page_url` names; none for what is no address."""
    parts = split_url(page_url)
    if parts is None or not parts.netloc:
        return ()
    if parts.path.startswith("/api/"):
        return (FeedSpec(page_url),)
    base = f"{parts.scheme}://{parts.netloc}"
    return (FeedSpec(f"{base}{SERVICES}", Role.STATE), FeedSpec(f"{base}{POSTS}", Role.STATE))


def parse(document: Document) -> Snapshot:
    """Services, impacts or posts, told by their key. Raises ParseError."""
    fields = require_mapping(load_parts(document), "the document")
    problems: list[Problem] = []
    for key, read in _READERS.items():
        if is_list(fields.get(key)):
            return read(fields, document, problems)
    raise ParseError(ParseReason.SHAPE, f"none of {', '.join(_READERS)}: not a document of PagerDuty's pages")


def _services(fields: Fields, document: Document, problems: list[Problem]) -> Snapshot:
    components = []
    for place, row in items(fields["services"], "services", problems):
        name = title(row.get("display_name")) or title(row.get("name"))
        service_id = ident(row.get("id"))
        if not name or not service_id:
            problems.append(Problem(f"services[{place}]", "a service without id or name"))
        elif row.get("is_active") is not False:
            components.append(Component(service_id, name, position=place, lacks_status=True))
    covers = {Cover.COMPONENTS} if is_whole(fields["services"], "services", problems) else set()
    return Snapshot(NAME, covers=frozenset(covers), components=tuple(components), problems=tuple(problems))


def _impacted(fields: Fields, document: Document, problems: list[Problem]) -> Snapshot:
    components = []
    for place, row in items(fields["impacted_services"], "impacted_services", problems):
        service_id = ident(row.get("service_id"))
        word = text(row.get("impact_severity_key") or row.get("impact_severity") or row.get("impact_severity_id"), 200)
        if not service_id:
            problems.append(Problem(f"impacted_services[{place}]", "no service_id"))
            continue
        level = choose(_tail(word), LEVELS, Status.UNKNOWN, f"impacted_services[{place}].impact_severity", problems)
        components.append(Component(service_id, "", None, level, word))
    covers = {Cover.TROUBLED} if is_whole(fields["impacted_services"], "impacted_services", problems) else set()
    return Snapshot(NAME, covers=frozenset(covers), components=tuple(components), problems=tuple(problems))


def _tail(word: str) -> str:
    return word.rpartition("/")[2]


def _posts(fields: Fields, document: Document, problems: list[Problem]) -> Snapshot:
    """The open posts; what they name is troubled, and all else is well."""
    read = _post.each(fields["posts"], "posts", problems, document.url)
    incidents = read.found
    is_complete = is_whole(fields["posts"], "posts", problems) and read.is_whole
    is_open_list = is_complete and "statuses" in document.url
    covers = {Cover.OPEN_INCIDENTS, Cover.TROUBLED} if is_open_list else set()
    return Snapshot(
        NAME,
        covers=frozenset(covers),
        components=_troubled(incidents) if is_open_list else (),
        incidents=incidents,
        problems=tuple(problems),
    )


def _troubled(incidents: tuple[Incident, ...]) -> tuple[Component, ...]:
    """Each service at the worst level that an open post gives it."""
    levels: dict[str, Status] = {}
    for incident in incidents:
        for one in incident.components or ():
            known = levels.get(one.id, Status.OPERATIONAL)
            levels[one.id] = max(known, one.status, key=_WEIGHT.index)
    return tuple(Component(one, "", None, level, level.value) for one, level in levels.items())


_WEIGHT: Final = (
    Status.OPERATIONAL,
    Status.UNKNOWN,
    Status.MAINTENANCE,
    Status.DEGRADED,
    Status.PARTIAL_OUTAGE,
    Status.MAJOR_OUTAGE,
)


@remembered
def _post(row: Fields, where: str, problems: list[Problem], url: str) -> Incident | None:
    post_id = ident(row.get("id"))
    if not post_id:
        problems.append(Problem(where, "a post without id"))
        return None
    word = _word(row.get("current_post_severity_enum") or row.get("severity"))
    level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.severity", problems)
    status = _word(row.get("current_post_status_enum") or row.get("status"))
    default = Phase.INVESTIGATING if "statuses" in url else Phase.UNKNOWN
    phase = choose(status, PHASES, Phase.UNKNOWN, f"{where}.status", problems) if status else default
    is_planned = text(row.get("post_type"), 40) == "maintenance" or level is Status.MAINTENANCE
    parts = split_url(url)
    return Incident(
        post_id,
        title(row.get("title")) or "Incident",
        Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase,
        choose(word, IMPACTS, Impact.UNKNOWN, f"{where}.severity", []),
        url=f"{parts.scheme}://{parts.netloc}/posts/{post_id}" if parts and parts.netloc else "",
        started_at=moment(row.get("starts_at") or row.get("created_at")),
        updated_at=moment(row.get("updated_at")),
        scheduled_for=moment(row.get("starts_at")) if is_planned else None,
        scheduled_until=moment(row.get("ends_at")) if is_planned else None,
        components=_hit(row.get("incident_services"), level, f"{where}.incident_services", problems),
        updates=_updates(row.get("post_updates"), f"{where}.post_updates", problems),
        raw_phase=status,
        raw_impact=word,
    )


def _word(value: object) -> str:
    """A reference to the page's vocabulary carries the word as `name` or at the end of its `key`."""
    row = as_mapping(value)
    return _tail(text(row.get("name") or row.get("key"), 200)) if row else text(value, 200)


def _hit(listed: object, level: Status, where: str, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    if listed is None:
        return None
    rows = (row for _, row in items(listed, where, problems))
    return tuple(AffectedComponent(one, "", None, level) for row in rows if (one := ident(row.get("id"))))


def _updates(listed: object, where: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    updates = []
    for place, row in items(listed, where, problems):
        words, raw = plain(text(row.get("message") or row.get("body")))
        status = _word(row.get("status"))
        phase = choose(status, PHASES, Phase.UNKNOWN, f"{where}[{place}].status", problems) if status else None
        at = moment(row.get("reported_at") or row.get("created_at"))
        if words or phase:
            updates.append(IncidentUpdate(ident(row.get("id")), phase, words, at, raw=raw, raw_phase=status))
    return oldest_first(updates)


_READERS: Final = {"services": _services, "impacted_services": _impacted, "posts": _posts}


def recognize(sight: Sight) -> bool:
    """Rows with the ids that PagerDuty gives: `P` and capitals or digits, beside its own keys."""
    fields = sight.fields
    services = fields.get("services")
    if isinstance(services, list) and services:
        return all("status_page_id" in as_mapping(row) or "business_service_id" in as_mapping(row) for row in services)
    if isinstance(fields.get("impacted_services"), list):
        return "status_page_id" in fields
    posts = fields.get("posts")
    return isinstance(posts, list) and bool(posts) and all("incident_services" in as_mapping(row) for row in posts)


PLATFORM: Final = Platform(
    name=NAME,
    title="PagerDuty",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.pagerduty.com",),
    headers=(("pdt-layout-version", ""),),
    marks=("pdt-layout-version",),
    probes=(SERVICES,),
    coverage=Coverage(
        components=True,
        incidents=True,
        maintenances=True,
        identity="ids of services and posts; texts of updates are shown to people only",
        absence="a service that no open post names is well; a post that left the open list is over",
        confidence=Confidence.MEDIUM,
    ),
)
