"""The former status page of Stripe, <https://status.stripe.com>, for what was recorded of it.

Stripe has moved to Atlassian Statuspage at <https://www.stripestatus.com>, which is what to watch. The page of its own
answered until about the middle of 2026 (checked 2026-11):

- `/current`: `{"largestatus": "up", "message": "...", "statuses": {"api": "up"}, "time"}`;
- `/current/full`: `{"message": "...", "UptimeStatus": "up", "uptimeData": [{"key", "title", "warning": false}]}`.

Neither told of incidents. They are only polled where their own address is watched. `status.stripe.com/api/v2/` was
never there, although lists still carry it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, PageFacts, Problem, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.reading import as_mapping, choose, flag, ident, items, load_json, plain, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "stripe"

LEVELS: Final[dict[str, Status]] = {
    "up": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "down": Status.MAJOR_OUTAGE,
    "pending": Status.MAINTENANCE,
    "paused": Status.MAINTENANCE,
}

_DOCUMENTS: Final = (("/current/full", FeedSpec("")), ("/current", FeedSpec("")))


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The one document that is named; nothing for the page, which is gone."""
    return named_document(page_url, _DOCUMENTS)


def parse(document: Document) -> Snapshot:
    """Read either document, told by its keys. Raises ParseError."""
    fields = as_mapping(load_json(document))
    problems: list[Problem] = []
    if "largestatus" in fields:
        word, where, listed = fields["largestatus"], "largestatus", fields.get("statuses")
        components = _statuses(listed, problems)
        covers_all = isinstance(listed, dict) and len(components) == len(listed)
    elif "UptimeStatus" in fields:
        word, where, listed = fields["UptimeStatus"], "UptimeStatus", fields.get("uptimeData")
        components = _uptime(listed, word, problems)
        covers_all = is_whole(listed, "uptimeData", problems)
    else:
        raise ParseError(ParseReason.SHAPE, "not a document of the former status page of Stripe")
    status = choose(word, LEVELS, Status.UNKNOWN, where, problems)
    page = PageFacts(name="Stripe", status=status, status_text=title(plain(text(fields.get("message")))[0]))
    covers = frozenset({Cover.COMPONENTS}) if covers_all and components else frozenset()
    return Snapshot(NAME, page, covers=covers, components=components, problems=tuple(problems))


def _statuses(listed: object, problems: list[Problem]) -> tuple[Component, ...]:
    rows = []
    for place, (key, word) in enumerate(as_mapping(listed).items()):
        name = title(key)
        if name:
            level = choose(word, LEVELS, Status.UNKNOWN, f"statuses.{name[:40]}", problems)
            rows.append(Component(name, name, status=level, raw_status=text(word, 40), position=place))
    return tuple(rows)


def _uptime(listed: object, word: object, problems: list[Problem]) -> tuple[Component, ...]:
    """A row says only whether there is a warning: then it is as the whole page is, at best degraded."""
    whole = choose(word, LEVELS, Status.UNKNOWN, "UptimeStatus", [])
    warned = Status.DEGRADED if whole is Status.OPERATIONAL else whole
    rows: dict[str, Component] = {}
    for place, fields in items(listed, "uptimeData", problems):
        key = ident(fields.get("key")) or title(fields.get("title"))
        if not key:
            problems.append(Problem(f"uptimeData[{place}]", "a row without key and title"))
            continue
        level = Status.UNKNOWN
        if "warning" in fields:
            level = warned if fields["warning"] and fields["warning"] != "false" else Status.OPERATIONAL
        raw = "warning" if flag(fields.get("warning")) else ""
        rows[key] = Component(key, title(fields.get("title")) or key, status=level, raw_status=raw, position=place)
    return tuple(rows.values())


def recognize(sight: Sight) -> bool:
    """The two roll-ups have names of their own."""
    if sight.is_markup:
        return False
    keys = sight.fields.keys()
    return keys >= {"largestatus", "statuses"} or keys >= {"UptimeStatus", "uptimeData"}


PLATFORM = Platform(
    name=NAME,
    title="Stripe, the former page",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    coverage=Coverage(
        components=True,
        identity="a component is known by its key",
        absence="a component that is no longer listed is gone",
        confidence=Confidence.LOW,
        checked="2026-11",
    ),
)
