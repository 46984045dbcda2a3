"""xAI's own status page, <https://status.x.ai>, not documented; checked 2026-11 against a working client's capture.

`/feed.xml` is all there is for machines: RSS with one item for each incident, more than a hundred of them.

    <title>[API] Elevated errors</title><guid isPermaLink="false">INC999</guid>
    <category>degraded</category><category>resolved</category>
    <description><![CDATA[Status: RESOLVED<br/>Severity: degraded<br/>Resolved: 2026-09-05 10:30 UTC
    <div><strong>2026-09-05 10:30</strong><h3>Resolved</h3><p>Fixed.</p></div>]]></description>

Quirks: severity and state are two categories in no order, told apart by their words; the scope in brackets is the
component, and may be empty; the newest block stands first, its time is in UTC; test entries were published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Document,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import oldest_first
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.reading import choose, fold_word, html_text, moment, normalise_url, one_line
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin
from statuswire.platforms.vendors.rows import worst_rows
from statuswire.platforms.words import PHASE_WORDS, UNCHANGED_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "xai"
HOME: Final = "https://status.x.ai"
RSS: Final = "application/rss+xml"
NO_SCOPE: Final = "unknown"

LEVELS: Final[dict[str, Status]] = {
    "available": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "unavailable": Status.MAJOR_OUTAGE,
}
IMPACTS: Final[dict[str, Impact]] = {
    "available": Impact.NONE,
    "degraded": Impact.MINOR,
    "unavailable": Impact.CRITICAL,
}

_DOCUMENTS: Final = (("/feed.xml", FeedSpec("", Role.ENTRIES, accept=RSS)),)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The one feed there is."""
    named, base = named_document(page_url, _DOCUMENTS), origin(page_url)
    return named or ((FeedSpec(f"{base}/feed.xml", Role.ENTRIES, accept=RSS),) if base else ())


# --- the feed ----------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read the feed. Raises ParseError."""
    feed = read_feed(document)
    if not _is_ours(feed) and (feed.entries or "x.ai" not in f"{feed.link} {document.url}"):
        raise ParseError(ParseReason.SHAPE, "a feed, but not xAI's")
    problems = list(feed.problems)
    read = [
        _read(entry, f"entry[{place}]", problems) for place, entry in enumerate(feed.entries) if not _is_test(entry)
    ]
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="xAI", url=HOME),
        components=worst_rows(row for one in read for row in _row(one)),
        incidents=tuple(one.incident for one in read),
        problems=tuple(problems),
        generator=feed.generator,
    )


_TEST: Final = re.compile(r"\btest[+ _-]?incident\b", re.IGNORECASE)


def _is_test(entry: Entry) -> bool:
    return _TEST.search(entry.title) is not None


@dataclass(frozen=True, slots=True)
class _Item:
    incident: Incident
    scope: str
    level: Status
    word: str


def _row(item: _Item) -> Iterable[Component]:
    """The scope as a component, at its level while the incident is open."""
    if item.scope:
        yield Component(item.scope, item.scope, status=item.level, raw_status=item.word)


_TITLE: Final = re.compile(r"\[(?P<scope>[^\[\]]{0,80})\]\s*(?P<headline>.*)", re.DOTALL)
_FIELD: Final = re.compile(r"(Status|Severity|Resolved):[ \t]*([^\n<]{1,80})")


@remembered
def _read(entry: Entry, where: str, problems: list[Problem]) -> _Item:
    found = _TITLE.fullmatch(entry.title)
    scope, headline = (one_line(found["scope"]), found["headline"]) if found else ("", entry.title)
    head, updates = _split(entry.html, where, problems)
    told = {name.lower(): value.strip() for name, value in _FIELD.findall(head)}
    severity = _severity(entry, told)
    state = _state(entry, told)
    phase = choose(state, PHASE_WORDS, Phase.UNKNOWN, f"{where}.state", problems) if state else _reached(updates)
    impact = choose(severity, IMPACTS, Impact.UNKNOWN, f"{where}.severity", problems)
    is_over = phase is not None and phase.is_closed
    level = Status.OPERATIONAL if is_over else LEVELS.get(fold_word(severity), Status.UNKNOWN)
    ended = moment(told.get("resolved", ""))
    incident = Incident(
        id=entry.id,
        title=headline or entry.title,
        phase=phase,
        impact=impact,
        url=entry.link,
        created_at=entry.published,
        started_at=_begun(entry, updates),
        resolved_at=(ended or _last(updates)) if is_over else None,
        components=(AffectedComponent(scope or NO_SCOPE, scope or NO_SCOPE, status=level),),
        updates=updates,
        aliases=_aliases(entry),
        raw_phase=state,
        raw_impact=severity,
    )
    return _Item(incident, scope, level, "" if is_over else severity)


