"""The RSS of AWS: `all.rss` with the newest 50 updates, and one feed for each service and region.

An item is one update. Its title is a state, a colon and the headline; its guid is the service and the epoch of *this*
update, `https://status.aws.amazon.com/#ec2-eu-west-9_1790000000`, so that those of one incident differ; its date has a
zone of Seattle; the link is always the site. Items of one service belong together until one says that it is over, or
for as long as the gaps stay below a day (the largest seen inside an incident: 6.8 hours). Captured 2026-08.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Document,
    Impact,
    Incident,
    IncidentUpdate,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.feeds import Entry, FeedDocument
from statuswire.platforms.reading import choose, fold_word, moment, split_url
from statuswire.platforms.remembering import remembered
from statuswire.platforms.vendors.aws_terms import (
    NAME,
    PAGE_NAME,
    PAGE_URL,
    is_marked_resolved,
    split_slug,
    without_mark,
)
from statuswire.platforms.vendors.aws_updates import Message, reached, says_over, updates_of
from statuswire.platforms.words import IMPACT_ORDER

NORMAL: Final = "serviceisoperatingnormally"
PREFIX_IMPACTS: Final[dict[str, Impact]] = {
    NORMAL: Impact.UNKNOWN,
    "informationalmessage": Impact.MINOR,
    "serviceimpact": Impact.MAJOR,
    "servicedegradation": Impact.MAJOR,
    "servicedisruption": Impact.CRITICAL,
}
PREFIX_LEVELS: Final[dict[str, Status]] = {
    NORMAL: Status.OPERATIONAL,
    "informationalmessage": Status.DEGRADED,
    "serviceimpact": Status.DEGRADED,
    "servicedegradation": Status.DEGRADED,
    "servicedisruption": Status.PARTIAL_OUTAGE,
}

_GUID: Final = re.compile(r"https?://status\.aws\.amazon\.com/?#(?P<slug>[A-Za-z0-9-]{1,80})_(?P<stamp>\d{9,11})")
_TITLE: Final = re.compile(r"(?P<prefix>Service [a-z ]{1,30}|Informational message):\s+(?P<headline>.+)", re.DOTALL)
_FILE: Final = re.compile(r"/rss/(?P<slug>[A-Za-z0-9-]{1,80})\.rss\Z")
_GAP: Final = timedelta(hours=24)
_EARLY: Final = (Phase.INVESTIGATING, Phase.IDENTIFIED)
"""Of an incident with one update, and with more."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One update. `prefix` is the folded state word, empty where the title has none."""

    slug: str
    at: datetime
    prefix: str
    headline: str
    entry: Entry
    is_end: bool
    impact: Impact
    level: Status


def is_our_feed(feed: FeedDocument) -> bool:
    """Whether a feed names its maker, or its items are named as only AWS does."""
    if feed.generator.startswith("AWS Service Health Dashboard"):
        return True
    return any(_GUID.fullmatch(entry.id) for entry in feed.entries)


def feed_slug(url: str) -> str:
    """The service that a feed is about, by its address; empty for `all.rss` and where the address is not known."""
    address = split_url(url)
    found = _FILE.search(address.path) if address else None
    return found["slug"] if found and found["slug"] != "all" else ""


def read_aws_feed(feed: FeedDocument, document: Document) -> Snapshot:
    """The incidents of a feed; of the feed of one service also the level of that service.

    Raises ParseError(SHAPE) for a feed of somebody else.
    """
    problems = list(feed.problems)
    slug = feed_slug(document.url)
    found = list(_items(feed.entries, problems))
    is_ours = bool(found) or is_our_feed(feed) or (not feed.entries and (slug or "Amazon Web Services" in feed.title))
    if not is_ours:
        raise ParseError(ParseReason.SHAPE, "a feed, but not one of AWS")
    stale_before = document.served_at - _GAP if slug else None
    runs = list(_runs(found))
    return Snapshot(
        platform=NAME,
        page=PageFacts(name=PAGE_NAME, url=PAGE_URL),
        components=_own_component(slug, runs, stale_before),
        incidents=tuple(_incident(run, stale_before) for run in runs),
        problems=tuple(problems),
        generator=feed.generator,
    )


