"""`incidents.json` and `products.json` of Google's status pages, one schema for all of them.

    [{"id", "number", "begin", "created", "modified", "end": "" or absent while open, "external_desc": markdown,
      "updates": [{"created", "modified", "when", "text": markdown, "status", "affected_locations"}], newest first
      "most_recent_update", "status_impact": "SERVICE_OUTAGE", "severity": "high", "service_key", "service_name",
      "affected_products": [{"title", "id", "current_title"}], "uri": "incidents/<id>",
      "currently_affected_locations": [{"title", "id"}], "previously_affected_locations": [...]}]

The schema is published beside the file; it knows no severity `low`, which is real. Captured 2025-06 to 2026-08.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from statuswire.model import AffectedComponent, Component, Impact, Incident, IncidentUpdate, Phase, Problem, Status
from statuswire.platforms.reading import choose, fold_word, ident, items, moment, normalise_url, text, title
from statuswire.platforms.remembering import remembered
from statuswire.platforms.vendors.google_text import headline, plain_markdown

Fields = Mapping[str, object]

# --- words -------------------------------------------------------------------------------------------------------

INFORMATION: Final = "serviceinformation"
DISRUPTION: Final = "servicedisruption"
OUTAGE: Final = "serviceoutage"
AVAILABLE: Final = "available"

IMPACTS: Final[dict[str, dict[str, Impact]]] = {
    INFORMATION: {"low": Impact.NONE, "medium": Impact.MINOR, "high": Impact.MINOR},
    DISRUPTION: {"low": Impact.MINOR, "medium": Impact.MAJOR, "high": Impact.MAJOR},
    OUTAGE: {"low": Impact.MAJOR, "medium": Impact.CRITICAL, "high": Impact.CRITICAL},
}
"""By `status_impact`, then `severity`."""

LEVELS: Final[dict[str, Status]] = {
    INFORMATION: Status.OPERATIONAL,
    DISRUPTION: Status.DEGRADED,
    OUTAGE: Status.MAJOR_OUTAGE,
}
"""Of an affected product, or of it in one place, while the incident is open."""

_WORDS: Final = {word: word for word in (*LEVELS, AVAILABLE)}
_SEVERITIES: Final = {"low": "low", "medium": "medium", "high": "high"}
EVERYWHERE: Final = "global"
_WIDE_KEY: Final = "zall"
"""The product of an incident that hit several: these stand in `affected_products`."""

MOST_PAIRS: Final = 200
"""Of product and place, in one incident. The widest one known (2025-06-12) hit 55 products in 61 places: to say it
3,355 times helps nobody. Then the products are shown without their places, and the incident names none of them: it
concerns everybody, also those who follow one product in one place."""


class Named(NamedTuple):
    """A product or a place."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ReadIncident:
    incident: Incident
    components: tuple[Component, ...] = ()


def read_products(listed: object, problems: list[Problem]) -> tuple[Component, ...]:
    """The products by name, without their levels."""
    rows: dict[str, Component] = {}
    for index, fields in items(listed, "products", problems):
        product = _named(fields, f"products[{index}]", problems)
        if product:
            rows[product.id] = Component(product.id, product.name, position=index, lacks_status=True)
    return tuple(rows.values())


# --- one incident ------------------------------------------------------------------------------------------------


