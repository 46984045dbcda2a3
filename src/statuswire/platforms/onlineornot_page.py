"""OnlineOrNot's page for people, with its data inside: for where the API cannot be reached.

The page is made with React Router, which sends the data along as a stream (see `flattened`):

    window.__reactRouterContext.streamController.enqueue("[{\\"_1\\":2},\\"loaderData\\", ...]\\n")

Unfolded: `loaderData.root.result.statusPage` is the page, and `result` of another route has `uptime` (the components,
each with its incidents of ninety days), `groups`, `activeIncidents`, `scheduledMaintenance` and, by day, the
`incidents` of two weeks with all their updates. Known from archived pages of one vendor, checked 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    Incident,
    Kind,
    PageFacts,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.addresses import root_of
from statuswire.platforms.derived import is_whole
from statuswire.platforms.flattened import unfold
from statuswire.platforms.loading import SNIFF
from statuswire.platforms.onlineornot_incidents import Fields, Setting, read_components, read_incidents
from statuswire.platforms.reading import as_mapping, decode, ident, items, load_json, title, web_page
from statuswire.platforms.remembering import Now

NAME: Final = "onlineornot"
STREAM_MARK: Final = "streamController.enqueue("
_PIECE: Final = re.compile(r'streamController\.enqueue\(\s*+("(?:[^"\\]++|\\.)*+")\s*+\)', re.DOTALL)
_MOST_PIECES: Final = 1_000


def is_page(source: str) -> bool:
    """Whether the source of a page has the stream with OnlineOrNot's keys inside."""
    return STREAM_MARK in source and "activeIncidents" in source and "scheduledMaintenance" in source


def read_page(document: Document) -> Snapshot:
    """What the data inside the page says. Raises ParseError where there is none."""
    routes = as_mapping(as_mapping(_data_in(document)).get("loaderData"))
    results = [as_mapping(as_mapping(route).get("result")) for route in routes.values()]
    shown = next((one for one in results if "activeIncidents" in one), None)
    if shown is None:
        raise ParseError(ParseReason.SHAPE, "data inside the page, but none of a status page")
    facts = next((as_mapping(one["statusPage"]) for one in results if "statusPage" in one), {})
    return _snapshot(shown, page_facts(facts), document)


def page_facts(page: Fields) -> PageFacts:
    url = root_of(_first_text(page, "customDomain"))
    subdomain = ident(page.get("subdomain"))
    return PageFacts(
        id=subdomain or None,
        name=title(page.get("name")) or None,
        url=url or (f"https://{subdomain}.onlineornot.com" if subdomain else None),
    )


def _first_text(page: Fields, name: str) -> str:
    told = title(page.get(name))
    return told if "://" in told or not told else f"https://{told}"


def _data_in(document: Document) -> object:
    """The value that the stream begins with; what follows on further lines are promises kept later."""
    source = decode(document)
    pieces = [found[1] for found, _ in zip(_PIECE.finditer(source), range(_MOST_PIECES), strict=False)]
    if not pieces:
        raise web_page(source[:SNIFF]) or ParseError(ParseReason.HTML, "a web page without data inside")
    try:
        stream = "".join(msgspec.json.decode(piece, type=str) for piece in pieces)
    except msgspec.MsgspecError as error:
        raise ParseError(ParseReason.HTML, "a damaged piece of data inside the page") from error
    first = stream.lstrip().partition("\n")[0]
    return unfold(load_json(replace(document, body=first.encode("utf-8", "replace"), headers={})), has_named_keys=False)


# --- from the data to a Snapshot ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Past:
    """What the days of the components tell of an incident: its facts, and the components that name it."""

    fields: Fields
    components: list[Component] = field(default_factory=list)


def _snapshot(shown: Fields, page: PageFacts, document: Document) -> Snapshot:
    problems: list[Problem] = []
    setting = Setting(Now(document.served_at), page.url or root_of(document.url), problems)
    groups = {ident(row.get("id")): title(row.get("name")) for _, row in items(shown.get("groups"), "groups", problems)}
    groups.pop("ungrouped", None)
    components = tuple(read_components(shown.get("uptime"), "uptime", groups, problems))
    past = _past(shown.get("uptime"), components)
    incidents: dict[str, Incident] = {}
    for told in _incidents(shown, past, setting):
        incidents.setdefault(told.id, told)
    return Snapshot(
        platform=NAME,
        page=page,
        covers=frozenset(_covers(shown, bool(components), problems)),
        components=components,
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


def _covers(shown: Fields, has_components: bool, problems: list[Problem]) -> Iterator[Cover]:
    if has_components and is_whole(shown.get("uptime"), "uptime", problems):
        yield Cover.COMPONENTS
    if is_whole(shown.get("activeIncidents"), "activeIncidents", problems):
        yield Cover.OPEN_INCIDENTS
    if is_whole(shown.get("scheduledMaintenance"), "scheduledMaintenance", problems):
        yield Cover.OPEN_MAINTENANCES


def _incidents(shown: Fields, past: dict[str, _Past], setting: Setting) -> Iterator[Incident]:
    """What is open, what was told of in the last weeks, and then the mere facts of what was before."""
    for name, kind in (("activeIncidents", Kind.INCIDENT), ("scheduledMaintenance", Kind.MAINTENANCE)):
        for told in read_incidents(shown.get(name), name, setting, kind):
            yield _with_components(told, past)
    for day, listed in as_mapping(shown.get("incidents")).items():
        for told in read_incidents(listed, f"incidents.{day[:40]}", setting):
            yield _with_components(told, past)
    for told in read_incidents([known.fields for known in past.values()], "uptime.incidents", setting):
        yield _with_components(told, past)


def _past(listed: object, components: tuple[Component, ...]) -> dict[str, _Past]:
    """The incidents in the days of the components, by id."""
    rows = {component.id: component for component in components}
    found: dict[str, _Past] = {}
    for _, row in items(listed, "uptime", []):
        component = rows.get(ident(row.get("componentId")))
        for _, day in items(as_mapping(row.get("data")).get("incidents"), "days", []):
            for _, told in items(day.get("incidentData"), "incidentData", []):
                known = found.setdefault(ident(told.get("incidentId")), _Past(told))
                if component is not None and component not in known.components:
                    known.components.append(component)
    found.pop("", None)
    return found


def _with_components(told: Incident, past: dict[str, _Past]) -> Incident:
    """With the components that name it, at their present level as long as it is open."""
    known = past.get(told.id)
    if known is None or told.components is not None:
        return told
    is_over = told.phase is not None and told.phase.is_closed
    named = (
        AffectedComponent(row.id, row.name, row.group, Status.UNKNOWN if is_over else row.status)
        for row in known.components
    )
    return replace(told, components=tuple(named))
