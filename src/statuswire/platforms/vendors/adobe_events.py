"""Incidents and maintenances of Adobe's `StatusEvents`: objects keyed by id, texts keyed by token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from statuswire.model import (
    AffectedComponent,
    Component,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    Phase,
    Problem,
    Status,
)
from statuswire.platforms.reading import as_mapping, choose, ident, moment, normalise_url, plain, text, title
from statuswire.platforms.words import IMPACT_ORDER

Fields = Mapping[str, object]

HOME: Final = "https://status.adobe.com"

PHASES: Final[dict[Kind, dict[str, Phase]]] = {
    Kind.INCIDENT: {
        "discovery": Phase.INVESTIGATING,
        "opened": Phase.INVESTIGATING,
        "started": Phase.IDENTIFIED,
        "updated": Phase.IDENTIFIED,
        "reopened": Phase.IDENTIFIED,
        "scheduled": Phase.SCHEDULED,
        "closed": Phase.RESOLVED,
        "completed": Phase.RESOLVED,
        "dismissed": Phase.CANCELLED,
        "canceled": Phase.CANCELLED,
        "cancelled": Phase.CANCELLED,
    },
    Kind.MAINTENANCE: {
        "discovery": Phase.SCHEDULED,
        "opened": Phase.SCHEDULED,
        "started": Phase.IN_PROGRESS,
        "updated": Phase.IN_PROGRESS,
        "reopened": Phase.IN_PROGRESS,
        "scheduled": Phase.SCHEDULED,
        "closed": Phase.COMPLETED,
        "completed": Phase.COMPLETED,
        "dismissed": Phase.CANCELLED,
        "canceled": Phase.CANCELLED,
        "cancelled": Phase.CANCELLED,
    },
}

LEVELS: Final[dict[str, Status]] = {
    "major": Status.MAJOR_OUTAGE,
    "minor": Status.DEGRADED,
    "potential": Status.OPERATIONAL,
    "trivial": Status.OPERATIONAL,
    "maintenance": Status.MAINTENANCE,
}

IMPACTS: Final[dict[str, Impact]] = {
    "major": Impact.MAJOR,
    "minor": Impact.MINOR,
    "potential": Impact.NONE,
    "trivial": Impact.NONE,
    "maintenance": Impact.MAINTENANCE,
}

_CLOSED: Final = {Kind.INCIDENT: Phase.RESOLVED, Kind.MAINTENANCE: Phase.COMPLETED}
_OPEN: Final = {Kind.INCIDENT: Phase.INVESTIGATING, Kind.MAINTENANCE: Phase.SCHEDULED}


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """An event, and the levels of its products as far as it goes on."""

    incident: Incident
    components: tuple[Component, ...] = ()


def read_incidents(listed: object, texts: Texts, problems: list[Problem]) -> list[ReadEvent]:
    return _events(listed, texts, Kind.INCIDENT, "incidents", problems)


def read_maintenances(listed: object, texts: Texts, problems: list[Problem]) -> list[ReadEvent]:
    return _events(listed, texts, Kind.MAINTENANCE, "maintenance", problems)


def _events(listed: object, texts: Texts, kind: Kind, name: str, problems: list[Problem]) -> list[ReadEvent]:
    if not isinstance(listed, dict):
        if listed is not None:
            problems.append(Problem(name, "expected an object keyed by id"))
        return []
    found: dict[str, ReadEvent] = {}
    for place, (key, value) in enumerate(listed.items()):
        where, fields = f"{name}[{place}]", as_mapping(value)
        own_id = ident(fields.get("id")) or ident(key)
        if own_id and fields:
            found[own_id] = _event(fields, own_id, texts, kind, where, problems)
        else:
            problems.append(Problem(where, "an event without id"))
    return list(found.values())


# --- texts -------------------------------------------------------------------------------------------------------

_LOCALES: Final = ("en", "en_US", "en-US", "en_us", "en-us")
_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z][A-Za-z0-9]{0,40})\}")


class Texts:
    """The messages by token, in English where there is English."""

    def __init__(self, messages: object) -> None:
        locales = as_mapping(messages)
        found = next((locales[name] for name in _LOCALES if name in locales), next(iter(locales.values()), None))
        self._texts = as_mapping(found)

    def find(self, token: object, times: Mapping[str, datetime | None]) -> tuple[str, str]:
        """The text and its markup, with the moments filled in; placeholders that nothing fills are left out."""
        held = as_mapping(self._texts.get(ident(token)))
        markup = text(held.get("htmlMessage")) or text(held.get("textMessage"))
        words, raw = plain(markup)
        return _filled(words, times), _filled(raw, times)


def _filled(words: str, times: Mapping[str, datetime | None]) -> str:
    if "{" not in words:
        return words

    def value(found: re.Match[str]) -> str:
        at = times.get(found[1])
        return at.strftime("%Y-%m-%d %H:%M UTC") if at else ""

    return _PLACEHOLDER.sub(value, words)


# --- one event ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a history."""

    at: datetime
    phase: Phase
    level: Status
    impact: Impact
    fields: Fields


