"""Riot Games, <https://status.riotgames.com>: one document for each game in each region.

`https://<game>.secure.dyn.riotcdn.net/channels/public/x/status/<region>.json` is known from working clients of 2024 to
2026; its shape is documented for `lol/status/v4/platform-data` of the keyed API at developer.riotgames.com (checked
2026-11). Whoever watches `https://status.riotgames.com/<game>?region=<region>` gets that document; without a region it
is that of the game's first one below, and League of Legends in North America where no game is named.

Quirks: only what is open is listed, and nothing says how it ended; updates with `publish: false` are drafts; titles and
texts come in many languages, of which `en_US` is told, else the first; the one component is the game in its region.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

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
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import as_mapping, choose, ident, items, moment, plain, split_url, text, title
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "riot"
HOME: Final = "https://status.riotgames.com"


@dataclass(frozen=True, slots=True)
class _Game:
    title: str
    first: str
    """The region where none is named."""


GAMES: Final[dict[str, _Game]] = {
    "lol": _Game("League of Legends", "na1"),
    "valorant": _Game("VALORANT", "na"),
    "bacon": _Game("Legends of Runeterra", "americas"),
    "wildrift": _Game("Wild Rift", "na"),
}
"""By the name of the host."""

SEVERITIES: Final[dict[str, tuple[Status, Impact]]] = {
    "info": (Status.OPERATIONAL, Impact.MINOR),
    "warning": (Status.DEGRADED, Impact.MAJOR),
    "critical": (Status.MAJOR_OUTAGE, Impact.CRITICAL),
}
_UNKNOWN: Final = (Status.UNKNOWN, Impact.UNKNOWN)

PLANNED: Final[dict[str, Phase]] = {
    "scheduled": Phase.SCHEDULED,
    "inprogress": Phase.IN_PROGRESS,
    "complete": Phase.COMPLETED,
}

# --- what is polled ----------------------------------------------------------------------------------------------

_REGION: Final = re.compile(r"[a-z]{2,9}\d?")
_CDN: Final = re.compile(r"(?P<game>[a-z]+)\.secure\.dyn\.riotcdn\.net")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The document of the game and region that the address names."""
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    if address.path.endswith(".json") or "/platform-data" in address.path:
        return (FeedSpec(page_url),)
    game = address.path.strip("/").partition("/")[0].lower()
    game = game if game in GAMES else "lol"
    asked = parse_qs(address.query).get("region", [""])[0].lower()
    region = asked if _REGION.fullmatch(asked) else GAMES[game].first
    return (FeedSpec(f"https://{game}.secure.dyn.riotcdn.net/channels/public/x/status/{region}.json"),)


# --- the document ------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read the document of a game in a region. Raises ParseError."""
    fields = as_mapping(load_parts(document))
    if not is_list(fields.get("incidents")) or not is_list(fields.get("maintenances")):
        raise ParseError(ParseReason.SHAPE, "not a status of Riot Games: no incidents and maintenances")
    problems: list[Problem] = []
    place = _place(fields, document.url)
    incidents = (
        *_listed(fields["incidents"], "incidents", Kind.INCIDENT, place, problems),
        *_listed(fields["maintenances"], "maintenances", Kind.MAINTENANCE, place, problems),
    )
    covers = {Cover.OPEN_INCIDENTS} if is_whole(fields["incidents"], "incidents", problems) else set()
    if is_whole(fields["maintenances"], "maintenances", problems):
        covers.add(Cover.OPEN_MAINTENANCES)
    hit = [
        Component(one.id, one.name, one.group, one.status)
        for incident in incidents
        for one in incident.components or ()
    ]
    well = Component(place.id, place.name, place.group, Status.OPERATIONAL)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name=f"{place.group}, {place.name}" if place.group else place.name, url=HOME),
        covers=frozenset(covers),
        components=worst_rows([well, *hit]),
        incidents=incidents,
        problems=tuple(problems),
    )


