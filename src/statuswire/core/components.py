"""The components of a page: what was known and what a document shows -> what is known now, and the events between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.core.context import Context, supersedes
from statuswire.fingerprint import event_key
from statuswire.model import Component, Cover, Event, EventComponent, EventType, Known, KnownComponent, Source, Status

VANISHED_ALL = 3
"""A page whose components are all gone is rather a broken answer: so many in a row before it is believed."""

VANISHED_ONE = 2
"""Where the provider's time does not prove that a document is newer."""


@dataclass(frozen=True, slots=True)
class ComponentChanges:
    """`all` is the page as known afterwards, by id; `written` and `removed` are what to store.

    `is_doubtful`: every component has vanished and it is too early to believe it; nothing else that is absent from
    the document means anything either. `is_provisional`: something is missing and one more look will tell.
    `wants_levels`: there are new components whose level the document does not state.
    """

    all: dict[str, KnownComponent]
    written: tuple[KnownComponent, ...] = ()
    removed: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    is_doubtful: bool = False
    is_provisional: bool = False
    wants_levels: bool = False


def merge_components(known: Known, told: tuple[Component, ...], context: Context) -> ComponentChanges:
    """A first sight gives no events: what is wrong now is told by the incidents and shown by the state."""
    before = {component.id: component for component in known.components}
    shown = {component.id for component in told}
    absent = [one for one in before.values() if one.id not in shown and context.covers_id(one.id)]
    changed = [(before.get(one.id), _merged(before.get(one.id), one, context)) for one in told]
    if Cover.TROUBLED in context.covers:
        changed += _well_again(absent, context)
    written = {new.id: new for old, new in changed if new is not old}
    changes = ComponentChanges(
        before | {new.id: new for _, new in changed},
        tuple(written.values()),
        events=tuple(_told(changed, known, context)),
        wants_levels=any(one.lacks_status and one.id not in before for one in told),
    )
    if Cover.COMPONENTS not in context.covers:
        return changes
    return _without_missing(absent, bool(shown), changes, context)


Change = tuple[KnownComponent | None, KnownComponent]
"""What was known of a component, and what is known now."""


def _told(changed: Iterable[Change], known: Known, context: Context) -> Iterable[Event]:
    """The events of all changes. The first reading of a feed adds components without a word, and so does the first
    sight of a page; but where only what is troubled is shown, the first trouble of a quiet page is told."""
    is_first_read = context.source is Source.POLL and not context.is_followed
    is_first_sight = not known.components and (is_first_read or Cover.TROUBLED not in context.covers)
    for old, new in changed:
        is_silent = is_first_sight or (old is None and is_first_read) or _is_first_word(old, new, is_first_read)
        is_silent = is_silent or _is_only_grouped(old, new) or (is_first_read and _is_only_named(old, new))
        if new is not old and not is_silent:
            yield from _events(old, new, context)


def _well_again(unmentioned: Iterable[KnownComponent], context: Context) -> list[Change]:
    """Where only what is troubled is shown, the rest is operational, as far as the document is the newer one."""
    at = context.moment
    return [
        (old, replace(old, status=Status.OPERATIONAL, raw_status="", moment=max(old.moment, at), since=at.as_of))
        for old in unmentioned
        if old.status is not Status.OPERATIONAL and supersedes(None, at, old.updated_at, old.moment)
    ]


def _without_missing(
    missing: list[KnownComponent], shows_any: bool, changes: ComponentChanges, context: Context
) -> ComponentChanges:
    """The same changes, with what the list does not show missed once more, or gone."""
    after, removed, written, events = dict(changes.all), [], [], []
    for component in missing:
        count = component.missing + 1
        if count >= _enough(component, shows_any, context):
            removed.append(component.id)
            del after[component.id]
            events.append(_event(EventType.COMPONENT_REMOVED, component, context, context.moment.as_of))
        else:
            after[component.id] = replace(component, missing=count)
            written.append(after[component.id])
    is_waiting = len(removed) < len(missing)
    return replace(
        changes,
        all=after,
        written=(*changes.written, *written),
        removed=tuple(removed),
        events=changes.events + tuple(events),
        is_doubtful=is_waiting and not shows_any,
        is_provisional=is_waiting,
    )


def _enough(component: KnownComponent, shows_any: bool, context: Context) -> int:
    if not shows_any:
        return VANISHED_ALL
    is_proven = context.is_dated and context.moment.as_of > component.moment.as_of
    return 1 if is_proven else VANISHED_ONE


