"""PayPal's own status page, <https://www.paypal-status.com>, not documented.

Known from working clients and its feeds, checked 2026-11.

- `/api/v1/components`: `{"result": [{"name", "category": {"name": "product" | "api"}, "status": {"production": "...",
  "sandbox": "..."}}]}`, one level for each environment;
- `/feed/atom` and `/feed/rss`: one entry for each incident, whose title begins with its state (`Resolved: ...`).

The page has four views (`/product/production`, `/api/sandbox` ...), all from the same documents. Quirks: a component
may have no name, and then is called by its category; `Informational` is a note and no trouble.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
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
from statuswire.platforms.parts import load_parts, opened
from statuswire.platforms.reading import as_mapping, choose, fold_word, item_parts, text, title
from statuswire.platforms.remembering import known_again, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "paypal"
HOME: Final = "https://www.paypal-status.com"

LEVELS: Final[dict[str, Status]] = {
    "operational": Status.OPERATIONAL,
    "informational": Status.OPERATIONAL,
    "undermaintenance": Status.MAINTENANCE,
    "servicedisruption": Status.DEGRADED,
    "serviceoutage": Status.MAJOR_OUTAGE,
}
IMPACTS: Final[dict[str, Impact]] = {
    "operational": Impact.NONE,
    "informational": Impact.NONE,
    "undermaintenance": Impact.MAINTENANCE,
    "servicedisruption": Impact.MINOR,
    "serviceoutage": Impact.CRITICAL,
}
"""Of an entry whose categories name one of the levels."""

PREFIXES: Final[dict[str, Phase]] = {
    "initialnotification": Phase.INVESTIGATING,
    "postponed": Phase.SCHEDULED,
    "rescheduled": Phase.SCHEDULED,
    "resolved": Phase.RESOLVED,
}
_AS_MAINTENANCE: Final = {Phase.INVESTIGATING: Phase.SCHEDULED, Phase.RESOLVED: Phase.COMPLETED}
_AS_INCIDENT: Final = {Phase.COMPLETED: Phase.RESOLVED}

# --- what is polled ----------------------------------------------------------------------------------------------

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/api/v1/components", FeedSpec("", Role.STATE)),
    ("/feed/atom", FeedSpec("", Role.ENTRIES, accept="application/atom+xml")),
    ("/feed/rss", FeedSpec("", Role.ENTRIES, accept="application/rss+xml")),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The components and the feed, whichever of its views the address names; or the one document that is named."""
    named, base = named_document(page_url, _DOCUMENTS), origin(page_url)
    if named or not base:
        return named
    return (
        FeedSpec(f"{base}/api/v1/components"),
        FeedSpec(f"{base}/feed/atom", Role.ENTRIES, 0, "application/atom+xml", timedelta(minutes=2)),
        FeedSpec(f"{base}/feed/rss", Role.ENTRIES, 1, "application/rss+xml", timedelta(minutes=2)),
    )


# --- documents ---------------------------------------------------------------------------------------------------

_PAGE: Final = PageFacts(name="PayPal", url=HOME)


def parse(document: Document) -> Snapshot:
    """Read the components or a feed. Raises ParseError."""
    if is_feed(document):
        return _read_feed(document)
    listed = opened(as_mapping(load_parts(document)).get("result"))
    if not isinstance(listed, list) or (listed and not any("status" in as_mapping(row) for row in listed)):
        raise ParseError(ParseReason.SHAPE, "not the components of PayPal: no result with their status")
    problems: list[Problem] = []
    components = _components(listed, problems)
    is_all = bool(components) and is_whole(listed, "result", problems)
    covers = frozenset({Cover.COMPONENTS}) if is_all else frozenset()
    return Snapshot(NAME, _PAGE, covers=covers, components=components, problems=tuple(problems))


def _components(listed: object, problems: list[Problem]) -> tuple[Component, ...]:
    rows: dict[str, Component] = {}
    for place, part in item_parts(listed, "result", problems):
        rows.update((row.id, row) for row in _environments(part, f"result[{place}]", problems, len(rows)))
    return tuple(rows.values())


@remembered
def _environments(fields: Fields, where: str, problems: list[Problem], first: int) -> tuple[Component, ...]:
    """The component in each environment; `first` is the position of the first one."""
    category, levels = title(as_mapping(fields.get("category")).get("name")), as_mapping(fields.get("status"))
    name = title(fields.get("name")) or category
    if not name or not levels:
        problems.append(Problem(where, "a component without name or levels"))
        return ()
    rows = []
    for place, (key, word) in enumerate(levels.items()):
        environment = title(key, 60)
        level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status.{environment[:20]}", problems)
        group = f"{category} {environment}".strip()
        own_id = f"{category}/{name}/{environment}"
        rows.append(Component(own_id, name, group, level, text(word, 60), position=first + place))
    return tuple(rows)


# --- the feeds ---------------------------------------------------------------------------------------------------


def _read_feed(document: Document) -> Snapshot:
    """As any feed, with the states that only PayPal writes before its titles."""
    feed = read_feed(document)
    snapshot = feed_snapshot(NAME, feed, document)
    stated = {entry.id: next(filter(None, map(_impact, entry.categories)), None) for entry in feed.entries}
    told = tuple(_with_state(one, stated.get(one.id)) for one in snapshot.incidents)
    return replace(snapshot, page=_PAGE, incidents=told)


def _impact(word: str) -> Impact | None:
    return IMPACTS.get(fold_word(word))


@known_again
def _with_state(incident: Incident, stated: Impact | None) -> Incident:
    """The state that the title began with, whether or not feeds have it in common."""
    head, mark, rest = incident.title.partition(":")
    phase = PREFIXES.get(fold_word(incident.raw_phase))
    if phase is None and mark and fold_word(head) in PREFIXES:
        phase = PREFIXES[fold_word(head)]
        incident = replace(incident, title=rest.strip() or incident.title, raw_phase=head.strip())
    phase = phase or incident.phase
    is_planned = phase is Phase.SCHEDULED or stated is Impact.MAINTENANCE or incident.kind is Kind.MAINTENANCE
    if phase is not None:
        phase = (_AS_MAINTENANCE if is_planned else _AS_INCIDENT).get(phase, phase)
    impact = Impact.MAINTENANCE if is_planned else stated or incident.impact
    kind = Kind.MAINTENANCE if is_planned else Kind.INCIDENT
    return _stated(replace(incident, kind=kind, phase=phase, impact=impact), phase)


def _stated(incident: Incident, phase: Phase | None) -> Incident:
    """The phase also on the newest update, and the end where it has one."""
    if phase is None or not incident.updates:
        return incident
    last = replace(incident.updates[-1], phase=phase, raw_phase=incident.raw_phase)
    ended = last.at if phase.is_closed else None
    started = None if incident.kind is Kind.MAINTENANCE else incident.started_at
    return replace(incident, updates=(*incident.updates[:-1], last), resolved_at=ended, started_at=started)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Components by category and environment, or a feed of their host."""
    if sight.is_markup:
        feed = sight.feed
        return feed is not None and "paypal-status.com" in f"{feed.link} {feed.self_link}"
    listed = sight.fields.get("result")
    first = as_mapping(listed[0]) if isinstance(listed, list) and listed else {}
    return as_mapping(first.get("status")).keys() >= {"production", "sandbox"} and "category" in first


PLATFORM = Platform(
    name=NAME,
    title="PayPal",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("www.paypal-status.com", "paypal-status.com"),
    probes=("/api/v1/components",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the id of the feed's entry; a component is known by category, name and environment",
        absence="a component that is no longer listed is gone; incidents end by their own word",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
