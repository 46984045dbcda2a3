"""What must hold after any history, however its documents arrived: the rules of the project in code.

`identity` gives the id under which a platform's documents name a true incident. `shown` are the tokens of the updates
that the documents have ever shown, where a platform shows but the latest or the first; None: every one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from statuswire.model import Event, EventType, Phase

from .histories import Provider, TrueIncident, TrueUpdate, token_of
from .memory import Delivery, Memory

Identity = Callable[[TrueIncident], str]
Shown = frozenset[str] | None


def own_id(incident: TrueIncident) -> str:
    return incident.id


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
    shown: Shown = None,
) -> None:
    each_update_is_told_at_most_once(memory)
    every_update_since_the_first_sight_is_told(provider, arriving, memory, shown)
    the_incidents_are_the_truth(provider, memory, identity, shown)
    the_last_event_says_where_an_incident_stands(memory)
    nothing_is_reopened_that_the_provider_did_not_reopen(provider, memory, identity)
    component_events_form_a_chain(memory)


def update_tokens(events: Sequence[Event]) -> Iterator[str]:
    """The truths that the events tell for the first time, edits left out; an update may have a phase and no text."""
    for event in events:
        if event.update is not None and event.update.text and event.type is not EventType.INCIDENT_EDITED:
            yield token_of(event.update.text)


def each_update_is_told_at_most_once(memory: Memory) -> None:
    counts = Counter(update_tokens(memory.events))
    assert [token for token, count in counts.items() if count > 1] == []


def every_update_since_the_first_sight_is_told(
    provider: Provider, arriving: Sequence[Delivery], memory: Memory, shown: Shown = None
) -> None:
    told = set(update_tokens(memory.events))
    for one in provider.alive():
        is_old = one.created_at <= arriving[0].made_at
        missing = [update.token for update in _shown_of(one, shown) if update.token not in told]
        assert one.is_backfilled or is_old or missing == [], one


def the_incidents_are_the_truth(
    provider: Provider, memory: Memory, identity: Identity = own_id, shown: Shown = None
) -> None:
    for one in provider.alive():
        known = memory.incident(identity(one))
        if known is None:
            continue
        assert known.phase is one.phase, (one, known)
        texts = {token_of(update.text): _plain(update.text) for update in known.updates if update.text}
        visible = _shown_of(one, shown)
        assert {update.token: texts.get(update.token) for update in visible} == {
            update.token: _plain(update.text) for update in visible
        }


def _shown_of(one: TrueIncident, shown: Shown) -> list[TrueUpdate]:
    return [update for update in one.updates if shown is None or update.token in shown]


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def the_deleted_is_closed(provider: Provider, memory: Memory, identity: Identity = own_id) -> None:
    """Where a list shows all that is open."""
    for one in provider.incidents:
        known = memory.incident(identity(one))
        assert not one.is_deleted or known is None or known.phase.is_closed, (one, known)


def the_components_are_the_truth(provider: Provider, memory: Memory) -> None:
    for component in provider.components.values():
        known = memory.component(component.id)
        assert (known.status, known.name) == (component.status, component.name)


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


def component_events_form_a_chain(memory: Memory) -> None:
    last: dict[str, str | None] = {}
    for event in memory.events:
        if event.type is EventType.COMPONENT_STATUS_CHANGED and event.component is not None:
            assert last.get(event.component.id, event.component.old) == event.component.old
            last[event.component.id] = event.component.new
    for id_, status in last.items():
        assert memory.component(id_).status == status
