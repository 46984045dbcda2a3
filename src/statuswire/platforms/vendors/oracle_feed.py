"""`incident-summary.rss` of Oracle Cloud: an item for each incident and region or service.

The items of one incident are joined by the OCID in guid or link, else by title. A line of the description that begins
with a phase begins an update (`Identified - A bad route.`); only the newest of them has a moment, that of the item.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, Incident, IncidentUpdate, PageFacts, Phase, Snapshot
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.remembering import known_again

OCID: Final = r"ocid1\.[a-z]{0,20}incident\.[A-Za-z0-9._-]{1,200}"
_OCID: Final = re.compile(OCID)

PHASES: Final[dict[str, Phase]] = {
    "investigating": Phase.INVESTIGATING,
    "identified": Phase.IDENTIFIED,
    "monitoring": Phase.MONITORING,
    "resolved": Phase.RESOLVED,
}
_LINE: Final = re.compile(
    r"(Investigating|Identified|Monitoring|Resolved)\b\s*[-–—:]?\s*(.*)", re.IGNORECASE | re.DOTALL
)
_ORDER: Final = tuple(PHASES.values())


def is_our_feed(feed: FeedDocument) -> bool:
    return any(_number(entry) for entry in feed.entries)


def read_oracle_feed(platform: str, page: PageFacts, document: Document) -> Snapshot:
    """The incidents of the feed. Raises ParseError(SHAPE) for a feed of somebody else.

    It is dated by when it was served: the report, which has no times, would otherwise pass for the newer word of the
    two, and its incidents never get their titles.
    """
    feed = read_feed(document)
    is_named = "oracle" in f"{feed.title} {feed.link} {feed.description} {document.url}".lower()
    if not is_our_feed(feed) and not is_named:
        raise ParseError(ParseReason.SHAPE, "a feed, but not one of Oracle Cloud")
    entries = tuple(map(_numbered, feed.entries))
    snapshot = feed_snapshot(platform, replace(feed, entries=entries), document)
    incidents = tuple(_split(incident) for incident in snapshot.incidents)
    facts = replace(page, name=snapshot.page.name, url=page.url or snapshot.page.url)
    return replace(snapshot, page=facts, as_of=document.served_at, incidents=incidents)


@known_again
def _numbered(entry: Entry) -> Entry:
    return replace(entry, id=_number(entry) or entry.id)


def _number(entry: Entry) -> str:
    found = _OCID.search(entry.id) or _OCID.search(entry.link)
    return found[0].rstrip(".") if found else ""


@known_again
def _split(incident: Incident) -> Incident:
    """With one update for each line that begins with a phase, and, as items repeat, each of them once."""
    told = [one for update in incident.updates for one in _of_lines(update)]
    once = tuple({(one.phase, one.text): one for one in told}.values())
    newest = next((one for one in reversed(once) if one.phase), None)
    if newest is None or once == incident.updates:
        return incident
    closed = newest.at if newest.phase is Phase.RESOLVED else None
    return replace(incident, updates=once, phase=newest.phase, raw_phase=newest.raw_phase, resolved_at=closed)


def _of_lines(update: IncidentUpdate) -> list[IncidentUpdate]:
    """The updates in one text, oldest first; the text itself where no line begins with a phase."""
    blocks: list[tuple[str, list[str]]] = []
    for line in update.text.split("\n"):
        found = _LINE.fullmatch(line)
        if found:
            blocks.append((found[1], [found[2]] if found[2] else []))
        elif blocks:
            blocks[-1][1].append(line)
    if not blocks or (len(blocks) == 1 and update.phase):
        return [update]
    ordered = blocks if _is_oldest_first([word for word, _ in blocks]) else blocks[::-1]
    return [_block(word, lines, _at(update, place, ordered)) for place, (word, lines) in enumerate(ordered)]


def _at(update: IncidentUpdate, place: int, ordered: Sequence[object]) -> datetime | None:
    return update.at if place == len(ordered) - 1 else None


def _block(word: str, lines: Sequence[str], at: datetime | None) -> IncidentUpdate:
    return IncidentUpdate("", PHASES[word.lower()], "\n".join(lines), at, raw_phase=word)


def _is_oldest_first(words: Sequence[str]) -> bool:
    """As Statuspage, whose heir this is, the newest stands first, unless the phases run the other way."""
    first, last = (_ORDER.index(PHASES[word.lower()]) for word in (words[0], words[-1]))
    return first < last
