"""Cisco Webex's own status page, <https://status.webex.com>.

The API is documented at <https://developer.webex.com/calling/docs/webex-status-api> (checked 2026-11, with working
clients): `/index.json` is the summary, `{"status": {"indicator"}, "components": [{"name", "status"}], "incidents": [],
"scheduled_maintenances": []}`; `/unresolved-incidents.json` and `/components.json` have parts of it. `/history.rss` is
a feed of incidents.

Quirks: it looks like Statuspage, with colours as the indicator and no `page`; the shape of an incident was seen
nowhere, so that it is read by the names that Statuspage has, and one without an id is named as unreadable.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import as_mapping, choose, ident, items, moment, plain, text, title
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_WORDS, PHASE_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "webex"
HOME: Final = "https://status.webex.com"
RSS: Final = "application/rss+xml"

INDICATORS: Final[dict[str, Status]] = {
    "green": Status.OPERATIONAL,
    "yellow": Status.DEGRADED,
    "red": Status.MAJOR_OUTAGE,
}

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    (".json", FeedSpec("", Role.STATE)),
    (".rss", FeedSpec("", Role.ENTRIES, accept=RSS)),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The summary, and the feed where that cannot be read; or the one document that is named."""
    named, base = named_document(page_url, _DOCUMENTS), origin(page_url)
    if named or not base:
        return named
    return (
        FeedSpec(f"{base}/index.json"),
        FeedSpec(f"{base}/history.rss", Role.ENTRIES, 1, RSS, timedelta(minutes=5)),
    )


def parse(document: Document) -> Snapshot:
    """Read the summary, a part of it, or the feed. Raises ParseError."""
    if is_feed(document):
        return feed_snapshot(NAME, read_feed(document), document)
    fields = as_mapping(load_parts(document))
    lists = {key: fields[key] for key in _COVERS if is_list(fields.get(key))}
    indicator = as_mapping(fields.get("status")).get("indicator")
    if not lists and indicator is None:
        raise ParseError(ParseReason.SHAPE, "not a document of Webex: no indicator and none of its lists")
    problems: list[Problem] = []
    status = choose(indicator, INDICATORS, Status.UNKNOWN, "status.indicator", problems) if indicator else None
    components = _components(lists.get("components"), "components", problems)
    incidents = (
        *_incidents(lists.get("incidents"), "incidents", Kind.INCIDENT, problems),
        *_incidents(lists.get("scheduled_maintenances"), "scheduled_maintenances", Kind.MAINTENANCE, problems),
    )
    whole = {cover for key, cover in _COVERS.items() if is_whole(lists.get(key), key, problems)}
    if not components:
        whole.discard(Cover.COMPONENTS)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="Webex", url=HOME, status=status),
        covers=frozenset(whole),
        components=components,
        incidents=incidents,
        problems=tuple(problems),
    )


_COVERS: Final = {
    "components": Cover.COMPONENTS,
    "incidents": Cover.OPEN_INCIDENTS,
    "scheduled_maintenances": Cover.OPEN_MAINTENANCES,
}


@remembered
def _components(listed: object, where: str, problems: list[Problem]) -> tuple[Component, ...]:
    """By id where there is one, else by name."""
    rows: dict[str, Component] = {}
    for place, fields in items(listed, where, problems):
        name = title(fields.get("name"))
        own_id = ident(fields.get("id")) or name
        if not own_id:
            problems.append(Problem(f"{where}[{place}]", "a component without name"))
            continue
        word = fields.get("status")
        level = choose(word, COMPONENT_WORDS, Status.UNKNOWN, f"{where}[{place}].status", problems)
        rows[own_id] = Component(own_id, name or own_id, None, level, text(word, 60), position=place)
    return tuple(rows.values())


_PLANNED: Final = frozenset({Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED, Phase.CANCELLED})


def _incidents(listed: object, where: str, kind: Kind, problems: list[Problem]) -> list[Incident]:
    told = _incident.each(listed, where, problems, kind).found
    return list({incident.id: incident for incident in told}.values())


@remembered
def _incident(fields: Fields, where: str, problems: list[Problem], kind: Kind) -> Incident | None:
    own_id = ident(fields.get("id"))
    if not own_id:
        problems.append(Problem(where, "an incident without id"))
        return None
    is_planned = kind is Kind.MAINTENANCE
    created = moment(fields.get("created_at"))
    phase = choose(fields.get("status"), PHASE_WORDS, Phase.UNKNOWN, f"{where}.status", problems)
    impact = choose(fields.get("impact"), IMPACT_WORDS, Impact.UNKNOWN, f"{where}.impact", problems)
    return Incident(
        id=own_id,
        title=title(fields.get("name")),
        kind=Kind.MAINTENANCE if is_planned or phase in _PLANNED else kind,
        phase=phase,
        impact=Impact.MAINTENANCE if is_planned else impact,
        url=HOME,
        created_at=created,
        started_at=None if is_planned else created,
        resolved_at=moment(fields.get("resolved_at")),
        updated_at=moment(fields.get("updated_at")),
        scheduled_for=moment(fields.get("scheduled_for")),
        scheduled_until=moment(fields.get("scheduled_until")),
        updates=_updates(fields.get("incident_updates"), f"{where}.incident_updates", problems),
        raw_phase=text(fields.get("status"), 60),
        raw_impact=text(fields.get("impact"), 60),
    )


def _updates(listed: object, where: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    told = []
    for place, fields in items(listed, where, problems):
        phase = choose(fields.get("status"), PHASE_WORDS, Phase.UNKNOWN, f"{where}[{place}].status", problems)
        words, raw = plain(text(fields.get("body")))
        at = moment(fields.get("created_at"))
        told.append(
            IncidentUpdate(ident(fields.get("id")), phase, words, at, raw=raw, raw_phase=text(fields.get("status"), 60))
        )
    return oldest_first(told)


def recognize(sight: Sight) -> bool:
    """A colour as the indicator, beside components."""
    fields = {} if sight.is_markup else sight.fields
    indicator = as_mapping(fields.get("status")).get("indicator")
    return indicator in INDICATORS and isinstance(fields.get("components"), list) and "page" not in fields


PLATFORM = Platform(
    name=NAME,
    title="Cisco Webex",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.webex.com",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the id of the incident; a component is known by its name",
        absence="what is no longer listed is gone or over",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
