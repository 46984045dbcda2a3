"""Nintendo, <https://www.nintendo.co.jp/netinfo/en_US/index.html>, by `status.json` beside it; not documented.

    {"lang": "en_US", "categories": [{"name": "Nintendo Switch", "type": 0}], "temporary_maintenances": [...],
     "operational_statuses": [{"platform": ["web"], "software_title": "...", "message": "...", "services": ["..."],
       "begin": "Monday, May 4, 2026  2 :14 AM", "end": "...", "event_status": "0"}]}

Known from public clients up to 2026, checked 2026-11. Quirks: some answers are JSONP (`getJSON(...)`); times are those
of the page's language, Pacific ones for `en_US`, with a blank before the colon; nothing has an id, so that a notice is
known by its title, platforms and beginning; of `event_status` only `3`, completed, is known. All else follows from the
times when the document is read, so that a phase moves no sooner than the document does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
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
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.feed_parts import derived_id
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import as_mapping, decode, ident, items, moment, plain, text, title
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "nintendo"
FOLDER: Final = "/netinfo/en_US"
HOME: Final = f"https://www.nintendo.co.jp{FOLDER}/index.html"
ZONE: Final = "America/Los_Angeles"
COMPLETED: Final = "3"

_LANGUAGE: Final = re.compile(r"/netinfo/[a-z]{2}_[A-Z]{2}")
_CALL: Final = "getJSON("


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The document of the page's language, that of the United States where none is named."""
    base, path = origin(page_url), path_of(page_url)
    if not base:
        return ()
    if path.endswith("/status.json"):
        return (FeedSpec(page_url),)
    named = _LANGUAGE.match(path)
    return (FeedSpec(f"{base}{named[0] if named else FOLDER}/status.json"),)


# --- the document ------------------------------------------------------------------------------------------------

_LISTS: Final = {
    "operational_statuses": (Kind.INCIDENT, Cover.OPEN_INCIDENTS),
    "temporary_maintenances": (Kind.MAINTENANCE, Cover.OPEN_MAINTENANCES),
}


def parse(document: Document) -> Snapshot:
    """Read the document. Raises ParseError."""
    fields = as_mapping(load_parts(_unwrapped(document)))
    if not any(is_list(fields.get(key)) for key in _LISTS):
        raise ParseError(ParseReason.SHAPE, "not a document of Nintendo: none of its lists")
    problems: list[Problem] = []
    incidents: dict[str, Incident] = {}
    covers = set()
    for key, (kind, cover) in _LISTS.items():
        for incident in _notice.each(fields.get(key), key, problems, kind, Now(document.served_at)).found:
            incidents[incident.id] = incident
        if is_whole(fields.get(key), key, problems):
            covers.add(cover)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="Nintendo", url=HOME),
        covers=frozenset(covers),
        components=_platforms(fields.get("categories"), incidents.values(), problems),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


def _unwrapped(document: Document) -> Document:
    """The JSON inside the call that some answers are."""
    if not document.body[:64].lstrip().startswith(_CALL.encode()):
        return document
    inside = decode(document).strip().removeprefix(_CALL).removesuffix(";").rstrip().removesuffix(")")
    return replace(document, body=inside.encode("utf-8", "replace"))


@remembered
def _notice(fields: Fields, where: str, problems: list[Problem], kind: Kind, now: Now) -> Incident | None:
    name, begins, ends = title(fields.get("software_title")), _at(fields, "begin"), _at(fields, "end")
    if not name or begins is None:
        problems.append(Problem(where, "a notice without title or beginning"))
        return None
    names = _names(fields.get("platform"))
    is_planned = kind is Kind.MAINTENANCE
    phase = _phase(fields, begins, ends, now, is_planned=is_planned)
    words, raw = plain(text(fields.get("message")))
    level = _LEVELS.get(phase, Status.OPERATIONAL)
    return Incident(
        id=derived_id(f"{name}/{','.join(names)}", begins, ""),
        title=name,
        kind=kind,
        phase=phase,
        impact=Impact.MAINTENANCE if is_planned else Impact.UNKNOWN,
        url=HOME,
        started_at=None if is_planned else begins,
        resolved_at=ends if phase.is_closed else None,
        scheduled_for=begins if is_planned else None,
        scheduled_until=ends if is_planned else None,
        components=tuple(AffectedComponent(one, one, status=level) for one in names),
        updates=(IncidentUpdate("", phase, words, _written(phase, begins, ends), raw=raw),) if words else (),
        raw_phase=ident(fields.get("event_status")),
    )


_LEVELS: Final = {Phase.INVESTIGATING: Status.DEGRADED, Phase.IN_PROGRESS: Status.MAINTENANCE}


def _at(fields: Fields, key: str) -> datetime | None:
    return moment(text(fields.get(key), 100).replace(" :", ":"), ZONE)


def _names(listed: object) -> tuple[str, ...]:
    names = (title(one, 100) for one in listed[:50]) if isinstance(listed, list) else ()
    return tuple(dict.fromkeys(name for name in names if name))


def _phase(fields: Fields, begins: datetime, ends: datetime | None, now: Now, *, is_planned: bool) -> Phase:
    is_over = ident(fields.get("event_status")) == COMPLETED or (ends is not None and now.has_come(ends))
    if not is_planned:
        return Phase.RESOLVED if is_over else Phase.INVESTIGATING
    if is_over:
        return Phase.COMPLETED
    return Phase.SCHEDULED if now.is_before(begins) else Phase.IN_PROGRESS


def _written(phase: Phase, begins: datetime, ends: datetime | None) -> datetime | None:
    """No notice says when it was written; a plan was before it begins, and nobody knows when."""
    if phase is Phase.SCHEDULED:
        return None
    return (ends if phase.is_closed else None) or begins


def _platforms(listed: object, incidents: Iterable[Incident], problems: list[Problem]) -> tuple[Component, ...]:
    """The platforms that the page knows, each at the worst level of what goes on; none where it lists none."""
    hit = [
        Component(one.id, one.name, status=one.status) for incident in incidents for one in incident.components or ()
    ]
    levels = {row.id: row.status for row in worst_rows(hit)}
    rows: dict[str, Component] = {}
    for place, fields in items(listed, "categories", problems):
        name = title(fields.get("name"), 100)
        if name:
            rows[name] = Component(name, name, status=levels.get(name, Status.OPERATIONAL), position=place)
    return tuple(rows.values())


def recognize(sight: Sight) -> bool:
    """Both lists by name."""
    return not sight.is_markup and sight.fields.keys() >= _LISTS.keys()


PLATFORM = Platform(
    name=NAME,
    title="Nintendo",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="title, platforms and beginning; a component is a platform, known by its name",
        absence="a notice that is no longer listed is over",
        confidence=Confidence.LOW,
        checked="2026-11",
    ),
)