# --- items -------------------------------------------------------------------------------------------------------


def _items(entries: Sequence[Entry], problems: list[Problem]) -> Iterator[_Item]:
    for place, entry in enumerate(entries):
        guid = _GUID.fullmatch(entry.id)
        at = moment(int(guid["stamp"])) if guid else None
        if guid is None or at is None:
            problems.append(Problem(f"entry[{place}].guid", "not the guid of an update"))
            continue
        yield _item(entry, f"entry[{place}].title", problems, guid["slug"], at)


@remembered
def _item(entry: Entry, where: str, problems: list[Problem], slug: str, at: datetime) -> _Item:
    found = _TITLE.fullmatch(entry.title)
    prefix, headline = (found["prefix"], found["headline"]) if found else ("", entry.title)
    return _Item(
        slug=slug,
        at=at,
        prefix=prefix,
        headline=without_mark(headline),
        entry=entry,
        is_end=fold_word(prefix) == NORMAL or is_marked_resolved(entry.title) or says_over(entry.html),
        impact=choose(prefix, PREFIX_IMPACTS, Impact.UNKNOWN, where, problems),
        level=choose(prefix, PREFIX_LEVELS, Status.UNKNOWN, where, []),
    )


def _runs(found: Sequence[_Item]) -> Iterator[list[_Item]]:
    """The updates of one incident together, oldest first; the incidents in the order of the feed."""
    by_slug: dict[str, list[_Item]] = {}
    for item in found:
        by_slug.setdefault(item.slug, []).insert(0, item)
    for listed in by_slug.values():
        run: list[_Item] = []
        for item in sorted(listed, key=lambda item: item.at):
            if run and (run[-1].is_end or item.at - run[-1].at > _GAP):
                yield run
                run = []
            run.append(item)
        yield run


# --- incidents ---------------------------------------------------------------------------------------------------


def _is_over(run: Sequence[_Item], stale_before: datetime | None) -> bool:
    """Some feeds of one service never get a closing item: there the last one counts for a day."""
    return run[-1].is_end or (stale_before is not None and run[-1].at < stale_before)


def _incident(run: Sequence[_Item], stale_before: datetime | None) -> Incident:
    slug, newest = run[0].slug, run[-1]
    key, region = split_slug(slug)
    worst = max(run, key=lambda item: IMPACT_ORDER.index(item.impact))
    names = tuple(dict.fromkeys(f"{item.slug}_{int(item.at.timestamp())}" for item in run))
    is_over = _is_over(run, stale_before)
    messages = [Message(item.at, item.entry.html, item.is_end, item.prefix) for item in run]
    updates = _with_phase(updates_of(messages, is_over=False, is_whole=False))
    level = Status.OPERATIONAL if is_over else newest.level
    return Incident(
        id=names[0],
        title=newest.headline,
        phase=Phase.RESOLVED if is_over else reached(updates),
        impact=worst.impact,
        url=PAGE_URL,
        created_at=run[0].at,
        resolved_at=newest.at if is_over else None,
        components=(AffectedComponent(slug, key, region, level),),
        updates=updates,
        aliases=names[1:],
        raw_phase=newest.prefix,
        raw_impact=worst.prefix,
    )


def _with_phase(updates: tuple[IncidentUpdate, ...]) -> tuple[IncidentUpdate, ...]:
    """Of updates that say nothing of a phase the newest leads to that which their number shows."""
    if reached(updates) is not None:
        return updates
    return (*updates[:-1], replace(updates[-1], phase=_EARLY[len(updates) > 1]))


def _own_component(slug: str, runs: Sequence[Sequence[_Item]], stale_before: datetime | None) -> tuple[Component, ...]:
    """The one service of a feed that is about no other: well where its feed is empty or what it tells is over."""
    if not slug:
        return ()
    _, region = split_slug(slug)
    newest = max((run for run in runs if run[0].slug == slug), key=lambda run: run[-1].at, default=None)
    if newest is None or _is_over(newest, stale_before):
        return (Component(slug, "", region, Status.OPERATIONAL),)
    return (Component(slug, "", region, newest[-1].level, newest[-1].prefix),)
