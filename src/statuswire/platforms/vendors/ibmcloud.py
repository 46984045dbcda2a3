"""IBM Cloud: <https://cloud.ibm.com/status>, by its documented feed of notifications (IBM Cloud docs, checked 2026-11).

The feed has some fifty updates a month and mixes incidents and maintenances with announcements, releases and security
bulletins. The facts stand as labelled lines at the end of each description:

    ID: INC0000001 <br/> Type: incident <br/> Regions: eu-de, us-south <br/> Resources: is.instance <br/>
    Outage Start: 2026-09-05T08:00:00Z <br/> Outage End: ... <br/> Update Time: 2026-09-05T10:00:00Z

Quirks: `Outage End` is missing while something is open; severity is not given, so an incident that names no single
resource is major and any other minor; an empty feed proves nothing. Announcements, releases and bulletins are told as
closed incidents without impact. The page's own JSON is not polled: its address is not confirmed. All from public
clients, no capture.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from statuswire.platforms.feed_titles import read_heading
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.reading import choose, html_text, ident, moment, split_url, title
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "ibmcloud"
PAGE_URL: Final = "https://cloud.ibm.com/status"
FEED: Final = "https://cloud.ibm.com/status/api/notifications/feed.rss"
_RSS: Final = "application/rss+xml"

TYPES: Final[dict[str, str]] = {
    word: word for word in ("incident", "maintenance", "announcement", "release", "security")
}
"""The last three are notices: told, and over as soon as they are."""

_EVERYWHERE: Final = frozenset({"global", "all"})


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The feed of notifications, whichever of its views the address names."""
    address = split_url(page_url)
    url = page_url if address and address.path.endswith(".rss") else FEED
    return (FeedSpec(url, Role.ENTRIES, 0, _RSS),)


def parse(document: Document) -> Snapshot:
    """Read the feed. Raises ParseError; SHAPE for a feed whose items have none of the labels."""
    feed = read_feed(document)
    problems = list(feed.problems)
    found = [_notice(entry, f"entry[{place}]", problems) for place, entry in enumerate(feed.entries)]
    notices = [notice for notice in found if notice is not None]
    if not notices and (feed.entries or not _is_named(feed)):
        raise ParseError(ParseReason.SHAPE, "a feed, but not the notifications of IBM Cloud")
    groups: dict[str, list[_Notice]] = {}
    for notice in notices:
        groups.setdefault(notice.id, []).append(notice)
    incidents = tuple(_incident(_oldest_first(group), document.served_at) for group in groups.values())
    is_whole = bool(notices) and len(notices) == len(feed.entries)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="IBM Cloud", url=PAGE_URL),
        covers=frozenset({Cover.TROUBLED}) if is_whole else frozenset(),
        components=worst_rows(row for incident in incidents for row in _rows(incident)),
        incidents=incidents,
        problems=tuple(problems),
    )


def _is_named(feed: FeedDocument) -> bool:
    return "ibm cloud" in feed.title.lower() or "cloud.ibm.com" in f"{feed.link} {feed.self_link}"


# --- one update --------------------------------------------------------------------------------------------------

