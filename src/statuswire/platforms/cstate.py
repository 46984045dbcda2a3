"""cState, a theme for the static site generator Hugo (<https://github.com/cstate/cstate>), self-hosted.

Read from the vendor's source (`layouts/*.json`, `layouts/*.xml`, up to version 6) and from captures of 2017 and 2025;
checked 2026-11. The documents are files that change when the site is built:

    /index.json              {is: "index", cStateVersion, title, baseURL, systems: [{name, category, status,
                              unresolvedIssues: [issue]}], pinnedIssues: [issue], buildDate, buildTime, buildTimezone}
    /issues/index.json       {title, baseURL, pages: [issue]}: all of them, without their texts
    <permalink>index.json    one issue with its `body` in HTML
    /index.xml               RSS of all issues with their texts; the owner may have switched it off

    issue  {is: "issue", title, createdAt, lastMod, permalink, severity, resolved, informational, resolvedAt, affected,
            filename}, times as `2026-05-04 10:01:00 +0000 UTC`, `resolvedAt` also `""` or `<no value>`

Quirks: an issue stands under each of its systems, and only there: what is open and names no system is not shown. A
system has no id: category and name are one. Titles are not escaped, so that a quote in one breaks the whole document;
then the feed is read. `summaryStatus` may say "disrupted" while nothing is (seen 2025). The JSON knows no finer phase
than open and resolved; the text does where it is written as the manual advises, and it is fetched for what goes on.
Early feeds (2017) have no mark of resolved ones. An informational issue opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Cover,
    Document,
    FeedSpec,
    Incident,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.cstate_body import read_body
from statuswire.platforms.cstate_issues import phase_of, read_issue
from statuswire.platforms.derived import is_whole
from statuswire.platforms.feed_titles import read_heading
from statuswire.platforms.feeds import Entry, FeedDocument, is_feed, read_feed
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    items,
    load_json,
    moment,
    normalise_url,
    split_url,
    text,
    title,
)
from statuswire.platforms.remembering import known_again
from statuswire.platforms.sight import Sight

NAME: Final = "cstate"
Fields = Mapping[str, object]

RSS: Final = "application/rss+xml"
MOST_MORE: Final = 10
RECENT: Final = timedelta(days=7)

LEVELS: Final[Mapping[str, Status]] = {
    "ok": Status.OPERATIONAL,
    "notice": Status.DEGRADED,
    "disrupted": Status.PARTIAL_OUTAGE,
    "down": Status.MAJOR_OUTAGE,
}
_SINGLE: Final = re.compile(r"/index\.(?:json|xml)$")
_INSIDE: Final = re.compile(r"/(?:issues(?:/.*)?|affected(?:/.*)?)$")
_UNREAD: Final = re.compile(r"\.unresolvedIssues(?:\[\d+\])?$")
"""Where an issue is named that was skipped."""

_GENERATOR: Final = "github.com/cstate"


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The URLs to poll, or the one document that `page_url` itself names."""
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    if _SINGLE.search(address.path):
        is_state = address.path.endswith(".json") and "/issues/" not in address.path
        accept = RSS if address.path.endswith(".xml") else "application/json"
        return (FeedSpec(page_url, Role.STATE if is_state else Role.ENTRIES, 0, accept),)
    base = f"{address.scheme}://{address.netloc}{_INSIDE.sub('', address.path).rstrip('/')}"
    return (
        FeedSpec(f"{base}/index.json", Role.STATE),
        FeedSpec(f"{base}/issues/index.json", Role.HISTORY),
        FeedSpec(f"{base}/index.xml", Role.ENTRIES, 1, RSS),
    )


def parse(document: Document) -> Snapshot:
    """Read any document, told by content; raises ParseError."""
    if is_feed(document):
        return _read_feed(read_feed(document), document)
    fields = as_mapping(load_json(document))
    if _is_index(fields):
        return _read_index(fields, document)
    if fields.get("is") == "issue":
        return _read_issues([fields], "issue", fields, document)
    if _is_list(fields):
        return _read_issues(fields["pages"], "pages", fields, document)
    raise ParseError(ParseReason.SHAPE, "not a cState document: neither index nor issues")


