"""Events of an invented page, and a route that is told them one after the other, with a clock that moves when told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from statuswire.core.quiet import Around, Step, Tell, may_release, on_event, on_release, on_time
from statuswire.core.routing import Facts
from statuswire.core.stories import key_of
from statuswire.model import (
    AffectedComponent,
    Event,
    EventComponent,
    EventFeed,
    EventIncident,
    EventPage,
    EventType,
    EventUpdate,
    Filter,
    Impact,
    Kind,
    PageRef,
    Phase,
    Quiet,
    Route,
    Silence,
    Source,
    Status,
    Story,
    Verdict,
)

T0 = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
PLAIN_FILTER = Filter()
DEFAULT = Quiet()

PHASES = {
    EventType.INCIDENT_CREATED: Phase.INVESTIGATING,
    EventType.INCIDENT_UPDATED: Phase.IDENTIFIED,
    EventType.INCIDENT_EDITED: Phase.IDENTIFIED,
    EventType.INCIDENT_RESOLVED: Phase.RESOLVED,
    EventType.INCIDENT_REOPENED: Phase.INVESTIGATING,
    EventType.INCIDENT_POSTMORTEM: Phase.POSTMORTEM,
    EventType.MAINTENANCE_SCHEDULED: Phase.SCHEDULED,
    EventType.MAINTENANCE_UPDATED: Phase.SCHEDULED,
    EventType.MAINTENANCE_REMINDER: Phase.SCHEDULED,
    EventType.MAINTENANCE_STARTED: Phase.IN_PROGRESS,
    EventType.MAINTENANCE_OVERRUN: Phase.IN_PROGRESS,
    EventType.MAINTENANCE_COMPLETED: Phase.COMPLETED,
    EventType.MAINTENANCE_CANCELLED: Phase.CANCELLED,
}


def page_ref(slug: str = "acme") -> PageRef:
    return PageRef(slug, slug.title(), f"https://status.{slug}.example")


def named(
    *statuses: Status, names: Sequence[str] = ("API", "Web", "Mail", "Chat", "Search")
) -> tuple[AffectedComponent, ...]:
    """Components c0, c1 ... of the group Europe in these states."""
    return tuple(
        AffectedComponent(f"c{place}", names[place], "Europe", status) for place, status in enumerate(statuses)
    )


def incident_event(
    type_: str | EventType = EventType.INCIDENT_CREATED,
    *,
    id_: int = 1,
    incident: str = "i1",
    impact: Impact = Impact.MINOR,
    page: str = "acme",
    title: str = "",
    phase: Phase | None = None,
    components: tuple[AffectedComponent, ...] = (),
    source: Source = Source.POLL,
    at: datetime = T0,
) -> Event:
    kind = EventType(type_)
    now = phase or PHASES[kind]
    sort = Kind.MAINTENANCE if kind.value.startswith("maintenance") else Kind.INCIDENT
    told = EventIncident(incident, title or f"Trouble {incident}", sort, now, impact, "", at, None, components)
    return Event(kind, f"k{id_}", at, at, source, page_ref(page), told, EventUpdate(f"u{id_}", now, "", at), id=id_)


def component_event(
    new: Status,
    old: Status = Status.OPERATIONAL,
    *,
    id_: int = 1,
    component: str = "c0",
    page: str = "acme",
    type_: EventType = EventType.COMPONENT_STATUS_CHANGED,
    at: datetime = T0,
) -> Event:
    changed = EventComponent(component, "API", "Europe", new, old.value, new.value)
    return Event(type_, f"k{id_}", at, at, Source.POLL, page_ref(page), component=changed, id=id_)


def feed_event(type_: EventType, *, id_: int = 1, at: datetime = T0) -> Event:
    feed = EventFeed("https://status.acme.example/feed", "time-out")
    return Event(type_, f"k{id_}", at, at, Source.POLL, page_ref(), feed=feed, id=id_)


def page_event(new: Status, old: Status = Status.OPERATIONAL, *, id_: int = 1) -> Event:
    return Event(
        EventType.PAGE_STATUS_CHANGED,
        f"k{id_}",
        T0,
        T0,
        Source.POLL,
        page_ref(),
        page_change=EventPage(old, new),
        id=id_,
    )


@dataclass
class Telling:
    """One route as it meets events: numbers them, keeps the stories, wakes them in time."""

    quiet: Quiet = DEFAULT
    filter: Filter = PLAIN_FILTER
    now: datetime = T0
    silences: tuple[Silence, ...] = ()
    stories: dict[str, Story] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    tells: list[Tell] = field(default_factory=list)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    count: int = 0

    @property
    def route(self) -> Route:
        return Route("r", ("ops",), self.filter, self.quiet)

    def meet(self, event: Event, *, cover: str = "", namesake: str = "", **known: object) -> tuple[str, str]:
        """What becomes of the event: kind and reason of its verdict; empty words where the route does not mean it."""
        self.count += 1
        event = replace(event, id=self.count, key=f"k{self.count}")
        facts = Facts(event, **known)  # type: ignore[arg-type]  # fields by name
        key = key_of(event)
        self.facts[key] = facts
        self._release(event)
        step = on_event(self.route, self.stories.get(key), facts, self._around(cover, namesake), self.now)
        if step is None:
            return "", ""
        self._take(key, step)
        verdict = self.verdicts[event.id]
        return verdict.kind.value, verdict.reason

    def wait(self, *, cover: str = "", **minutes: float) -> list[Tell]:
        """Let time pass; what is told meanwhile."""
        until, before = self.now + timedelta(**minutes), len(self.tells)
        while due := [one for one in self.stories.values() if one.wake_at is not None and one.wake_at <= until]:
            first = min(due, key=lambda one: (one.wake_at, one.key))
            self.now = max(self.now, first.wake_at or self.now)
            step = on_time(self.route, first, self.facts[first.key], self._around(cover), self.now)
            self._take(first.key, step)
        self.now = until
        return self.tells[before:]

    def _release(self, event: Event) -> None:
        for story in list(self.stories.values()):
            step = on_release(self.route, story, event, self.now) if may_release(event) else None
            if step is not None:
                self._take(story.key, step)

    def _around(self, cover: str = "", namesake: str = "") -> Around:
        return Around(self.silences, self.stories.get(cover), self.stories.get(namesake))

    def _take(self, key: str, step: Step) -> None:
        if step.story is not None:
            self.stories[key] = step.story
        self.tells += step.tell
        self.verdicts |= {one.event_id: one for one in step.verdicts}

    def told(self) -> list[tuple[int, ...]]:
        """The events of each message so far."""
        return [one.event_ids for one in self.tells]