def _severity(entry: Entry, told: dict[str, str]) -> str:
    """The category that is a severity, else the field of the text."""
    return next((word for word in entry.categories if fold_word(word) in LEVELS), told.get("severity", ""))


def _state(entry: Entry, told: dict[str, str]) -> str:
    """The other category."""
    return next((word for word in entry.categories if fold_word(word) not in LEVELS), told.get("status", ""))


def _reached(updates: tuple[IncidentUpdate, ...]) -> Phase | None:
    return next((one.phase for one in reversed(updates) if one.phase), None)


def _begun(entry: Entry, updates: tuple[IncidentUpdate, ...]) -> datetime | None:
    return min((at for at in (entry.published, *(one.at for one in updates)) if at), default=None)


def _last(updates: tuple[IncidentUpdate, ...]) -> datetime | None:
    return max((one.at for one in updates if one.at), default=None)


def _aliases(entry: Entry) -> tuple[str, ...]:
    """The link, where it leads to the incident."""
    link = normalise_url(entry.link)
    return (link,) if entry.id and entry.id in link and link != entry.id else ()


# --- blocks ------------------------------------------------------------------------------------------------------

_BLOCK: Final = re.compile(
    r"<strong>(?P<when>[^<]{4,60})</strong>(?:\s|<br\s*/?>|</?(?:p|div)>){0,8}<h3>(?P<phase>[^<]{1,60})</h3>",
    re.IGNORECASE,
)


def _split(html: str, where: str, problems: list[Problem]) -> tuple[str, tuple[IncidentUpdate, ...]]:
    """The fields above the first block as text, and the updates, oldest first."""
    marks = list(_BLOCK.finditer(html))
    if not marks:
        words = html_text(html)
        return words, ()
    ends = [mark.start() for mark in marks[1:]] + [len(html)]
    updates = [_update(mark, html[mark.end() : end], where, problems) for mark, end in zip(marks, ends, strict=True)]
    return html_text(html[: marks[0].start()]), oldest_first(reversed(updates))


def _update(mark: re.Match[str], body: str, where: str, problems: list[Problem]) -> IncidentUpdate:
    word = html_text(mark["phase"])
    phase = None
    if fold_word(word) not in UNCHANGED_WORDS:
        phase = choose(word, PHASE_WORDS, Phase.UNKNOWN, f"{where}.phase", problems)
    markup = body.removesuffix("<div>").strip()
    return IncidentUpdate("", phase, html_text(markup), moment(html_text(mark["when"])), raw=markup, raw_phase=word)


# --- recognising -------------------------------------------------------------------------------------------------

_ID: Final = re.compile(r"INC[A-Za-z0-9_-]{1,40}")


def _is_ours(feed: FeedDocument) -> bool:
    return any(_is_item(entry) for entry in feed.entries)


def _is_item(entry: Entry) -> bool:
    has_severity = any(fold_word(word) in LEVELS for word in entry.categories)
    return _ID.fullmatch(entry.id) is not None and (has_severity or "Severity:" in entry.html[:400])


def recognize(sight: Sight) -> bool:
    """Items with a number like theirs and one of the severities."""
    return sight.feed is not None and _is_ours(sight.feed)


PLATFORM = Platform(
    name=NAME,
    title="xAI",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.x.ai",),
    probes=("/feed.xml",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=False,
        identity="the number of the incident; an update is known by moment and text; a component "
        "is the scope in the title",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
