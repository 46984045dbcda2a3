"""incident.io's feeds: `/feed.atom`, `/feed.rss` and their Statuspage-like aliases `/history.atom`, `/history.rss`.

One entry per incident, about 50, rewritten in place with the latest update: a feed tells one update of each incident
and covers nothing. Shape of the content (captured feeds, checked 2026-11):

    <b>Status: Identified</b><br/><br/>text<br/><br/>
    <b>Affected components</b><ul><li>API (Degraded performance)</li></ul>

Both headings and both kinds of words are in the page's language. Ids and links are `https://host//incidents/<ULID>`,
with two slashes. When an incident is over, its components read "Operational".
"""

from __future__ import annotations

import re
from datetime import datetime

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Document,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.incidentio_locales import (
    COMPONENT_HEADINGS,
    LOCAL_LEVELS,
    LOCAL_PHASES,
    STATUS_HEADINGS,
)
from statuswire.platforms.incidentio_terms import NAME, is_ulid, kind_of, worst_impact
from statuswire.platforms.reading import choose, fold_word, html_text, plain, title, ulid_time, url_path_tail
from statuswire.platforms.remembering import remembered
from statuswire.platforms.words import UNCHANGED_WORDS

GENERATOR = "incident.io"

_STATUS_LINE = re.compile(r"\s*+<b>([^<:：]{1,60}+)[:：]([^<]{0,120}+)</b>\s*+(?:<br\s*+/?>\s*+)*+", re.IGNORECASE)
_COMPONENT_LIST = re.compile(
    r"<b>([^<]{1,120}+)</b>\s*+(?:<br\s*+/?>\s*+)*+<ul>(.*)</ul>\s*+", re.IGNORECASE | re.DOTALL
)
_BREAKS = ("<br>", "<br/>", "<br />", "<BR>")
_ITEM_EDGE = re.compile(r"</?li\b[^<>]*>", re.IGNORECASE)
_LEVEL = re.compile(r"[(（]([^()（）]{1,80})[)）]$")


def is_own_feed(feed: FeedDocument) -> bool:
    """True where the generator says so, or an entry has both incident.io's kind of address and its status line."""
    if GENERATOR in feed.generator.lower():
        return True
    return any(_has_own_address(entry) and _has_status_line(entry) for entry in feed.entries)


def _has_own_address(entry: Entry) -> bool:
    address = entry.id or entry.link
    return is_ulid(url_path_tail(address)) or "/incidents/" in address


def _has_status_line(entry: Entry) -> bool:
    line = _STATUS_LINE.match(entry.html)
    return line is not None and fold_word(line[1]) in STATUS_HEADINGS


def parse_feed(document: Document) -> Snapshot:
    """One incident with its latest update per entry.

    Raises ParseError, also for a feed that is somebody else's: the page has moved to another platform then.
    """
    feed = read_feed(document)
    if feed.entries and not is_own_feed(feed):
        raise ParseError(
            ParseReason.SHAPE, f"a feed, but not incident.io's (generator: {feed.generator[:60] or 'none'})"
        )
    return _read(feed)


def _read(feed: FeedDocument) -> Snapshot:
    problems = list(feed.problems)
    incidents: dict[str, Incident] = {}
    for index, entry in enumerate(feed.entries):
        where = f"entry[{index}]"
        incident = _incident(entry, where, problems)
        if not incident.id:
            problems.append(Problem(where, "an entry without an id or a link"))
        else:
            incidents.setdefault(incident.id, incident)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name=_page_name(feed.title), url=feed.link.rstrip("/") or None),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
        generator=feed.generator,
    )


def _page_name(heading: str) -> str | None:
    """The page's own name: "Acme status" and "Acme - Incident History" are the page Acme."""
    for ending in (" - incident history", " status"):
        if heading.lower().endswith(ending):
            heading = heading[: -len(ending)]
    return title(heading) or None


@remembered
def _incident(entry: Entry, where: str, problems: list[Problem]) -> Incident:
    incident_id = url_path_tail(entry.id) or url_path_tail(entry.link)
    word, body = _split_status(entry.html)
    body, components = _split_components(body, where, problems)
    phase = _phase(word, where, problems)
    said, raw = plain(_without_breaks_at_end(body))
    at = entry.updated or entry.published
    update = IncidentUpdate(id="", phase=phase, text=said, at=at, raw=raw, raw_phase=word, components=components or ())
    return Incident(
        id=incident_id,
        title=title(entry.title),
        kind=kind_of(phase),
        phase=phase,
        impact=_impact(phase, components),
        url=(entry.link or entry.id).replace("//incidents/", "/incidents/"),
        created_at=ulid_time(incident_id) or _made_at(entry),
        updated_at=at,
        components=components,
        updates=(update,),
        raw_phase=word,
    )


def _made_at(entry: Entry) -> datetime | None:
    """The time of publishing, where it is not just the time of the latest update."""
    return entry.published if entry.updated is not None else None


def _split_status(html: str) -> tuple[str, str]:
    """The status word of the first line, and what follows it."""
    line = _STATUS_LINE.match(html)
    if line is None:
        return "", html
    return html_text(line[2]).strip(), html[line.end() :]


def _without_breaks_at_end(html: str) -> str:
    end = len(html)
    while end:
        space = html[end - 1].isspace()
        if not space and not html.endswith(_BREAKS, 0, end):
            break
        end = end - 1 if space else html.rfind("<", 0, end)
    return html[:end]


def _phase(word: str, where: str, problems: list[Problem]) -> Phase | None:
    if not word or fold_word(word) in UNCHANGED_WORDS:
        return None
    return choose(word, LOCAL_PHASES, Phase.UNKNOWN, f"{where}.status", problems)


def _split_components(
    html: str, where: str, problems: list[Problem]
) -> tuple[str, tuple[AffectedComponent, ...] | None]:
    """The text without the closing list of components, and that list; None where there is none."""
    start = html.rfind("<b>")
    block = _COMPONENT_LIST.fullmatch(html, start) if start >= 0 else None
    if block is None:
        return html, None
    named = [_named(item) for item in _ITEM_EDGE.split(block[2]) if item.strip()]
    if fold_word(html_text(block[1])) not in COMPONENT_HEADINGS and not all(level for _, level in named):
        return html, None
    return html[:start], tuple(_affected(name, level, where, problems) for name, level in named if name)


def _named(item: str) -> tuple[str, str]:
    """A component's name and its level: `API (Degraded performance)`."""
    said = html_text(item).strip()
    level = _LEVEL.search(said)
    return (said[: level.start()].strip(), level[1].strip()) if level else (said, "")


def _affected(name: str, level: str, where: str, problems: list[Problem]) -> AffectedComponent:
    status = choose(level, LOCAL_LEVELS, Status.UNKNOWN, f"{where}.components", problems)
    return AffectedComponent("", name, None, status)


def _impact(phase: Phase | None, components: tuple[AffectedComponent, ...] | None) -> Impact:
    """That of the worst present level. Nothing can be said of what is over or mended: everything reads operational."""
    if kind_of(phase) is Kind.MAINTENANCE:
        return Impact.MAINTENANCE
    worst = worst_impact(component.status for component in components or ())
    return Impact.UNKNOWN if worst is Impact.NONE else worst
