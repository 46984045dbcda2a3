"""Datadog status pages: `<prefix>.statuspage.datadoghq.com` and custom domains (a product of 2025 and 2026).

There is no documentation of what a visitor can read. The page is a shell of some 600 bytes that a browser fills from
one document, `/config.json`; its shape is known from a captured page and from a working client, checked 2026-11:

    {"id", "name", "pageUrl",
     "components": [{"id", "name", "position", "type": "Component" | "ComponentGroup", "status", "components": [...]}],
     "incidents": [{"id", "title", "currentStatus", "publishedDate", "resolvedDate", "resolved", "lastModifiedAt",
                    "componentsAffected": [...],
                    "timeline": [{"id", "status", "description", "startedAt", "createdAt", "lastModifiedAt",
                                  "componentsAffected": [...]}]}],
     "maintenances": null | [...]}

Quirks: the timeline stands in no order; `startedAt` is when a message was true, `createdAt` when it was filed; the
components of an incident show their present level, those of a timeline entry the level of then, so that how bad it was
is the worst of the timeline. A maintenance in this document was not seen yet: it is read as an incident with a window.
`status.datadoghq.com`, Datadog's own page, is made with Atlassian Statuspage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    FeedSpec,
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
from statuswire.platforms.addresses import base_of, single_feed, web_url
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, oldest_first, worst_impact
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    ident,
    items,
    moment,
    plain,
    require_mapping,
    text,
    title,
)
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

NAME: Final = "datadog"
CONFIG: Final = "/config.json"
_DEEPEST: Final = 8
"""Groups in groups; a page shows two levels."""

Fields = dict[str, object]


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The one document that is the whole page."""
    base = base_of(page_url)
    return single_feed(page_url, ((CONFIG, FeedSpec("")),)) or ((FeedSpec(f"{base}{CONFIG}"),) if base else ())


def parse(document: Document) -> Snapshot:
    """Read `config.json`. Raises ParseError."""
    fields = require_mapping(load_parts(document), "")
    if not is_list(fields.get("components")) or "incidents" not in fields:
        raise ParseError(ParseReason.SHAPE, "not Datadog's config.json: no list of components beside incidents")
    reader = _Reader([])
    components = _components(fields["components"], "components", reader.problems)
    incidents = _incident.each(fields.get("incidents"), "incidents", reader.problems, Kind.INCIDENT).found
    planned = _incident.each(fields.get("maintenances"), "maintenances", reader.problems, Kind.MAINTENANCE).found
    return Snapshot(
        platform=NAME,
        page=_page(fields),
        covers=frozenset(_covers(fields, components, reader.problems)),
        components=components,
        incidents=(*incidents, *planned),
        problems=tuple(reader.problems),
    )


def _page(fields: Fields) -> PageFacts:
    domain = text(fields.get("customDomain")) if flag(fields.get("customDomainEnabled")) else ""
    url = f"https://{domain}" if domain and "/" not in domain else web_url(fields.get("pageUrl"))
    return PageFacts(id=ident(fields.get("id")) or None, name=title(fields.get("name")) or None, url=url or None)


_ROW: Final = re.compile(r"components(?:\[\d*\]|\.components)*")
"""The place of a row, or of a list of rows, in the tree of components; words inside a row have longer places."""


