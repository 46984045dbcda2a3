"""From the entries of a feed of unknown make to a Snapshot.

Nothing is searched in prose. What a feed does not state stays None or `unknown`: phase, impact, components. A feed
covers nothing: an entry that falls off its end is not resolved, one gone from the middle is perhaps deleted. The dates
of the feed itself move with every build and are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.model import (
    AffectedComponent,
    Document,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
)
from statuswire.platforms.feed_bodies import Body, read_body
from statuswire.platforms.feed_components import split_components
from statuswire.platforms.feed_groups import Group, group_entries
from statuswire.platforms.feed_titles import PHASES, Heading, kind_of_word, read_heading, read_monitor
from statuswire.platforms.feeds import Entry, FeedDocument
from statuswire.platforms.markup import MarkedUpdate, scheduled_window, split_updates
from statuswire.platforms.reading import choose, fold_word, has_markup, moment, url_path_tail
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.words import IMPACT_ORDER, IMPACT_WORDS, STATUS_IMPACT, UNCHANGED_WORDS

_AHEAD: Final = timedelta(minutes=10)
"""Clocks differ by less than this; a date further ahead is a plan."""


def feed_snapshot(platform: str, feed: FeedDocument, document: Document) -> Snapshot:
    """One incident or maintenance for each group of entries, in the order of the feed; components if it lists them."""
    problems = list(feed.problems)
    components, told = split_components(feed)
    now, zone = Now(document.served_at), document.time_zone
    incidents = [
        _incident(group, f"entry[{place}]", problems, zone, now) for place, group in enumerate(group_entries(told))
    ]
    return Snapshot(
        platform=platform,
        page=PageFacts(name=_page_name(feed.title), url=feed.link or None),
        components=components,
        incidents=tuple(incidents),
        problems=tuple(problems),
        generator=feed.generator,
        wish=feed.wish,
    )


_FRAMES: Final = ("Incidents | ",)
_ENDINGS: Final = (" - Incident History", " Incident History", " Status")


def _page_name(title: str) -> str | None:
    """The page's own name: `Acme Status - Incident History` and `Incidents | Acme` are the page Acme."""
    name = title
    for frame in _FRAMES:
        name = name.removeprefix(frame)
    for ending in _ENDINGS:
        if name.lower().endswith(ending.lower()):
            name = name[: -len(ending)]
    return name.strip() or title or None


# --- one entry ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """What one entry says. `starts` and `ends` are the window of a planned maintenance."""

    entry: Entry
    heading: Heading
    updates: tuple[IncidentUpdate, ...]
    kind: Kind | None
    impact: Impact
    components: tuple[AffectedComponent, ...] | None
    starts: datetime | None
    ends: datetime | None


def _told(entry: Entry, own_id: str, where: str, now: Now, zone: str | None, problems: list[Problem]) -> _Told:
    marked = split_updates(entry.html, entry.published or entry.updated, zone)
    above = re.split("<small", entry.html, maxsplit=1, flags=re.IGNORECASE)[0] if marked else entry.html
    body = read_body(above, where, problems)
    heading = read_monitor(entry.title, body.text) or read_heading(entry.title)
    starts, ends = _window(entry, now, zone)
    if marked:
        updates = _marked(marked, where, problems)
    else:
        updates = (_single(entry, own_id, body, heading, now),)
    return _Told(
        entry=entry,
        heading=heading,
        updates=updates,
        kind=_kind(entry, heading, body, updates, is_marked=bool(marked), is_planned=starts is not None),
        impact=_impact_of_words(heading, entry.categories),
        components=body.components,
        starts=starts,
        ends=ends,
    )


