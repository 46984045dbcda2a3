"""How little a page may say of what goes on: which phases it has words for, which updates it shows, which levels it
draws from its incidents. And how most pages write texts, numbers and moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape

from statuswire.model import Component, Kind, Phase, Status
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.core.rules import Level

from .markup import in_order

# --- phases ------------------------------------------------------------------------------------------------------


def open_or_over(phase: Phase, _: int) -> Phase:
    """Whether it goes on is all that can be told; there are no maintenances, or they go by the clock."""
    return Phase.RESOLVED if phase.is_closed else Phase.INVESTIGATING


def over_is_resolved(phase: Phase, _: int) -> Phase:
    """A word for each phase but those of what is over."""
    return Phase.RESOLVED if phase.is_closed else phase


def short_of_words(phase: Phase, _: int) -> Phase:
    """The four words of most products; what has another one is over."""
    return phase if phase in _FOUR else Phase.RESOLVED


_FOUR = frozenset({Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING, Phase.RESOLVED})


def on_or_over(phase: Phase, _: int) -> Phase:
    """Whether it goes on is all that can be told; a maintenance is shown once it has begun."""
    if phase in (Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING):
        return Phase.IN_PROGRESS
    if phase in (Phase.COMPLETED, Phase.CANCELLED):
        return Phase.COMPLETED
    return Phase.RESOLVED if phase.is_closed else Phase.INVESTIGATING


def by_place(phase: Phase, number: int) -> Phase:
    """The first update finds trouble, the others its cause, until it is over."""
    if phase.is_closed:
        return Phase.RESOLVED
    return Phase.IDENTIFIED if number else Phase.INVESTIGATING


def planned_or_over(phase: Phase, number: int) -> Phase:
    """As `on_or_over`, of a page on which a maintenance is planned until it is over."""
    told = on_or_over(phase, number)
    return Phase.SCHEDULED if told is Phase.IN_PROGRESS else told


def begun_or_over(phase: Phase, number: int) -> Phase:
    """As `on_or_over`, of a page on which a maintenance is planned, under way, or over."""
    return phase if phase is Phase.SCHEDULED else on_or_over(phase, number)


def begun_by_place(phase: Phase, number: int) -> Phase:
    """As `by_place`; a maintenance is planned, under way, or over."""
    told = begun_or_over(phase, number)
    return by_place(phase, number) if told in (Phase.INVESTIGATING, Phase.RESOLVED) else told


def without_report(phase: Phase, _: int) -> Phase:
    """A word for each phase but that of a report, which is one more word on what is over."""
    return Phase.RESOLVED if phase is Phase.POSTMORTEM else phase


# --- updates -----------------------------------------------------------------------------------------------------


def no_update(_: TrueIncident) -> Sequence[TrueUpdate]:
    """For pages that have no texts."""
    return ()


def first_update(one: TrueIncident) -> Sequence[TrueUpdate]:
    """For pages with one text for an incident, written when it begins."""
    return one.updates[:1]


def newest_update(one: TrueIncident) -> Sequence[TrueUpdate]:
    """For pages with one text for an incident, rewritten as it goes on."""
    return in_order(one)[-1:]


def newest_of_the_open(one: TrueIncident) -> Sequence[TrueUpdate]:
    """For pages with one text for what goes on, and none of what is over."""
    return newest_update(one) if one.is_open else ()


def every_one_of_the_open(one: TrueIncident) -> Sequence[TrueUpdate]:
    """For pages that show nothing of what is over."""
    return one.updates if one.is_open else ()


def first_and_end(one: TrueIncident) -> Sequence[TrueUpdate]:
    """For pages with one text for an incident that is written twice: when it begins, and when it is over."""
    return (first_or_end(one),)


def first_or_end(one: TrueIncident) -> TrueUpdate:
    """The text that such a page shows now."""
    return end_of(one) if not one.is_open else one.updates[0]


def end_of(one: TrueIncident) -> TrueUpdate:
    """The update that ended it: the first of those said since it was last open."""
    end = one.updates[-1]
    for update in reversed(one.updates):
        if not update.phase.is_closed:
            break
        end = update
    return end


# --- levels ------------------------------------------------------------------------------------------------------

Parts = Callable[[TrueIncident], Sequence[str]]


def own_parts(one: TrueIncident) -> Sequence[str]:
    return one.components


def hit_at(levels: Mapping[Kind, Status], parts: Parts = own_parts) -> Level:
    """For pages that show a component at a level for as long as something is open on it, that of an incident before
    that of a maintenance, and well otherwise."""

    def level(provider: Provider, component: Component) -> Status:
        kinds = {one.kind for one in provider.alive() if one.is_open and component.id in parts(one)}
        return next((levels[kind] for kind in (Kind.INCIDENT, Kind.MAINTENANCE) if kind in kinds), Status.OPERATIONAL)

    return level


def first_part(component_id: Callable[[int], str]) -> Parts:
    """For pages on which an incident stands on just one component."""
    return lambda one: one.components[:1] or [component_id(0)]


# --- texts, numbers and moments ------------------------------------------------------------------------------------


def paragraphs(text: str) -> str:
    """As HTML."""
    inside = "</p><p>".join(escape(text).split("\n\n"))
    return f"<p>{inside}</p>"


def number(one: TrueIncident) -> int:
    """Of an incident, from one."""
    return int(one.id[:-1]) + 1


def number_text(one: TrueIncident) -> str:
    return str(number(one))


def counted(number: int) -> str:
    """The id of a component, from one."""
    return str(number + 1)


def part_name(number: int) -> str:
    """The id of a component that is known by its name."""
    return f"Part {number}"


def seconds(moment: datetime) -> int:
    """Since 1970."""
    return int(moment.timestamp())
