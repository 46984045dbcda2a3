"""The incidents and maintenances of StatusPal, which the API, the page for people and the webhooks share.

    {"id", "title", "type": "minor" | "major" | "scheduled", "starts_at", "ends_at", "inserted_at", "updated_at",
     "service_ids", "url", "updates": [{"id", "type", "description", "description_html", "posted_at", "updated_at"}]}

There is no phase: an incident is over when its end has come, a maintenance begins with its start. Times are those of
the page's zone, without an offset. The page for people has `i_type: {"key", "is_maintenance"}` for the type, webhooks
are thinner and have `l_title: [{"lang", "text"}]` for the title. Checked 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from statuswire.model import AffectedComponent, Component, Impact, Incident, IncidentUpdate, Kind, Phase, Problem
from statuswire.platforms.addresses import web_url
from statuswire.platforms.derived import oldest_first
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    fold_word,
    html_text,
    ident,
    items,
    moment,
    normalise_url,
    plain,
    text,
    title,
)
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.statuspal_terms import IMPACTS, PLAIN_UPDATES, Fields
from statuswire.platforms.words import PHASE_WORDS


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the incidents of a document: its moment, the page's zone, and the services by id."""

    now: Now
    zone: str | None
    problems: list[Problem]
    services: Mapping[str, Component] = field(default_factory=dict)


def read_incidents(listed: object, where: str, setting: Setting) -> tuple[Incident, ...]:
    return _listed.each(listed, where, setting.problems, setting.now, setting.zone, setting.services).found


@remembered
def _listed(
    fields: Fields, here: str, problems: list[Problem], now: Now, zone: str | None, services: Mapping[str, Component]
) -> Incident | None:
    if ident(fields.get("id")):
        return read_incident(fields, here, Setting(now, zone, problems, services))
    problems.append(Problem(here, "an incident without id"))
    return None


def read_incident(fields: Fields, here: str, setting: Setting) -> Incident:
    """One incident or maintenance that has an id."""
    word = _type_of(fields)
    starts, ends = moment(fields.get("starts_at"), setting.zone), moment(fields.get("ends_at"), setting.zone)
    is_planned = word == "scheduled" or _is_far(word, starts, setting.now)
    updates = _updates(fields.get("updates"), f"{here}.updates", setting)
    is_over = ends is not None and setting.now.has_come(ends)
    url = web_url(fields.get("url"))
    return Incident(
        id=ident(fields.get("id")),
        title=_title_of(fields),
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase=_planned_phase(starts, setting.now, is_over=is_over) if is_planned else _phase(updates, is_over=is_over),
        impact=choose(word, IMPACTS, Impact.UNKNOWN, f"{here}.type", setting.problems),
        url=url,
        created_at=moment(fields.get("inserted_at"), setting.zone),
        started_at=None if is_planned and starts and setting.now.is_before(starts) else starts,
        resolved_at=ends if is_over else None,
        updated_at=moment(fields.get("updated_at"), setting.zone),
        scheduled_for=starts if is_planned else None,
        scheduled_until=ends if is_planned else None,
        components=_affected(fields.get("service_ids"), setting.services),
        updates=updates,
        aliases=(normalise_url(url),) if url else (),
        raw_impact=word,
    )


def _is_far(word: str, starts: datetime | None, now: Now) -> bool:
    """Whether something without a type begins more than a day ahead."""
    return not word and starts is not None and not now.has_come(starts, timedelta(days=1))


def _type_of(fields: Fields) -> str:
    """The type, also out of the object that the page for people has for it."""
    kind = as_mapping(fields.get("i_type"))
    word = text(fields.get("type"), 200) or text(kind.get("key"), 200)
    return "scheduled" if flag(kind.get("is_maintenance")) else word


def _title_of(fields: Fields) -> str:
    """The title, or the English or first one of the translations."""
    told = title(fields.get("title"))
    listed = fields.get("l_title")
    rows = [as_mapping(row) for row in listed] if isinstance(listed, list) else []
    named = {text(row.get("lang"), 20): title(row.get("text")) for row in rows}
    translated = as_mapping(fields.get("translations"))
    named |= {str(lang): title(as_mapping(row).get("title")) for lang, row in translated.items()}
    return told or named.get("en") or next(filter(None, named.values()), "")


def _phase(updates: tuple[IncidentUpdate, ...], *, is_over: bool) -> Phase:
    """That its end has come; else what the newest update says of a phase, unless that is an end that has not come."""
    if is_over:
        return Phase.RESOLVED
    told = next((update.phase for update in reversed(updates) if update.phase), None)
    return told if told in (Phase.IDENTIFIED, Phase.MONITORING) else Phase.INVESTIGATING


def _planned_phase(starts: datetime | None, now: Now, *, is_over: bool) -> Phase:
    if is_over:
        return Phase.COMPLETED
    return Phase.SCHEDULED if starts is not None and now.is_before(starts) else Phase.IN_PROGRESS


def _affected(listed: object, services: Mapping[str, Component]) -> tuple[AffectedComponent, ...] | None:
    """The services, of which only ids are given, as far as the document names them; None where it names none at all."""
    if not isinstance(listed, list) or not services:
        return None
    found = (services[one] for one in map(ident, listed) if one in services)
    return tuple(AffectedComponent(known.id, known.name, known.group, known.status) for known in found)


def _updates(listed: object, where: str, setting: Setting) -> tuple[IncidentUpdate, ...]:
    rows = list(items(listed, where, setting.problems))
    return oldest_first(_update(row, f"{where}[{place}]", setting) for place, row in reversed(rows))


def _update(fields: Fields, here: str, setting: Setting) -> IncidentUpdate:
    word = text(fields.get("type"), 200)
    markup = text(fields.get("description_html"))
    said, raw = (html_text(markup), markup) if markup else plain(text(fields.get("description")))
    posted = moment(fields.get("posted_at"), setting.zone) or moment(fields.get("inserted_at"), setting.zone)
    return IncidentUpdate(
        id=ident(fields.get("id")),
        phase=_phase_of(word, f"{here}.type", setting.problems),
        text=said,
        at=posted,
        updated_at=moment(fields.get("updated_at"), setting.zone),
        raw="" if raw == said else raw,
        raw_phase=word,
    )


def _phase_of(word: str, where: str, problems: list[Problem]) -> Phase | None:
    """The phase that the type of an update is; None, which is as before, for those that are none."""
    if fold_word(word) in PLAIN_UPDATES:
        return None
    return choose(word, PHASE_WORDS, Phase.UNKNOWN, where, problems) if word else None
