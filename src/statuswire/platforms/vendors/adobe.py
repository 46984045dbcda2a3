"""Adobe's own status page, <https://status.adobe.com>, not documented; known from working clients, 2026-11.

The data lies on another host, below `https://data.status.adobe.com/adobestatus/`:

- `StatusEvents` has all events of about forty days;
- `SnowServiceRegistry` has the names of clouds, products and services.

Both are made of objects keyed by id, not of lists. An incident has products, a product its history, by epoch:

    {"incidentEvent": {"incidents": {"INC900": {"startedOn": <s>, "completedOn": null, "clouds": {...}, "products": {
       "500": {"name", "history": {"1790000000": {"id", "status", "severity", "titleToken", "messageToken"}}}}}},
       "messages": {"en": {"t1": {"textMessage": "..."}}}},
     "maintenanceEvent": {"maintenance": {...}, "messages": {...}}}

Quirks: the epochs are texts, so that they are to be sorted as numbers; texts are looked up by token, and hold
placeholders such as `{startDateTime}`; the same entry stands in the history of each product; a firewall may refuse
programs with 403, which is a failure to fetch and says nothing of Adobe. `currentstatus` is an older summary, not read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, PageFacts, Problem, Role, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import as_mapping, ident, load_json, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document
from statuswire.platforms.vendors.adobe_events import Fields, Texts, read_incidents, read_maintenances
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "adobe"
HOME: Final = "https://status.adobe.com"
FOLDER: Final = "https://data.status.adobe.com/adobestatus"

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/StatusEvents", FeedSpec("", Role.STATE)),
    ("/SnowServiceRegistry", FeedSpec("", Role.ENTRIES, every=timedelta(days=1))),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The events and the names of the products; or the one document that is named."""
    return named_document(page_url, _DOCUMENTS) or (
        FeedSpec(f"{FOLDER}/StatusEvents"),
        FeedSpec(f"{FOLDER}/SnowServiceRegistry", Role.ENTRIES, every=timedelta(days=1)),
    )


# --- documents ---------------------------------------------------------------------------------------------------

_PAGE: Final = PageFacts(name="Adobe", url=HOME)


def parse(document: Document) -> Snapshot:
    """Read the events or the registry, told by their keys. Raises ParseError."""
    fields = as_mapping(load_json(document))
    problems: list[Problem] = []
    if isinstance(fields.get("incidentEvent"), dict):
        return _read_events(fields, problems)
    if isinstance(fields.get("clouds"), dict) and isinstance(fields.get("products"), dict):
        components = _registry(fields, problems)
        return Snapshot(NAME, _PAGE, components=components, problems=tuple(problems))
    raise ParseError(ParseReason.SHAPE, "neither the events nor the registry of Adobe")


def _read_events(fields: Fields, problems: list[Problem]) -> Snapshot:
    told, planned = as_mapping(fields.get("incidentEvent")), as_mapping(fields.get("maintenanceEvent"))
    listed, plans = told.get("incidents"), planned.get("maintenance")
    incidents = read_incidents(listed, Texts(told.get("messages")), problems)
    maintenances = read_maintenances(plans, Texts(planned.get("messages")), problems)
    covers = set()
    if isinstance(listed, dict) and len(incidents) == len(listed):
        covers |= {Cover.OPEN_INCIDENTS}
    if isinstance(plans, dict) and len(maintenances) == len(plans):
        covers |= {Cover.OPEN_MAINTENANCES}
    if len(covers) == 2:
        covers.add(Cover.TROUBLED)
    rows = (row for one in (*incidents, *maintenances) for row in one.components)
    return Snapshot(
        platform=NAME,
        page=_PAGE,
        covers=frozenset(covers),
        components=worst_rows(row for row in rows if row.status is not Status.OPERATIONAL),
        incidents=(*(one.incident for one in incidents), *(one.incident for one in maintenances)),
        problems=tuple(problems),
    )


def _registry(fields: Fields, problems: list[Problem]) -> tuple[Component, ...]:
    """The products by name in their clouds, without their levels."""
    clouds: dict[str, str] = {}
    for cloud in as_mapping(fields.get("clouds")).values():
        held = as_mapping(cloud)
        listed = held.get("cloudProducts")
        members = listed if isinstance(listed, list) else list(as_mapping(listed))
        for one in members:
            own_id = ident(as_mapping(one).get("id")) if isinstance(one, dict) else ident(one)
            clouds.setdefault(own_id, title(held.get("name")))
    rows = []
    for place, (key, product) in enumerate(as_mapping(fields.get("products")).items()):
        held = as_mapping(product)
        own_id = ident(held.get("id")) or ident(key)
        name = title(held.get("name"))
        if not own_id or not name:
            problems.append(Problem(f"products[{place}]", "a product without id or name"))
            continue
        rows.append(Component(own_id, name, clouds.get(own_id) or None, position=place, lacks_status=True))
    return tuple(rows)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """The two kinds of events side by side, or clouds with their products beside products."""
    if sight.is_markup:
        return False
    fields = sight.fields
    if fields.keys() >= {"incidentEvent", "maintenanceEvent"}:
        return True
    clouds = as_mapping(fields.get("clouds"))
    return "products" in fields and "cloudProducts" in as_mapping(next(iter(clouds.values()), None))


PLATFORM = Platform(
    name=NAME,
    title="Adobe",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.adobe.com",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the event's own id; an update is known by its second, and by its text where two share it; a product "
        "has an id",
        absence="all events of forty days are there: what is missing is over, and each product that none names is well",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