def recognize(sight: Sight) -> bool:
    """The index and what lies below it by the keys, the feed by its generator."""
    if sight.feed is not None:
        return _GENERATOR in sight.feed.generator.lower()
    fields = sight.fields
    is_issue = fields.get("is") == "issue" and fields.keys() >= {"permalink", "severity", "affected"}
    return (_is_index(fields) and "cStateVersion" in fields) or is_issue or (_is_list(fields) and _shows_issue(fields))


def _is_index(fields: Fields) -> bool:
    return fields.get("is") == "index" and isinstance(fields.get("systems"), list)


def _is_list(fields: Fields) -> bool:
    return isinstance(fields.get("pages"), list) and "baseURL" in fields


def _shows_issue(fields: Fields) -> bool:
    pages = fields.get("pages")
    first = as_mapping(pages[0]) if isinstance(pages, list) and pages else {}
    return first.get("is") == "issue" and first.keys() >= {"permalink", "severity"}


# --- the index -------------------------------------------------------------------------------------------------


def _read_index(fields: Fields, document: Document) -> Snapshot:
    problems: list[Problem] = []
    zone = text(fields.get("buildTimezone"), 40)
    built = " ".join((text(fields.get("buildDate"), 40), text(fields.get("buildTime"), 40), zone))
    components: dict[str, Component] = {}
    issues: dict[str, Incident] = {}
    for index, row in items(fields.get("systems"), "systems", problems):
        _add_system(row, f"systems[{index}]", components, problems)
    ids = {one.name: one for one in components.values()}
    for index, row in items(fields.get("systems"), "systems", []):
        _add_issues(row, f"systems[{index}].unresolvedIssues", ids, issues, document, problems)
    for index, row in items(fields.get("pinnedIssues"), "pinnedIssues", problems):
        pinned = read_issue({"informational": True, **row}, f"pinnedIssues[{index}]", document, problems, ids)
        if pinned is not None:
            issues.setdefault(pinned.id, pinned)
    return Snapshot(
        platform=NAME,
        page=_page(fields, problems),
        as_of=moment(built, document.time_zone),
        covers=_covers(fields, problems),
        components=tuple(components.values()),
        incidents=tuple(issues.values()),
        problems=tuple(problems),
    )


def _page(fields: Fields, problems: list[Problem]) -> PageFacts:
    word = text(fields.get("summaryStatus"), 100)
    return PageFacts(
        name=title(fields.get("title")) or None,
        url=_home(fields),
        status=choose(word, LEVELS, Status.UNKNOWN, "summaryStatus", problems) if word else None,
        status_text=word,
    )


def _home(fields: Fields) -> str | None:
    url = text(fields.get("baseURL")).strip().rstrip("/")
    return url if url.startswith(("https://", "http://")) else None


def _covers(fields: Fields, problems: list[Problem]) -> frozenset[Cover]:
    """Systems, and open issues unless one of them could not be read."""
    systems = fields.get("systems")
    if not is_whole(systems, "systems", problems):
        return frozenset()
    is_cut = any(_UNREAD.search(one.where) for one in problems) or any(
        not isinstance(row.get("unresolvedIssues"), list) for row in _rows(systems)
    )
    return frozenset({Cover.COMPONENTS} if is_cut else {Cover.COMPONENTS, Cover.OPEN_INCIDENTS})


def _add_system(row: Fields, where: str, components: dict[str, Component], problems: list[Problem]) -> None:
    name, category = title(row.get("name")), title(row.get("category"))
    if not name:
        problems.append(Problem(where, "a system without name"))
        return
    own_id = f"{category}/{name}" if category else name
    word = text(row.get("status"), 100)
    components.setdefault(
        own_id,
        Component(
            id=own_id,
            name=name,
            group=category or None,
            status=choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems),
            raw_status=word,
            position=len(components),
        ),
    )


def _add_issues(
    system: Fields,
    where: str,
    ids: Mapping[str, Component],
    issues: dict[str, Incident],
    document: Document,
    problems: list[Problem],
) -> None:
    """An issue stands under each of its systems, each time whole: the first time is enough."""
    seen = {one.url for one in issues.values() if one.url}
    for index, row in items(system.get("unresolvedIssues"), where, problems):
        if text(row.get("permalink")) in seen:
            continue
        issue = read_issue(row, f"{where}[{index}]", document, problems, ids)
        if issue is not None:
            issues.setdefault(issue.id, issue)