def _marked(marked: Iterable[MarkedUpdate], where: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    """The updates in an entry, oldest first; "Update" goes on with the phase before it."""
    updates: list[IncidentUpdate] = []
    phase: Phase | None = None
    for told in marked:
        if fold_word(told.label) not in UNCHANGED_WORDS:
            phase = choose(told.label, PHASES, Phase.UNKNOWN, f"{where}.label", problems)
        raw = told.raw if told.raw != told.text else ""
        updates.append(IncidentUpdate("", phase, told.text, told.at, raw=raw, raw_phase=told.label))
    return tuple(updates)


def _single(entry: Entry, own_id: str, body: Body, heading: Heading, now: Now) -> IncidentUpdate:
    """The one update that an entry without marked updates is; a date ahead is a plan and not when this was written."""
    at = entry.updated or entry.published
    phase, raw_phase = _stated_phase(entry, body, heading)
    return IncidentUpdate(
        id=own_id,
        phase=phase,
        text=body.text,
        at=at if at and now.has_come(at, _AHEAD) else None,
        raw=entry.html if has_markup(entry.html) else "",
        raw_phase=raw_phase,
        components=body.components or (),
    )


def _stated_phase(entry: Entry, body: Body, heading: Heading) -> tuple[Phase | None, str]:
    """By the body's field, else the title's mark, else a status element or a category; None where none says."""
    if body.phase:
        return body.phase, body.raw
    if heading.phase:
        return heading.phase, heading.raw
    for word in (entry.extra.get("status", ""), *entry.categories):
        phase = PHASES.get(fold_word(word))
        if phase:
            return phase, word
    return None, ""


def _window(entry: Entry, now: Now, zone: str | None) -> tuple[datetime | None, datetime | None]:
    """The window that an entry states, or begins with its own date where that lies ahead of now or of its revision."""
    starts, ends = scheduled_window(entry.html, entry.published, zone)
    ends = ends or moment(entry.extra.get("maintenanceEndDate", ""), zone)
    planned = entry.published
    if (
        starts is None
        and planned
        and (ends or not now.has_come(planned, _AHEAD) or (entry.updated and planned > entry.updated + _AHEAD))
    ):
        starts = planned
    return starts, ends if ends and starts and ends >= starts else None


# --- kind and impact ---------------------------------------------------------------------------------------------

_PLANNED_PHASES: Final = frozenset({Phase.SCHEDULED, Phase.VERIFYING, Phase.CANCELLED})
_MARKED_PHASES: Final = _PLANNED_PHASES | {Phase.IN_PROGRESS, Phase.COMPLETED}
"""As labels of marked updates only maintenances have these; elsewhere an incident may be "in progress" or "ended"."""


def _kind(
    entry: Entry, heading: Heading, body: Body, updates: Sequence[IncidentUpdate], *, is_marked: bool, is_planned: bool
) -> Kind | None:
    stated = body.kind or heading.kind or next(filter(None, map(kind_of_word, entry.categories)), None)
    if stated:
        return stated
    planned = _MARKED_PHASES if is_marked else _PLANNED_PHASES
    path = f"{entry.link} {entry.id}".lower()
    is_filed = "/maintenance" in path or ":maintenance/" in path or "/scheduled" in path
    is_maintenance = is_planned or is_filed or any(update.phase in planned for update in updates)
    return Kind.MAINTENANCE if is_maintenance else None


def _impact_of_words(heading: Heading, categories: Iterable[str]) -> Impact:
    if heading.impact is not Impact.UNKNOWN:
        return heading.impact
    return next((impact for word in categories if (impact := IMPACT_WORDS.get(fold_word(word)))), Impact.UNKNOWN)


def _worst(components: Iterable[AffectedComponent]) -> Impact:
    """That of the worst present level; when all are well again it says nothing of how bad it was."""
    levels = (STATUS_IMPACT.get(component.status, Impact.UNKNOWN) for component in components)
    worst = max(levels, key=IMPACT_ORDER.index, default=Impact.UNKNOWN)
    return Impact.UNKNOWN if worst is Impact.NONE else worst


# --- one incident ------------------------------------------------------------------------------------------------

_AS_INCIDENT: Final = {
    Phase.IN_PROGRESS: Phase.INVESTIGATING,
    Phase.VERIFYING: Phase.MONITORING,
    Phase.COMPLETED: Phase.RESOLVED,
}
_AS_MAINTENANCE: Final = {
    Phase.INVESTIGATING: Phase.IN_PROGRESS,
    Phase.IDENTIFIED: Phase.IN_PROGRESS,
    Phase.MONITORING: Phase.VERIFYING,
    Phase.RESOLVED: Phase.COMPLETED,
}
"""Words that mean another phase on the other kind: "in progress" of an incident, "identified" of a maintenance."""


@remembered
def _incident(group: Group, where: str, problems: list[Problem], zone: str | None, now: Now) -> Incident:
    """What the group tells now."""
    told = [
        _told(entry, _update_id(entry) if group.has_own_updates else "", where, now, zone, problems)
        for entry in group.entries
    ]
    newest = told[-1]
    kind = next((one.kind for one in reversed(told) if one.kind), Kind.INCIDENT)
    together = tuple(_in_kind(update, kind) for one in told for update in one.updates)
    updates = _ordered(together) if len(told) > 1 else together
    last = next((update for update in reversed(updates) if update.phase), None)
    components = next((one.components for one in reversed(told) if one.components is not None), None)
    begun = _begun(updates, group.entries, now)
    return Incident(
        id=group.id,
        title=newest.heading.title or newest.entry.title,
        kind=kind,
        phase=_phase(last, newest, kind, now),
        impact=_impact(told, kind, components),
        url=newest.entry.link,
        created_at=begun,
        started_at=begun if kind is Kind.INCIDENT else None,
        resolved_at=last.at if last and last.phase and last.phase.is_closed else None,
        updated_at=newest.entry.updated,
        scheduled_for=newest.starts if kind is Kind.MAINTENANCE else None,
        scheduled_until=newest.ends if kind is Kind.MAINTENANCE else None,
        components=components,
        updates=updates,
        aliases=group.aliases,
        raw_phase=last.raw_phase if last else "",
    )


def _update_id(entry: Entry) -> str:
    """The provider's id of an update: the fragment of its guid, else the last part of its path, else the guid."""
    return entry.id.rpartition("#")[2] if "#" in entry.id else url_path_tail(entry.id) or entry.id


def _in_kind(update: IncidentUpdate, kind: Kind) -> IncidentUpdate:
    other = (_AS_MAINTENANCE if kind is Kind.MAINTENANCE else _AS_INCIDENT).get(update.phase or Phase.UNKNOWN)
    return replace(update, phase=other) if other else update


def _ordered(updates: Iterable[IncidentUpdate]) -> tuple[IncidentUpdate, ...]:
    """The updates of several entries together, each once, oldest first where all have a time."""
    once = tuple(dict.fromkeys(updates))
    if all(update.at for update in once):
        return tuple(sorted(once, key=lambda update: update.at.timestamp() if update.at else 0.0))
    return once


def _begun(updates: Sequence[IncidentUpdate], entries: Sequence[Entry], now: Now) -> datetime | None:
    """The earliest moment that the feed shows of it and that has come."""
    shown = [update.at for update in updates] + [entry.published for entry in entries]
    return min((at for at in shown if at and now.has_come(at, _AHEAD)), default=None)


def _phase(last: IncidentUpdate | None, newest: _Told, kind: Kind, now: Now) -> Phase | None:
    """The newest phase stated. A plan that states none is scheduled until its time has come."""
    if last:
        return last.phase
    is_ahead = kind is Kind.MAINTENANCE and newest.starts is not None and now.is_before(newest.starts)
    return Phase.SCHEDULED if is_ahead else None


def _impact(told: Sequence[_Told], kind: Kind, components: Sequence[AffectedComponent] | None) -> Impact:
    if kind is Kind.MAINTENANCE:
        return Impact.MAINTENANCE
    stated = [one.impact for one in told if one.impact is not Impact.UNKNOWN]
    return max(stated, key=IMPACT_ORDER.index) if stated else _worst(components or ())
