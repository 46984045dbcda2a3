"""StatusGator, which watches other status pages: its webhook tells second-hand how a service is.

Documentation: StatusGator's help on webhooks 3.0 (checked 2026-11). The body is `{"type", "recorded_at", "service": {},
"monitor": {}, "status", "previous_status", "message", "details", "component_status_changes": [{"group_name", "name",
"last_status", "current_status"}]}` with the words up, warn, down and maintenance. What it tells is StatusGator's
judgement and may differ from the provider's own; incidents and their updates are not in it. Nothing is polled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Document, FeedSpec, PageFacts, Problem, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import as_mapping, choose, items, load_json, moment, require_mapping, text, title
from statuswire.platforms.sight import Sight

NAME: Final = "statusgator"

LEVELS: Final[Mapping[str, Status]] = {
    "up": Status.OPERATIONAL,
    "warn": Status.DEGRADED,
    "down": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}

Fields = Mapping[str, object]


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """None: this is no status page."""
    return ()


def parse(document: Document) -> Snapshot:
    """The body of a webhook that was kept. Raises ParseError."""
    return parse_hook(document)


def parse_hook(document: Document) -> Snapshot:
    """The level of a service and of its components. Raises ParseError."""
    fields = require_mapping(load_json(document), "the body")
    if not _is_own(fields):
        raise ParseError(ParseReason.SHAPE, "no service or monitor with a status: not a webhook of StatusGator")
    problems: list[Problem] = []
    name = title(as_mapping(fields.get("service")).get("name")) or title(as_mapping(fields.get("monitor")).get("name"))
    level = choose(fields.get("status"), LEVELS, Status.UNKNOWN, "status", problems)
    components = {one.id: one for one in _components(fields, moment(fields.get("recorded_at")), problems)}
    return Snapshot(
        NAME,
        page=PageFacts(name=name or None, status=level, status_text=title(fields.get("message"))),
        components=tuple(components.values()),
        problems=tuple(problems),
        event_name=text(fields.get("type"), 200),
    )


def _components(fields: Fields, at: datetime | None, problems: list[Problem]) -> Iterator[Component]:
    """Those that changed, by group and name."""
    key = "component_status_changes"
    for place, row in items(fields.get(key), key, problems):
        name, group = title(row.get("name")), title(row.get("group_name")) or None
        if not name:
            problems.append(Problem(f"{key}[{place}]", "a component without a name"))
            continue
        word = row.get("current_status")
        level = choose(word, LEVELS, Status.UNKNOWN, f"{key}[{place}].current_status", problems)
        yield Component(f"{group}/{name}" if group else name, name, group, level, text(word, 200), at)


def _is_own(fields: Fields) -> bool:
    is_of_something = isinstance(fields.get("service"), dict) or isinstance(fields.get("monitor"), dict)
    return is_of_something and "previous_status" in fields and "recorded_at" in fields


def recognize(sight: Sight) -> bool:
    return _is_own(sight.fields)


PLATFORM: Final = Platform(
    name=NAME,
    title="StatusGator (second-hand)",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    coverage=Coverage(
        components=True,
        identity="components by group and name",
        absence="nothing",
        confidence=Confidence.LOW,
    ),
)