# --- issues ----------------------------------------------------------------------------------------------------


def _read_issues(listed: object, where: str, fields: Fields, document: Document) -> Snapshot:
    """One issue with its text, or all of them without; either covers nothing, as the theme may cut the list."""
    problems: list[Problem] = []
    found = [
        read_issue(row, f"{where}[{index}]", document, problems, None) for index, row in items(listed, where, problems)
    ]
    page = PageFacts(name=title(fields.get("title")) or None, url=_home(fields)) if where == "pages" else PageFacts()
    incidents = tuple(one for one in found if one is not None)
    return Snapshot(platform=NAME, page=page, incidents=incidents, problems=tuple(problems))


# --- the feed --------------------------------------------------------------------------------------------------


def _read_feed(feed: FeedDocument, document: Document) -> Snapshot:
    """All issues with their texts. A resolved one has the time of its end as category, and a word in front of its title
    in the language of the site; in feeds of early releases, which another generator signs, nothing tells it."""
    is_marked = _GENERATOR in feed.generator.lower()
    return Snapshot(
        platform=NAME,
        page=PageFacts(name=feed.title or None),
        incidents=tuple(_entry(entry, document.time_zone, is_marked) for entry in feed.entries),
        problems=feed.problems,
        generator=feed.generator,
    )


@known_again
def _entry(entry: Entry, zone: str | None, is_marked: bool) -> Incident:
    heading = read_heading(entry.title)
    ended = next((at for word in entry.categories if (at := moment(word, zone))), None)
    is_resolved = ended is not None or heading.phase is Phase.RESOLVED
    updates = read_body(entry.html, entry.published, zone)
    told = updates[-1].phase if updates else None
    return Incident(
        id=normalise_url(entry.link or entry.id),
        title=_without_mark(entry.title) if is_resolved else entry.title,
        phase=phase_of(told, is_resolved, False) if is_marked or is_resolved else told,
        url=entry.link,
        created_at=entry.published,
        started_at=entry.published,
        resolved_at=ended,
        updated_at=ended,
        updates=updates,
        raw_phase="resolved" if is_resolved else "",
    )


def _without_mark(written: str) -> str:
    """The title without the word in brackets before it."""
    mark, _, rest = written.partition("] ")
    return rest if mark.startswith("[") and rest else written


# --- what else to fetch ----------------------------------------------------------------------------------------


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The texts of open issues, and out of the list of all those of the ones that ended lately."""
    fields = Sight(document).fields
    if _is_index(fields):
        systems = fields.get("systems")
        rows = [issue for system in _rows(systems) for issue in _rows(system.get("unresolvedIssues"))]
    elif _is_list(fields):
        rows = [row for row in _rows(fields.get("pages")) if _is_recent(row, document.served_at)]
    else:
        return ()
    links = (text(row.get("permalink")).strip() for row in rows)
    own = dict.fromkeys(f"{link.rstrip('/')}/index.json" for link in links if _is_on_host(link, document.url))
    return tuple(FeedSpec(url, Role.ENTRIES) for url in list(own)[:MOST_MORE])


def _rows(listed: object) -> list[dict[str, object]]:
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def _is_recent(row: Fields, now: datetime) -> bool:
    changed = moment(row.get("resolvedAt")) or moment(row.get("lastMod"))
    return not flag(row.get("resolved")) or (changed is not None and now - changed <= RECENT)


def _is_on_host(link: str, url: str) -> bool:
    parts = split_url(link)
    own = split_url(url)
    return parts is not None and own is not None and bool(parts.netloc) and parts.netloc == own.netloc


PLATFORM = Platform(
    name=NAME,
    title="cState",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    probes=("/index.json",),
    more=more,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        identity="the permalink of an issue, which is also the guid of the feed; category and name of a system; "
        "updates have no ids and are found again by text and time",
        absence="an issue that no system shows is resolved: the list of all issues is asked once how it ended",
        confidence=Confidence.HIGH,
    ),
)
