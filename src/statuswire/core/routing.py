"""Which events a filter means, and what of them is withheld: Event x routes x silences, each answer with its reason.

The filters are the same words for routes and silences. What an event does not have, a filter that asks for it does not
mean: a feed that fails has no impact, so `impact: ">=major"` leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Final

from statuswire.core.selection import concerns, is_meant
from statuswire.model import (
    AffectedComponent,
    Event,
    EventComponent,
    EventType,
    Filter,
    Impact,
    Kind,
    Mark,
    MarkKind,
    Phase,
    Silence,
    Source,
    Status,
)

IMPACT_ORDER: Final = (Impact.NONE, Impact.UNKNOWN, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL)
"""From harmless to worst. Unknown may be anything, so it stands above none; maintenance stands apart."""

LEVEL_IMPACT: Final[dict[Status, Impact]] = {
    Status.OPERATIONAL: Impact.NONE,
    Status.DEGRADED: Impact.MINOR,
    Status.PARTIAL_OUTAGE: Impact.MAJOR,
    Status.MAJOR_OUTAGE: Impact.CRITICAL,
    Status.MAINTENANCE: Impact.MAINTENANCE,
    Status.UNKNOWN: Impact.UNKNOWN,
}

USUAL_TYPES: Final = (
    "incident.created",
    "incident.updated",
    "incident.resolved",
    "incident.reopened",
    "incident.postmortem",
    "maintenance.*",
    "component.status_changed",
    "feed.*",
)
"""What a route without `type` takes: corrections of texts, lists of components and roll-ups are left out."""

BULK_SHARE: Final = 0.8
BULK_LEAST: Final = 4
"""An incident that names at least so many components, and so large a part of its page, names them for convenience."""


@dataclass(frozen=True, slots=True)
class Facts:
    """An event with what routing needs to know beside it.

    `component_count` is how many components the page has, `in_maintenance` the ids of those under a running
    maintenance, `covered_by` the open incidents that name the component of the event. `marks` are the operator's words
    about this incident or component that hold now. `matters` are the patterns of the components of the page that
    matter, none where all do.
    """

    event: Event
    tags: tuple[str, ...] = ()
    category: str = ""
    component_count: int = 0
    in_maintenance: frozenset[str] = frozenset()
    covered_by: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    matters: tuple[str, ...] = ()

    @property
    def impact(self) -> Impact | None:
        """How bad it is or was; the operator's word before the provider's. None where an event has no impact."""
        override = None if self.event.source is Source.OPERATOR else self.mark(MarkKind.OVERRIDE)
        if override is not None and override.impact is not None:
            return override.impact
        if override is not None and override.status is not None:
            return LEVEL_IMPACT[override.status]
        return impact_of(self.event)

    def mark(self, kind: MarkKind) -> Mark | None:
        return next((mark for mark in self.marks if mark.kind is kind), None)


def impact_of(event: Event) -> Impact | None:
    """The impact of an incident; where it states none, that of its worst component. Of a change the worse of before and
    after, so that an end is as important as the beginning was. None for events about feeds and lists."""
    if event.incident is not None:
        incident = event.incident
        if incident.kind is Kind.MAINTENANCE:
            return Impact.MAINTENANCE
        if incident.impact is not Impact.UNKNOWN:
            return incident.impact
        return worst(LEVEL_IMPACT[one.status] for one in incident.components)
    if event.type is EventType.COMPONENT_STATUS_CHANGED and event.component is not None:
        levels = (event.component.old or "", event.component.new or "")
        return worst(LEVEL_IMPACT[Status(level)] for level in levels if level in set(Status))
    if event.page_change is not None:
        return worst((LEVEL_IMPACT[event.page_change.old], LEVEL_IMPACT[event.page_change.new]))
    return None


def worst(impacts: Iterable[Impact]) -> Impact:
    """The worst of several; unknown where there is none. Maintenance is worse than none only: planned work is no harm,
    and no silence either."""
    found = set(impacts)
    top = max((one for one in found if one in IMPACT_ORDER), key=IMPACT_ORDER.index, default=Impact.NONE)
    if top is Impact.NONE and Impact.MAINTENANCE in found:
        return Impact.MAINTENANCE
    return top if found else Impact.UNKNOWN


def at_least(impact: Impact) -> frozenset[Impact]:
    """The impacts that `>=impact` means."""
    return frozenset(IMPACT_ORDER[IMPACT_ORDER.index(impact) :])


def locked(facts: Facts) -> str:
    """Why what the provider says here does not count: the operator's word stands against it. Empty where it does."""
    override, event = facts.mark(MarkKind.OVERRIDE), facts.event
    if override is None or event.source is Source.OPERATOR:
        return ""
    is_level = event.type is EventType.COMPONENT_STATUS_CHANGED
    word = override.status if is_level else override.phase if event.incident is not None else None
    if word is None:
        return ""
    return f"by our word it is {word.value}{': ' if override.reason else ''}{override.reason}"