def _merged(old: KnownComponent | None, told: Component, context: Context) -> KnownComponent:
    at = told.updated_at or context.moment.as_of
    if old is None:
        return KnownComponent(
            told.id,
            told.name,
            told.group,
            told.status,
            told.raw_status,
            told.updated_at,
            context.moment,
            at,
            told.position,
        )
    if told.lacks_status:
        told = replace(told, status=old.status, raw_status=old.raw_status)
    if told.lacks_group:
        told = replace(told, group=old.group)
    if old.name and not _states_name(told, context):
        told = replace(told, name=old.name)
    if _is_as_known(old, told, context) or not supersedes(told.updated_at, context.moment, old.updated_at, old.moment):
        return old
    return replace(
        old,
        name=told.name or old.name,
        group=told.group if _states_group(told, context) else old.group,
        status=told.status,
        raw_status=told.raw_status,
        updated_at=told.updated_at or old.updated_at,
        moment=max(old.moment, context.moment),
        since=old.since if told.status is old.status else at,
        position=told.position if Cover.COMPONENTS in context.covers else old.position,
        missing=0,
    )


def _is_as_known(old: KnownComponent, told: Component, context: Context) -> bool:
    """Nothing to write: a row that only was seen once more keeps its old moment, which is as true. But a newer stamp is
    kept, or the same document, told again after others without stamps, would look newer than they are."""
    if told.updated_at is not None and (old.updated_at is None or told.updated_at > old.updated_at):
        return False
    if (old.status, old.raw_status, old.name, old.missing) != (told.status, told.raw_status, told.name or old.name, 0):
        return False
    if _states_group(told, context) and old.group != told.group:
        return False
    return Cover.COMPONENTS not in context.covers or old.position == told.position


def _states_name(told: Component, context: Context) -> bool:
    """Whether the document is the one to name the component. Where only what is troubled is shown, another document has
    the names, and the two may differ for ever; elsewhere every row names its component."""
    return Cover.COMPONENTS in context.covers or Cover.TROUBLED not in context.covers or told.lacks_status


def _states_group(told: Component, context: Context) -> bool:
    """Whether the document knows the group: the list of components does, and a row that is there to name what a
    component is rather than how."""
    return Cover.COMPONENTS in context.covers or (told.lacks_status and told.group is not None)


def _events(old: KnownComponent | None, new: KnownComponent, context: Context) -> Iterable[Event]:
    at = new.updated_at or context.moment.as_of
    if old is None and Cover.TROUBLED in context.covers:
        old = replace(new, status=Status.OPERATIONAL)
    if old is None:
        yield _event(EventType.COMPONENT_ADDED, new, context, at)
        return
    if old.name and (old.name, old.group) != (new.name, new.group):
        yield _event(EventType.COMPONENT_RENAMED, new, context, at, (_label(old), _label(new)))
    if old.status is not new.status:
        yield _event(EventType.COMPONENT_STATUS_CHANGED, new, context, at, (old.status.value, new.status.value))


def _is_first_word(old: KnownComponent | None, new: KnownComponent, is_first_read: bool) -> bool:
    """The level of a component known by name only: how it was when we first looked is no change."""
    is_unstated = old is not None and old.status is Status.UNKNOWN and not old.raw_status
    return is_unstated and (is_first_read or new.status is Status.OPERATIONAL)


def _is_only_grouped(old: KnownComponent | None, new: KnownComponent) -> bool:
    """Where another document names the groups, a component is known without its own at first: that is no new name."""
    if old is None or old.group is not None or new.group is None:
        return False
    return (old.name, old.status) == (new.name, new.status)


def _is_only_named(old: KnownComponent | None, new: KnownComponent) -> bool:
    """Of the first reading of the document that has the names: what we called a component until then was no name."""
    return old is not None and (old.group, old.status) == (new.group, new.status)


def _label(component: KnownComponent) -> str:
    return f"{component.group} / {component.name}" if component.group else component.name


def _event(
    kind: EventType,
    component: KnownComponent,
    context: Context,
    at: datetime,
    change: tuple[str, str] | None = None,
) -> Event:
    old, new = change or (None, None)
    moment = context.moment
    part = f"{kind}/{new}/{at.isoformat()}/{moment.as_of.isoformat()}/{moment.served_at.isoformat()}"
    return Event(
        type=kind,
        key=event_key(context.page.slug, "component", component.id, part),
        at=at,
        seen_at=context.now,
        source=context.source,
        page=context.page,
        component=EventComponent(component.id, component.name, component.group, component.status, old, new),
        event_name=context.event_name,
    )


_LEVELS = (Status.OPERATIONAL, Status.MAINTENANCE, Status.DEGRADED, Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE)


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of them; UNKNOWN where none is known."""
    known = [_LEVELS.index(status) for status in statuses if status is not Status.UNKNOWN]
    return _LEVELS[max(known)] if known else Status.UNKNOWN
