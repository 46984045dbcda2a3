"""The courses of a page and of its components over a window, from what was told. Pure.

What a component itself was said to be goes first. Where the page tells no levels of it, the incidents that name it do:
as long as one goes on, at the level that it gives the component, else at the one that its impact means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from statuswire.core.asof import status_of
from statuswire.core.reconcile import STATUS_OF_IMPACT
from statuswire.core.timeline import Change, Course, Span, Stretch, Window, from_changes, from_harms
from statuswire.core.turns import Turn
from statuswire.model import (
    AffectedComponent,
    EventType,
    Kind,
    KnownComponent,
    KnownIncident,
    Phase,
    Status,
)

CHANGES: Final = frozenset(
    {EventType.COMPONENT_STATUS_CHANGED, EventType.COMPONENT_ADDED, EventType.PAGE_STATUS_CHANGED}
)
"""The types of the events that courses are made of."""

_BAD: Final = frozenset({Status.DEGRADED, Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE, Status.MAINTENANCE})
_NOT_YET: Final = frozenset({Phase.SCHEDULED, Phase.CANCELLED})


class Word(StrEnum):
    """Whose word a course goes by."""

    COMPONENT = "component"
    PAGE = "page"
    INCIDENTS = "incidents"


@dataclass(frozen=True, slots=True)
class Timeline:
    """One component over the window, or the whole page (`id` and `name` empty). `since`: it was added to the page then,
    so that before there is nothing to say of it."""

    id: str
    name: str
    group: str | None
    word: Word
    course: Course
    since: datetime | None = None

    @property
    def label(self) -> str:
        return f"{self.group} / {self.name}" if self.group else self.name


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one page: its components and its own status now, the events of the types `CHANGES` seen since
    the window began, and its incidents."""

    components: Sequence[KnownComponent]
    status: Status | None
    changes: Sequence[Turn]
    incidents: Sequence[KnownIncident]


def page_course(told: Told, window: Window, now: datetime) -> Timeline:
    """The page as a whole: its own roll-up, else the worst of what went on."""
    changes = [
        Change(event.at, turned.old, turned.new) for event in told.changes if (turned := event.page_change) is not None
    ]
    if told.status is not None or changes:
        course = from_changes(changes, told.status or Status.UNKNOWN, window)
        return Timeline("", "", None, Word.PAGE, course)
    harms = [Stretch(_level(one, None), *span) for one in told.incidents if (span := went_on(one, now))]
    return Timeline("", "", None, Word.INCIDENTS, from_harms(harms, window))


def component_courses(told: Told, window: Window, now: datetime) -> tuple[Timeline, ...]:
    """One for each component in page order; where the page has no list of them, for each that an incident names."""
    if not told.components:
        return tuple(_named_only(told.incidents, window, now))
    changes, added = _by_component(told)
    harms = _harms(told, now)
    return tuple(
        _component(one, changes.get(one.id, []), harms.get(one.id, []), added.get(one.id), window)
        for one in told.components
    )


def _component(
    one: KnownComponent,
    changes: Sequence[Change],
    harms: Sequence[Stretch],
    added: datetime | None,
    window: Window,
) -> Timeline:
    if changes or one.status is not Status.UNKNOWN:
        return Timeline(one.id, one.name, one.group, Word.COMPONENT, from_changes(changes, one.status, window), added)
    return Timeline(one.id, one.name, one.group, Word.INCIDENTS, from_harms(harms, window), added)


def _by_component(told: Told) -> tuple[dict[str, list[Change]], dict[str, datetime]]:
    """The changes of each component and when it was added last, by the id that it has now.

    After a page has moved to another platform, where ids are other ones, group and name tell which is which.
    """
    ids = {one.id for one in told.components}
    places = {(one.group, one.name): one.id for one in told.components}
    changes: dict[str, list[Change]] = defaultdict(list)
    added: dict[str, datetime] = {}
    for event in told.changes:
        part = event.component
        if part is None:
            continue
        id_ = part.id if part.id in ids else places.get((part.group, part.name))
        if id_ is None:
            continue
        if event.type is EventType.COMPONENT_ADDED:
            added[id_] = event.seen_at
        else:
            changes[id_].append(Change(event.at, status_of(part.old or ""), status_of(part.new or "")))
    return changes, added


# --- by incidents ----------------------------------------------------------------------------------------------------


def went_on(incident: KnownIncident, now: datetime) -> Span | None:
    """From when to when, by the provider's word; None for what has not begun, or was called off."""
    if incident.phase in _NOT_YET:
        return None
    begun = began_at(incident)
    ended = ended_at(incident, now)
    return (begun, ended) if begun < ended else None


def began_at(incident: KnownIncident) -> datetime:
    planned = incident.scheduled_for if incident.kind is Kind.MAINTENANCE else None
    told = incident.started_at or planned or incident.created_at or incident.first_seen_at
    return told or incident.moment.as_of


def ended_at(incident: KnownIncident, now: datetime) -> datetime:
    """The end as told, else the last word of what is over; of what goes on, now."""
    if not incident.phase.is_closed:
        return now
    return incident.resolved_at or incident.updated_at or incident.moment.as_of


def _harms(told: Told, now: datetime) -> dict[str, list[Stretch]]:
    """What incidents did to each component, for those of which no level is known."""
    silent = [one for one in told.components if one.status is Status.UNKNOWN]
    if not silent:
        return {}
    ids = {one.id: one.id for one in silent} | {one.name: one.id for one in silent}
    harms: dict[str, list[Stretch]] = defaultdict(list)
    for name, stretch in _named(told.incidents, now):
        id_ = ids.get(name.id) or ids.get(name.name)
        if id_ is not None:
            harms[id_].append(stretch)
    return harms


def _named(incidents: Iterable[KnownIncident], now: datetime) -> Iterator[tuple[AffectedComponent, Stretch]]:
    for incident in incidents:
        span = went_on(incident, now)
        if span is not None:
            yield from ((one, Stretch(_level(incident, one), *span)) for one in incident.components)


def _level(incident: KnownIncident, affected: AffectedComponent | None) -> Status:
    """The level that an incident gave a component. At its end all is said to be operational, which says nothing of the
    time before."""
    if incident.kind is Kind.MAINTENANCE:
        return Status.MAINTENANCE
    if affected is not None and affected.status in _BAD:
        return affected.status
    return STATUS_OF_IMPACT[incident.impact]


def _named_only(incidents: Iterable[KnownIncident], window: Window, now: datetime) -> Iterator[Timeline]:
    harms: dict[tuple[str, str, str | None], list[Stretch]] = defaultdict(list)
    for one, stretch in _named(incidents, now):
        if window.clip((stretch.since, stretch.until)):
            harms[one.id, one.name, one.group].append(stretch)
    for (id_, name, group), stretches in sorted(harms.items(), key=lambda item: (item[0][2] or "", item[0][1])):
        yield Timeline(id_, name, group, Word.INCIDENTS, from_harms(stretches, window))
