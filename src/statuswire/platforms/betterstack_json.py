"""`index.json` of a Better Stack page: JSON:API with everything in it (checked 2026-11).

    {"data": {"id", "type": "status_page", "attributes": {"company_name", "subdomain", "custom_domain",
              "aggregate_state", ...}, "relationships": {"sections", "resources", "status_reports"}},
     "included": [{"id", "type": "status_page_section" | "status_page_resource" | "status_report" | "status_update",
                   "attributes": {...}, "relationships": {...}}]}

`included` has no order; updates are joined to their report through its relationships, and stand inside it in an older
shape. Ids are texts in one place and numbers in another. `timezone` is a name of Rails and no zone of IANA; moments
carry their offset. Most of the bytes are `status_history`, which nobody here reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
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
from statuswire.platforms.betterstack_terms import (
    IMPACTS,
    KINDS,
    LEVELS,
    NAME,
    OVER,
    Fields,
    leading_phase,
    phase_by_time,
)
from statuswire.platforms.derived import is_whole, oldest_first, worst_impact
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    fold_word,
    ident,
    item_parts,
    items,
    moment,
    normalise_url,
    plain,
    text,
    title,
)
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.words import IMPACT_ORDER

_TYPES = ("status_page_section", "status_page_resource", "status_report", "status_update")
_ANY_INCIDENT = frozenset({Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES})


def is_index(fields: Fields) -> bool:
    """Whether the object is the page itself in JSON:API."""
    page = as_mapping(fields.get("data"))
    return page.get("type") == "status_page" and "aggregate_state" in as_mapping(page.get("attributes"))


def read_index(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of the document; raises ParseError where the shape is another one."""
    page = as_mapping(fields.get("data"))
    if page.get("type") != "status_page":
        raise ParseError(
            ParseReason.SHAPE, "not a Better Stack document: its data is no status page", where="data.type"
        )
    problems: list[Problem] = []
    index = _Index(Now(document.served_at), problems)
    for place, part in item_parts(fields.get("included"), "included", problems):
        where = f"included[{place}]"
        row = _row(part, where, problems)
        if row is not None:
            index.rows[row.kind].setdefault(row.id, (where, row))
    index.read_resources()
    facts = index.page(page)
    return Snapshot(
        platform=NAME,
        page=facts,
        covers=_covers(page, fields.get("included"), index),
        components=tuple(index.components.values()),
        incidents=tuple(index.reports(facts.url or "")),
        problems=tuple(problems),
    )


def _covers(page: Fields, included: object, index: _Index) -> frozenset[Cover]:
    """Each list that names its rows and whose rows are all there, provided that all of `included` was readable."""
    if not is_whole(included, "included", index.problems):
        return frozenset()
    relations = as_mapping(page.get("relationships"))
    covered: set[Cover] = set()
    if index.has_all(relations.get("resources"), "status_page_resource"):
        covered.add(Cover.COMPONENTS)
    if index.has_all(relations.get("status_reports"), "status_report"):
        covered |= _ANY_INCIDENT
    return frozenset(covered)


def page_url(attributes: Fields) -> str | None:
    """The address of the page: its own domain, else its subdomain of the product."""
    domain, subdomain = (text(attributes.get(key)).strip().lower() for key in ("custom_domain", "subdomain"))
    if domain:
        return f"https://{domain}"
    return f"https://{subdomain}.betteruptime.com" if subdomain else None


# --- rows --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """A row of `included` without the history of its levels; the same object as long as it is the same row."""

    kind: str
    id: str
    attributes: Fields
    relationships: Fields


_UNREAD: Final = "status_history"


@remembered
def _row(row: Fields, where: str, problems: list[Problem]) -> _Row | None:
    """None for rows of other types; one of ours without an id is skipped and named."""
    kind, row_id = row.get("type"), ident(row.get("id"))
    if not isinstance(kind, str) or kind not in _TYPES:
        return None
    if not row_id or not isinstance(row.get("attributes"), dict):
        problems.append(Problem(where, f"a {kind} without id and attributes"))
        return None
    attributes = {key: value for key, value in as_mapping(row["attributes"]).items() if key != _UNREAD}
    return _Row(kind, row_id, attributes, as_mapping(row.get("relationships")))