def with_our_levels(event: Event, marks: Iterable[Mark]) -> Event:
    """The event of an incident with the statuses of components that the operator gave them."""
    ours = {one.subject: one.status for one in marks if one.kind is MarkKind.OVERRIDE and one.status is not None}
    if event.incident is None or not ours:
        return event
    named = (replace(one, status=ours.get(f"component/{one.id}", one.status)) for one in event.incident.components)
    return replace(event, incident=replace(event.incident, components=tuple(named)))


# --- filters -----------------------------------------------------------------------------------------------------


def mismatch(wanted: Filter, facts: Facts) -> str:
    """Why the filter does not mean this event; empty where it does."""
    if not concerns(facts.event, facts.matters):
        return "none of its components matters"
    return next((reason for check in _CHECKS if (reason := check(wanted, facts))), "")


def _page(wanted: Filter, facts: Facts) -> str:
    slug = facts.event.page.slug
    return "" if _is_like(slug, wanted.pages) else f"page {slug} is not meant"


def _tag(wanted: Filter, facts: Facts) -> str:
    return "" if not wanted.tags or any(_is_like(tag, wanted.tags) for tag in facts.tags) else "no such tag"


def _category(wanted: Filter, facts: Facts) -> str:
    return "" if _is_like(facts.category, wanted.categories) else f"category {facts.category or 'none'} is not meant"


def _type(wanted: Filter, facts: Facts) -> str:
    return "" if _is_like(facts.event.type.value, wanted.types) else f"type {facts.event.type} is not meant"


def _impact(wanted: Filter, facts: Facts) -> str:
    if not wanted.impacts or facts.impact in wanted.impacts:
        return ""
    return f"impact {facts.impact} is not meant" if facts.impact is not None else "it has no impact"


def _phase(wanted: Filter, facts: Facts) -> str:
    if not wanted.phases:
        return ""
    phase = _phase_of(facts.event)
    return "" if phase in wanted.phases else f"phase {phase or 'none'} is not meant"


def _phase_of(event: Event) -> Phase | None:
    if event.update is not None and event.update.phase is not Phase.UNKNOWN:
        return event.update.phase
    return event.incident.phase if event.incident is not None else None


def _source(wanted: Filter, facts: Facts) -> str:
    return "" if not wanted.sources or facts.event.source in wanted.sources else "source is not meant"


def _component(wanted: Filter, facts: Facts) -> str:
    if not wanted.components or any(is_meant(one, wanted.components) for one in touched(facts.event)):
        return ""
    return "no such component"


_CHECKS: Final[tuple[Callable[[Filter, Facts], str], ...]] = (
    _type,
    _page,
    _tag,
    _category,
    _impact,
    _phase,
    _source,
    _component,
)


def _is_like(word: str, globs: Sequence[str]) -> bool:
    return not globs or any(fnmatchcase(word.casefold(), glob.casefold()) for glob in globs)


def is_type_meant(wanted: Filter, type: EventType) -> bool:
    return _is_like(type.value, wanted.types)


def is_page_meant(wanted: Filter, slug: str, tags: Sequence[str], category: str) -> bool:
    """Whether the filter means anything of this page, as far as its slug, tags and category tell."""
    has_tag = not wanted.tags or any(_is_like(tag, wanted.tags) for tag in tags)
    return has_tag and _is_like(slug, wanted.pages) and _is_like(category, wanted.categories)


def touched(event: Event) -> tuple[AffectedComponent | EventComponent, ...]:
    """The components that an event is about."""
    if event.component is not None:
        return (event.component,)
    return event.incident.components if event.incident is not None else ()


# --- what is withheld --------------------------------------------------------------------------------------------


def silenced_by(silences: Iterable[Silence], facts: Facts, now: datetime) -> Silence | None:
    """The silence that withholds this event now; one without an end before others."""
    active = [one for one in silences if one.is_active(now) and not mismatch(one.filter, facts)]
    return min(active, key=lambda one: (one.until is not None, one.until or now), default=None)


def gate_reason(wanted: Filter, facts: Facts) -> str:
    """Why an incident that names nearly all components does not count for the ones that are meant; empty where it does.

    It counts for those that are not well themselves. Where the page tells no levels, nothing is known against it.
    """
    incident = facts.event.incident
    if incident is None or incident.kind is Kind.MAINTENANCE or not wanted.components:
        return ""
    named = incident.components
    if len(named) < BULK_LEAST or not facts.component_count or len(named) < BULK_SHARE * facts.component_count:
        return ""
    meant = [one for one in named if is_meant(one, wanted.components)]
    is_well = bool(meant) and all(one.status is Status.OPERATIONAL for one in meant)
    others_suffer = any(one.status not in (Status.OPERATIONAL, Status.UNKNOWN) for one in named)
    if is_well and others_suffer:
        return f"it names {len(named)} of {facts.component_count} components, and those that are meant are well"
    return ""