def _covers(fields: Fields, components: tuple[Component, ...], problems: list[Problem]) -> Iterator[Cover]:
    """The lists that were read to the last item; `maintenances: null` is how an empty one is written."""
    if components and not any(_ROW.fullmatch(problem.where) for problem in problems):
        yield Cover.COMPONENTS
    if is_whole(fields.get("incidents"), "incidents", problems):
        yield Cover.OPEN_INCIDENTS
    planned = fields.get("maintenances", False)
    if is_whole([] if planned is None else planned, "maintenances", problems):
        yield Cover.OPEN_MAINTENANCES


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the lists of one document and collects their problems."""

    problems: list[Problem]

    def level(self, word: object, where: str) -> Status:
        return choose(word, COMPONENT_WORDS, Status.UNKNOWN, where, self.problems)

    # --- components ---------------------------------------------------------------------------------------------

    def components(self, listed: object, where: str, groups: tuple[str, ...], depth: int) -> Iterator[Component]:
        """The rows that can fail, with the names of the groups around them; a group has no level of its own."""
        if depth > _DEEPEST:
            self.problems.append(Problem(f"{where}[]", "groups nested too deep"))
            return
        for place, fields in items(listed, where, self.problems):
            here = f"{where}[{place}]"
            name = title(fields.get("name"))
            if isinstance(fields.get("components"), list) or fields.get("type") == "ComponentGroup":
                yield from self.components(fields.get("components"), f"{here}.components", (*groups, name), depth + 1)
            elif component_id := ident(fields.get("id")):
                yield self._component(component_id, name, groups, fields, here)
            else:
                self.problems.append(Problem(here, "a component without id"))

    def _component(self, component_id: str, name: str, groups: tuple[str, ...], fields: Fields, here: str) -> Component:
        position = fields.get("position")
        return Component(
            id=component_id,
            name=name,
            group=" / ".join(filter(None, groups)) or None,
            status=self.level(fields.get("status"), f"{here}.status"),
            raw_status=text(fields.get("status"), 200),
            position=position if isinstance(position, int) and abs(position) < 2**31 else 0,
        )

    def affected(self, listed: object, where: str) -> tuple[AffectedComponent, ...]:
        return tuple(
            AffectedComponent(
                ident(fields.get("id")),
                title(fields.get("name")),
                None,
                self.level(fields.get("status"), f"{where}[{place}].status"),
            )
            for place, fields in items(listed, where, self.problems)
            if fields.get("id") or fields.get("name")
        )

    # --- incidents ----------------------------------------------------------------------------------------------

    def incident(self, incident_id: str, fields: Fields, here: str, kind: Kind) -> Incident:
        is_planned = kind is Kind.MAINTENANCE
        word = text(fields.get("currentStatus") or fields.get("status"), 200)
        updates = self._updates(fields, here)
        affected = self.affected(fields.get("componentsAffected"), f"{here}.componentsAffected")
        levels = [row.status for update in updates for row in update.components] + [row.status for row in affected]
        published = moment(fields.get("publishedDate"))
        return Incident(
            id=incident_id,
            title=title(fields.get("title")),
            kind=kind,
            phase=self._phase(word, fields, f"{here}.currentStatus"),
            impact=Impact.MAINTENANCE if is_planned else worst_impact(levels),
            created_at=_filed_at(fields) or published,
            started_at=None if is_planned else published,
            resolved_at=moment(fields.get("resolvedDate")),
            updated_at=moment(fields.get("lastModifiedAt")),
            scheduled_for=moment(fields.get("startDate")) if is_planned else None,
            scheduled_until=moment(fields.get("completedDate")) if is_planned else None,
            components=affected if isinstance(fields.get("componentsAffected"), list) else None,
            updates=updates,
            raw_phase=word,
        )

    def _phase(self, word: str, fields: Fields, where: str) -> Phase | None:
        """`resolved` is the page's own flag and decides over an open word."""
        phase = choose(word, PHASE_WORDS, Phase.UNKNOWN, where, self.problems) if word else None
        if flag(fields.get("resolved")) and not (phase and phase.is_closed):
            return Phase.RESOLVED
        return phase

    def _updates(self, fields: Fields, here: str) -> tuple[IncidentUpdate, ...]:
        """Oldest first. They are listed in no order: what was filed later comes later where the moments are equal."""
        where = f"{here}.timeline"
        rows = items(fields.get("timeline", fields.get("updates")), where, self.problems)
        filed = sorted(rows, key=lambda row: text(row[1].get("createdAt")))
        return oldest_first(self._update(row, f"{where}[{place}]") for place, row in filed)

    def _update(self, fields: Fields, here: str) -> IncidentUpdate:
        word = text(fields.get("status"), 200)
        said, raw = plain(text(fields.get("description")))
        return IncidentUpdate(
            id=ident(fields.get("id")),
            phase=choose(word, PHASE_WORDS, Phase.UNKNOWN, f"{here}.status", self.problems) if word else None,
            text=said,
            at=moment(fields.get("startedAt")) or moment(fields.get("createdAt")),
            updated_at=moment(fields.get("lastModifiedAt")),
            raw=raw,
            raw_phase=word,
            components=self.affected(fields.get("componentsAffected"), f"{here}.componentsAffected"),
        )


@remembered
def _components(listed: object, where: str, problems: list[Problem]) -> tuple[Component, ...]:
    return tuple(_Reader(problems).components(listed, where, (), 0))


@remembered
def _incident(fields: Fields, where: str, problems: list[Problem], kind: Kind) -> Incident | None:
    if incident_id := ident(fields.get("id")):
        return _Reader(problems).incident(incident_id, fields, where, kind)
    problems.append(Problem(where, "an incident without id"))
    return None


def _filed_at(fields: Fields) -> datetime | None:
    """When the first message was filed, which may be days after what it tells of."""
    rows = fields.get("timeline")
    filed = [moment(as_mapping(row).get("createdAt")) for row in rows] if isinstance(rows, list) else []
    return min((at for at in filed if at), default=None)


# --- recognising -------------------------------------------------------------------------------------------------

_TYPES: Final = frozenset({"Component", "ComponentGroup"})


def recognize(sight: Sight) -> bool:
    """Components told apart by `type`, or the keys that only this page's settings have, beside incidents."""
    fields = sight.fields
    if "incidents" not in fields or "maintenances" not in fields or "page" in fields:
        return False
    listed = fields.get("components")
    first = as_mapping(listed[0]) if isinstance(listed, list) and listed else {}
    return text(first.get("type")) in _TYPES or {"domainPrefix", "sourceDatacenter"} <= fields.keys()


def page_id(document: Document) -> str | None:
    """The id that the document states."""
    sight = Sight(document)
    return ident(sight.fields.get("id")) or None if recognize(sight) else None


PLATFORM: Final = Platform(
    name=NAME,
    title="Datadog status pages",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("statuspage.datadoghq.com",),
    probes=(CONFIG,),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="UUIDs of components, incidents and the entries of a timeline",
        absence="what is open is always in the document: what has gone from it is over",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