@remembered
def read_incident(fields: Fields, where: str, problems: list[Problem], base: str) -> ReadIncident | None:
    """One incident; None, and named, where nothing identifies it. `base` is the page's address."""
    number = ident(fields.get("number"))
    own_id = ident(fields.get("id")) or number
    if not own_id:
        problems.append(Problem(where, "an incident without id"))
        return None
    is_open, ended = not fields.get("end"), moment(fields.get("end"))
    updates = _updates(fields, own_id, where, ended, problems)
    word = choose(fields.get("status_impact"), _WORDS, "", f"{where}.status_impact", problems)
    severity = choose(fields.get("severity"), _SEVERITIES, "medium", f"{where}.severity", problems)
    level, raw = _level(updates, text(fields.get("status_impact"), 100), severity)
    touched = _touched(fields, where, problems)
    uri = _URI.fullmatch(text(fields.get("uri"), 300))
    url = f"{base}/{uri[1]}" if base and uri else ""
    incident = Incident(
        id=own_id,
        title=headline(text(fields.get("external_desc"))),
        phase=_phase(updates, is_open=is_open),
        impact=IMPACTS.get(word, {}).get(severity, Impact.UNKNOWN),
        url=url,
        created_at=moment(fields.get("created")),
        started_at=moment(fields.get("begin")),
        resolved_at=ended,
        updated_at=moment(fields.get("modified")),
        components=affected(touched, level if is_open else Status.OPERATIONAL),
        updates=updates,
        aliases=tuple(alias for alias in (number, normalise_url(url)) if alias and alias != own_id),
        raw_impact=text(fields.get("status_impact"), 100),
    )
    return ReadIncident(incident, _rows(touched, level, raw) if is_open else ())


_URI: Final = re.compile(r"/?(incidents/[A-Za-z0-9_-]{1,100})")


def _level(updates: Sequence[IncidentUpdate], overall: str, severity: str) -> tuple[Status, str]:
    """The level and its word: the newest one of trouble, for `AVAILABLE` may stand there hours before the end."""
    words = (update.raw_phase for update in reversed(updates))
    newest = next((one for one in words if fold_word(one) in LEVELS), overall)
    level = LEVELS.get(fold_word(newest), Status.UNKNOWN)
    if level is Status.DEGRADED and severity == "high":
        return Status.PARTIAL_OUTAGE, newest
    return level, newest


# --- updates -----------------------------------------------------------------------------------------------------

_REPORT: Final = re.compile(r"[\s#*\\]*(?:\w+ ){0,2}incident report\b", re.IGNORECASE)


def _updates(
    fields: Fields, own_id: str, where: str, ended: datetime | None, problems: list[Problem]
) -> tuple[IncidentUpdate, ...]:
    """Oldest first; they stand newest first."""
    place = f"{where}.updates"
    read = [
        (_update(entry, own_id, f"{place}[{index}]", problems), _written_at(entry))
        for index, entry in items(fields.get("updates"), place, problems)
    ]
    read = _without_repeats(read[::-1], place, problems)
    ordered = sorted(read, key=lambda row: row[1].timestamp() if row[1] else 0.0)
    return tuple(
        _placed(update, written_at, index, ended, is_last=index == len(ordered) - 1)
        for index, (update, written_at) in enumerate(ordered)
    )


def _without_repeats(
    read: Sequence[tuple[IncidentUpdate, datetime | None]], where: str, problems: list[Problem]
) -> list[tuple[IncidentUpdate, datetime | None]]:
    """Each id once: of two updates under one the older in the list counts."""
    once = {update.id or f"#{place}": (update, at) for place, (update, at) in reversed(list(enumerate(read)))}
    if len(once) < len(read):
        problems.append(Problem(where, "the same update again"))
    return list(once.values())[::-1]


def _written_at(entry: Fields) -> datetime | None:
    return moment(entry.get("created")) or moment(entry.get("when"))


def _update(entry: Fields, own_id: str, where: str, problems: list[Problem]) -> IncidentUpdate:
    choose(entry.get("status"), _WORDS, "", f"{where}.status", problems)
    created, written = ident(entry.get("created")), text(entry.get("text"))
    words = plain_markdown(written)
    return IncidentUpdate(
        id=f"{own_id}/{created}" if created else "",
        phase=None,
        text=words,
        at=moment(entry.get("when")) or moment(entry.get("created")),
        updated_at=moment(entry.get("modified")),
        raw="" if words == written else written,
        raw_phase=text(entry.get("status"), 100),
    )


def _placed(
    update: IncidentUpdate, written_at: datetime | None, index: int, ended: datetime | None, *, is_last: bool
) -> IncidentUpdate:
    """The phase, which only the end and the order tell: what is written after the end resolves, or reports on it."""
    if ended is not None and (is_last or (written_at is not None and written_at >= ended)):
        phase = Phase.POSTMORTEM if _REPORT.match(update.raw or update.text) else Phase.RESOLVED
    elif fold_word(update.raw_phase) == AVAILABLE:
        phase = Phase.MONITORING
    else:
        phase = Phase.IDENTIFIED if index else Phase.INVESTIGATING
    return replace(update, phase=phase)


