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

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

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
    items,
    moment,
    normalise_url,
    plain,
    text,
    title,
)
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
    index = _Index(document.served_at, problems)
    for place, row in items(fields.get("included"), "included", problems):
        index.keep(row, f"included[{place}]")
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


@dataclass(slots=True)
class _Index:
    """The rows of `included` by type and id, each with its place."""

    now: datetime
    problems: list[Problem]
    rows: dict[str, dict[str, tuple[str, Fields]]] = field(default_factory=lambda: {kind: {} for kind in _TYPES})
    components: dict[str, Component] = field(default_factory=dict)

    def keep(self, row: Fields, where: str) -> None:
        """Rows of other types are not for us; one of ours without an id is skipped and named."""
        kind, row_id = row.get("type"), ident(row.get("id"))
        if not isinstance(kind, str) or kind not in self.rows:
            return
        if not row_id or not isinstance(row.get("attributes"), dict):
            self.problems.append(Problem(where, f"a {kind} without id and attributes"))
            return
        self.rows[kind].setdefault(row_id, (where, row))

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
        found = [
            (self._section_place(as_mapping(row["attributes"])), self._resource(row_id, where, row))
            for row_id, (where, row) in self.rows["status_page_resource"].items()
        ]
        found.sort(key=lambda one: (one[0], one[1].position))
        self.components = {component.id: component for _, component in found}

    def _section(self, attributes: Fields) -> Fields:
        _, row = self.rows["status_page_section"].get(ident(attributes.get("status_page_section_id")), ("", {}))
        return as_mapping(row.get("attributes"))

    def _section_place(self, attributes: Fields) -> int:
        return _place(self._section(attributes).get("position"))

    def _resource(self, row_id: str, where: str, row: Fields) -> Component:
        attributes = as_mapping(row.get("attributes"))
        word = text(attributes.get("status"), 200)
        return Component(
            id=row_id,
            name=title(attributes.get("public_name")) or row_id,
            group=title(self._section(attributes).get("name")) or None,
            status=choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", self.problems),
            raw_status=word,
            position=_place(attributes.get("position")),
        )

    # --- reports ---------------------------------------------------------------------------------------------------

    def reports(self, base: str) -> Iterator[Incident]:
        for row_id, (where, row) in self.rows["status_report"].items():
            yield self._report(row_id, where, row, f"{base}/incident/{row_id}" if base else "")

    def _report(self, row_id: str, where: str, row: Fields, url: str) -> Incident:
        attributes = as_mapping(row.get("attributes"))
        word = text(attributes.get("aggregate_state"), 200)
        kind = choose(attributes.get("report_type"), KINDS, Kind.INCIDENT, f"{where}.report_type", self.problems)
        begins, ends = moment(attributes.get("starts_at")), moment(attributes.get("ends_at"))
        is_over = fold_word(word) in OVER
        updates = oldest_first(self._updates(row, where, kind))
        components = self._affected(attributes.get("affected_resources"), where)
        is_planned = kind is Kind.MAINTENANCE
        impact = self._impact(word, where, updates)
        return Incident(
            id=row_id,
            title=title(attributes.get("title")) or row_id,
            kind=kind,
            phase=self._phase(kind, begins, ends, updates, is_over=is_over),
            impact=Impact.MAINTENANCE if is_planned else impact,
            url=url,
            created_at=begins if not is_planned else updates[0].at if updates else None,
            started_at=None if is_planned else begins,
            resolved_at=ends if ends and ends <= self.now else None,
            scheduled_for=begins if is_planned else None,
            scheduled_until=ends if is_planned else None,
            components=components,
            updates=updates,
            aliases=(normalise_url(url),) if url else (),
            raw_phase=word,
            raw_impact=word,
        )

    def _phase(
        self,
        kind: Kind,
        begins: datetime | None,
        ends: datetime | None,
        updates: tuple[IncidentUpdate, ...],
        *,
        is_over: bool,
    ) -> Phase | None:
        """The level decides, for `ends_at` may stay empty for ever; then the window, then what a message tells."""
        if kind is Kind.MAINTENANCE:
            return Phase.COMPLETED if is_over else phase_by_time(begins, ends, self.now)
        if is_over or (ends is not None and ends <= self.now):
            return Phase.RESOLVED
        told = next((update.phase for update in reversed(updates) if update.phase), None)
        return told if told and not told.is_closed else Phase.INVESTIGATING

    def _impact(self, word: str, where: str, updates: tuple[IncidentUpdate, ...]) -> Impact:
        """The worst that the report or one of its updates told: its level now says no more how bad it was."""
        now = choose(word, IMPACTS, Impact.UNKNOWN, f"{where}.aggregate_state", self.problems)
        told = worst_impact(component.status for update in updates for component in update.components)
        return max(now, told, key=IMPACT_ORDER.index)

    def _updates(self, row: Fields, where: str, kind: Kind) -> Iterator[IncidentUpdate]:
        """Those that the report names, wherever they stand; in the older shape they stand in the report itself.

        An update belongs to one report: whoever names it first has it.
        """
        named = as_mapping(as_mapping(row.get("relationships")).get("status_updates")).get("data")
        for place, one in items(named, f"{where}.status_updates", self.problems):
            update_id = ident(one.get("id"))
            at, update = self.rows["status_update"].pop(update_id, ("", {}))
            if update:
                yield self._update(update_id, as_mapping(update.get("attributes")), at, kind)
            else:
                self.problems.append(Problem(f"{where}.status_updates[{place}]", "an update that is not included"))
        inline = as_mapping(row.get("attributes")).get("status_report_updates")
        for place, one in items(inline, f"{where}.status_report_updates", self.problems):
            fields = as_mapping(one.get("attributes")) or one
            yield self._update(ident(one.get("id")), fields, f"{where}.status_report_updates[{place}]", kind)

    def _update(self, update_id: str, attributes: Fields, where: str, kind: Kind) -> IncidentUpdate:
        message = text(attributes.get("message"))
        body, raw = plain(message)
        affected = self._affected(attributes.get("affected_resources"), where) or ()
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

    def _affected(self, listed: object, where: str) -> tuple[AffectedComponent, ...] | None:
        """The resources that a report or an update names, with the level it gives them; None where it names no list."""
        if not isinstance(listed, list):
            return None
        place = f"{where}.affected_resources"
        return tuple(
            self._affected_one(row, f"{place}[{index}]")
            for index, row in items(listed, place, self.problems)
            if ident(row.get("status_page_resource_id"))
        )

    def _affected_one(self, row: Fields, where: str) -> AffectedComponent:
        row_id = ident(row.get("status_page_resource_id"))
        level = choose(row.get("status"), LEVELS, Status.UNKNOWN, f"{where}.status", self.problems)
        known = self.components.get(row_id)
        if known is None:
            return AffectedComponent(row_id, "", None, level)
        return AffectedComponent(row_id, known.name, known.group, level)


def _place(value: object) -> int:
    return value if isinstance(value, int) and abs(value) < 2**31 else 0
