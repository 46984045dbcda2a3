"""StatusCast status pages, Fastly's among them: roll-up, summary, feed, and the page for people.

Documentation: StatusCast's help on webhooks; the documents are undocumented, from public clients and captures of 2023
and 2026-08 (checked 2026-11). `status.json` is only a roll-up; the items of `summary.json` were never seen and are read
as those of the webhook; `components.json` and `incidents.json` are known of Fastly only. The feed has one item for each
post, whose state stands in prose alone, so it states no phase. Dates without an offset are in the page's zone, which is
rarely known. Many tenants block everything but full browsers; their host at `status.page` is often open. Unknown paths
answer 200 with a page that something went wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from statuswire.platforms.addresses import base_of, host_of, root_of, single_feed, web_url
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, oldest_first, worst_impact
from statuswire.platforms.feed_titles import kind_of_word
from statuswire.platforms.feeds import Entry, is_feed, read_feed
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    fold_word,
    has_markup,
    html_text,
    ident,
    items,
    load_json,
    moment,
    plain,
    require_mapping,
    text,
    title,
    url_path_tail,
)
from statuswire.platforms.remembering import Now, known_again, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.statuscast_page import HERO_MARK, ROWS_MARK, read_page
from statuswire.platforms.statuscast_terms import KINDS, LEVELS, NAME, PHASES, TYPE_IMPACTS, incident_number

Fields = Mapping[str, object]

STATUS: Final = "/status.json"
SUMMARY: Final = "/summary.json"
COMPONENTS: Final = "/components.json"
INCIDENTS: Final = "/incidents.json"
RSS: Final = "/rss"
_FEED: Final = FeedSpec("", Role.ENTRIES, accept="application/xml, application/rss+xml")
_KINDS: Final = (
    *((path, FeedSpec("")) for path in (STATUS, SUMMARY, COMPONENTS, INCIDENTS)),
    (RSS, _FEED),
)
_FASTLY: Final = "fastlystatus.com"
_PAGE_EVERY: Final = timedelta(minutes=5)
_NAMESPACE: Final = b'xmlns:sc="http://statuscast.com"'
_ROLL_UP: Final = frozenset({"Status", "StatusText"})
_OPEN_LISTS: Final = {"UnresolvedIncidents": Cover.OPEN_INCIDENTS, "UpcomingIncidents": Cover.OPEN_MAINTENANCES}


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """Roll-up, open incidents, posts and the page for people, which is large and asked every five minutes.

    Of Fastly its lists of components and incidents, the page in reserve. A document that `page_url` names is polled
    alone; none for what is no address.
    """
    root = root_of(page_url)
    alone = single_feed(page_url, _KINDS)
    if alone or not root:
        return alone
    posts = FeedSpec(f"{root}{RSS}", Role.ENTRIES, accept=_FEED.accept)
    if host_of(page_url).removeprefix("www.") == _FASTLY:
        listed = tuple(FeedSpec(f"{root}{path}") for path in (STATUS, COMPONENTS, INCIDENTS))
        return (*listed, posts, FeedSpec(f"{root}/", tier=1, accept="text/html", every=_PAGE_EVERY))
    page = FeedSpec(f"{base_of(page_url)}/", accept="text/html", every=_PAGE_EVERY)
    return (FeedSpec(f"{root}{STATUS}"), FeedSpec(f"{root}{SUMMARY}"), posts, page)


# --- documents -------------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Any of the documents, told by its content. Raises ParseError."""
    if is_feed(document):
        return _read_feed(document)
    if Sight(document).is_markup:
        return read_page(document)
    value = load_parts(document)
    if isinstance(value, list):
        return _read_list(value, document)
    fields = require_mapping(value, "the document")
    if _OPEN_LISTS.keys() & fields.keys():
        return _read_summary(fields, document)
    if fields.keys() >= _ROLL_UP:
        problems: list[Problem] = []
        return Snapshot(NAME, page=_page(fields, problems), problems=tuple(problems))
    raise ParseError(ParseReason.SHAPE, "neither roll-up nor summary: not a document of StatusCast")


