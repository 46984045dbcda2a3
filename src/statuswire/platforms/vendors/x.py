"""X's platform for developers, <https://docs.x.com/status>, by its Markdown twin `status.md`; prose meant for people.

Known from one working client, checked 2026-11; the consumer service has no page, and the Statuspage at
`api.twitterstat.us` is retired. The layout: a banner ("All systems are operational"), a `<Card title="...">` for each
component with its state in `<Tooltip tip="...">`, then `## Incident history` with `<Step title="...">` blocks.

Quirks: the page is well only where the banner says so, and unknown where there is neither banner nor card; marks of
"ongoing" go stale, so that an incident without a date, or one older than seven days, is of an unknown phase.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Document,
    FeedSpec,
    Incident,
    IncidentUpdate,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import choose, decode, html_text, moment, title, web_page
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.notices import closing_words
from statuswire.platforms.words import COMPONENT_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "x"
HOME: Final = "https://docs.x.com/status"
FRESH: Final = timedelta(days=7)
MOST_BLOCKS: Final = 1_000

_BANNER: Final = re.compile(r"\ball systems (?:are )?operational\b", re.IGNORECASE)
_TITLE: Final = re.compile(r'[^<>]{0,300}?title="([^"<>]{1,300})"[^<>]{0,300}>')
_TIP: Final = re.compile(r'<Tooltip\s[^<>]{0,200}?tip="([^"<>]{1,200})"')
_DATE: Final = re.compile(r"\b(?:[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4}|\d{4}-\d{2}-\d{2})\b")
_OVER: Final = closing_words("resolved", "completed")
_OPEN: Final = re.compile(r"\b(?:ongoing|current)\b", re.IGNORECASE)
_SLUG: Final = re.compile(r"[^a-z0-9]+")
_HISTORY: Final = "## Incident history"


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The Markdown twin of the page."""
    base, path = origin(page_url), path_of(page_url)
    url = page_url if path.endswith(".md") else f"{base}/status.md"
    return (FeedSpec(url, accept="text/markdown"),) if base else ()


def parse(document: Document) -> Snapshot:
    """Read the Markdown. Raises ParseError; SHAPE for a text with neither banner nor cards."""
    source = decode(document)
    instead = web_page(source)
    if instead:
        raise instead
    present, _, history = source.partition(_HISTORY)
    cards = _blocks(present, "Card")
    is_well = _BANNER.search(present) is not None
    if not is_well and not cards:
        raise ParseError(ParseReason.SHAPE, "not the status of X: neither the banner nor a card")
    problems: list[Problem] = []
    told = (_incident(heading, body, document.served_at) for heading, body in _blocks(history, "Step"))
    incidents = {one.id: one for one in told}
    status = Status.OPERATIONAL if is_well else None
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="X", url=HOME, status=status),
        components=_components(cards, problems),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


def _blocks(source: str, tag: str) -> list[tuple[str, str]]:
    """Title and content of each element; one begins where the last has to end, so that nothing is read twice."""
    found = []
    for piece in source.split(f"<{tag} ", MOST_BLOCKS)[1:]:
        head = _TITLE.match(piece)
        if head:
            found.append((head[1], piece[head.end() :].partition(f"</{tag}>")[0]))
    return found


def _slug(words: str) -> str:
    return _SLUG.sub("-", words.lower()).strip("-")


def _components(cards: list[tuple[str, str]], problems: list[Problem]) -> tuple[Component, ...]:
    rows: dict[str, Component] = {}
    for place, (heading, body) in enumerate(cards):
        name, tip = title(heading), _TIP.search(body)
        word = title(tip[1], 60) if tip else ""
        level = choose(word, COMPONENT_WORDS, Status.UNKNOWN, f"card[{place}].tip", problems)
        rows.setdefault(_slug(name) or name, Component(_slug(name) or name, name, None, level, word, position=place))
    return tuple(rows.values())


def _incident(heading: str, body: str, now: datetime) -> Incident:
    name, words = title(heading), html_text(body)
    dated = _DATE.search(name) or _DATE.search(words)
    at = moment(dated[0]) if dated else None
    phase = _phase(words, at, now)
    return Incident(
        id=f"{_slug(name) or 'incident'}/{at.date().isoformat() if at else ''}".rstrip("/"),
        title=name,
        phase=phase,
        url=HOME,
        created_at=at,
        started_at=at,
        updates=(IncidentUpdate("", phase, words, at, raw=body if body != words else ""),) if words else (),
    )


def _phase(words: str, at: datetime | None, now: datetime) -> Phase:
    if _OVER.search(words):
        return Phase.RESOLVED
    is_fresh = at is not None and now - at <= FRESH
    return Phase.INVESTIGATING if is_fresh and _OPEN.search(words) else Phase.UNKNOWN


def recognize(sight: Sight) -> bool:
    """Cards with tooltips above a history of incidents, in Markdown that names the platform of X."""
    if sight.is_markup or b"<Tooltip" not in sight.document.body:
        return False
    source = sight.document.body[:65_536]
    return b"<Card" in source and _HISTORY.encode() in source and b"X " in source


PLATFORM = Platform(
    name=NAME,
    title="X, developer platform",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=False,
        identity="title and day of the incident; a component is known by its title",
        confidence=Confidence.LOW,
        checked="2026-11",
    ),
)
