"""What was known of a page at a moment, from what is known now and what was told since. Pure.

Everything told since is taken back, the newest first: a change of status by its old one, an addition by leaving the
component out, a removal by putting it in again. What nothing was told of is as it was: how things stood when the page
was first read was told nowhere, and so was history that was stored silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from statuswire.core.health import TROUBLED
from statuswire.model import (
    Event,
    EventComponent,
    EventIncident,
    EventType,
    Feed,
    FeedHealth,
    FeedState,
    KnownIncident,
    KnownUpdate,
    Phase,
    Status,
)
from statuswire.model import KnownComponent as Known

COMPONENT_TYPES: Final = frozenset(
    {
        EventType.COMPONENT_STATUS_CHANGED,
        EventType.COMPONENT_ADDED,
        EventType.COMPONENT_REMOVED,
        EventType.COMPONENT_RENAMED,
    }
)
FEED_TYPES: Final = frozenset({EventType.FEED_FAILING, EventType.FEED_UNREADABLE, EventType.FEED_RECOVERED})
STATE_TYPES: Final = COMPONENT_TYPES | FEED_TYPES | {EventType.PAGE_STATUS_CHANGED}
"""Events that say how a page stood, beside those of its incidents."""


@dataclass(frozen=True, slots=True)
class ComponentThen:
    """A component as it was. `since` is when that status began, None where it is not known any more."""

    id: str
    name: str
    group: str | None
    status: Status
    position: int
    since: datetime | None


# --- components ------------------------------------------------------------------------------------------------------


def components_then(present: Iterable[Known], later: Sequence[Event], at: datetime) -> tuple[ComponentThen, ...]:
    """The components in page order; `later` are the events of the page seen after `at`, in order."""
    then = {
        one.id: ComponentThen(
            one.id, one.name, one.group, one.status, one.position, one.since if one.since <= at else None
        )
        for one in present
    }
    for event in reversed(later):
        if event.component is not None and event.type in _UNDO:
            _UNDO[event.type](then, event.component)
    return tuple(sorted(then.values(), key=lambda one: (one.position, one.id)))


Then = dict[str, ComponentThen]


def _undo_status(then: Then, told: EventComponent) -> None:
    one = _find(then, told)
    if one is not None and told.old is not None:
        then[one.id] = replace(one, status=status_of(told.old), since=None)


def _undo_added(then: Then, told: EventComponent) -> None:
    then.pop(told.id, None)


def _undo_removed(then: Then, told: EventComponent) -> None:
    then.setdefault(told.id, ComponentThen(told.id, told.name, told.group, told.status, _LAST, None))


def _undo_renamed(then: Then, told: EventComponent) -> None:
    one = _find(then, told)
    if one is not None and told.old is not None:
        group, name = split_label(told.old, told.group)
        then[one.id] = replace(one, name=name, group=group)


_LAST: Final = 1 << 30
"""Where a component stands that is gone: its place is not told."""

_UNDO: Final[dict[EventType, Callable[[Then, EventComponent], None]]] = {
    EventType.COMPONENT_STATUS_CHANGED: _undo_status,
    EventType.COMPONENT_ADDED: _undo_added,
    EventType.COMPONENT_REMOVED: _undo_removed,
    EventType.COMPONENT_RENAMED: _undo_renamed,
}


def _find(then: Then, told: EventComponent) -> ComponentThen | None:
    """By id; after a page has moved to another platform, which has ids of its own, by group and name."""
    if told.id in then:
        return then[told.id]
    return next((one for one in then.values() if (one.group, one.name) == (told.group, told.name)), None)


def split_label(label: str, group: str | None) -> tuple[str | None, str]:
    """Group and name of `Group / Name`; the group that it has now, where the label begins with that one."""
    if group and label.startswith(f"{group} / "):
        return group, label.removeprefix(f"{group} / ")
    before, slash, name = label.partition(" / ")
    return (before, name) if slash else (None, label)


def status_of(word: str) -> Status:
    """Of a word as events have it."""
    return _STATUSES.get(word, Status.UNKNOWN)


_STATUSES: Final = {one.value: one for one in Status}
"""Quicker than the enumeration itself: reports ask for tens of thousands."""


# --- the page and its feeds ------------------------------------------------------------------------------------------


def status_then(present: Status | None, later: Sequence[Event]) -> Status | None:
    """The page's own roll-up."""
    return next((event.page_change.old for event in later if event.page_change is not None), present)


