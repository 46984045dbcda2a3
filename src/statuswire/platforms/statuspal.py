"""StatusPal: hosted status pages on `*.statuspal.io`, `*.statuspal.eu` and custom domains.

The API is described at <https://www.statuspal.io/api-docs/v2>, the webhooks at help.statuspal.io (article 44); what a
visitor may read of it is known from working clients and captured answers, checked 2026-11:

- `https://statuspal.io/api/v2/status_pages/<subdomain>/summary` (`statuspal.eu` for European pages): everything that is
  open or to come, with the tree of services;
- `.../status`: the roll-up; `.../incidents`: the history.

Quirks: on a custom domain the API answers 404: it lies on the vendor's host and wants the page's subdomain, which may
stand in the page for people. Times have no offset and are those of the page's zone. There are no phases. A service with
children repeats them, and `children` may hold an empty object. The numbers of the two regions may be equal, so that a
page is known as `<subdomain>.statuspal.eu`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, Incident, PageFacts, Problem, Role, Snapshot, Status
from statuswire.platforms.addresses import base_of, path_of, web_url
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import is_list, is_object, load_parts
from statuswire.platforms.reading import as_mapping, choose, ident, items, load_json, require_mapping, text, title
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.statuspal_hooks import is_hook_body, read_hook
from statuswire.platforms.statuspal_incidents import Setting, read_incidents
from statuswire.platforms.statuspal_page import TILE_MARK, read_page
from statuswire.platforms.statuspal_terms import (
    DOMAINS,
    NAME,
    TYPES,
    Fields,
    api_of,
    name_in,
    name_in_source,
    own_name,
)

_HTML: Final = "text/html"
_API: Final = "/api/v2/status_pages/"
_ROLES: Final = {"summary": Role.STATE, "status": Role.STATE, "incidents": Role.ENTRIES}
_DEEPEST: Final = 20


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The summary on the vendor's host, with the page for people where that cannot be read; the page alone where its
    name is not known (`page_id`: the subdomain, or `<subdomain>.statuspal.eu`)."""
    base = base_of(page_url)
    if not base:
        return ()
    if _API in base:
        return (FeedSpec(page_url, _ROLES.get(path_of(page_url).rpartition("/")[2], Role.STATE)),)
    api = api_of(name_in(page_url) or page_id or "")
    if not api:
        return (FeedSpec(base, accept=_HTML),)
    return (
        FeedSpec(f"{api}/summary"),
        FeedSpec(f"{api}/incidents", Role.HISTORY),
        FeedSpec(base, tier=1, accept=_HTML),
    )


# --- documents ---------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read any document of the platform: JSON, the page for people, or a webhook body. Raises ParseError."""
    if Sight(document).is_markup:
        return read_page(document)
    fields = require_mapping(load_parts(document), "")
    if is_hook_body(fields):
        return read_hook(require_mapping(load_json(document), ""), document)
    if not is_object(fields.get("status_page")) and not is_list(fields.get("incidents")):
        raise ParseError(ParseReason.SHAPE, "not a StatusPal document: no status_page and no list of incidents")
    return _read_summary(fields, document)


def parse_hook(document: Document) -> Snapshot:
    """Read a webhook body. Raises ParseError."""
    return read_hook(require_mapping(load_json(document), ""), document)


def _read_summary(fields: Fields, document: Document) -> Snapshot:
    """The summary, or as much of it as the smaller documents have."""
    problems: list[Problem] = []
    page = as_mapping(fields.get("status_page"))
    zone = text(page.get("time_zone"), 100) or document.time_zone
    services, by_id = _tree(fields.get("services"), "services", problems)
    setting = Setting(Now(document.served_at), zone, problems, by_id)
    lists = ("incidents", "maintenances", "upcoming_maintenances")
    told: dict[str, Incident] = {}
    for name in lists:
        for incident in read_incidents(fields.get(name), name, setting):
            told.setdefault(incident.id, incident)
    components = tuple(row for row, is_group in services.values() if not is_group)
    return Snapshot(
        platform=NAME,
        page=_facts(page, document.url, problems),
        covers=frozenset(_covers(fields, bool(components), problems)),
        components=components,
        incidents=tuple(told.values()),
        problems=tuple(problems),
    )


