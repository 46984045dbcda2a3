"""Generated event logs of one page: incidents, planned work, components and feeds that live as providers let them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from statuswire.core.stories import closes
from statuswire.model import Event, EventType, Impact, Phase, Status

from .told import T0, component_event, feed_event, incident_event, named

GAPS_S = (5, 40, 100, 200, 400, 900, 4_000)
LEVELS = (Status.OPERATIONAL, Status.DEGRADED, Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE, Status.MAINTENANCE)
IMPACTS = (Impact.NONE, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL, Impact.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event, and the open incidents that name its component then."""

    event: Event
    covered_by: tuple[str, ...] = ()


@dataclass
class Page:
    """What is open, by the provider's own ids."""

    random: Random
    now: datetime = T0
    incidents: dict[str, tuple[Impact, int]] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    works: list[str] = field(default_factory=list)
    levels: dict[str, Status] = field(default_factory=lambda: dict.fromkeys(("c0", "c1"), Status.OPERATIONAL))
    feed_fails: bool = False
    count: int = 0

    def step(self) -> Happening:
        self.now += timedelta(seconds=self.random.choice(GAPS_S))
        moves: list[Callable[[], Event]] = [self._begin, self._level, self._level, self._feed, self._plan]
        moves += [self._go_on, self._go_on, self._end] if self.incidents else []
        moves += [self._come_back, self._speak_after] if self.ended else []
        moves += [self._work] if self.works else []
        return self._seen(self.random.choice(moves)())

    def close(self) -> list[Happening]:
        """Everything comes to its end."""
        self.now += timedelta(seconds=self.random.choice(GAPS_S))
        last = [self._resolve(one) for one in list(self.incidents)]
        last += [incident_event("maintenance.completed", incident=one, at=self.now) for one in self.works]
        last += [self._becomes(one, Status.OPERATIONAL) for one, level in self.levels.items() if level is not LEVELS[0]]
        last += [feed_event(EventType.FEED_RECOVERED, at=self.now)] if self.feed_fails else []
        return [self._seen(event) for event in last]

    def _seen(self, event: Event) -> Happening:
        component = event.component
        covers = [one for one, (_, of) in self.incidents.items() if component is not None and component.id == f"c{of}"]
        return Happening(event, tuple(covers))

    def _incident(self, type_: str, one: str, phase: Phase | None = None) -> Event:
        impact, of = self.incidents.get(one, (Impact.MINOR, 0))
        parts = named(*(self.levels[name] for name in ("c0", "c1")))[of : of + 1]
        return incident_event(type_, incident=one, impact=impact, phase=phase, components=parts, at=self.now)

    def _begin(self) -> Event:
        self.count += 1
        one = f"i{self.count}"
        self.incidents[one] = (self.random.choice(IMPACTS), self.random.randrange(3))
        return self._incident("incident.created", one)

    def _go_on(self) -> Event:
        one = self.random.choice(list(self.incidents))
        self.incidents[one] = (self.random.choice(IMPACTS), self.incidents[one][1])
        return self._incident(self.random.choice(("incident.updated", "incident.updated", "incident.edited")), one)

    def _end(self) -> Event:
        one = self.random.choice(list(self.incidents))
        if self.random.random() < 0.2:
            event = self._incident("incident.postmortem", one)
            self._forget(one)
            return event
        return self._resolve(one)

    def _resolve(self, one: str) -> Event:
        event = self._incident("incident.resolved", one)
        self._forget(one)
        return event

    def _forget(self, one: str) -> None:
        del self.incidents[one]
        self.ended.append(one)

    def _come_back(self) -> Event:
        one = self.ended.pop(self.random.randrange(len(self.ended)))
        self.incidents[one] = (self.random.choice(IMPACTS), self.random.randrange(3))
        return self._incident("incident.reopened", one)

    def _speak_after(self) -> Event:
        return self._incident("incident.edited", self.random.choice(self.ended), Phase.RESOLVED)

    def _level(self) -> Event:
        one = self.random.choice(list(self.levels))
        return self._becomes(one, self.random.choice([level for level in LEVELS if level is not self.levels[one]]))

    def _becomes(self, one: str, new: Status) -> Event:
        old, self.levels[one] = self.levels[one], new
        return component_event(new, old, component=one, at=self.now)

    def _feed(self) -> Event:
        self.feed_fails = not self.feed_fails
        failing = self.random.choice((EventType.FEED_FAILING, EventType.FEED_UNREADABLE))
        return feed_event(failing if self.feed_fails else EventType.FEED_RECOVERED, at=self.now)

    def _plan(self) -> Event:
        self.count += 1
        self.works.append(f"m{self.count}")
        return incident_event("maintenance.scheduled", incident=self.works[-1], at=self.now)

    def _work(self) -> Event:
        one = self.random.choice(self.works)
        word = self.random.choice(("reminder", "started", "updated", "completed", "cancelled"))
        event = incident_event(f"maintenance.{word}", incident=one, at=self.now)
        if closes(event):
            self.works.remove(one)
        return event


def happenings(seed: int, steps: int) -> list[Happening]:
    """So many events and then the end of everything, in order of time."""
    page = Page(Random(seed))
    return [page.step() for _ in range(steps)] + page.close()


def broken_off(seed: int, steps: int) -> list[Happening]:
    """So many events, and everything as it is then."""
    page = Page(Random(seed))
    return [page.step() for _ in range(steps)]
