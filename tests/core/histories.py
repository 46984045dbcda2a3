"""Provider histories: a page that lives for some hours, seen through documents that arrive in any order.

`Provider` is the truth. `arrivals` turns its life into what a monitor would receive, by the `Views` through which it is
seen: Snapshots made here (`views`), or the documents of a platform, written and read again (`tests/writers`). Every
update carries a token (`u17`) in its text, so that a test can tell which truth an event is about without trusting any
identity logic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from statuswire.model import Component, Impact, Kind, Phase, Status

from .memory import START, Delivery

STYLES = ["stamped", "unstamped", "untidy"]
"""With version stamps on everything; with none; with stamps, but closing incidents and deleting updates without a word.
"""

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
    own_phase: Phase | None = None
    """Where the provider set it without an update."""

    @property
    def phase(self) -> Phase:
        return self.own_phase or self.updates[-1].phase

    @property
    def is_open(self) -> bool:
        return not self.phase.is_closed


What = TrueIncident | str
"""What a step happened to: an incident, or the id of a component."""


class Provider:
    """A page with components, incidents and maintenances that change one step at a time."""

    def __init__(self, random: Random, style: str) -> None:
        self.random = random
        self.style = style
        self.now = START
        self.updated_at = START
        self.components = {
            id_: Component(id_, f"Part {number}", None, Status.OPERATIONAL, updated_at=START)
            for number, id_ in enumerate(f"{number:0>11}c" for number in range(3))
        }
        self.incidents: list[TrueIncident] = []
        self._tokens = 0

    # -- life --------------------------------------------------------------------------------------------------

    def step(self) -> What:
        """Something happens; returns the incident or the id of the component that it happened to."""
        self.now += timedelta(seconds=self.random.choice([40, 95, 300, 700]))
        self.updated_at = self.now
        actions = self.actions()
        if self.alive() and self.random.random() < 0.15:
            actions = [self._delete]
        return self.random.choice(actions)()

    def actions(self) -> list[Callable[[], What]]:
        """What may happen next, the likelier the more often it is named."""
        actions: list[Callable[[], What]] = [self.create, self._maintenance, self._component, self._rename]
        if self.alive():
            actions += [self._update] * 5 + [self._edit, self._reopen, self._backfill, self._change_impact]
            actions += [self._close_silently, self._delete_update] if self.style == "untidy" else []
        return actions

    def alive(self) -> list[TrueIncident]:
        return [one for one in self.incidents if not one.is_deleted]

    def _new(self, kind: Kind, phase: Phase, at: datetime) -> TrueIncident:
        number = len(self.incidents)
        one = TrueIncident(f"{number:0>11}i", f"Trouble {number}", kind, at, self.now)
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
        one.own_phase = None
        return one

    def create(self) -> TrueIncident:
        return self._new(Kind.INCIDENT, Phase.INVESTIGATING, self.now)

    def _maintenance(self) -> TrueIncident:
        return self._new(Kind.MAINTENANCE, Phase.SCHEDULED, self.now)

    def _update(self) -> TrueIncident:
        one = self.random.choice(self.alive())
        if one.kind is Kind.MAINTENANCE:
            following = {Phase.SCHEDULED: [Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.CANCELLED]}
            phases = following.get(one.phase, [Phase.VERIFYING, Phase.COMPLETED])
            return one if one.phase.is_closed else self._say(one, self.random.choice(phases))
        if one.phase.is_closed:
            return self._say(one, Phase.POSTMORTEM)
        return self._say(one, self.random.choice([*OPEN_PHASES, Phase.RESOLVED, Phase.RESOLVED]))

    def _edit(self) -> TrueIncident:
        one = self.random.choice(self.alive())
        update = self.random.choice(one.updates)
        update.text += " Corrected."
        update.edited_at = one.updated_at = self.now
        return one

    def _reopen(self) -> TrueIncident:
        closed = [one for one in self.alive() if one.kind is Kind.INCIDENT and not one.is_open]
        if not closed:
            return self.create()
        one = self.random.choice(closed)
        one.reopenings += 1
        return self._say(one, Phase.INVESTIGATING)

    def _backfill(self) -> TrueIncident:
        one = self._new(Kind.INCIDENT, Phase.INVESTIGATING, self.now - timedelta(days=9))
        one.is_backfilled = True
        return self._say(one, Phase.RESOLVED, self.now - timedelta(days=8))

    def _change_impact(self) -> TrueIncident:
        one = self.random.choice(self.alive())
        one.impact = self.random.choice([Impact.MINOR, Impact.MAJOR, Impact.CRITICAL])
        one.updated_at = self.now
        return one

    def _delete(self) -> TrueIncident:
        one = self.random.choice(self.alive())
        one.is_deleted = True
        return one

    def _close_silently(self) -> TrueIncident:
        one = self.random.choice(self.alive())
        if one.is_open:
            one.own_phase = Phase.RESOLVED if one.kind is Kind.INCIDENT else Phase.COMPLETED
            one.updated_at = self.now
        return one

    def _delete_update(self) -> TrueIncident:
        """Any but the newest, which would move the phase."""
        one = self.random.choice(self.alive())
        if len(one.updates) > 1:
            del one.updates[self.random.randrange(len(one.updates) - 1)]
            one.updated_at = self.now
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


View = Callable[[], Sequence[Delivery]]
"""One look at a page, as it is at that moment: a document, and those that it points to."""


class Views(Protocol):
    """The ways in which what a provider shows reaches us. `has_late_hooks` is False where one that comes late cannot be
    told from news."""

    @property
    def has_late_hooks(self) -> bool: ...

    def polls(self) -> Sequence[View]:
        """Each document that is fetched now and then; none where the provider only pushes."""

    def hook(self, what: What) -> Delivery | None:
        """What the provider pushes about its last step; None where it pushes nothing."""

    def at_last(self) -> Sequence[View]:
        """Documents that together show the whole truth, looked at when the provider has come to rest."""


def arrivals(provider: Provider, views: Views, steps: int) -> list[Delivery]:
    """What arrives of so many steps of a provider's life, in order of arrival: polls, stale polls, hooks that are lost,
    late, repeated or out of order. The last documents show the whole truth.

    A hook is lost only where documents can tell the same: who has nothing else sends it until it has arrived, and is
    listened to from the beginning.
    """
    random = provider.random
    polls = views.polls()
    for _ in range(random.randint(0, 4) if polls else 0):
        provider.step()
    arriving = list(random.choice(polls)()) if polls else []
    fates = [*(["lost"] if polls else []), "now", "now", *(["late", "twice"] if views.has_late_hooks else [])]
    late: list[Delivery] = []
    past = [arriving] if arriving else []
    for _ in range(steps):
        hook = views.hook(provider.step())
        if hook is not None:
            fate = random.choice(fates)
            arriving += [hook] * {"now": 1, "twice": 2}.get(fate, 0)
            late += [hook] if fate in ("late", "twice") else []
        for _ in range(random.choice([0, 1, 1, 2]) if polls else 0):
            past.append(list(random.choice(polls)()))
            arriving += past[-1]
        if past and random.random() < 0.3:
            arriving += random.choice(past)
        if late and random.random() < 0.4:
            arriving.append(late.pop(random.randrange(len(late))))
    arriving += [] if polls else late
    for view in views.at_last():
        provider.now += timedelta(minutes=5)
        arriving += view()
    return arriving


def token_of(text: str) -> str:
    """The truth that an update's text is about."""
    found = TOKEN.search(text)
    assert found, text
    return found.group()