@remembered
def _resource(row: _Row, where: str, problems: list[Problem], group: str | None) -> Component:
    word = text(row.attributes.get("status"), 200)
    return Component(
        id=row.id,
        name=title(row.attributes.get("public_name")) or row.id,
        group=group,
        status=choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems),
        raw_status=word,
        position=_place(row.attributes.get("position")),
    )


_Places = Mapping[str, tuple[str, str | None]]
"""The name of each component, and that of its group, by id."""


@lru_cache(maxsize=128)
def _places(rows: tuple[tuple[str, str, str | None], ...]) -> _Places:
    """The same object for the same rows, so that it is quickly seen that they are the same."""
    return {row_id: (name, group) for row_id, name, group in rows}


@dataclass(slots=True)
class _Index:
    """The rows of `included` by type and id, each with its place."""

    now: Now
    problems: list[Problem]
    rows: dict[str, dict[str, tuple[str, _Row]]] = field(default_factory=lambda: {kind: {} for kind in _TYPES})
    components: dict[str, Component] = field(default_factory=dict)
    places: _Places = field(default_factory=dict)

    def has_all(self, relation: object, kind: str) -> bool:
        """Whether every row that a list names is there; a page without such a list names none."""
        listed = as_mapping(relation).get("data")
        return isinstance(listed, list) and all(ident(as_mapping(one).get("id")) in self.rows[kind] for one in listed)

    # --- page and components ---------------------------------------------------------------------------------------

    def page(self, page: Fields) -> PageFacts:
        attributes = as_mapping(page.get("attributes"))
        status = choose(
            attributes.get("aggregate_state"), LEVELS, Status.UNKNOWN, "data.aggregate_state", self.problems
        )
        if status is Status.OPERATIONAL and self._is_unwatched():
            status = Status.UNKNOWN
        return PageFacts(
            id=ident(page.get("id")) or None,
            name=title(attributes.get("company_name")) or None,
            url=page_url(attributes),
            status=status,
            status_text=title(attributes.get("aggregate_state")),
        )

    def _is_unwatched(self) -> bool:
        """A page of nothing but unmonitored rows rolls up to `operational`, which says nothing."""
        rows = self.components.values()
        return bool(rows) and all(fold_word(row.raw_status) == "notmonitored" for row in rows)

    def read_resources(self) -> None:
        """The components in the order of the page: by section, then by place in it."""
        found = []
        for where, row in self.rows["status_page_resource"].values():
            section = self._section(row.attributes)
            group = title(section.get("name")) or None
            found.append((_place(section.get("position")), _resource(row, where, self.problems, group)))
        found.sort(key=lambda one: (one[0], one[1].position))
        self.components = {component.id: component for _, component in found}
        self.places = _places(tuple((one.id, one.name, one.group) for one in self.components.values()))

    def _section(self, attributes: Fields) -> Fields:
        found = self.rows["status_page_section"].get(ident(attributes.get("status_page_section_id")))
        return found[1].attributes if found else {}

    # --- reports ---------------------------------------------------------------------------------------------------

    def reports(self, base: str) -> Iterator[Incident]:
        for where, row in self.rows["status_report"].values():
            word = row.attributes.get("report_type")
            kind = choose(word, KINDS, Kind.INCIDENT, f"{where}.report_type", self.problems)
            updates = tuple(self._updates(row, where, kind))
            url = f"{base}/incident/{row.id}" if base else ""
            yield _report(row, where, self.problems, kind, updates, url, self.places, self.now)

    def _updates(self, row: _Row, where: str, kind: Kind) -> Iterator[IncidentUpdate]:
        """Those that the report names, wherever they stand; in the older shape they stand in the report itself.

        An update belongs to one report: whoever names it first has it.
        """
        named = as_mapping(row.relationships.get("status_updates")).get("data")
        for place, one in items(named, f"{where}.status_updates", self.problems):
            found = self.rows["status_update"].pop(ident(one.get("id")), None)
            if found:
                yield _included_update(found[1], found[0], self.problems, kind, self.places)
            else:
                self.problems.append(Problem(f"{where}.status_updates[{place}]", "an update that is not included"))
        inline = row.attributes.get("status_report_updates")
        for place, one in items(inline, f"{where}.status_report_updates", self.problems):
            fields, at = as_mapping(one.get("attributes")) or one, f"{where}.status_report_updates[{place}]"
            yield _update(ident(one.get("id")), fields, at, self.problems, kind, self.places)


# --- one report --------------------------------------------------------------------------------------------------