def _phase(updates: Sequence[IncidentUpdate], *, is_open: bool) -> Phase:
    newest = updates[-1].phase if updates else None
    if is_open:
        return newest or Phase.INVESTIGATING
    return Phase.POSTMORTEM if newest is Phase.POSTMORTEM else Phase.RESOLVED


# --- what is affected --------------------------------------------------------------------------------------------


class _Touched(NamedTuple):
    """The products of an incident, the places where it hits them now, and those where it did before."""

    products: tuple[Named, ...]
    now: tuple[Named, ...]
    before: tuple[Named, ...]


def _touched(fields: Fields, where: str, problems: list[Problem]) -> _Touched:
    now = _all_named(fields, "currently_affected_locations", where, problems)
    before = _all_named(fields, "previously_affected_locations", where, problems)
    return _Touched(
        products=_all_named(fields, "affected_products", where, problems) or _own_product(fields),
        now=now,
        before=tuple(place for place in before if place not in now),
    )


def _all_named(fields: Fields, key: str, where: str, problems: list[Problem]) -> tuple[Named, ...]:
    place = f"{where}.{key}"
    read = (_named(entry, f"{place}[{index}]", problems) for index, entry in items(fields.get(key), place, problems))
    return tuple(dict.fromkeys(one for one in read if one))


def _named(fields: Fields, where: str, problems: list[Problem]) -> Named | None:
    """Known by its id; a title may have changed since (`current_title`)."""
    own_id = ident(fields.get("id"))
    if not own_id:
        problems.append(Problem(where, "without id"))
        return None
    return Named(own_id, title(fields.get("current_title")) or title(fields.get("title")) or own_id)


def _own_product(fields: Fields) -> tuple[Named, ...]:
    """The deprecated single product of old incidents."""
    key = ident(fields.get("service_key"))
    return (Named(key, title(fields.get("service_name")) or key),) if key and key != _WIDE_KEY else ()


@lru_cache(maxsize=512)
def affected(touched: _Touched, level: Status) -> tuple[AffectedComponent, ...]:
    """Each product in each place that the incident ever hit; where it is over it is well again.

    A product as a whole where no place is named, or one of them is all places. Kept, because nearly all of a document
    is history that never changes, and some of it is wide.
    """
    places = (*touched.now, *touched.before)
    if len(places) * len(touched.products) > MOST_PAIRS:
        return ()
    found = []
    if not places or any(place.id == EVERYWHERE for place in places):
        is_over = bool(touched.now) and all(place.id != EVERYWHERE for place in touched.now)
        whole = Status.OPERATIONAL if is_over else level
        found += [AffectedComponent(product.id, product.name, None, whole) for product in touched.products]
    for place in places:
        if place.id != EVERYWHERE:
            here = level if place in touched.now else Status.OPERATIONAL
            found += [pair(product, place, here) for product in touched.products]
    return tuple(found)


def pair(product: Named, place: Named, level: Status) -> AffectedComponent:
    return AffectedComponent(f"{product.id}/{place.id}", product.name, place.id, level)


def _rows(touched: _Touched, level: Status, word: str) -> tuple[Component, ...]:
    """The products, and each of them in each place of today, unless these are too many.

    An outage in some places is a partial one of the product.
    """
    places = [place for place in touched.now if place.id != EVERYWHERE]
    is_partial = level is Status.MAJOR_OUTAGE and places and len(places) == len(touched.now)
    whole = Status.PARTIAL_OUTAGE if is_partial else level
    rows = [Component(product.id, product.name, None, whole, word) for product in touched.products]
    if len(touched.products) * len(places) > MOST_PAIRS:
        return tuple(rows)
    pairs = (pair(product, place, level) for place in places for product in touched.products)
    return (*rows, *(Component(one.id, one.name, one.group, one.status, word) for one in pairs))
