"""What is wrong now, one line for each story, and how every page is: what *Now* and the wall show.

A story is an open incident, a running maintenance, the bad components of a page that no incident names, or a page that
only says that it is not well. Stories of several pages that belong together are one line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.core import correlation
from statuswire.engine.overview import PageLook, incident_level, look_at, suggested_address
from statuswire.model import (
    AffectedComponent,
    Correlation,
    Kind,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Mark,
    MarkKind,
    Page,
    Status,
)
from statuswire.store import Tx, queries
from statuswire.store.queries import PageState

_WORST_FIRST: Final = (
    Status.MAJOR_OUTAGE,
    Status.PARTIAL_OUTAGE,
    Status.DEGRADED,
    Status.UNKNOWN,
    Status.OPERATIONAL,
    Status.MAINTENANCE,
)
_WELL: Final = frozenset({Status.OPERATIONAL, Status.UNKNOWN})
TOGETHER_FOR: Final = timedelta(days=2)
"""A correlation without a new member for so long joins no lines any more."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One story. `keys` are those of the story, or stories, as routes know them; `since` is None where nobody said.
    `components` are those touched, the worst first, with their state."""

    look: PageLook
    level: Status
    keys: tuple[str, ...]
    since: datetime | None = None
    incident: KnownIncident | None = None
    components: tuple[AffectedComponent, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def page(self) -> Page:
        return self.look.page

    @property
    def last(self) -> KnownUpdate | None:
        """The provider's last words that are any."""
        told = self.incident.updates if self.incident is not None else ()
        return next((update for update in reversed(told) if update.text), None)

    @property
    def title(self) -> str:
        if self.incident is not None:
            return self.incident.title or self.incident.id
        if len(self.components) == 1:
            return self.components[0].name
        return f"{len(self.components)} components" if self.components else "The page says so without naming anything"

    @property
    def version(self) -> str:
        """Different after everything that a reader should notice."""
        told = self.incident
        return f"{self.level}.{len(self.components)}" + (f".{told.phase}.{len(told.updates)}" if told else "")

    def mark(self, kind: MarkKind) -> Mark | None:
        return next((one for one in self.marks if one.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One story, or several that are one. `evidence` says why, in sentences; empty for one alone."""

    troubles: tuple[Trouble, ...]
    evidence: tuple[str, ...] = ()
    name: str = ""

    @property
    def level(self) -> Status:
        return min((one.level for one in self.troubles), key=_WORST_FIRST.index)

    @property
    def since(self) -> datetime | None:
        return min((one.since for one in self.troubles if one.since is not None), default=None)


@dataclass(frozen=True, slots=True)
class Situation:
    """`lines` are what is wrong, the worst first and of those the newest; `planned` the maintenances that run; `looks`
    are all pages."""

    lines: tuple[Line, ...]
    planned: tuple[Line, ...]
    looks: tuple[PageLook, ...]

    @property
    def blind(self) -> tuple[PageLook, ...]:
        """The pages that cannot be read, or that nobody reads."""
        return tuple(look for look in self.looks if look.is_stale)

    @property
    def overdue(self) -> tuple[PageLook, ...]:
        """The pages that nobody reads."""
        return tuple(look for look in self.looks if look.is_overdue)

    @property
    def unread(self) -> tuple[PageLook, ...]:
        """The pages that nobody has read yet."""
        return tuple(look for look in self.looks if not look.is_stale and look.last_known is None)


def load_situation(tx: Tx, now: datetime) -> Situation:
    """All of it, in one read. Raises StoreError."""
    states = queries.page_states(tx)
    moves = queries.suggestions(tx)
    looks = [
        replace(look, suggested_url=suggested_address(moves[look.page.id])) if look.page.id in moves else look
        for look in look_at(states, queries.open_incidents(tx), now)
    ]
    marks: dict[str, list[Mark]] = defaultdict(list)
    for mark in queries.all_marks(tx, now):
        marks[f"{mark.page}/{mark.subject}"].append(mark)
    troubles = [one for state, look in zip(states, looks, strict=True) for one in troubles_of(state, look, marks)]
    return situation(troubles, looks, queries.correlations(tx, now - TOGETHER_FOR))


def situation(troubles: Iterable[Trouble], looks: Iterable[PageLook], known: Iterable[Correlation]) -> Situation:
    """Pure: the lines, in order."""
    found = sorted(lines_of(troubles, known), key=_order)
    return Situation(
        lines=tuple(one for one in found if one.level is not Status.MAINTENANCE),
        planned=tuple(one for one in found if one.level is Status.MAINTENANCE),
        looks=tuple(looks),
    )


def _order(line: Line) -> tuple[int, float]:
    newest = max((one.since.timestamp() for one in line.troubles if one.since is not None), default=0.0)
    return _WORST_FIRST.index(line.level), -newest


# --- one page ----------------------------------------------------------------------------------------------------


def troubles_of(state: PageState, look: PageLook, marks: Mapping[str, Sequence[Mark]]) -> Iterator[Trouble]:
    """What is wrong on one page; `marks` by the key of the story."""
    for incident in look.open:
        key = f"{look.page.slug}/incident/{incident.id}"
        yield Trouble(
            look=look,
            level=level_of(incident),
            keys=(key,),
            since=begun(incident),
            incident=incident,
            components=tuple(sorted(incident.components, key=lambda one: _WORST_FIRST.index(one.status))),
            marks=tuple(marks.get(key, ())),
        )
    nameless = _unnamed(state, look)
    for is_planned in (False, True):
        some = [one for one in nameless if (one.status is Status.MAINTENANCE) is is_planned]
        if some:
            yield _of_components(look, some)
    if not look.open and not nameless and not look.is_stale and (look.last_known or Status.UNKNOWN) not in _WELL:
        yield Trouble(look, look.level, (f"{look.page.slug}/page",))


def level_of(incident: KnownIncident) -> Status:
    """How bad an open incident is: by its impact, or worse where one of its components is."""
    level = incident_level(incident)
    if incident.kind is Kind.MAINTENANCE:
        return level
    return min((level, *(one.status for one in incident.components)), key=_WORST_FIRST.index)


def begun(incident: KnownIncident) -> datetime | None:
    """When it began, as far as anybody said; of a maintenance, when it was to begin."""
    first = min((update.at for update in incident.updates), default=None)
    return incident.started_at or incident.scheduled_for or first or incident.created_at or incident.first_seen_at


def _unnamed(state: PageState, look: PageLook) -> list[KnownComponent]:
    """Components that stand at a bad level without any open incident that names them."""
    named = [one for incident in look.open for one in incident.components]
    ids = {one.id for one in named if one.id}
    names = {one.name for one in named if not one.id}
    return [one for one in state.troubled if one.status not in _WELL and one.id not in ids and one.name not in names]


def _of_components(look: PageLook, some: Sequence[KnownComponent]) -> Trouble:
    worst_first = sorted(some, key=lambda one: _WORST_FIRST.index(one.status))
    return Trouble(
        look=look,
        level=worst_first[0].status,
        keys=tuple(f"{look.page.slug}/component/{one.id}" for one in some),
        since=min(one.since for one in some if one.status is worst_first[0].status),
        components=tuple(AffectedComponent(one.id, one.name, one.group, one.status) for one in worst_first),
    )


# --- together ----------------------------------------------------------------------------------------------------


def lines_of(troubles: Iterable[Trouble], known: Iterable[Correlation]) -> Iterator[Line]:
    """Each story in one line; those of a correlation in one, as long as two pages of it are not well."""
    left = list(troubles)
    for one in known:
        keys = {member.key for member in one.members}
        some = [trouble for trouble in left if not keys.isdisjoint(trouble.keys)]
        if len({trouble.page.slug for trouble in some}) < 2:
            continue
        left = [trouble for trouble in left if keys.isdisjoint(trouble.keys)]
        some.sort(key=lambda trouble: _WORST_FIRST.index(trouble.level))
        yield Line(tuple(some), correlation.evidence(one, is_new=True), " and ".join(one.shared))
    yield from (Line((trouble,)) for trouble in left)
