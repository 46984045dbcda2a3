"""AWS Health, the public part: <https://health.aws.amazon.com/health/status>, readable without an account.

There is no documentation of these documents (the AWS Health API is another product). Known from captures of 2021, 2022
and 2026 and from working clients; checked 2026-11.

- `/public/currentevents` is everything that is open, and what has ended in the last hours. It is sent as UTF-16 with a
  byte order mark. On a quiet day it is an empty array.
- `/public/announcement` is the banner above the page: `{"description": null}` on a quiet day.
- `services.json` on another host is the catalogue of services and regions, some six thousand. It says nothing of how
  they are, but makes them known: what the events do not name is well. It is polled once a day.
- `status.aws.amazon.com/rss/all.rss` and `/rss/<service>-<region>.rss` are what is left of the old dashboard.
- The `data.json` of the old dashboard is read as well.

Quirks: seconds as text, seconds as numbers and milliseconds in one object; regional events that stay open for months;
no phase, no maintenance, no address per event. An update is known by its second, in JSON and feed alike; a hash of the
text beside it, as others use, would tell each corrected typing error as news.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, FeedSpec, PageFacts, Problem, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.feeds import read_feed
from statuswire.platforms.parts import load_parts, opened
from statuswire.platforms.reading import as_mapping, load_json, split_url, text
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.aws_announcement import BEGINNING, is_announcement, read_announcement
from statuswire.platforms.vendors.aws_dashboard import is_dashboard, read_dashboard
from statuswire.platforms.vendors.aws_events import ReadEvent, read_catalogue, read_events
from statuswire.platforms.vendors.aws_feed import is_our_feed, read_aws_feed
from statuswire.platforms.vendors.aws_terms import NAME, PAGE_NAME, PAGE_URL
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

EVENTS: Final = "https://health.aws.amazon.com/public/currentevents"
ANNOUNCEMENT: Final = "https://health.aws.amazon.com/public/announcement"
SERVICES: Final = "https://servicedata-eu-west-1-prod.s3.amazonaws.com/services.json"
"""The same from every region; this one was asked by a client of 2026-09."""

ALL_RSS: Final = "https://status.aws.amazon.com/rss/all.rss"
ANNOUNCEMENT_EVERY: Final = timedelta(minutes=5)
_DAILY: Final = timedelta(days=1)
_RSS: Final = "application/rss+xml"
_SINGLE: Final[tuple[tuple[str, FeedSpec], ...]] = (
    (".rss", FeedSpec("", Role.ENTRIES, 0, _RSS)),
    ("/public/currentevents", FeedSpec("", Role.STATE)),
    ("/public/announcement", FeedSpec("", Role.STATE)),
    ("/data.json", FeedSpec("", Role.STATE)),
    ("/services.json", FeedSpec("", Role.ENTRIES, every=_DAILY)),
)
"""What is polled alone, by how its path ends."""


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The events, the announcement and the catalogue, with the feed of all updates where the events cannot be read; or
    the one document that is named."""
    address = split_url(page_url)
    path = address.path if address else ""
    for ending, spec in _SINGLE:
        if path.endswith(ending):
            return (FeedSpec(page_url, spec.role, 0, spec.accept, spec.every),)
    return (
        FeedSpec(EVENTS),
        FeedSpec(ANNOUNCEMENT, every=ANNOUNCEMENT_EVERY),
        FeedSpec(SERVICES, Role.ENTRIES, every=_DAILY),
        FeedSpec(ALL_RSS, Role.ENTRIES, 1, _RSS),
    )


def parse(document: Document) -> Snapshot:
    """Read any document of AWS Health, told by content. Raises ParseError."""
    if Sight(document).is_markup:
        return read_aws_feed(read_feed(document), document)
    loaded = load_parts(document)
    if is_announcement(loaded):
        return read_announcement(load_json(document))
    problems: list[Problem] = []
    if _is_catalogue(loaded):
        components = read_catalogue(loaded, problems)
        return Snapshot(NAME, _PAGE, components=components, problems=tuple(problems))
    return _snapshot(loaded, problems)


def _snapshot(loaded: object, problems: list[Problem]) -> Snapshot:
    events, is_complete = _events(loaded, problems)
    return Snapshot(
        platform=NAME,
        page=_PAGE,
        covers=frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED}) if is_complete else frozenset(),
        components=worst_rows(row for event in events for row in event.components),
        incidents=tuple(event.incident for event in events),
        problems=tuple(problems),
        besides=BEGINNING,
    )


def _events(loaded: object, problems: list[Problem]) -> tuple[list[ReadEvent], bool]:
    """The events, and whether the list of the current ones was read to the last."""
    fields = as_mapping(loaded)
    listed = opened(fields.get("current")) if fields else loaded
    if not isinstance(listed, list):
        raise ParseError(ParseReason.SHAPE, "not a list of AWS events")
    if fields and is_dashboard(fields):
        place, read = "current", read_dashboard(fields, problems)
    else:
        place, read = "events", read_events(listed, "events", problems)
    if listed and not read:
        raise ParseError(ParseReason.SHAPE, "a list, but none of its items is an AWS event")
    return read, is_whole(listed, place, problems)


def _is_catalogue(loaded: object) -> bool:
    first = as_mapping(loaded[0]) if isinstance(loaded, list) and loaded else {}
    return "service" in first and "service_name" in first and not first.keys() & {"arn", "date", "status", "event_log"}


_PAGE: Final = PageFacts(name=PAGE_NAME, url=PAGE_URL)


# --- recognising -------------------------------------------------------------------------------------------------

_EVENT_KEYS: Final = frozenset({"service", "service_name", "summary", "date", "status"})


def recognize(sight: Sight) -> bool:
    """An event with an arn of AWS Health or with the keys of one, a feed of theirs; an empty array proves nothing."""
    if sight.is_markup:
        return sight.feed is not None and is_our_feed(sight.feed)
    first = _first_event(sight.json)
    if text(first.get("arn")).startswith("arn:aws"):
        return True
    return first.keys() >= _EVENT_KEYS and bool(first.keys() & {"event_log", "impacted_services", "description"})


def _first_event(loaded: object) -> dict[str, object]:
    fields = as_mapping(loaded)
    for listed in (loaded, fields.get("current"), fields.get("archive")):
        if isinstance(listed, list) and listed:
            return as_mapping(listed[0])
    return {}


PLATFORM = Platform(
    name=NAME,
    title="AWS Health",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("health.aws.amazon.com", "status.aws.amazon.com"),
    probes=("/public/currentevents",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=False,
        identity="the arn of the event, in feeds its service and second; an update is known by its second in both; an "
        "announcement by its first line",
        absence="the events are all there are: what is gone has ended, and each service not named is well; an "
        "announcement that is gone is over; the feeds cover nothing",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
