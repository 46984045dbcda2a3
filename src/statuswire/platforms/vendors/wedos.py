"""WEDOS, <https://wedos.status.online>, by `/en/json/incidents.json`; not documented, and known from one client alone.

    {"incidents": [{"id": 1, "name": "...", "status": "...", "started_at": "...", "resolved_at": null,
      "updated_at": "...", "url": "..."}]}

The client (checked 2026-11) accepts `data` for `incidents` and `title` for `name`, and takes an incident for over where
its status says so or `resolved_at` is set. Whether the list is of all that is open is not known: it covers nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Incident, PageFacts, Phase, Problem, Role, Snapshot
from statuswire.platforms.addresses import web_url
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import as_mapping, choose, ident, items, load_json, moment, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.words import PHASE_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "wedos"
HOME: Final = "https://wedos.status.online"
_PATH: Final = "/json/incidents.json"
_LISTS: Final = ("incidents", "data")
_SIGNS: Final = frozenset({"id", "started_at", "resolved_at"})


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The incidents, or the very address of them."""
    base = origin(page_url)
    url = page_url if path_of(page_url).endswith(_PATH) else f"{base}/en{_PATH}"
    return (FeedSpec(url, Role.ENTRIES),) if base else ()


def parse(document: Document) -> Snapshot:
    """Read the incidents. Raises ParseError."""
    fields = as_mapping(load_json(document))
    key = next((one for one in _LISTS if isinstance(fields.get(one), list)), "")
    if not key:
        raise ParseError(ParseReason.SHAPE, "not the incidents of WEDOS: no list of them")
    problems: list[Problem] = []
    found: dict[str, Incident] = {}
    for place, row in items(fields[key], key, problems):
        own_id = ident(row.get("id"))
        if own_id:
            found[own_id] = _incident(row, own_id, f"{key}[{place}]", problems)
        else:
            problems.append(Problem(f"{key}[{place}]", "an incident without id"))
    page = PageFacts(name="WEDOS", url=HOME)
    return Snapshot(NAME, page=page, incidents=tuple(found.values()), problems=tuple(problems))


def _incident(row: Fields, own_id: str, where: str, problems: list[Problem]) -> Incident:
    began, ended = moment(row.get("started_at")), moment(row.get("resolved_at"))
    created = moment(row.get("created_at"))
    word = text(row.get("status"), 60)
    phase = choose(word, PHASE_WORDS, Phase.UNKNOWN, f"{where}.status", problems)
    if not phase.is_closed and ended is not None:
        phase = Phase.RESOLVED
    return Incident(
        id=own_id,
        title=title(row.get("name")) or title(row.get("title")),
        phase=phase if word or ended else Phase.INVESTIGATING,
        url=web_url(row.get("url")) or HOME,
        created_at=created or began,
        started_at=began or created,
        resolved_at=ended,
        updated_at=moment(row.get("updated_at")),
        raw_phase=word,
    )


def recognize(sight: Sight) -> bool:
    """A list whose first row has what theirs have; other shapes with these keys have a page beside it."""
    fields = {} if sight.is_markup else sight.fields
    for key in _LISTS:
        listed = fields.get(key)
        if fields.keys() == {key} and isinstance(listed, list) and listed:
            return as_mapping(listed[0]).keys() >= _SIGNS
    return False


PLATFORM: Final = Platform(
    name=NAME,
    title="WEDOS",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("wedos.status.online",),
    coverage=Coverage(
        incidents=True,
        identity="the id of the incident; updates are not shown",
        confidence=Confidence.LOW,
    ),
)
