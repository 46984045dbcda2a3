"""What must hold after any history, however its documents arrived: the rules of the project in code.

`identity` gives the id under which a platform's documents name a true incident, `shown` those updates of it that they
still show in the end, in their words: all of them, unless the page is one that keeps only some or none. `level` gives
the level at which a page shows a component: its own, unless the page derives it from what is open.

An update is known by the token in its text. `fact` is that of a page that tells updates apart; `fact_of_phase` that of
one with a single text for an incident, whose phase moves under it: there the same text in another phase is news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from statuswire.model import Component, Event, EventType, EventUpdate, IncidentUpdate, Kind, Phase, Status

from .histories import TOKEN, Provider, TrueIncident, TrueUpdate, token_of
from .memory import Delivery, Memory

Identity = Callable[[TrueIncident], str]
Shown = Callable[[TrueIncident], Sequence[TrueUpdate]]
Level = Callable[[Provider, Component], Status]
Fact = tuple[str, Phase | None]
FactOf = Callable[[EventUpdate | IncidentUpdate], Fact]


def own_id(incident: TrueIncident) -> str:
    return incident.id


def every_update(incident: TrueIncident) -> Sequence[TrueUpdate]:
    return incident.updates


def own_level(_: Provider, component: Component) -> Status:
    return component.status


def fact(update: EventUpdate | IncidentUpdate) -> Fact:
    """The truth that an update is about, whatever phase it has."""
    return token_of(update.text), None


def fact_of_phase(update: EventUpdate | IncidentUpdate) -> Fact:
    return token_of(update.text), update.phase


def live(arriving: Sequence[Delivery]) -> Memory:
    """What is known after all these."""
    memory = Memory()
    for delivery in arriving:
        memory.take(delivery)
    return memory


def check_every_rule(
    provider: Provider,
    arriving: Sequence[Delivery],
    memory: Memory,
    identity: Identity = own_id,
    shown: Shown = every_update,
    fact_of: FactOf = fact,
) -> None:
    each_update_is_told_at_most_once(memory, fact_of)
    every_update_since_the_first_sight_is_told(provider, arriving, memory, shown, fact_of)
    the_incidents_are_the_truth(provider, memory, identity, shown)
    the_last_event_says_where_an_incident_stands(memory)
    nothing_is_reopened_that_the_provider_did_not_reopen(provider, memory, identity)
    a_maintenance_is_never_investigated(memory)
    component_events_form_a_chain(memory)


def facts_told(events: Sequence[Event], fact_of: FactOf = fact) -> Iterator[Fact]:
    """The truths that the events tell for the first time, edits left out, and updates of which only the moment is
    known."""
    for event in events:
        if event.update is not None and event.update.text and event.type is not EventType.INCIDENT_EDITED:
            yield fact_of(event.update)


def each_update_is_told_at_most_once(memory: Memory, fact_of: FactOf = fact) -> None:
    counts = Counter(facts_told(memory.events, fact_of))
    assert [one for one, count in counts.items() if count > 1] == []


def every_update_since_the_first_sight_is_told(
    provider: Provider,
    arriving: Sequence[Delivery],
    memory: Memory,
    shown: Shown = every_update,
    fact_of: FactOf = fact,
) -> None:
    """Those that the documents still show in the end, and those that any of them has shown."""
    told = set(facts_told(memory.events, fact_of))
    tokens = {token for token, _ in told}
    arrived = facts_in(arriving, fact_of)
    for one in provider.alive():
        is_old = not arriving or one.created_at <= arriving[0].made_at
        if one.is_backfilled or is_old:
            continue
        own = {update.token for update in one.updates}
        assert {update.token for update in shown(one)} <= tokens, one
        assert {known for known in arrived if known[0] in own} <= told, one


def facts_in(arriving: Sequence[Delivery], fact_of: FactOf) -> set[Fact]:
    """The truths that the updates of these documents are about, those without a text left out."""
    incidents = (incident for delivery in arriving for incident in delivery.snapshot.incidents)
    return {fact_of(update) for incident in incidents for update in incident.updates if TOKEN.search(update.text)}


def the_incidents_are_the_truth(
    provider: Provider, memory: Memory, identity: Identity = own_id, shown: Shown = every_update
) -> None:
    for one in provider.alive():
        known = memory.incident(identity(one))
        if known is None:
            continue
        assert known.phase is one.phase, (one, known)
        texts = {token_of(update.text): _plain(update.text) for update in known.updates if update.text}
        assert {update.token: texts.get(update.token) for update in shown(one)} == {
            update.token: _plain(update.text) for update in shown(one)
        }


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def the_deleted_is_closed(provider: Provider, memory: Memory, identity: Identity = own_id) -> None:
    """Where a list shows all that is open."""
    for one in provider.incidents:
        known = memory.incident(identity(one))
        assert not one.is_deleted or known is None or known.phase.is_closed, (one, known)


def the_components_are_the_truth(provider: Provider, memory: Memory, level: Level = own_level) -> None:
    for component in provider.components.values():
        known = memory.component(component.id)
        assert (known.status, known.name) == (level(provider, component), component.name)


def the_troubled_components_are_the_truth(provider: Provider, memory: Memory, level: Level) -> None:
    """Where a page names only those: one that was never named is well."""
    known = {one.id: one.status for one in memory.known.components}
    for component in provider.components.values():
        assert known.get(component.id, Status.OPERATIONAL) is level(provider, component)


def the_last_event_says_where_an_incident_stands(memory: Memory) -> None:
    last: dict[str, Phase] = {event.incident.id: event.incident.phase for event in memory.events if event.incident}
    assert last == {one.id: one.phase for one in memory.known.incidents if one.id in last}


def nothing_is_reopened_that_the_provider_did_not_reopen(
    provider: Provider, memory: Memory, identity: Identity = own_id
) -> None:
    reopened = Counter(
        event.incident.id for event in memory.events if event.type is EventType.INCIDENT_REOPENED and event.incident
    )
    allowed = {known.id: one.reopenings for one in provider.incidents if (known := memory.incident(identity(one)))}
    assert {id_: count for id_, count in reopened.items() if count > allowed[id_]} == {}


def a_maintenance_is_never_investigated(memory: Memory) -> None:
    planned = [event.incident for event in memory.events if event.incident and event.incident.kind is Kind.MAINTENANCE]
    assert {one.phase for one in planned} <= _PLANNED, planned


_PLANNED = frozenset(
    {Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED, Phase.CANCELLED, Phase.UNKNOWN}
)


def component_events_form_a_chain(memory: Memory) -> None:
    last: dict[str, str | None] = {}
    for event in memory.events:
        if event.type is EventType.COMPONENT_STATUS_CHANGED and event.component is not None:
            assert last.get(event.component.id, event.component.old) == event.component.old
            last[event.component.id] = event.component.new
    for id_, status in last.items():
        assert memory.component(id_).status == status
