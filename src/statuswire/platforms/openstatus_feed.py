"""The Atom and RSS feeds of an OpenStatus page, for where its JSON cannot be read.

An entry is a report or a maintenance: id and link end in `/events/report/<id>` or `/events/maintenance/<id>`, the title
is `<Status> - <title>`, its date that of the last change of anything in it. The body has one paragraph for each update,
newest first: `<Status>: <message>.` of a report, with a full stop more than was written, `<moment>: <message>` of a
maintenance; a maintenance without updates has its message alone. Entries stand oldest first. The updates of a report
have no moments. From the vendor's source, checked 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from statuswire.model import Document, Impact, Incident, IncidentUpdate, Kind, PageFacts, Phase, Problem, Snapshot
from statuswire.platforms.derived import oldest_first
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.openstatus_terms import NAME, PHASES, maintenance_id
from statuswire.platforms.reading import fold_word, html_text, moment, normalise_url, plain
from statuswire.platforms.remembering import remembered

GENERATOR: Final = "OpenStatus"
_LINK: Final = re.compile(r"/events/(report|maintenance)/(\d{1,18})/?(?:[?#].*)?$")
_TITLE: Final = re.compile(r"(Investigating|Identified|Monitoring|Resolved|Maintenance) - (.+)", re.DOTALL)
_REPORT_PART: Final = re.compile(r"(?:\A|\n\n)(Investigating|Identified|Monitoring|Resolved): ")
_DATED_PART: Final = re.compile(r"(?:\A|\n\n)(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z): ")


def is_our_feed(feed: FeedDocument) -> bool:
    """Whether the generator is the product's."""
    return feed.generator.startswith(GENERATOR)


def read_our_feed(document: Document) -> Snapshot:
    """The Snapshot of the feed, which covers nothing. Raises ParseError."""
    feed = read_feed(document)
    problems = list(feed.problems)
    read = (_incident(entry, f"entries[{place}]", problems) for place, entry in enumerate(feed.entries))
    return Snapshot(
        platform=NAME,
        page=PageFacts(name=feed.title or None, url=feed.link.rstrip("/") or None),
        incidents=tuple(incident for incident in read if incident is not None),
        problems=tuple(problems),
        generator=feed.generator,
    )


@remembered
def _incident(entry: Entry, where: str, problems: list[Problem]) -> Incident | None:
    found = _LINK.search(entry.link) or _LINK.search(entry.id)
    if found is None:
        problems.append(Problem(where, "an entry that leads to no report or maintenance"))
        return None
    is_planned = found[1] == "maintenance"
    heading = _TITLE.fullmatch(entry.title)
    word = heading[1] if heading else ""
    phase = None if is_planned else PHASES.get(fold_word(word))
    changed_at = entry.updated or entry.published
    updates = _dated_updates(entry.html) if is_planned else _report_updates(entry.html, phase)
    return Incident(
        id=maintenance_id(found[2]) if is_planned else found[2],
        title=heading[2] if heading else entry.title,
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase=phase,
        impact=Impact.MAINTENANCE if is_planned else Impact.UNKNOWN,
        url=entry.link,
        updated_at=changed_at,
        updates=updates,
        aliases=(normalise_url(entry.link),) if entry.link else (),
        raw_phase="" if is_planned else word,
    )


def _report_updates(body: str, phase: Phase | None) -> tuple[IncidentUpdate, ...]:
    """Oldest first, without moments; a body in another form is one update of the phase in the title."""
    parts = _parts(body, _REPORT_PART)
    if not parts:
        return _single(body, phase)
    return tuple(_update(message, PHASES[fold_word(word)], None, word) for word, message in reversed(parts))


def _dated_updates(body: str) -> tuple[IncidentUpdate, ...]:
    parts = _parts(body, _DATED_PART)
    if not parts:
        return _single(body, None)
    return oldest_first(_update(message, None, moment(stamp), "") for stamp, message in reversed(parts))


def _single(body: str, phase: Phase | None) -> tuple[IncidentUpdate, ...]:
    message = html_text(body)
    raw = body if message != body else ""
    return (IncidentUpdate("", phase, message, None, raw=raw),) if message else ()


def _parts(body: str, mark: re.Pattern[str]) -> Sequence[tuple[str, str]]:
    """What stands behind each mark, with the mark's word. A paragraph without one belongs to the update before it."""
    found = list(mark.finditer(body))
    if not found:
        return ()
    ends = [one.start() for one in found[1:]] + [len(body)]
    return [(one[1], body[one.end() : end]) for one, end in zip(found, ends, strict=True)]


def _update(message: str, phase: Phase | None, at: datetime | None, word: str) -> IncidentUpdate:
    """The full stop that the feed adds is taken off where the message had one of its own."""
    written = message.strip()
    text, raw = plain(written[:-1] if written.endswith("..") else written)
    return IncidentUpdate("", phase, text, at, raw=raw, raw_phase=word)