def _page(fields: Fields, problems: list[Problem]) -> PageFacts:
    level = choose(fields.get("Status"), LEVELS, Status.UNKNOWN, "Status", problems)
    domain = title(fields.get("Domain"))
    return PageFacts(
        name=title(fields.get("PageName")) or None,
        url=web_url(domain) or (f"https://{domain}" if domain else None),
        status=level,
        status_text=title(fields.get("StatusText")),
    )


def _read_summary(fields: Fields, document: Document) -> Snapshot:
    problems: list[Problem] = []
    found: dict[str, Incident] = {}
    covers = set()
    for key, cover in _OPEN_LISTS.items():
        for incident in _listed.each(fields.get(key), key, problems, *_around(document)).found:
            found.setdefault(incident.id, incident)
        if is_whole(fields.get(key), key, problems):
            covers.add(cover)
    # A maintenance that has begun may stand in either list, so neither kind is known whole without both.
    is_known = len(covers) == len(_OPEN_LISTS)
    return Snapshot(
        NAME,
        page=_page(fields, problems),
        covers=frozenset(covers) if is_known else frozenset(),
        incidents=tuple(found.values()),
        problems=tuple(problems),
    )


def _read_list(rows: list[object], document: Document) -> Snapshot:
    """`components.json` or `incidents.json`, by what the rows hold, and by the address where there is none."""
    problems: list[Problem] = []
    keys = {key for row in rows[:20] for key in as_mapping(row)}
    if "CurrentStatus" in keys or (not rows and COMPONENTS in document.url):
        components = _components(rows, problems)
        is_complete = is_whole(rows, "components", problems) and len(components) == len(rows)
        covers = frozenset({Cover.COMPONENTS}) if is_complete else frozenset()
        return Snapshot(NAME, covers=covers, components=components, problems=tuple(problems))
    if "IncidentType" in keys or (not rows and INCIDENTS in document.url):
        incidents = _listed.each(rows, "incidents", problems, *_around(document)).found
        return Snapshot(NAME, incidents=incidents, problems=tuple(problems))
    raise ParseError(ParseReason.SHAPE, "a list without levels or incidents: not a document of StatusCast")


def _components(rows: list[object], problems: list[Problem]) -> tuple[Component, ...]:
    """`Level` is the depth in the tree, whose parents the document does not name."""
    found: dict[str, Component] = {}
    for place, row in items(rows, "components", problems):
        own_id, name = ident(row.get("id")), title(row.get("text"))
        if not own_id or not name:
            problems.append(Problem(f"components[{place}]", "a component without id or text"))
            continue
        word = row.get("CurrentStatus")
        level = choose(word, LEVELS, Status.UNKNOWN, f"components[{place}].CurrentStatus", problems)
        found.setdefault(own_id, Component(own_id, name, None, level, text(word, 200), lacks_group=True))
    return tuple(found.values())


# --- incidents -------------------------------------------------------------------------------------------------------


def _around(document: Document) -> tuple[str, str | None, Now]:
    """What an incident depends on beside itself: the page's address, the zone, and the moment."""
    return root_of(document.url), document.time_zone, Now(document.received_at)