@dataclass(frozen=True, slots=True)
class _Product:
    """A product with its history, oldest first."""

    id: str
    name: str
    history: tuple[_Entry, ...]
    is_over: bool

    @property
    def is_open(self) -> bool:
        newest = self.history[-1].phase if self.history else None
        return not self.is_over and not (newest and newest.is_closed)


def _event(fields: Fields, own_id: str, texts: Texts, kind: Kind, where: str, problems: list[Problem]) -> ReadEvent:
    products = _products(fields, kind, where, problems)
    entries = sorted((entry for product in products for entry in product.history), key=lambda entry: entry.at)
    starts, ends = _window(fields)
    times = {"startDateTime": starts, "endDateTime": ends, "scheduledDateTime": moment(fields.get("scheduledDate"))}
    phase = _phase(fields, products, entries, kind, where, problems)
    is_on = not phase.is_closed and phase is not Phase.SCHEDULED
    group = _cloud(fields)
    levels = {product.id: _level(product, kind) if is_on else Status.OPERATIONAL for product in products}
    url = f"{HOME}/products/{products[0].id}/{own_id}" if products else HOME
    incident = Incident(
        id=own_id,
        title=_title(entries, fields, texts, times, products),
        kind=kind,
        phase=phase,
        impact=_impact(entries, kind),
        url=url,
        created_at=starts if kind is Kind.INCIDENT else None,
        started_at=starts if kind is Kind.INCIDENT else None,
        resolved_at=(ends or (entries[-1].at if entries else None)) if phase.is_closed else None,
        scheduled_for=starts if kind is Kind.MAINTENANCE else None,
        scheduled_until=ends if kind is Kind.MAINTENANCE else None,
        components=tuple(AffectedComponent(one.id, one.name, group, levels[one.id]) for one in products),
        updates=_updates(entries, texts, times),
        aliases=(normalise_url(url),) if products else (),
        raw_phase=text(entries[-1].fields.get("status"), 60) if entries else text(fields.get("status"), 60),
        raw_impact=text(entries[-1].fields.get("severity"), 60) if entries else "",
    )
    rows = tuple(Component(one.id, one.name, group, levels[one.id], incident.raw_impact) for one in products)
    return ReadEvent(incident, rows)


def _window(fields: Fields) -> tuple[datetime | None, datetime | None]:
    starts = moment(fields.get("startedOn")) or moment(fields.get("scheduledDate"))
    return starts, moment(fields.get("completedOn"))


def _cloud(fields: Fields) -> str | None:
    """The cloud of an event that is of one; products of several are known under none."""
    names = [title(as_mapping(cloud).get("name")) for cloud in as_mapping(fields.get("clouds")).values()]
    return (names[0] or None) if len(names) == 1 else None


def _products(fields: Fields, kind: Kind, where: str, problems: list[Problem]) -> list[_Product]:
    found = []
    for place, (key, value) in enumerate(as_mapping(fields.get("products")).items()):
        held, here = as_mapping(value), f"{where}.products[{place}]"
        own_id = ident(held.get("id")) or ident(key)
        if not own_id:
            problems.append(Problem(here, "a product without id"))
            continue
        name = title(held.get("name")) or own_id
        found.append(_Product(own_id, name, _history(held, kind, here, problems), bool(held.get("endedOn"))))
    return found


