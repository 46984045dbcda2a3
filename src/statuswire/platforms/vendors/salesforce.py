"""Salesforce Trust: <https://status.salesforce.com>, read through its API without an account.

Documented at <https://api.status.salesforce.com/v1/docs/> (checked 2026-11 against captures of 2018 and 2021).

- `/incidents/active` is all that is open, `/incidents` the newest; so `/maintenances`, `/generalMessages`;
- `/instances/status/preview` has every instance with its level and what is open on it: 1,500 rows, 1.5 MB;
- `/instances/<key>/status` is one instance, `/products/<key>` a product with its instances. A page for people about one
  instance or one product is polled by these alone: nobody runs on all of them.

Quirks: incidents have no title, and no field that says when they ended; inside an instance no `status` either,
there an impact without an end is what keeps them open. Incidents, maintenances and messages are numbered apart. Lists
are written with a capital (`IncidentImpacts`). An instance that is not `isActive` has been retired. Maintenances say
where they stand by their times only. `affectsAll` means all customers of the instances named, and nothing here colours
Salesforce as a whole. `status.salesforce.com/api/v2` answers 403. Texts by key (`/localizations`) are not needed.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final, NamedTuple
from urllib.parse import quote

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, Incident, PageFacts, Problem, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import as_mapping, item_parts, items, load_json, split_url
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document
from statuswire.platforms.vendors.salesforce_incidents import (
    Fields,
    Setting,
    read_incident,
    read_maintenance,
    read_message,
)
from statuswire.platforms.vendors.salesforce_instances import read_instance, read_product

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "salesforce"
API: Final = "https://api.status.salesforce.com/v1"
PAGE_URL: Final = "https://status.salesforce.com"

# --- what is polled ----------------------------------------------------------------------------------------------

_INSTANCE: Final = re.compile(r"/instances/(?P<key>[A-Za-z0-9._-]{1,60})(?:/[a-z]*)?/?\Z")
_PRODUCT: Final = re.compile(r"/products/(?P<key>[A-Za-z0-9._-]{1,60})(?:/[a-z]*)?/?\Z")
_SINGLE: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/incidents/active", FeedSpec("", Role.STATE)),
    ("/v1/incidents", FeedSpec("", Role.ENTRIES)),
    ("/v1/maintenances", FeedSpec("", Role.ENTRIES)),
    ("/v1/generalMessages", FeedSpec("", Role.ENTRIES)),
    ("/status", FeedSpec("", Role.STATE)),
    ("/preview", FeedSpec("", Role.STATE)),
)
_SOON: Final = timedelta(minutes=5)
_SELDOM: Final = timedelta(minutes=15)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """Of the page of an instance or a product just that one; else what is open, announced and where. Or the one
    document that is named."""
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    if address.netloc.startswith("api."):
        named = named_document(page_url, _SINGLE)
        if named:
            return named
    instance, product = _INSTANCE.search(address.path), _PRODUCT.search(address.path)
    if instance:
        return (FeedSpec(f"{API}/instances/{quote(instance['key'])}/status?childProducts=false"),)
    if product:
        return (FeedSpec(f"{API}/instances/status/preview?products={quote(product['key'])}"),)
    return (
        FeedSpec(f"{API}/incidents/active"),
        FeedSpec(f"{API}/instances/status/preview", every=_SOON),
        FeedSpec(f"{API}/maintenances", Role.ENTRIES, every=_SELDOM),
        FeedSpec(f"{API}/generalMessages", Role.ENTRIES, every=_SELDOM),
        FeedSpec(f"{API}/incidents?limit=100", Role.HISTORY),
    )


# --- documents ---------------------------------------------------------------------------------------------------

_PAGE: Final = PageFacts(name="Salesforce", url=PAGE_URL)


def parse(document: Document) -> Snapshot:
    """Read any document of the API, told by content. Raises ParseError."""
    setting = Setting(Now(document.served_at))
    loaded = load_parts(document)
    if isinstance(loaded, list):
        return _read_list(loaded, document.url, setting)
    fields = as_mapping(load_json(document))
    if _is_instance(fields):
        return _instances([fields], setting, covers_incidents=True)
    if isinstance(fields.get("Instances"), list) and "key" in fields:
        components = read_product(fields, setting.problems)
        return Snapshot(NAME, _PAGE, components=components, problems=tuple(setting.problems))
    incident = _incident_of(fields, "incident", setting)
    if incident is None:
        raise ParseError(ParseReason.SHAPE, "not a document of Salesforce Trust")
    return Snapshot(NAME, _PAGE, incidents=(incident,), problems=tuple(setting.problems))


def _read_list(listed: list[object], url: str, setting: Setting) -> Snapshot:
    first = as_mapping(listed[0]) if listed else {}
    path = url.partition("?")[0].rstrip("/")
    if _is_instance(first) or (not listed and path.endswith("/preview")):
        return _instances(listed, setting, covers_incidents="products=" in url)
    read = _listed_incident.each(listed, "items", setting.problems, setting.now).found
    if listed and not read and not any("isVisible" in as_mapping(row) for row in listed):
        raise ParseError(ParseReason.SHAPE, "a list, but none of its items is of Salesforce Trust")
    is_all = path.endswith("/incidents/active") and is_whole(listed, "items", setting.problems)
    covers = frozenset({Cover.OPEN_INCIDENTS}) if is_all else frozenset()
    return Snapshot(NAME, _PAGE, covers=covers, incidents=tuple(read), problems=tuple(setting.problems))


@remembered
def _listed_incident(fields: Fields, where: str, problems: list[Problem], now: Now) -> Incident | None:
    return _incident_of(fields, where, Setting(now, problems))


def _incident_of(fields: Fields, where: str, setting: Setting) -> Incident | None:
    """What a row is, by the fields that only its kind has; None, and named, where it is none of them."""
    if fields.keys() & {"MaintenanceImpacts", "MaintenanceEvents", "plannedStartTime"}:
        return read_maintenance(fields, where, setting)
    if fields.keys() & {"IncidentImpacts", "IncidentEvents"}:
        return read_incident(fields, where, setting)
    if fields.keys() & {"InformationalMessageUpdates", "subject"}:
        return read_message(fields, where, setting)
    setting.problems.append(Problem(where, "neither an incident nor a maintenance nor a message"))
    return None


def _is_instance(fields: Fields) -> bool:
    return "key" in fields and fields.keys() >= {"environment", "status"}


_WHAT_IS_ON: Final = (
    ("Incidents", Cover.OPEN_INCIDENTS, read_incident),
    ("Maintenances", Cover.OPEN_MAINTENANCES, read_maintenance),
)


def _instances(listed: list[object], setting: Setting, *, covers_incidents: bool) -> Snapshot:
    """The instances, and each incident that is open on some of them once.

    Of the full list the incidents cover nothing: one may be open that is on no instance.
    """
    components: dict[str, Component] = {}
    found: dict[str, Incident] = {}
    covers = {Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}
    for place, part in item_parts(listed, "instances", setting.problems):
        row, on_it, lacking = _instance(part, f"instances[{place}]", setting.problems, place, setting.now)
        if row is not None:
            components.setdefault(row.id, row)
        covers -= lacking
        for one in on_it:
            found.setdefault(one.id, one)
    if not covers_incidents:
        covers &= {Cover.COMPONENTS}
    if not listed or not is_whole(listed, "instances", setting.problems):
        covers.clear()
    return Snapshot(
        platform=NAME,
        page=_PAGE,
        covers=frozenset(covers),
        components=tuple(components.values()),
        incidents=tuple(found.values()),
        problems=tuple(setting.problems),
    )


class _OnInstance(NamedTuple):
    """The row of an instance, what is on it, and what of that could not be told."""

    row: Component | None
    incidents: tuple[Incident, ...]
    lacking: frozenset[Cover]


@remembered
def _instance(fields: Fields, where: str, problems: list[Problem], place: int, now: Now) -> _OnInstance:
    row = read_instance(fields, place, where, problems)
    setting = Setting(now, problems)
    found: list[Incident] = []
    lacking: set[Cover] = set()
    for name, cover, read in _WHAT_IS_ON:
        held = fields.get(name)
        if not isinstance(held, list):
            lacking.add(cover)
            continue
        for index, inside in items(held, f"{where}.{name}", problems):
            one = read(inside, f"{where}.{name}[{index}]", setting)
            if one is None:
                lacking.add(cover)
            else:
                found.append(one)
    return _OnInstance(row, tuple(found), frozenset(lacking))


# --- recognising -------------------------------------------------------------------------------------------------

_MARKS: Final = frozenset({"IncidentImpacts", "MaintenanceImpacts", "InformationalMessageUpdates"})
_INSTANCE_KEYS: Final = frozenset({"key", "location", "environment", "isActive", "status"})


def recognize(sight: Sight) -> bool:
    """The capitalised lists of an incident, the keys of an instance, or a product with its instances."""
    if sight.is_markup:
        return False
    first = as_mapping(sight.json[0]) if isinstance(sight.json, list) and sight.json else sight.fields
    if first.keys() & _MARKS or first.keys() >= _INSTANCE_KEYS:
        return True
    return first.keys() >= {"key", "name", "Instances"}


PLATFORM = Platform(
    name=NAME,
    title="Salesforce Trust",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.salesforce.com", "trust.salesforce.com"),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the number of the incident, of a maintenance or message behind its kind; an event has a number of "
        "its own; an instance by its key",
        absence="an incident that leaves the open ones is over, and looked up; an instance that leaves the list is "
        "gone; messages and maintenances end by their own word and time",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
