"""How a page or a component is, of what the server says: one level, and how far it is to be believed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from statuswire.client.shapes import Component, Impact, Incident, Kind, Page, Phase, Status

SEVERITY: tuple[Status, ...] = (
    Status.OPERATIONAL,
    Status.MAINTENANCE,
    Status.UNKNOWN,
    Status.DEGRADED,
    Status.PARTIAL_OUTAGE,
    Status.MAJOR_OUTAGE,
)
"""From good to bad, as the server orders them: what is known to be wrong counts before what is not known."""

DOWN = frozenset({Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE})

IMPACT_LEVELS: dict[Impact, Status] = {
    Impact.NONE: Status.OPERATIONAL,
    Impact.MINOR: Status.DEGRADED,
    Impact.MAJOR: Status.PARTIAL_OUTAGE,
    Impact.CRITICAL: Status.MAJOR_OUTAGE,
    Impact.MAINTENANCE: Status.MAINTENANCE,
    Impact.UNKNOWN: Status.DEGRADED,
}
"""The level that an open incident means, as the server reads it."""


class Freshness(StrEnum):
    """`fresh`: it is so. `stale`: it was so when it could last be read. `unknown`: nobody can say."""

    FRESH = "fresh"
    STALE = "stale"
    UNKNOWN = "unknown"


class Subject(msgspec.Struct, frozen=True):
    page: str
    component: str | None = None

    def __str__(self) -> str:
        return f"{self.page}:{self.component}" if self.component else self.page


class Reading(msgspec.Struct, frozen=True):
    """What a guard goes by. `status` is as last told, however old; `age_s` since the server last said so; None: never.
    `why` is one line for people."""

    page: str
    component: str | None
    status: Status
    freshness: Freshness
    age_s: float | None
    why: str

    @property
    def is_down(self) -> bool:
        """In a partial or major outage, as far as is known."""
        return self.status in DOWN


class PageState(msgspec.Struct, frozen=True):
    """One page, or what of it is meant by `component` (a name, `Group / Name`, with `*` and `?`): those components,
    and the incidents that are open and touch them or name none at all."""

    page: Page
    component: str | None
    components: tuple[Component, ...]
    incidents: tuple[Incident, ...]

    @property
    def freshness(self) -> Freshness:
        """As far as the server can tell."""
        if self.status is Status.UNKNOWN or (self.page.stale and self.page.last_known is None):
            return Freshness.UNKNOWN
        return Freshness.STALE if self.page.stale else Freshness.FRESH

    @property
    def status(self) -> Status:
        """The page's own, or the worst of the components meant, as last told. What the page lists no level of is as bad
        as the incidents that go on there say; where it lists components and none is meant, nothing is known."""
        if self.component is None:
            return (self.page.last_known or Status.UNKNOWN) if self.page.stale else self.page.state
        if self.components:
            return worst(one.status for one in self.components)
        if self.page.components or (self.page.stale and self.page.last_known is None):
            return Status.UNKNOWN
        return worst((Status.OPERATIONAL, *map(_level, self._running)))

    @property
    def level(self) -> Status:
        """The same, where an incident that goes on counts with its whole impact, as in `statuswire status`."""
        if self.component is None or self.status is Status.UNKNOWN:
            return self.status
        return worst((self.status, *map(_level, self._running)))

    @property
    def is_misnamed(self) -> bool:
        """The page lists its components, and none is called so."""
        return self.component is not None and not self.components and bool(self.page.components)

    def described(self, level: Status) -> str:
        """One line: what is meant, how it is, and the incident that goes on."""
        if self.is_misnamed:
            return f"{self.subject}: {_one_line(self.page.name)} has no component of that name"
        if self.freshness is Freshness.UNKNOWN:
            return f"{self.subject}: unknown, because the page cannot be read"
        told = next((f": {_one_line(one.title)}" for one in self._running), "")
        return f"{self.subject}: {level.value}{self._age}{told}"

    @property
    def _age(self) -> str:
        since = self.page.stale_since
        return f", as of {since:%Y-%m-%d %H:%M} UTC" if self.page.stale and since else ""

    @property
    def subject(self) -> str:
        return f"{self.page.slug}:{self.component}" if self.component else self.page.slug

    @property
    def _running(self) -> tuple[Incident, ...]:
        """The worst first."""
        running = (one for one in self.incidents if one.phase is not Phase.SCHEDULED)
        return tuple(sorted(running, key=lambda one: -SEVERITY.index(_level(one))))


def is_within(level: Status, allowed: Status) -> bool:
    """Whether a level is no worse than allowed. One that nobody knows never is."""
    return level is not Status.UNKNOWN and SEVERITY.index(level) <= SEVERITY.index(allowed)


def worst(levels: Iterable[Status]) -> Status:
    return max(levels, key=SEVERITY.index, default=Status.UNKNOWN)


def _level(incident: Incident) -> Status:
    return Status.MAINTENANCE if incident.kind is Kind.MAINTENANCE else IMPACT_LEVELS[incident.impact]


def _one_line(text: str) -> str:
    """The provider's words without anything that moves a cursor."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
