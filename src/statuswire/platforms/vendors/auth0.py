"""Auth0's own status page, <https://status.auth0.com>, made with Next.js; not documented.

Known from working clients, checked 2026-11. The data of the page is `/_next/data/<build id>/index.json`, whose address
changes with every deployment. Where it is gone, the page for people is read, which carries the same in its script
element `__NEXT_DATA__` (nextjs.org/docs/pages) and the build id beside it.

    {"pageProps": {"activeIncidents": [{"region": "EU-1", "environment": "Production", "response": {"incidents": [
      {"id": "abc123", "name": "Login latency", "status": "degraded_performance", "impact": "minor"}]}}]}}

Quirks: `status` is a word for components, used of an incident; an entry that is `operational` is the line "nothing to
report" and no incident, one `under_maintenance` a maintenance that goes on; there are no times. One tenant:
`/api/rss?domain=<tenant>`, polled alone where it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import msgspec

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import worst_impact
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    decode,
    ident,
    items,
    load_json,
    normalise_url,
    text,
    title,
    web_page,
)
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.merging import together
from statuswire.platforms.vendors.rows import worst_rows
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "page_id", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "auth0"
HOME: Final = "https://status.auth0.com"

_WORDS: Final = ("operational", "degradedperformance", "partialoutage", "majoroutage", "undermaintenance")
LEVELS: Final = {word: COMPONENT_WORDS[word] for word in _WORDS}
IMPACTS: Final = {word: IMPACT_WORDS[word] for word in ("none", "minor", "major", "critical", "maintenance")}

# --- what is polled ----------------------------------------------------------------------------------------------

_BUILD: Final = re.compile(r'"buildId":"([A-Za-z0-9_-]{1,100})"')
_PROPS: Final = re.compile(r'<script id="__NEXT_DATA__"[^<>]{0,200}>([^<]*)</script>')


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The data of the page by its build, then the page itself; or the feed of one tenant, where that is given."""
    base = origin(page_url)
    if not base:
        return ()
    if path_of(page_url).endswith("/rss"):
        return (FeedSpec(page_url, Role.ENTRIES, accept="application/rss+xml"),)
    if not page_id:
        return (FeedSpec(f"{base}/", accept="text/html"),)
    return (
        FeedSpec(f"{base}/_next/data/{page_id}/index.json"),
        FeedSpec(f"{base}/", tier=1, accept="text/html"),
    )


def page_id(document: Document) -> str | None:
    """The id of the build in the page for people; None where it has none."""
    try:
        source = decode(document)
    except ParseError:
        return None
    found = _BUILD.search(source) if "activeIncidents" in source else None
    return found[1] if found else None


# --- documents ---------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read the data, the page that carries it, or the feed of a tenant. Raises ParseError."""
    if is_feed(document):
        return feed_snapshot(NAME, read_feed(document), document)
    listed = _props(document).get("activeIncidents")
    if not isinstance(listed, list):
        raise ParseError(ParseReason.SHAPE, "not the data of Auth0's page: no activeIncidents")
    problems: list[Problem] = []
    rows: list[Component] = []
    found: dict[str, Incident] = {}
    for place, entry in items(listed, "activeIncidents", problems):
        where = f"activeIncidents[{place}]"
        row = _row(entry, place)
        if row is None:
            problems.append(Problem(where, "a place without region"))
            continue
        told = list(_incidents(entry, row, where, problems))
        rows.append(_at_worst(row, entry, told))
        for incident in told:
            found[incident.id] = together(found.get(incident.id), incident)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="Auth0", url=HOME),
        covers=_covers(rows, problems),
        components=worst_rows(rows),
        incidents=tuple(found.values()),
        problems=tuple(problems),
    )