@remembered
def _report(
    row: _Row,
    where: str,
    problems: list[Problem],
    kind: Kind,
    told: tuple[IncidentUpdate, ...],
    url: str,
    places: _Places,
    now: Now,
) -> Incident:
    attributes, updates = row.attributes, oldest_first(told)
    word = text(attributes.get("aggregate_state"), 200)
    begins, ends = moment(attributes.get("starts_at")), moment(attributes.get("ends_at"))
    components = _affected(attributes.get("affected_resources"), where, problems, places)
    is_planned = kind is Kind.MAINTENANCE
    impact = _impact(word, where, updates, problems)
    return Incident(
        id=row.id,
        title=title(attributes.get("title")) or row.id,
        kind=kind,
        phase=_phase(kind, begins, ends, updates, now, is_over=fold_word(word) in OVER),
        impact=Impact.MAINTENANCE if is_planned else impact,
        url=url,
        created_at=begins if not is_planned else updates[0].at if updates else None,
        started_at=None if is_planned else begins,
        resolved_at=ends if ends and now.has_come(ends) else None,
        scheduled_for=begins if is_planned else None,
        scheduled_until=ends if is_planned else None,
        components=components,
        updates=updates,
        aliases=(normalise_url(url),) if url else (),
        raw_phase=word,
        raw_impact=word,
    )


def _phase(
    kind: Kind,
    begins: datetime | None,
    ends: datetime | None,
    updates: tuple[IncidentUpdate, ...],
    now: Now,
    *,
    is_over: bool,
) -> Phase | None:
    """The level decides, for `ends_at` may stay empty for ever; then the window, then what a message tells."""
    if kind is Kind.MAINTENANCE:
        return Phase.COMPLETED if is_over else phase_by_time(begins, ends, now)
    if is_over or (ends is not None and now.has_come(ends)):
        return Phase.RESOLVED
    told = next((update.phase for update in reversed(updates) if update.phase), None)
    return told if told and not told.is_closed else Phase.INVESTIGATING


def _impact(word: str, where: str, updates: tuple[IncidentUpdate, ...], problems: list[Problem]) -> Impact:
    """The worst that the report or one of its updates told: its level now says no more how bad it was."""
    now = choose(word, IMPACTS, Impact.UNKNOWN, f"{where}.aggregate_state", problems)
    told = worst_impact(component.status for update in updates for component in update.components)
    return max(now, told, key=IMPACT_ORDER.index)


@remembered
def _included_update(row: _Row, where: str, problems: list[Problem], kind: Kind, places: _Places) -> IncidentUpdate:
    return _update(row.id, row.attributes, where, problems, kind, places)


def _update(
    update_id: str, attributes: Fields, where: str, problems: list[Problem], kind: Kind, places: _Places
) -> IncidentUpdate:
    message = text(attributes.get("message"))
    body, raw = plain(message)
    affected = _affected(attributes.get("affected_resources"), where, problems, places) or ()
    phase, word = leading_phase(message)
    if phase is None and affected and all(component.status is Status.OPERATIONAL for component in affected):
        phase = Phase.RESOLVED if kind is Kind.INCIDENT else Phase.COMPLETED
    return IncidentUpdate(
        id=update_id,
        phase=phase,
        text=body,
        at=moment(attributes.get("published_at")) or moment(attributes.get("created_at")),
        updated_at=moment(attributes.get("updated_at")),
        raw=raw,
        raw_phase=word,
        components=affected,
    )


def _affected(
    listed: object, where: str, problems: list[Problem], places: _Places
) -> tuple[AffectedComponent, ...] | None:
    """The resources that a report or an update names, with the level it gives them; None where it names no list."""
    if not isinstance(listed, list):
        return None
    place = f"{where}.affected_resources"
    return tuple(
        _affected_one(row, f"{place}[{index}]", problems, places)
        for index, row in items(listed, place, problems)
        if ident(row.get("status_page_resource_id"))
    )


def _affected_one(row: Fields, where: str, problems: list[Problem], places: _Places) -> AffectedComponent:
    row_id = ident(row.get("status_page_resource_id"))
    level = choose(row.get("status"), LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    name, group = places.get(row_id, ("", None))
    return AffectedComponent(row_id, name, group, level)


def _place(value: object) -> int:
    return value if isinstance(value, int) and abs(value) < 2**31 else 0