@remembered
def _listed(row: Fields, where: str, problems: list[Problem], root: str, zone: str | None, now: Now) -> Incident | None:
    number, link = ident(row.get("Id")), web_url(row.get("ShortUrl"))
    number = number or incident_number(link)
    if not number:
        problems.append(Problem(where, "an incident without Id"))
        return None
    of_type = text(row.get("IncidentType"), 200)
    kind = choose(of_type, KINDS, Kind.INCIDENT, f"{where}.IncidentType", problems)
    word = text(row.get("Status"), 200)
    phase = choose(word, PHASES[kind], Phase.UNKNOWN, f"{where}.Status", problems) if word else None
    begins, ends = moment(row.get("StartDate"), zone), moment(row.get("EndDate"), zone)
    affected = _affected(row, where, problems)
    is_planned = kind is Kind.MAINTENANCE
    return Incident(
        number,
        title(row.get("Title")) or "Incident",
        kind,
        phase,
        _impact(of_type, affected),
        f"{root}/incident/{number}" if root else link,
        created_at=moment(row.get("DateCreated"), zone),
        started_at=None if is_planned else begins,
        resolved_at=ends if phase and phase.is_closed and ends and now.has_come(ends) else None,
        scheduled_for=begins if is_planned else None,
        scheduled_until=_window_end(row, zone) if is_planned else None,
        components=affected,
        updates=oldest_first(_posts(row.get("Posts"), f"{where}.Posts", kind, zone, problems)),
        raw_phase=word,
        raw_impact=of_type,
    )


def _impact(of_type: str, affected: Iterable[AffectedComponent] | None) -> Impact:
    implied = TYPE_IMPACTS.get(fold_word(of_type))
    return implied or worst_impact(one.status for one in affected or ())


def _window_end(row: Fields, zone: str | None) -> datetime | None:
    """The end as written, else the start and the estimated minutes."""
    ends, begins = moment(row.get("EndDate"), zone), moment(row.get("StartDate"), zone)
    minutes = row.get("EstimatedDurationMinutes")
    is_length = isinstance(minutes, int) and not isinstance(minutes, bool) and 0 < minutes < 1_000_000
    if ends or begins is None or not is_length or not isinstance(minutes, int):
        return ends
    return begins + timedelta(minutes=minutes)


