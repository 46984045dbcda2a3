"""What is wrong, one story each: an open incident, the bad components of a page that no incident names, or a page that
only says that it is not well. As `engine.situation`, of what the API says. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from statuswire.client.shapes import Affected, Component, Incident, Kind, Page, PageName, Phase, Status, Update
from statuswire.client.standing import IMPACT_LEVELS
from statuswire.top.shapes import Mark

WORST_FIRST = (
    Status.MAJOR_OUTAGE,
    Status.PARTIAL_OUTAGE,
    Status.DEGRADED,
    Status.UNKNOWN,
    Status.OPERATIONAL,
    Status.MAINTENANCE,
)
_WELL = frozenset({Status.OPERATIONAL, Status.UNKNOWN})

ACKNOWLEDGED = "acknowledged"
Marked = Mapping[str, Sequence[Mark]]
"""Marks by the key of what they are set on."""


@dataclass(frozen=True, slots=True)
class Story:
    """`key` is the same as long as it goes on; `since` is None where nobody said. `components`: the worst first.
    `parts` are the stories of several pages that are this one, the worst first, and `evidence` says why, in sentences;
    `page` is then that of the worst."""

    key: str
    page: PageName
    level: Status
    title: str
    since: datetime | None = None
    incident: Incident | None = None
    components: tuple[Affected, ...] = ()
    marks: tuple[Mark, ...] = ()
    parts: tuple[Story, ...] = ()
    evidence: tuple[str, ...] = ()

    @property
    def each(self) -> tuple[Story, ...]:
        """The stories that it is made of: itself, where it is of one page."""
        return self.parts or (self,)

    @property
    def keys(self) -> tuple[str, ...]:
        """Those under which routes know it."""
        if self.incident is None and self.components:
            return tuple(component_key(self.page, one) for one in self.components)
        return (self.key,)

    @property
    def last(self) -> Update | None:
        """The provider's last words that are any."""
        told = self.incident.updates if self.incident is not None else ()
        return next((update for update in reversed(told) if update.text.strip()), None)

    @property
    def subject(self) -> str:
        """What a mark is set on; empty where nothing single is meant."""
        if self.incident is not None:
            return self.incident.id
        return self.components[0].id if len(self.components) == 1 else ""

    def mark(self, kind: str) -> Mark | None:
        return next((one for one in self.marks if one.kind == kind), None)


def stories_of(
    pages: Iterable[Page], open_ones: Iterable[Incident], troubled: Iterable[Component], marks: Iterable[Mark]
) -> tuple[Story, ...]:
    """All stories, the worst first and of those the newest. What is only planned is none yet."""
    incidents: dict[str, list[Incident]] = defaultdict(list)
    for incident in open_ones:
        if incident.page is not None and incident.phase is not Phase.SCHEDULED:
            incidents[incident.page.slug].append(incident)
    components: dict[str, list[Component]] = defaultdict(list)
    for component in troubled:
        if component.page is not None and component.status not in _WELL:
            components[component.page.slug].append(component)
    marked: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        marked[mark.key].append(mark)
    return in_order(
        one for page in pages for one in _of_page(page, incidents[page.slug], components[page.slug], marked)
    )


def in_order(stories: Iterable[Story]) -> tuple[Story, ...]:
    """The worst first and of those the newest."""
    return tuple(sorted(stories, key=_order))


def incident_key(page: PageName, incident: Incident) -> str:
    return f"{page.slug}/incident/{incident.id}"


def component_key(page: PageName, component: Affected) -> str:
    return f"{page.slug}/component/{component.id}"


def level_of(incident: Incident) -> Status:
    """How bad an incident is: by its impact, or worse where one of its components is; what is over is fine."""
    if incident.resolved_at is not None:
        return Status.OPERATIONAL
    if incident.kind is Kind.MAINTENANCE:
        return Status.MAINTENANCE
    levels = (IMPACT_LEVELS[incident.impact], *(one.status for one in incident.components))
    return min(levels, key=WORST_FIRST.index)


def begun(incident: Incident) -> datetime | None:
    """When it began, as far as anybody said; of a maintenance, when it is or was to begin: until then the server has no
    beginning but its announcement."""
    if incident.kind is Kind.MAINTENANCE and incident.scheduled_for is not None:
        return incident.scheduled_for
    first = min((update.at for update in incident.updates), default=None)
    return incident.started_at or first


def _order(story: Story) -> tuple[int, float, str]:
    began = max((one.since.timestamp() for one in story.each if one.since is not None), default=0.0)
    return WORST_FIRST.index(story.level), -began, story.key


def _of_page(
    page: Page, open_ones: Sequence[Incident], troubled: Sequence[Component], marked: Marked
) -> Iterator[Story]:
    for incident in open_ones:
        key = incident_key(page, incident)
        yield Story(
            key,
            page,
            level_of(incident),
            incident.title or incident.id,
            begun(incident),
            incident,
            worst_first(incident.components),
            tuple(marked.get(key, ())),
        )
    nameless = _unnamed(open_ones, troubled)
    for is_planned in (False, True):
        some = [one for one in nameless if (one.status is Status.MAINTENANCE) is is_planned]
        if some:
            yield _of_components(page, some, marked)
    if not open_ones and not nameless and not page.stale and page.state not in _WELL:
        yield Story(f"{page.slug}/page", page, page.state, "The page says so without naming anything")


def _unnamed(open_ones: Iterable[Incident], troubled: Iterable[Component]) -> list[Component]:
    """Those that no open incident names."""
    named = [one for incident in open_ones for one in incident.components]
    ids = {one.id for one in named if one.id}
    names = {one.name for one in named if not one.id}
    return [one for one in troubled if one.id not in ids and one.name not in names]


def _of_components(page: Page, some: Sequence[Component], marked: Marked) -> Story:
    worst, *_ = found = worst_first(some)
    since = min((one.since for one in some if one.since and one.status is worst.status), default=None)
    title = worst.name if len(some) == 1 else f"{len(some)} components: {', '.join(one.name for one in found)}"
    marks = tuple(mark for one in some for mark in marked.get(component_key(page, one), ()))
    kind = "planned" if worst.status is Status.MAINTENANCE else "components"
    return Story(f"{page.slug}/{kind}", page, worst.status, title, since, None, found, marks)


def worst_first(some: Iterable[Affected]) -> tuple[Affected, ...]:
    return tuple(sorted(some, key=lambda one: WORST_FIRST.index(one.status)))
