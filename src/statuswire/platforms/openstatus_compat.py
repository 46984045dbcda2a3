"""OpenStatus's imitation of Statuspage: `/api/status/summary.json`, `current.json` and `incidents.json`.

    {"page": {"name", "url", "updated_at"}, "status": {"indicator", "description"},
     "components": [{"name", "status"}],
     "incidents": [{"id", "name", "status", "updated_at", "incident_updates": [{"status", "body", "created_at"}]}],
     "scheduled_maintenances": [{"id", "name", "status", "scheduled_for", "scheduled_until"}]}

From the vendor's source, checked 2026-11. Incidents are the open ones, with the ids of `/feed/json`; updates have none,
and components only names, so that this document is not polled beside that one: the same component would be two.
`page.updated_at` is when the page's settings were changed last and says nothing of its state.
"""

from __future__ import annotations

from collections.abc import Iterator

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Cover,
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
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.openstatus_terms import (
    LEVELS,
    NAME,
    PHASES,
    Fields,
    maintenance_id,
    maintenance_url,
    report_url,
)
from statuswire.platforms.reading import as_mapping, choose, ident, items, moment, normalise_url, plain, text, title
from statuswire.platforms.statuspage_json import INDICATORS
from statuswire.platforms.words import PHASE_WORDS

LISTS = {
    "components": Cover.COMPONENTS,
    "incidents": Cover.OPEN_INCIDENTS,
    "scheduled_maintenances": Cover.OPEN_MAINTENANCES,
}
_PAGE_KEYS = frozenset({"name", "url", "updated_at"})
_ROW_KEYS = {
    "components": frozenset({"name", "status"}),
    "incidents": frozenset({"id", "name", "status", "updated_at", "incident_updates"}),
    "scheduled_maintenances": frozenset({"id", "name", "status", "scheduled_for", "scheduled_until"}),
}


def is_imitation(fields: Fields) -> bool:
    """Whether all keys are those of the imitation and no other: a page without an id, rows that say no more than this.

    `current.json`, and a page without any row, could be anybody's.
    """
    rows = [(key, row) for key in LISTS if isinstance(listed := fields.get(key), list) for row in listed]
    return (
        as_mapping(fields.get("page")).keys() == _PAGE_KEYS
        and bool(rows)
        and all(isinstance(row, dict) and row.keys() == _ROW_KEYS[key] for key, row in rows)
    )


def read_imitation(fields: Fields) -> Snapshot:
    """The Snapshot of one of the documents; raises ParseError where the shape is another one."""
    page = as_mapping(fields.get("page"))
    if not page or not fields.keys() & {"status", *LISTS}:
        raise ParseError(ParseReason.SHAPE, "not an OpenStatus document: no page with a status or a list")
    problems: list[Problem] = []
    url = text(page.get("url")).strip().rstrip("/")
    base = url if url.startswith(("https://", "http://")) else ""
    return Snapshot(
        platform=NAME,
        page=_page(page, as_mapping(fields.get("status")), base, problems),
        components=tuple({row.id: row for row in _components(fields.get("components"), problems)}.values()),
        incidents=(
            *_incidents(fields.get("incidents"), base, problems),
            *_maintenances(fields.get("scheduled_maintenances"), base, problems),
        ),
        covers=frozenset(cover for key, cover in LISTS.items() if is_whole(fields.get(key), key, problems)),
        problems=tuple(problems),
    )


def _page(page: Fields, status: Fields, base: str, problems: list[Problem]) -> PageFacts:
    word = status.get("indicator")
    return PageFacts(
        name=title(page.get("name")) or None,
        url=base or None,
        status=choose(word, INDICATORS, Status.UNKNOWN, "status.indicator", problems) if word else None,
        status_text=title(status.get("description")),
    )


def _components(listed: object, problems: list[Problem]) -> Iterator[Component]:
    """Known by their names: a second one of a name cannot be told apart and is left out."""
    for index, row in items(listed, "components", problems):
        where, name = f"components[{index}]", title(row.get("name"))
        word = text(row.get("status"), 200)
        if not name:
            problems.append(Problem(where, "a component without a name"))
            continue
        level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
        yield Component(id=name, name=name, status=level, raw_status=word, position=index)


def _incidents(listed: object, base: str, problems: list[Problem]) -> Iterator[Incident]:
    for index, row in items(listed, "incidents", problems):
        where, own_id = f"incidents[{index}]", ident(row.get("id"))
        if not own_id:
            problems.append(Problem(where, "an incident without an id"))
            continue
        word, url = text(row.get("status"), 200), report_url(base, own_id)
        updates = oldest_first(_updates(row.get("incident_updates"), f"{where}.incident_updates", problems))
        begun = updates[0].at if updates else None
        yield Incident(
            id=own_id,
            title=title(row.get("name")) or own_id,
            phase=choose(word, PHASES, Phase.UNKNOWN, f"{where}.status", problems) if word else None,
            url=url,
            created_at=begun,
            started_at=begun,
            updated_at=moment(row.get("updated_at")),
            updates=updates,
            aliases=(normalise_url(url),) if url else (),
            raw_phase=word,
        )


def _updates(listed: object, where: str, problems: list[Problem]) -> Iterator[IncidentUpdate]:
    for index, row in items(listed, where, problems):
        word = text(row.get("status"), 200)
        phase = choose(word, PHASES, Phase.UNKNOWN, f"{where}[{index}].status", problems) if word else None
        body, raw = plain(text(row.get("body")))
        yield IncidentUpdate("", phase, body, moment(row.get("created_at")), raw=raw, raw_phase=word)


def _maintenances(listed: object, base: str, problems: list[Problem]) -> Iterator[Incident]:
    for index, row in items(listed, "scheduled_maintenances", problems):
        where, own_id = f"scheduled_maintenances[{index}]", ident(row.get("id"))
        if not own_id:
            problems.append(Problem(where, "a maintenance without an id"))
            continue
        word, url = text(row.get("status"), 200), maintenance_url(base, own_id)
        yield Incident(
            id=maintenance_id(own_id),
            title=title(row.get("name")) or own_id,
            kind=Kind.MAINTENANCE,
            phase=choose(word, PHASE_WORDS, Phase.UNKNOWN, f"{where}.status", problems) if word else None,
            impact=Impact.MAINTENANCE,
            url=url,
            scheduled_for=moment(row.get("scheduled_for")),
            scheduled_until=moment(row.get("scheduled_until")),
            aliases=(normalise_url(url),) if url else (),
            raw_phase=word,
        )