def feeds_then(
    present: Iterable[Feed], later: Sequence[Event], told_before: Mapping[str, Event], at: datetime
) -> tuple[Feed, ...]:
    """The feeds with the health that they had, as far as it was told. `told_before` is the newest word about each feed,
    by URL, that was seen by `at`."""
    first_word = {event.feed.url: event for event in reversed(later) if event.feed is not None}
    return tuple(
        _feed_then(feed, first_word.get(feed.spec.url), told_before.get(feed.spec.url), at) for feed in present
    )


def _feed_then(feed: Feed, after: Event | None, before: Event | None, at: datetime) -> Feed:
    health = feed.health
    if after is None and health.state in TROUBLED and health.last_ok_at is not None:
        return feed
    was_troubled = health.state in TROUBLED if after is None else after.type is EventType.FEED_RECOVERED
    if was_troubled:
        return replace(feed, health=_trouble(before))
    if health.last_ok_at is None and (before is None or before.type is not EventType.FEED_RECOVERED):
        return replace(feed, health=FeedHealth())
    read_at = min(health.last_ok_at or at, at)
    return replace(feed, health=FeedHealth(FeedState.OK, last_ok_at=read_at))


def _trouble(told: Event | None) -> FeedHealth:
    """As it was told; when it was last read well is not told, but it was not later than that."""
    is_unread = told is not None and told.type is EventType.FEED_UNREADABLE
    state = FeedState.UNREADABLE if is_unread else FeedState.FAILING
    if told is None:
        return FeedHealth(state)
    return FeedHealth(state, 0, told.seen_at, told.seen_at, told.feed.reason if told.feed else "")


# --- incidents -------------------------------------------------------------------------------------------------------


def incident_then(known: KnownIncident, told: Sequence[Event], is_changed: bool, at: datetime) -> KnownIncident | None:
    """The incident as it was known; None where it was not, or was over.

    `told` are its events seen by `at`, in order; `is_changed`: something was told of it since. `known` has its updates.
    """
    if known.first_seen_at is not None and known.first_seen_at > at:
        return None
    if not is_changed:
        then = known
    elif told:
        then = _as_told(known, told)
    elif known.first_seen_at is not None:
        then = _as_stored(known, at)
    else:
        return None
    return replace(then, updates=updates_then(known.updates, told, at)) if then.is_open else None


def _as_told(known: KnownIncident, told: Sequence[Event]) -> KnownIncident:
    last: EventIncident | None = next((one.incident for one in reversed(told) if one.incident is not None), None)
    if last is None:
        return known
    return replace(
        known,
        kind=last.kind,
        title=last.title,
        phase=last.phase,
        impact=last.impact,
        url=last.url,
        components=last.components,
        started_at=last.started_at,
        resolved_at=last.resolved_at,
        scheduled_for=last.scheduled_for,
        scheduled_until=last.scheduled_until,
    )


def _as_stored(known: KnownIncident, at: datetime) -> KnownIncident:
    """Of what was stored silently and told only later: as far as its updates had led by then."""
    phases = [one.phase for one in known.updates if one.phase is not None and _is_seen(one, at)]
    phase = phases[-1] if phases else Phase.UNKNOWN
    return replace(known, phase=phase, resolved_at=known.resolved_at if phase.is_closed else None)


def updates_then(updates: Iterable[KnownUpdate], told: Sequence[Event], at: datetime) -> tuple[KnownUpdate, ...]:
    """Those that had been seen, with the texts they had then."""
    texts = {event.update.id: event.update.text for event in told if event.update is not None}
    return tuple(replace(one, text=texts.get(one.key, one.text)) for one in updates if _is_seen(one, at))


def _is_seen(update: KnownUpdate, at: datetime) -> bool:
    return (update.seen_at or update.at) <= at