_LABEL: Final = re.compile(
    r"^(?P<label>ID|Type|Regions|Resources|Outage Start|Outage End|Update Time):[ \t]*(?P<value>.*)$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class _Notice:
    """One item: an update of the notification `id`. `phase` is what its title says."""

    id: str
    type: str
    heading: str
    phase: Phase | None
    raw_phase: str
    words: str
    html: str
    at: datetime | None
    stamp: str
    regions: tuple[str, ...]
    resources: tuple[str, ...]
    starts: datetime | None
    ends: datetime | None
    entry: Entry


@remembered
def _notice(entry: Entry, where: str, problems: list[Problem]) -> _Notice | None:
    """None, and a problem, for an item without the labels."""
    words = html_text(entry.html)
    labels: dict[str, str] = {}
    for found in _LABEL.finditer(words):
        labels[found["label"].lower()] = found["value"].strip()
    if not labels.keys() & {"id", "type"}:
        problems.append(Problem(where, "an item without ID and Type"))
        return None
    heading = read_heading(entry.title)
    stamp = ident(labels.get("update time"))
    return _Notice(
        id=ident(labels.get("id")) or entry.id,
        type=choose(labels.get("type"), TYPES, "", f"{where}.Type", problems),
        heading=heading.title,
        phase=heading.phase,
        raw_phase=heading.raw,
        words=_LABEL.sub("", words).strip(),
        html=entry.html,
        at=moment(stamp) or entry.published,
        stamp=stamp,
        regions=_listed(labels, "regions"),
        resources=_listed(labels, "resources"),
        starts=moment(labels.get("outage start")),
        ends=moment(labels.get("outage end")),
        entry=entry,
    )


def _listed(labels: Mapping[str, str], name: str) -> tuple[str, ...]:
    names = (title(one) for one in labels.get(name, "").split(","))
    return tuple(dict.fromkeys(one for one in names if one))


def _oldest_first(group: Sequence[_Notice]) -> list[_Notice]:
    """By time; of equal ones the last in the feed is the oldest."""
    backwards = list(reversed(group))
    return sorted(backwards, key=lambda notice: notice.at.timestamp() if notice.at else 0.0)


# --- one notification --------------------------------------------------------------------------------------------

_MAINTENANCE_ENDS: Final = frozenset({Phase.COMPLETED, Phase.CANCELLED})


def _incident(group: Sequence[_Notice], now: datetime) -> Incident:
    newest = group[-1]
    is_planned = newest.type == "maintenance"
    phase = _planned_phase(newest, now) if is_planned else _phase(group)
    begun = newest.starts or group[0].at
    return Incident(
        id=newest.id,
        title=newest.heading,
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase=phase,
        impact=_impact(newest),
        url=newest.entry.link or PAGE_URL,
        created_at=group[0].at,
        started_at=None if is_planned else begun,
        resolved_at=(newest.ends or newest.at) if phase.is_closed else None,
        updated_at=newest.at,
        scheduled_for=newest.starts if is_planned else None,
        scheduled_until=newest.ends if is_planned else None,
        components=_affected(newest, phase),
        updates=_updates(group, phase),
        raw_phase=newest.raw_phase,
        raw_impact=newest.type,
    )


def _phase(group: Sequence[_Notice]) -> Phase:
    newest = group[-1]
    if newest.type != "incident":
        return Phase.RESOLVED
    if newest.ends is not None or newest.phase is Phase.RESOLVED:
        return Phase.RESOLVED
    return Phase.IDENTIFIED if len(group) > 1 else Phase.INVESTIGATING


def _planned_phase(newest: _Notice, now: datetime) -> Phase:
    if newest.phase in _MAINTENANCE_ENDS:
        return newest.phase or Phase.COMPLETED
    return Phase.SCHEDULED if newest.starts is not None and newest.starts > now else Phase.IN_PROGRESS


def _impact(newest: _Notice) -> Impact:
    if newest.type == "maintenance":
        return Impact.MAINTENANCE
    if newest.type != "incident":
        return Impact.NONE if newest.type else Impact.UNKNOWN
    is_wide = not newest.resources or bool(
        _EVERYWHERE & {name.lower() for name in (*newest.resources, *newest.regions)}
    )
    return Impact.MAJOR if is_wide else Impact.MINOR


def _updates(group: Sequence[_Notice], phase: Phase) -> tuple[IncidentUpdate, ...]:
    """Only the newest has a phase: the feed is a window, whose first update need not be the first of all."""
    updates: dict[str, IncidentUpdate] = {}
    for notice in group:
        own_id = f"{notice.id}/{notice.stamp}" if notice.stamp else notice.entry.id
        reached = phase if notice is group[-1] else None
        updates[own_id] = IncidentUpdate(
            own_id, reached, notice.words, notice.at, raw=notice.html, raw_phase=notice.raw_phase
        )
    return tuple(updates.values())


# --- components --------------------------------------------------------------------------------------------------


def _affected(newest: _Notice, phase: Phase) -> tuple[AffectedComponent, ...]:
    """Each resource in each region; a resource alone where it is in all of them, a region alone without a resource."""
    level = Status.DEGRADED if newest.type == "incident" and not phase.is_closed else Status.OPERATIONAL
    regions = [region for region in newest.regions if region.lower() not in _EVERYWHERE]
    if not newest.resources:
        return tuple(AffectedComponent(region, region, None, level) for region in regions)
    places: list[str | None] = [*regions] or [None]
    return tuple(
        AffectedComponent(f"{resource}/{region}" if region else resource, resource, region, level)
        for region in places
        for resource in newest.resources
    )


def _rows(incident: Incident) -> tuple[Component, ...]:
    troubled = (one for one in incident.components or () if one.status is not Status.OPERATIONAL)
    return tuple(Component(one.id, one.name, one.group, one.status) for one in troubled)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """A feed of their site whose items have the labels."""
    if sight.feed is None or not sight.feed.entries:
        return False
    entry = sight.feed.entries[0]
    labels = {found["label"].lower() for found in _LABEL.finditer(html_text(entry.html))}
    return "cloud.ibm.com/status" in entry.link and {"id", "type"} <= labels


PLATFORM = Platform(
    name=NAME,
    title="IBM Cloud",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("cloud.ibm.com",),
    probes=("/api/notifications/feed.rss",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the ID in the description; an update is that and its time; a component is a resource in a region",
        absence="nothing ends because it is no longer shown; a resource that no open incident names is well",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