def _place(fields: Fields, url: str) -> Component:
    """The game in its region, by the address; by the document's own words where that tells nothing."""
    address = split_url(url)
    host = _CDN.fullmatch(address.netloc.lower()) if address else None
    code = ident(fields.get("id")) or "region"
    name = title(fields.get("name")) or code
    if host is None:
        return Component(code, name)
    game = GAMES.get(host["game"])
    return Component(f"{host['game']}/{code}", name, game.title if game else host["game"])


def _listed(listed: object, where: str, kind: Kind, place: Component, problems: list[Problem]) -> list[Incident]:
    told = _incident.each(listed, where, problems, kind, place).found
    return list({incident.id: incident for incident in told}.values())


@remembered
def _incident(fields: Fields, where: str, problems: list[Problem], kind: Kind, place: Component) -> Incident | None:
    own_id = ident(fields.get("id"))
    if not own_id:
        problems.append(Problem(where, "an incident without id"))
        return None
    updates = _updates(fields.get("updates"), f"{where}.updates", problems)
    is_planned = kind is Kind.MAINTENANCE
    phase = _phase(fields, where, updates, problems, is_planned=is_planned)
    level, impact = _badness(fields, phase, where, problems, is_planned=is_planned)
    created = moment(fields.get("created_at"))
    return Incident(
        id=own_id,
        title=_translated(fields.get("titles")),
        kind=kind,
        phase=phase,
        impact=impact,
        url=HOME,
        created_at=created,
        started_at=None if is_planned else created,
        updated_at=moment(fields.get("updated_at")),
        components=(AffectedComponent(place.id, place.name, place.group, level),),
        updates=updates,
        raw_phase=text(fields.get("maintenance_status"), 60),
        raw_impact=text(fields.get("incident_severity"), 60),
    )


def _phase(
    fields: Fields, where: str, updates: tuple[IncidentUpdate, ...], problems: list[Problem], *, is_planned: bool
) -> Phase:
    """Of a maintenance as it says; an incident that is listed is open, and known since its second update."""
    if is_planned:
        word = fields.get("maintenance_status")
        return choose(word, PLANNED, Phase.UNKNOWN, f"{where}.maintenance_status", problems)
    return Phase.IDENTIFIED if len(updates) > 1 else Phase.INVESTIGATING


def _badness(
    fields: Fields, phase: Phase, where: str, problems: list[Problem], *, is_planned: bool
) -> tuple[Status, Impact]:
    if is_planned:
        level = Status.MAINTENANCE if phase is Phase.IN_PROGRESS else Status.OPERATIONAL
        return level, Impact.MAINTENANCE
    return choose(fields.get("incident_severity"), SEVERITIES, _UNKNOWN, f"{where}.incident_severity", problems)


def _updates(listed: object, where: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    """What was published, oldest first."""
    told = []
    for _, fields in items(listed, where, problems):
        if fields.get("publish") is False:
            continue
        words, raw = plain(_translated(fields.get("translations"), is_title=False))
        told.append(
            IncidentUpdate(
                id=ident(fields.get("id")),
                phase=None,
                text=words,
                at=moment(fields.get("created_at")),
                updated_at=moment(fields.get("updated_at")),
                raw=raw,
            )
        )
    return oldest_first(told)


def _translated(listed: object, *, is_title: bool = True) -> str:
    """In American English, else in the first language."""
    told = [fields for _, fields in items(listed, "", [])]
    chosen = next((fields for fields in told if fields.get("locale") == "en_US"), told[0] if told else {})
    return title(chosen.get("content")) if is_title else text(chosen.get("content"))


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Locales beside incidents and maintenances."""
    fields = {} if sight.is_markup else sight.fields
    return fields.keys() >= {"id", "name", "locales", "maintenances", "incidents"}


PLATFORM = Platform(
    name=NAME,
    title="Riot Games",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.riotgames.com", "dyn.riotcdn.net"),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the number of the incident, of the update; the component is the game in its region",
        absence="an incident or a maintenance that is no longer listed is over",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
