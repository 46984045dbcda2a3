"""Provider histories: a page that lives for some hours, seen through documents that arrive in any order.

`Provider` is the truth. `documents` turns its life into what a monitor would receive: polls, stale polls, feeds with a
short window, hooks that are lost, late, repeated or reordered. Every update carries a token (`u17`) in its text, so
that a test can tell which truth an event is about without trusting any identity logic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from statuswire.core.absence import settle
from statuswire.core.reconcile import Outcome, reconcile
from statuswire.model import (
    AffectedComponent,
    Changes,
    Component,
    Cover,
    Event,
    EventType,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    Known,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Moment,
    PageFacts,
    PageRef,
    Phase,
    Snapshot,
    Source,
    Status,
)

START = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
PAGE = PageRef("acme", "Acme Relay", "https://status.acme-relay.example")
EVERYTHING = frozenset(Cover) - {Cover.TROUBLED}
LEVELS = [Status.OPERATIONAL, Status.DEGRADED, Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE]
OPEN_PHASES = [Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING]
TOKEN = re.compile(r"\bu\d+\b")


@dataclass(slots=True)
class TrueUpdate:
    token: str
    phase: Phase
    text: str
    at: datetime
    edited_at: datetime


@dataclass(slots=True)
class TrueIncident:
    id: str
    title: str
    kind: Kind
    created_at: datetime
    updated_at: datetime
    updates: list[TrueUpdate] = field(default_factory=list)
    impact: Impact = Impact.MINOR
    components: list[str] = field(default_factory=list)
    is_backfilled: bool = False
    is_deleted: bool = False
    reopenings: int = 0

    @property
    def phase(self) -> Phase:
        return self.updates[-1].phase

    @property
    def is_open(self) -> bool:
        return not self.phase.is_closed


@dataclass(frozen=True, slots=True)
class Delivery:
    """One document on its way to us. `feed` names what it was read from (None: a hook)."""

    snapshot: Snapshot
    source: Source
    made_at: datetime
    feed: str | None
    is_stale: bool = False
    tells_age: bool = True


class Provider:
    """A page with components, incidents and maintenances that change one step at a time."""

    def __init__(self, random: Random, style: str) -> None:
        self.random = random
        self.style = style
        self.now = START
        self.updated_at = START
        self.components = {
            f"c{number}": Component(f"c{number}", f"Part {number}", None, Status.OPERATIONAL, updated_at=START)
            for number in range(3)
        }
        self.incidents: list[TrueIncident] = []
        self._tokens = 0

    # -- life --------------------------------------------------------------------------------------------------

    def step(self) -> TrueIncident | str:
        """Something happens; returns the incident or the id of the component that it happened to."""
        self.now += timedelta(seconds=self.random.choice([40, 95, 300, 700]))
        self.updated_at = self.now
        actions = [self._create, self._maintenance, self._component, self._rename]
        if self._alive():
            actions += [self._update] * 5 + [self._edit, self._reopen, self._backfill, self._change_impact]
        if self._alive() and self.random.random() < 0.15:
            actions = [self._delete]
        return self.random.choice(actions)()

    def _alive(self) -> list[TrueIncident]:
        return [one for one in self.incidents if not one.is_deleted]

    def _new(self, kind: Kind, phase: Phase, at: datetime) -> TrueIncident:
        number = len(self.incidents)
        one = TrueIncident(f"i{number}", f"Trouble {number}", kind, at, self.now)
        one.components = self.random.sample(sorted(self.components), self.random.randint(0, 2))
        self.incidents.append(one)
        self._say(one, phase, at)
        return one

    def _say(self, one: TrueIncident, phase: Phase, at: datetime | None = None) -> TrueIncident:
        self._tokens += 1
        token = f"u{self._tokens}"
        text = self.random.choice(["We are looking at {}.", "{}: more words,\n\nand a second line...", "About {}"])
        one.updates.append(TrueUpdate(token, phase, text.format(token), at or self.now, self.now))
        one.updated_at = self.now
        return one

    def _create(self) -> TrueIncident:
        return self._new(Kind.INCIDENT, Phase.INVESTIGATING, self.now)

    def _maintenance(self) -> TrueIncident:
        return self._new(Kind.MAINTENANCE, Phase.SCHEDULED, self.now)

    def _update(self) -> TrueIncident:
        one = self.random.choice(self._alive())
        if one.kind is Kind.MAINTENANCE:
            following = {Phase.SCHEDULED: [Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.CANCELLED]}
            phases = following.get(one.phase, [Phase.VERIFYING, Phase.COMPLETED])
            return one if one.phase.is_closed else self._say(one, self.random.choice(phases))
        if one.phase.is_closed:
            return self._say(one, Phase.POSTMORTEM)
        return self._say(one, self.random.choice([*OPEN_PHASES, Phase.RESOLVED, Phase.RESOLVED]))

    def _edit(self) -> TrueIncident:
        one = self.random.choice(self._alive())
        update = self.random.choice(one.updates)
        update.text += " Corrected."
        update.edited_at = one.updated_at = self.now
        return one

    def _reopen(self) -> TrueIncident:
        closed = [one for one in self._alive() if one.kind is Kind.INCIDENT and not one.is_open]
        if not closed:
            return self._create()
        one = self.random.choice(closed)
        one.reopenings += 1
        return self._say(one, Phase.INVESTIGATING)

    def _backfill(self) -> TrueIncident:
        one = self._new(Kind.INCIDENT, Phase.INVESTIGATING, self.now - timedelta(days=9))
        one.is_backfilled = True
        return self._say(one, Phase.RESOLVED, self.now - timedelta(days=8))

    def _change_impact(self) -> TrueIncident:
        one = self.random.choice(self._alive())
        one.impact = self.random.choice([Impact.MINOR, Impact.MAJOR, Impact.CRITICAL])
        one.updated_at = self.now
        return one

    def _delete(self) -> TrueIncident:
        one = self.random.choice(self._alive())
        one.is_deleted = True
        return one

    def _component(self) -> str:
        one = self.random.choice(list(self.components.values()))
        status = self.random.choice([level for level in LEVELS if level is not one.status])
        self.components[one.id] = replace(one, status=status, updated_at=self.now)
        return one.id

    def _rename(self) -> str:
        one = self.random.choice(list(self.components.values()))
        self.components[one.id] = replace(one, name=f"{one.name}'", updated_at=self.now)
        return one.id


def documents(seed: int, steps: int, style: str) -> tuple[Provider, list[Delivery]]:
    """A provider's life and what arrives of it, in order of arrival. The last ones show the whole truth."""
    random = Random(seed)
    provider = Provider(random, style)
    for _ in range(random.randint(0, 4)):
        provider.step()
    polls = [provider.state, provider.history, provider.feed if style == "stamped" else provider.latest_feed]
    arriving = [random.choice(polls)()]
    late: list[Delivery] = []
    past: list[Delivery] = list(arriving)
    for _ in range(steps):
        what = provider.step()
        hook = provider.hook(what)
        fate = random.choice(["lost", "now", "now", "late", "twice"])
        arriving += [] if fate in ("lost", "late") else [hook] * (2 if fate == "twice" else 1)
        late += [hook] if fate in ("late", "twice") else []
        for _ in range(random.choice([0, 1, 1, 2])):
            fresh = random.choice(polls)()
            past.append(fresh)
            arriving.append(fresh)
        if random.random() < 0.3:
            arriving.append(replace(random.choice(past), is_stale=True))
        if late and random.random() < 0.4:
            arriving.append(late.pop(random.randrange(len(late))))
    for view in (provider.history, provider.state, provider.state, provider.history):
        provider.now += timedelta(minutes=5)
        arriving.append(view())
    return provider, arriving


def token_of(text: str) -> str:
    found = TOKEN.search(text)
    assert found, text
    return found.group()


def update_tokens(events: list[Event]) -> Iterator[str]:
    """The truths that the events tell for the first time, edits left out."""
    for event in events:
        if event.update is not None and event.type is not EventType.INCIDENT_EDITED:
            yield token_of(event.update.text)
