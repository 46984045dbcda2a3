"""Instatus's web pages with their data inside, which is more than its JSON says.

There are updates with ids, and how things ended. Pages of up to 2023 have the data in one script element,
`<script id="__NEXT_DATA__">`, as `props.pageProps`; later ones in the stream of Next.js (`next_stream`):

    {"site": {"id", "name", "status", "customDomain", "subdomain", "components": [...]},
     "activeIncidents": [...], "activeMaintenances": [...],
     "dailyGroupedNotices": [{"notices": [...]}], "notices": {"<id>": {...}}}

`notices` holds the last ones by id, without their updates. Captured 2023-03 to 2026-03, checked 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, Incident, Kind, PageFacts, Problem, Snapshot
from statuswire.platforms.derived import is_whole
from statuswire.platforms.instatus_incidents import Setting, listed_incident, read_incident, said
from statuswire.platforms.instatus_json import ACTIVE, component_list
from statuswire.platforms.instatus_terms import NAME, Fields
from statuswire.platforms.next_stream import NextStream, seamless
from statuswire.platforms.reading import as_mapping, decode, ident, items, load_json, text, title, web_page
from statuswire.platforms.sight import LARGEST_PAGE_BYTES

MARKS: Final = ("activeIncidents", "activeMaintenances", "instatus")
_SCRIPT: Final = re.compile(r'<script id="__NEXT_DATA__"[^<>]{0,200}>([^<]*)</script>')
_HELD: Final = frozenset({"site", "activeIncidents"})
_WANTED: Final = ("site", "activeIncidents", "activeMaintenances", "dailyGroupedNotices", "notices")


def is_page(markup: str) -> bool:
    """Whether the source of a web page holds the data of one of these pages."""
    source = seamless(markup)
    return all(mark in source for mark in MARKS)


def read_page(document: Document) -> Snapshot:
    """The Snapshot of a web page; raises ParseError for every page without the data."""
    if len(document.body) > LARGEST_PAGE_BYTES:
        raise ParseError(ParseReason.TOO_LARGE, f"a web page of {len(document.body)} bytes")
    markup = decode(document)
    instead = web_page(markup)
    if instead and instead.reason is not ParseReason.HTML:
        raise instead
    fields = _data(markup, document)
    site = as_mapping(fields.get("site"))
    if not site or not isinstance(fields.get("activeIncidents"), list):
        raise ParseError(ParseReason.HTML, "a web page without the data of an Instatus page inside")
    return _snapshot(fields, site, document)


def _snapshot(fields: Fields, site: Fields, document: Document) -> Snapshot:
    problems: list[Problem] = []
    components = component_list(site.get("components"), "components", problems)
    setting = Setting(problems, document.time_zone, {row.id: row for row in components})
    url = _url(site)
    found: dict[str, Incident] = {}
    for incident in _incidents(fields, setting):
        found.setdefault(incident.id, _with_link(incident, url or ""))
    covered = {cover for key, (cover, _) in ACTIVE.items() if is_whole(fields.get(key), key, problems)}
    if is_whole(site.get("components"), "components", problems):
        covered.add(Cover.COMPONENTS)
    return Snapshot(
        platform=NAME,
        page=PageFacts(
            id=ident(site.get("id")) or None,
            name=said(site.get("name")) or None,
            url=url,
            status_text=title(site.get("status")),
        ),
        covers=frozenset(covered),
        components=components,
        incidents=tuple(found.values()),
        problems=tuple(problems),
    )


def _url(site: Fields) -> str | None:
    domain, subdomain = (text(site.get(key)).strip().lower() for key in ("customDomain", "subdomain"))
    if domain:
        return f"https://{domain}"
    return f"https://{subdomain}.instatus.com" if subdomain else None


def _with_link(incident: Incident, base: str) -> Incident:
    path = "incident" if incident.kind is Kind.INCIDENT else "maintenance"
    return incident if incident.url or not base else replace(incident, url=f"{base}/{path}/{incident.id}")


# --- incidents -------------------------------------------------------------------------------------------------


def _incidents(fields: Fields, setting: Setting) -> Iterator[Incident]:
    """First what is open, then the story of the last days, then what is left of older ones."""
    for key, (_, kind) in ACTIVE.items():
        listed, around = fields.get(key), (kind, setting.zone, setting.components)
        yield from listed_incident.each(listed, key, setting.problems, *around).found
    for index, day in items(fields.get("dailyGroupedNotices"), "dailyGroupedNotices", setting.problems):
        yield from _notices(day.get("notices"), f"dailyGroupedNotices[{index}].notices", setting)
    kept = fields.get("notices")
    yield from _notices(list(kept.values()) if isinstance(kept, dict) else kept, "notices", setting)


def _notices(listed: object, where: str, setting: Setting) -> Iterator[Incident]:
    """Incidents and maintenances in one list: the latter have a planned `start`."""
    for index, row in items(listed, where, setting.problems):
        kind = Kind.MAINTENANCE if row.get("start") and not row.get("started") else Kind.INCIDENT
        incident = read_incident(row, f"{where}[{index}]", kind, setting)
        if incident is not None:
            yield incident


# --- the data inside -------------------------------------------------------------------------------------------


def _data(markup: str, document: Document) -> Fields:
    """The properties that the page was drawn from; empty where there are none."""
    script = _SCRIPT.search(markup)
    if script:
        loaded = as_mapping(load_json(replace(document, body=script[1].encode("utf-8", "replace"), headers={})))
        return as_mapping(as_mapping(loaded.get("props")).get("pageProps"))
    stream = NextStream(document)
    found = next((one for one in stream.objects((b'"activeIncidents"',)) if one.keys() >= _HELD), {})
    return as_mapping(stream.plain({key: found[key] for key in _WANTED if key in found}))
