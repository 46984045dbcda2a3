"""`currentevents` of AWS Health: what is open and what has just ended, and the catalogue of services and regions.

    [{"arn", "date": "<epoch s>", "status": "0".."3", "service": "s3-eu-west-9", "service_name", "region_name",
      "summary", "event_log": [{"summary", "message", "status": 0..3, "timestamp": <epoch s>}],
      "impacted_services": {"<slug>": {"service_name", "current": "0".."3", "max": "0".."3"}},
      "impacted_service_status_changes": [{"service", "previous_status", "current_status", "timestamp": <epoch ms>}]}]

The array stood in `{"current": [...]}` before. Captured 2026-03; notes checked 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.model import (
    AffectedComponent,
    Component,
    Incident,
    Phase,
    Problem,
    Status,
)
from statuswire.platforms.reading import as_mapping, choose, ident, items, moment, text
from statuswire.platforms.remembering import remembered
from statuswire.platforms.vendors.aws_terms import (
    LEVELS,
    PAGE_URL,
    WIDE,
    WORST_CODE,
    arn_region,
    impact_of,
    is_marked_resolved,
    service_name,
    split_slug,
    without_mark,
)
from statuswire.platforms.vendors.aws_updates import Message, reached, updates_of

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """One event: the incident, and the level of each component that it troubles now; none where it is over."""

    incident: Incident
    components: tuple[Component, ...] = ()


def read_events(listed: object, where: str, problems: list[Problem]) -> list[ReadEvent]:
    """The events of a list; one that nothing identifies is skipped and named."""
    return list(_event.each(listed, where, problems).found)


def code_of(value: object) -> str:
    """A code as text: it is a text in some places and a number in others."""
    return text(value, 20).strip()


# --- one event ---------------------------------------------------------------------------------------------------


@remembered
def _event(fields: Fields, where: str, problems: list[Problem]) -> ReadEvent | None:
    arn, slug = ident(fields.get("arn")), ident(fields.get("service"))
    began = moment(fields.get("date"))
    own_id = arn or (f"{slug}_{int(began.timestamp())}" if slug and began else "")
    if not own_id:
        problems.append(Problem(where, "an event without arn, service and date"))
        return None
    code, summary = code_of(fields.get("status")), text(fields.get("summary"))
    level = choose(code, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    ended = moment(fields.get("end_time"))
    is_over = code == "0" or is_marked_resolved(summary) or ended is not None
    updates = updates_of(_messages(fields, where, problems), is_over=is_over)
    closed_at = next((one.at for one in updates if one.phase is Phase.RESOLVED), None)
    own = Component(slug, "", arn_region(arn), Status.OPERATIONAL if is_over else level, code)
    rows = _rows(fields, own, where, problems)
    incident = Incident(
        id=own_id,
        title=without_mark(summary),
        phase=Phase.RESOLVED if is_over else reached(updates),
        impact=impact_of(_codes(fields), split_slug(slug)[0]),
        url=PAGE_URL,
        created_at=began,
        started_at=began,
        resolved_at=ended or closed_at,
        components=tuple(AffectedComponent(row.id, row.name, row.group, row.status) for row in rows),
        updates=updates,
        aliases=_aliases(slug, own_id, [began, *(one.at for one in updates)]),
        raw_phase="[RESOLVED]" if is_marked_resolved(summary) else "",
        raw_impact=code,
    )
    return ReadEvent(incident, () if is_over else rows)


def _aliases(slug: str, own_id: str, moments: Iterable[object]) -> tuple[str, ...]:
    """The guids of the feed, without the site before them: each update there is named by service and moment."""
    stamps = (int(at.timestamp()) for at in moments if isinstance(at, datetime))
    names = dict.fromkeys(f"{slug}_{stamp}" for stamp in stamps) if slug else {}
    return tuple(name for name in names if name != own_id)


def _messages(fields: Fields, where: str, problems: list[Problem]) -> list[Message]:
    place = f"{where}.event_log"
    read = []
    for index, entry in items(fields.get("event_log"), place, problems):
        at, words = moment(entry.get("timestamp")), text(entry.get("message"))
        if at is None:
            problems.append(Problem(f"{place}[{index}].timestamp", "no moment"))
        if at is None and not words:
            continue
        code = code_of(entry.get("status"))
        is_end = code == "0" or is_marked_resolved(text(entry.get("summary")))
        read.append(Message(at, words or text(entry.get("summary")), is_end, code))
    return read


def _codes(fields: Fields) -> Iterable[str]:
    """Every code that the event has or had."""
    yield code_of(fields.get("status"))
    lists = (("event_log", "status"), ("impacted_service_status_changes", "current_status"))
    for name, key in lists:
        for _, entry in items(fields.get(name), name, []):
            yield code_of(entry.get(key))
    for impacted in as_mapping(fields.get("impacted_services")).values():
        yield code_of(as_mapping(impacted).get("max"))


# --- components --------------------------------------------------------------------------------------------------


def _rows(fields: Fields, own: Component, where: str, problems: list[Problem]) -> tuple[Component, ...]:
    """One for each impacted service, at the level it has now (`max` is how bad it was), else the event's own."""
    impacted = as_mapping(fields.get("impacted_services"))
    if not impacted:
        return _own_row(own, fields.get("service_name"))
    worst = sum(1 for one in impacted.values() if code_of(as_mapping(one).get("max")) == WORST_CODE)
    is_region_down = split_slug(own.id)[0] == WIDE and worst * 2 > len(impacted)
    rows = []
    for key, one in impacted.items():
        slug, place = ident(key), f"{where}.impacted_services"
        if slug:
            rows.append(_row(slug, as_mapping(one), f"{place}.{slug[:60]}.current", problems, is_region_down))
        else:
            problems.append(Problem(place, "a service without its key"))
    return tuple(rows)


def _own_row(own: Component, name: object) -> tuple[Component, ...]:
    if not own.id:
        return ()
    key, region = split_slug(own.id)
    return (replace(own, name=service_name(text(name), region) or key, group=own.group or region),)


def _row(slug: str, facts: Fields, where: str, problems: list[Problem], is_region_down: bool) -> Component:
    """`is_region_down`: most services of a region had the worst code, so that those that still have it are out."""
    key, region = split_slug(slug)
    code = code_of(facts.get("current"))
    level = choose(code, LEVELS, Status.UNKNOWN, where, problems)
    if is_region_down and code == WORST_CODE:
        level = Status.MAJOR_OUTAGE
    return Component(slug, service_name(text(facts.get("service_name")), region) or key, region, level, code)


# --- the catalogue -----------------------------------------------------------------------------------------------


def read_catalogue(listed: object, problems: list[Problem]) -> tuple[Component, ...]:
    """The components that `services.json` names, `[{"service", "service_name", "region_id", "region_name"}]`; it says
    nothing of their levels."""
    rows: dict[str, Component] = {}
    for place, fields in items(listed, "services", problems):
        slug = ident(fields.get("service"))
        if not slug:
            problems.append(Problem(f"services[{place}]", "a service without its key"))
            continue
        key, region = split_slug(slug)
        group = ident(fields.get("region_id")) or region
        name = service_name(text(fields.get("service_name")), group) or key
        rows[slug] = Component(slug, name, group, position=place, lacks_status=True)
    return tuple(rows.values())
