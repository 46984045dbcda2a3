"""Checkly's newer pages, which are rendered on the server: the data stands in the page, as Nuxt writes it.

    <script type="application/json" id="__NUXT_DATA__">[["ShallowReactive",1],{"data":2}, ...]</script>

Unfolded (see `flattened`), `data` has keys that begin with

- `status-page-resolver-<domain>`: `{"notFound", "statusPage": {"id", "name", "customDomain", "url"}}`;
- `unresolved-incidents-<id>`: `{"incidents": [...]}`, all that is open;
- `incidents-by-date-...`: what was lately;
- `uptime-<id>`: `{"metadata": [groups], "uptime": [groups], "partialError"}`, groups of services with their days;
- `maintenance-windows-<slug>`: `{"upcoming", "active", "recentlyCompleted", "past"}`.

The level of a service is not in it: it is the worst severity of the unresolved incidents that name it. A list without
services means that the page was not rendered right, and is an error. Known from a page of Mistral AI and a working
client, checked 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, Incident, PageFacts, Phase, Problem, Snapshot
from statuswire.platforms.checkly_incidents import Setting, read_incidents, read_windows, with_levels
from statuswire.platforms.checkly_terms import NAME, Fields
from statuswire.platforms.derived import is_whole
from statuswire.platforms.flattened import unfold
from statuswire.platforms.loading import SNIFF
from statuswire.platforms.reading import as_mapping, decode, flag, ident, items, load_json, text, title, web_page

NUXT_MARK: Final = "__NUXT_DATA__"
KEYS: Final = ("unresolved-incidents-", "status-page-resolver-", "maintenance-windows-")
_SCRIPT: Final = re.compile(
    r"<script\b(?=[^<>]{0,400}\bid=[\"']__NUXT_DATA__[\"'])[^<>]{0,500}>([^<]*+)</script>", re.IGNORECASE
)
_WINDOWS: Final = (
    ("active", Phase.IN_PROGRESS),
    ("upcoming", Phase.SCHEDULED),
    ("recentlyCompleted", Phase.COMPLETED),
    ("past", Phase.COMPLETED),
)
_DEEPEST: Final = 3


def is_page(source: str) -> bool:
    """Whether the source of a page has Nuxt's data with Checkly's keys inside."""
    return NUXT_MARK in source and any(key in source for key in KEYS[:2])


def read_page(document: Document) -> Snapshot:
    """What the data inside a page for people says. Raises ParseError where there is none."""
    source = decode(document)
    script = _SCRIPT.search(source)
    if script is None:
        raise web_page(source[:SNIFF]) or ParseError(ParseReason.HTML, "a web page without data inside")
    flat = load_json(replace(document, body=script[1].encode("utf-8", "replace"), headers={}))
    return read_flat(flat)


def read_flat(flat: object) -> Snapshot:
    """What a flat list of values says. Raises ParseError."""
    root = as_mapping(unfold(flat))
    found = as_mapping(root.get("data"))
    if not any(key.startswith(KEYS) for key in found):
        raise ParseError(ParseReason.SHAPE, "data inside the page, but none of a status page: a browser has to fill it")
    return _snapshot(found)


def _part(found: Fields, prefix: str) -> Fields:
    return next((as_mapping(value) for key, value in found.items() if key.startswith(prefix)), {})


def _snapshot(found: Fields) -> Snapshot:
    problems: list[Problem] = []
    page, base = _page(_part(found, KEYS[1]))
    uptime, open_ones = _part(found, "uptime-"), _part(found, KEYS[0])
    rows = list(read_services(uptime, problems))
    if not rows:
        raise ParseError(ParseReason.SHAPE, "a page without services was not rendered right")
    setting = Setting(problems, f"{base}/incident" if base else "", {row.id: row.group for row in rows})
    unresolved = tuple(read_incidents(open_ones.get("incidents"), "unresolved", setting))
    windows = _part(found, KEYS[2])
    planned = [one for name, phase in _WINDOWS for one in read_windows(windows.get(name), name, phase, setting)]
    is_all = is_whole(open_ones.get("incidents"), "unresolved", problems)
    components = with_levels(rows, (*unresolved, *planned)) if is_all else tuple(_without_level(rows))
    past = _past(found, uptime, setting)
    return Snapshot(
        platform=NAME,
        page=page,
        covers=frozenset(_covers(uptime, windows, problems, is_all=is_all)),
        components=components,
        incidents=_once((*unresolved, *planned, *past)),
        problems=tuple(problems),
    )


def _covers(uptime: Fields, windows: Fields, problems: list[Problem], *, is_all: bool) -> Iterator[Cover]:
    if not flag(uptime.get("partialError")) and not any(one.where.startswith("services") for one in problems):
        yield Cover.COMPONENTS
    if is_all:
        yield Cover.OPEN_INCIDENTS
    if all(is_whole(windows.get(name), name, problems) for name in ("active", "upcoming")):
        yield Cover.OPEN_MAINTENANCES


def _page(resolver: Fields) -> tuple[PageFacts, str]:
    """The page's facts and its address. Raises ParseError where there is no such page."""
    if flag(resolver.get("notFound")):
        raise ParseError(ParseReason.INACTIVE, "Checkly says that there is no such page")
    page = as_mapping(resolver.get("statusPage"))
    domain, slug = text(page.get("customDomain"), 300), text(page.get("url"), 300)
    host = domain or (f"{slug}.checkly-status-page.com" if slug else "")
    base = f"https://{host}" if host and "/" not in host else ""
    return PageFacts(id=ident(page.get("id")) or None, name=title(page.get("name")) or None, url=base or None), base