def _props(document: Document) -> Fields:
    """The properties of the page, from its data or from the script element of the page itself."""
    if not document.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return as_mapping(as_mapping(load_json(document)).get("pageProps"))
    source = decode(document)
    held = _PROPS.search(source)
    if held is None:
        raise web_page(source) or ParseError(ParseReason.SHAPE, "a page without the data of Next.js")
    try:
        loaded: object = msgspec.json.decode(held[1].encode("utf-8", "replace"))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ParseError(ParseReason.NOT_JSON, "the data of the page is no JSON", where="__NEXT_DATA__") from error
    return as_mapping(as_mapping(as_mapping(loaded).get("props")).get("pageProps"))


def _covers(rows: list[Component], problems: list[Problem]) -> frozenset[Cover]:
    """What is listed is all there is, unless something of it could not be read."""
    is_all = bool(rows) and all(problem.where.endswith((".status", ".impact")) for problem in problems)
    return frozenset({Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}) if is_all else frozenset()


# --- places and incidents ----------------------------------------------------------------------------------------


def _row(entry: Fields, position: int) -> Component | None:
    region, environment = title(entry.get("region")), title(entry.get("environment"))
    if not region:
        return None
    own_id = f"{region}/{environment}" if environment else region
    return Component(own_id, environment or region, region if environment else None, position=position)


def _incidents(entry: Fields, row: Component, where: str, problems: list[Problem]) -> Iterator[Incident]:
    response = as_mapping(entry.get("response"))
    listed = response.get("incidents")
    if not isinstance(listed, list):
        problems.append(Problem(f"{where}.response", "a place without a list of incidents"))
        return
    for place, fields in items(listed, f"{where}.response.incidents", problems):
        at = f"{where}.response.incidents[{place}]"
        level = choose(fields.get("status"), LEVELS, Status.UNKNOWN, f"{at}.status", problems)
        if level is Status.OPERATIONAL:
            continue
        own_id = ident(fields.get("id"))
        if own_id:
            yield _incident(fields, own_id, level, row, at, problems)
        else:
            problems.append(Problem(at, "an incident without id"))


def _incident(
    fields: Fields, own_id: str, level: Status, row: Component, where: str, problems: list[Problem]
) -> Incident:
    stated = choose(fields.get("impact"), IMPACTS, Impact.UNKNOWN, f"{where}.impact", problems)
    url = f"{HOME}/incidents/{own_id}"
    is_planned = level is Status.MAINTENANCE
    return Incident(
        id=own_id,
        title=title(fields.get("name")),
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase=Phase.IN_PROGRESS if is_planned else Phase.INVESTIGATING,
        impact=worst_impact([level]) if stated is Impact.UNKNOWN else stated,
        url=url,
        components=(AffectedComponent(row.id, row.name, row.group, level),),
        aliases=(normalise_url(url),),
        raw_phase=text(fields.get("status"), 60),
        raw_impact=text(fields.get("impact"), 60),
    )


def _at_worst(row: Component, entry: Fields, told: list[Incident]) -> Component:
    """A place is well where its list names nothing else, and unknown where there is no list."""
    if not isinstance(as_mapping(entry.get("response")).get("incidents"), list):
        return row
    hit = [
        replace(row, status=one.status, raw_status=incident.raw_phase)
        for incident in told
        for one in incident.components or ()
    ]
    return worst_rows([replace(row, status=Status.OPERATIONAL), *hit])[0]


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """The data of the page, or the page that carries it."""
    if sight.is_markup:
        return "__NEXT_DATA__" in sight.page and '"activeIncidents"' in sight.page and "auth0" in sight.page.lower()
    listed = as_mapping(sight.fields.get("pageProps")).get("activeIncidents")
    first = as_mapping(listed[0]) if isinstance(listed, list) and listed else {}
    return first.keys() >= {"region", "environment", "response"}


PLATFORM = Platform(
    name=NAME,
    title="Auth0",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.auth0.com",),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=False,
        maintenances=True,
        identity="the id of the incident; a component is an environment in a region",
        absence="an incident that is no longer listed is over; a region that is no longer listed is gone",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