def _history(fields: Fields, kind: Kind, where: str, problems: list[Problem]) -> tuple[_Entry, ...]:
    """By the number that the key is, not by its letters."""
    found = []
    for key, value in as_mapping(fields.get("history")).items():
        held = as_mapping(value)
        at = moment(int(key)) if key.isdecimal() and len(key) < 20 else moment(held.get("messageTime"))
        here = f"{where}.history"
        if at is None or not held:
            problems.append(Problem(here, "an entry without a time"))
            continue
        phase = choose(held.get("status"), PHASES[kind], Phase.UNKNOWN, f"{here}.status", problems)
        severity = held.get("severity")
        level = choose(severity, LEVELS, Status.UNKNOWN, f"{here}.severity", problems)
        found.append(_Entry(at, phase, level, choose(severity, IMPACTS, Impact.UNKNOWN, here, []), held))
    return tuple(sorted(found, key=lambda entry: entry.at))


def _level(product: _Product, kind: Kind) -> Status:
    """That of the newest entry of its history."""
    if not product.is_open:
        return Status.OPERATIONAL
    if product.history and product.history[-1].level is not Status.UNKNOWN:
        return product.history[-1].level
    return Status.MAINTENANCE if kind is Kind.MAINTENANCE else Status.UNKNOWN


def _phase(
    fields: Fields,
    products: list[_Product],
    entries: list[_Entry],
    kind: Kind,
    where: str,
    problems: list[Problem],
) -> Phase:
    """Over where the event says when it ended or each product is; else where the newest entry that is open stands."""
    stated = choose(fields.get("status"), PHASES[kind], None, f"{where}.status", problems)
    if stated and stated.is_closed:
        return stated
    newest = next((entry.phase for entry in reversed(entries) if entry.phase is not Phase.UNKNOWN), None)
    if fields.get("completedOn") or (products and not any(product.is_open for product in products)):
        return newest if newest and newest.is_closed else _CLOSED[kind]
    going_on = (entry.phase for entry in reversed(entries) if not entry.phase.is_closed)
    return next((phase for phase in going_on if phase is not Phase.UNKNOWN), stated or _OPEN[kind])


def _impact(entries: list[_Entry], kind: Kind) -> Impact:
    """The worst that any product reached."""
    if kind is Kind.MAINTENANCE:
        return Impact.MAINTENANCE
    return max((entry.impact for entry in entries), key=IMPACT_ORDER.index, default=Impact.UNKNOWN)


def _title(
    entries: list[_Entry],
    fields: Fields,
    texts: Texts,
    times: Mapping[str, datetime | None],
    products: list[_Product],
) -> str:
    """The newest title, else the names of the products."""
    for held in (*(entry.fields for entry in reversed(entries)), fields):
        words = title(texts.find(held.get("titleToken"), times)[0])
        if words:
            return words
    return title(", ".join(product.name for product in products))


def _updates(entries: list[_Entry], texts: Texts, times: Mapping[str, datetime | None]) -> tuple[IncidentUpdate, ...]:
    """Each entry once, although it stands in the history of each product; known by its second."""
    found: dict[str, IncidentUpdate] = {}
    seen: set[tuple[datetime, str]] = set()
    for entry in entries:
        words, raw = texts.find(entry.fields.get("messageToken"), times)
        if not words:
            words = title(texts.find(entry.fields.get("titleToken"), times)[0])
        if (entry.at, words) in seen:
            continue
        seen.add((entry.at, words))
        stamp = str(int(entry.at.timestamp()))
        own_id = stamp if stamp not in found else f"{stamp}/{ident(entry.fields.get('messageToken')) or len(found)}"
        raw_phase = text(entry.fields.get("status"), 60)
        found[own_id] = IncidentUpdate(own_id, entry.phase, words, entry.at, raw=raw, raw_phase=raw_phase)
    return tuple(found.values())