def _affected(row: Fields, where: str, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    if row.get("AffectedComponents") is None:
        return None
    levels = _levels(row, where, problems)
    place = f"{where}.AffectedComponents"
    found = (
        (ident(one.get("ComponentId")), title(one.get("ComponentName")))
        for _, one in items(row["AffectedComponents"], place, problems)
    )
    return tuple(
        AffectedComponent(own_id, name, None, levels[own_id][0] if own_id in levels else Status.UNKNOWN)
        for own_id, name in found
        if own_id or name
    )


def _levels(row: Fields, where: str, problems: list[Problem]) -> dict[str, tuple[Status, Fields]]:
    """The present levels by component's id, with the row that states each."""
    place = f"{where}.CurrentComponentStatus"
    found: dict[str, tuple[Status, Fields]] = {}
    for index, one in items(row.get("CurrentComponentStatus"), place, problems):
        own_id = ident(one.get("ComponentId"))
        if own_id:
            where_level = f"{place}[{index}].Status"
            found[own_id] = (choose(one.get("Status"), LEVELS, Status.UNKNOWN, where_level, problems), one)
    return found


def _posts(
    listed: object, place: str, kind: Kind, zone: str | None, problems: list[Problem]
) -> Iterable[IncidentUpdate]:
    """What was published. The words of `PostType` are not documented: one that is no phase changes none."""
    for index, post in items(listed, place, problems):
        if "IsPublished" in post and not flag(post["IsPublished"]):
            continue
        words, raw = plain(text(post.get("Text")))
        if not words:
            problems.append(Problem(f"{place}[{index}]", "a post without text"))
            continue
        word = text(post.get("PostType"), 200)
        phase = PHASES[kind].get(fold_word(word))
        yield IncidentUpdate(ident(post.get("Id")), phase, words, moment(post.get("Date"), zone), None, raw, word)


# --- feed ------------------------------------------------------------------------------------------------------------


def _read_feed(document: Document) -> Snapshot:
    """One item for each post: items of one incident's number belong together."""
    feed = read_feed(document)
    found: dict[str, list[Entry]] = {}
    for entry in feed.entries:
        number = incident_number(entry.link) or incident_number(entry.id)
        if number:
            found.setdefault(number, []).append(entry)
    if feed.entries and not found:
        raise ParseError(ParseReason.SHAPE, "no links to incidents by number: another product's feed")
    incidents = tuple(_told(number, entries) for number, entries in found.items())
    page = PageFacts(name=feed.title or None, url=feed.link or None)
    return Snapshot(NAME, page=page, incidents=incidents, problems=feed.problems, generator=feed.generator)


def _told(number: str, entries: list[Entry]) -> Incident:
    updates = oldest_first(_post(entry, number) for entry in reversed(entries))
    kinds = (kind_of_word(word) for entry in entries for word in entry.categories)
    moments = [update.at for update in updates if update.at]
    return Incident(
        number,
        entries[0].title or "Incident",
        next(filter(None, kinds), Kind.INCIDENT),
        url=entries[0].link,
        created_at=min(moments, default=None),
        updates=updates,
    )


@known_again
def _post(entry: Entry, number: str) -> IncidentUpdate:
    """The guid is `/<incident>/<post>`, the second number the post's."""
    tail = url_path_tail(entry.id) if "/" in entry.id else ""
    own_id = tail if tail.isdecimal() and tail != number else ""
    raw = entry.html if has_markup(entry.html) else ""
    return IncidentUpdate(own_id, None, html_text(entry.html), entry.published or entry.updated, raw=raw)


# --- hooks -----------------------------------------------------------------------------------------------------------


def parse_hook(document: Document) -> Snapshot:
    """An incident with its posts and the present levels of what it affects. Raises ParseError."""
    fields = require_mapping(load_json(document), "the body")
    if "Id" not in fields or not (fields.keys() & {"IncidentType", "Posts"}):
        raise ParseError(ParseReason.SHAPE, "no Id with an IncidentType: not a webhook of StatusCast")
    problems: list[Problem] = []
    incident = _listed(fields, "incident", problems, *_around(document))
    levels = _levels(fields, "incident", [])
    names = {one.id: one.name for one in (incident.components or () if incident else ())}
    components = tuple(
        Component(
            own_id,
            names.get(own_id, ""),
            None,
            level,
            text(row.get("Status"), 200),
            moment(row.get("DateChanged"), document.time_zone),
            lacks_group=True,
        )
        for own_id, (level, row) in levels.items()
    )
    return Snapshot(
        NAME,
        components=components,
        incidents=(incident,) if incident else (),
        problems=tuple(problems),
        event_name=text(fields.get("Status"), 200),
    )


# --- recognising -----------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """By capitalised keys that nobody else writes, the feed's own namespace, or the markup of the page."""
    fields = sight.fields
    if fields:
        return _is_own(fields)
    if isinstance(sight.json, list):
        rows = [as_mapping(row) for row in sight.json[:5]]
        return bool(rows) and all(row.keys() >= {"CurrentStatus", "text"} or _is_incident(row) for row in rows)
    if sight.is_markup and _NAMESPACE in sight.document.body[:4_000]:
        return sight.feed is not None
    return ROWS_MARK in sight.page or HERO_MARK in sight.page


def _is_incident(row: Fields) -> bool:
    return row.keys() >= {"Id", "IncidentType"} and bool(row.keys() & {"ShortUrl", "Posts"})


def _is_own(fields: Fields) -> bool:
    is_roll_up = fields.keys() >= _ROLL_UP and bool(fields.keys() & {"InEffectSince", *_OPEN_LISTS})
    return is_roll_up or _is_incident(fields)


PLATFORM: Final = Platform(
    name=NAME,
    title="StatusCast",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    hosts=("status.page", "statuscast.com", _FASTLY),
    marks=(HERO_MARK, "powered by StatusCast"),
    probes=(STATUS, RSS),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the incident's number, in links, feed and hooks alike; a post's number in feed and hooks",
        absence="what is missing from both lists of the summary is over; a component missing from the list is gone",
        confidence=Confidence.MEDIUM,
    ),
)