def _facts(page: Fields, url: str, problems: list[Problem]) -> PageFacts:
    word = page.get("current_incident_type")
    status = choose(word, TYPES, Status.UNKNOWN, "status_page.current_incident_type", problems) if word else None
    return PageFacts(
        id=own_name(ident(page.get("subdomain")), url) or None,
        name=title(page.get("name")) or None,
        url=_page_url(page.get("url")) or None,
        time_zone=text(page.get("time_zone"), 100) or None,
        status=Status.OPERATIONAL if word is None and "current_incident_type" in page else status,
    )


def _page_url(value: object) -> str:
    """The page's address, which may come without its scheme."""
    told = text(value).strip().rstrip("/")
    return web_url(told) or (f"https://{told}" if told and "/" not in told and "." in told else "")


def _covers(fields: Fields, has_components: bool, problems: list[Problem]) -> Iterator[Cover]:
    """The summary's lists; the list of the history, which has no page beside it, covers nothing."""
    if "status_page" not in fields:
        return
    if has_components and not any(problem.where.endswith("]") for problem in problems if "service" in problem.where):
        yield Cover.COMPONENTS
    if is_whole(fields.get("incidents"), "incidents", problems):
        yield Cover.OPEN_INCIDENTS
    if all(is_whole(fields.get(name), name, problems) for name in ("maintenances", "upcoming_maintenances")):
        yield Cover.OPEN_MAINTENANCES


@remembered
def _tree(
    listed: object, where: str, problems: list[Problem]
) -> tuple[dict[str, tuple[Component, bool]], dict[str, Component]]:
    """The services with whether they are groups, and by the ids of their components."""
    services = dict(_services(listed, where, (), problems))
    return services, {row.id: row for row, _ in services.values()}


def _services(
    listed: object, where: str, groups: tuple[str, ...], problems: list[Problem]
) -> Iterator[tuple[str, tuple[Component, bool]]]:
    """Every service by its id, and whether it is a group: one with children is, and only repeats them."""
    if len(groups) > _DEEPEST:
        problems.append(Problem(f"{where}[]", "services nested too deep"))
        return
    for place, fields in items(listed, where, problems):
        here, service_id, name = f"{where}[{place}]", ident(fields.get("id")), title(fields.get("name"))
        if not fields:  # seen among children
            continue
        if not service_id:
            problems.append(Problem(here, "a service without id"))
            continue
        children = dict(_services(fields.get("children"), f"{here}.children", (*groups, name), problems))
        yield service_id, (_service(service_id, name, groups, fields, (where, place), problems), bool(children))
        yield from children.items()


def _service(
    service_id: str, name: str, groups: tuple[str, ...], fields: Fields, at: tuple[str, int], problems: list[Problem]
) -> Component:
    word = fields.get("current_incident_type")
    is_well = word is None and "current_incident_type" in fields
    where, place = at
    status = choose(word, TYPES, Status.UNKNOWN, f"{where}[{place}].current_incident_type", problems)
    return Component(
        id=service_id,
        name=name,
        group=" / ".join(filter(None, groups)) or None,
        status=Status.OPERATIONAL if is_well else status,
        raw_status=text(word, 200),
        position=place,
    )


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """A page with the type of its incident, a list of incidents with services, a webhook, or tiles of services."""
    if sight.is_markup:
        return TILE_MARK in sight.page
    fields = sight.fields
    if "current_incident_type" in as_mapping(fields.get("status_page")) or is_hook_body(fields):
        return True
    listed = fields.get("incidents")
    first = as_mapping(listed[0]) if isinstance(listed, list) and listed else {}
    return {"inserted_at", "service_ids", "starts_at"} <= first.keys()


def page_id(document: Document) -> str | None:
    """`<subdomain>.statuspal.io`: out of the summary, the page's own address, or its source."""
    sight = Sight(document)
    subdomain = ident(as_mapping(sight.fields.get("status_page")).get("subdomain"))
    if subdomain:
        return own_name(subdomain, document.url)
    return name_in(document.url) or name_in_source(sight.page) or None


PLATFORM: Final = Platform(
    name=NAME,
    title="StatusPal",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    hosts=DOMAINS,
    marks=(TILE_MARK, "https://www.statuspal.io", "https://statuspal.io"),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the numbers of services, incidents and updates, equal in API and webhooks",
        absence="what is missing from the summary is over; the list of incidents covers nothing",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