def _without_level(rows: list[Component]) -> Iterator[Component]:
    return (replace(row, lacks_status=True) for row in rows)


def _once(incidents: tuple[Incident, ...]) -> tuple[Incident, ...]:
    """Each incident as it is first told: what is open stands before what was."""
    found: dict[str, Incident] = {}
    for incident in incidents:
        found.setdefault(incident.id, incident)
    return tuple(found.values())


# --- services and their days -------------------------------------------------------------------------------------


def read_services(uptime: Fields, problems: list[Problem]) -> Iterator[Component]:
    """The services in the order of the page, without levels: of the groups of `metadata`, else of `uptime`."""
    listed = uptime.get("metadata") or uptime.get("uptime")
    place = 0
    for index, group in items(listed, "services", problems):
        for inner, row in items(group.get("services"), f"services[{index}]", problems):
            own_id = ident(row.get("id"))
            if own_id:
                yield Component(own_id, title(row.get("name")), title(group.get("name")) or None, position=place)
                place += 1
            else:
                problems.append(Problem(f"services[{index}][{inner}]", "a service without id"))


def events_of_days(uptime: Fields, setting: Setting) -> Iterator[Incident]:
    """The incidents that the days of the services tell of, each with the services whose days name it."""
    rows: dict[str, Fields] = {}
    named: dict[str, dict[str, Fields]] = {}
    for _, group in items(uptime.get("uptime"), "uptime", []):
        for _, service in items(group.get("services"), "services", []):
            for _, day in items(service.get("days"), "days", []):
                for _, event in items(day.get("events"), "events", []):
                    own_id = ident(event.get("id"))
                    rows.setdefault(own_id, event)
                    named.setdefault(own_id, {})[ident(service.get("id"))] = service
    rows.pop("", None)
    told = [{**row, "services": list(named[own_id].values())} for own_id, row in rows.items()]
    return read_incidents(told, "uptime.events", setting)


def _past(found: Fields, uptime: Fields, setting: Setting) -> tuple[Incident, ...]:
    """What was lately: the lists by date, whatever stands around them, and the events of the days."""
    lists = (value for key, value in found.items() if key.startswith("incidents-by-date-"))
    listed = [row for value in lists for row in _incidents_in(value, 0)]
    return (*read_incidents(listed, "by-date", setting), *events_of_days(uptime, setting))


def _incidents_in(value: object, depth: int) -> Iterator[Fields]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        if "incidentUpdates" in value or "lastUpdateStatus" in value:
            yield value
            return
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _incidents_in(inner, depth + 1)
