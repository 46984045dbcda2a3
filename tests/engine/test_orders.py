"""What operators order: deliveries, silences and marks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.engine import ingest, orders
from statuswire.engine.orders import AddSilence, Drop, DropMark, Enable, EndSilence, Order, SendAgain, SetMark
from statuswire.model import (
    Component,
    Cover,
    Delivery,
    DeliveryState,
    Document,
    Filter,
    Impact,
    Incident,
    IncidentUpdate,
    MarkKind,
    MessageKind,
    PageFacts,
    Phase,
    Snapshot,
    Source,
    Status,
)
from statuswire.store import Store, Tx, open_store, queries

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def store() -> Iterator[Store]:
    """A page with an open incident `Slow API` and two components named `API`."""
    with closing(open_store("sqlite://")) as opened:
        opened.write(_furnish)
        yield opened


def _furnish(tx: Tx) -> None:
    page = queries.upsert_page(tx, slug="acme", name="Acme", url="", platform="statuspage", origin="config")
    update = IncidentUpdate("u1", Phase.INVESTIGATING, "We look.", NOW)
    incident = Incident(id="i1", title="Slow API", phase=Phase.INVESTIGATING, updated_at=NOW, updates=(update,))
    components = (
        Component("c1", "API", "Europe", Status.DEGRADED),
        Component("c2", "API", "Asia", Status.OPERATIONAL),
    )
    covers = frozenset(Cover) - {Cover.TROUBLED}
    snapshot = Snapshot("statuspage", PageFacts(), NOW, covers, components, (incident,))
    ingest.record(tx, page, snapshot, document=Document(b"", NOW), source=Source.POLL, now=NOW)


def obeyed(store: Store, order: Order) -> tuple[bool, str]:
    """By way of the bytes that a command would send."""
    read = orders.order_of(orders.encode(order))
    assert read == order
    answer = store.write(lambda tx: orders.obey(tx, read, NOW))
    assert orders.obeyed_of(orders.encode(answer)) == answer
    return answer.done, answer.sentence


# --- deliveries --------------------------------------------------------------------------------------------------


def put(store: Store, state: DeliveryState = DeliveryState.WAITING) -> None:
    """A delivery to ops, which has ended where the state is an end."""
    one = Delivery(0, "ops", "0", "msg_1", MessageKind.EVENT, (1,))
    store.write(lambda tx: queries.add_delivery(tx, one, "console", NOW))
    if state is not DeliveryState.WAITING:
        stored = store.read(lambda tx: queries.one_delivery(tx, 1))
        assert stored is not None
        store.write(lambda tx: queries.give_up(tx, [stored.delivery], state, "", NOW))


def state_of(store: Store) -> tuple[DeliveryState, str]:
    listed = store.read(lambda tx: queries.one_delivery(tx, 1))
    assert listed is not None
    return listed.delivery.state, listed.delivery.last_error


def test_what_failed_is_sent_again(store: Store) -> None:
    put(store, DeliveryState.FAILED)

    assert obeyed(store, SendAgain(1)) == (True, "delivery 1 is sent to ops now")
    assert state_of(store)[0] is DeliveryState.WAITING


@pytest.mark.parametrize("state", [DeliveryState.DELIVERED, DeliveryState.FOLDED])
def test_what_was_told_is_not_told_twice(store: Store, state: DeliveryState) -> None:
    put(store, state)

    assert obeyed(store, SendAgain(1)) == (False, f"delivery 1 is {state}: sending it again would tell it twice")


def test_a_disabled_channel_is_enabled_first(store: Store) -> None:
    put(store)
    store.write(lambda tx: queries.disable_channel(tx, "ops", "HTTP 410", NOW))

    assert obeyed(store, SendAgain(1)) == (False, "ops is disabled; first: statuswire deliveries enable ops")
    assert obeyed(store, Enable("ops")) == (True, "ops is enabled; 1 waiting")
    assert obeyed(store, SendAgain(1))[0]
    assert obeyed(store, Enable("opps")) == (False, "nothing was ever told on opps; known: ops")


def test_what_waits_is_dropped_with_the_name_of_who_did_it(store: Store) -> None:
    put(store)

    assert obeyed(store, Drop(1, "ann")) == (True, "delivery 1 to ops is dropped")
    assert state_of(store) == (DeliveryState.DROPPED, "dropped by ann")
    assert obeyed(store, Drop(1)) == (False, "delivery 1 is dropped already")
    assert obeyed(store, Drop(2)) == (False, "there is no delivery 2")


# --- silences ----------------------------------------------------------------------------------------------------


def test_a_silence_is_made_and_ended(store: Store) -> None:
    wanted = Filter(pages=("acme",), impacts=frozenset({Impact.MINOR}))

    assert obeyed(store, AddSilence(wanted, "known", LATER, "ann")) == (
        True,
        "silence 1 withholds until 2026-05-04 12:00 UTC",
    )
    (silence,) = store.read(lambda tx: queries.silences(tx, NOW))
    assert (silence.filter, silence.reason, silence.author) == (wanted, "known", "ann")
    assert obeyed(store, EndSilence(1)) == (True, "silence 1 is over")
    assert not obeyed(store, EndSilence(1))[0]


def test_a_silence_of_a_page_that_is_not_there_says_so(store: Store) -> None:
    done, sentence = obeyed(store, AddSilence(Filter(pages=("acmee",)), "known", LATER))

    assert done
    assert sentence.endswith("; no page is like that now")


def test_a_silence_means_something_and_lies_ahead(store: Store) -> None:
    assert not obeyed(store, AddSilence(Filter(), "all"))[0]
    assert obeyed(store, AddSilence(Filter(pages=("a",)), "late", NOW)) == (False, "it would be over already")


# --- marks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "subject"),
    [
        ("i1", "incident/i1"),
        ("slow api", "incident/i1"),
        ("c2", "component/c2"),
        ("Europe / API", "component/c1"),
    ],
)
def test_incidents_and_components_are_meant_by_id_or_name(store: Store, word: str, subject: str) -> None:
    done, _ = obeyed(store, SetMark("acme", word, MarkKind.SNOOZED, "known", LATER, "ann"))

    assert done
    (mark,) = store.read(lambda tx: queries.all_marks(tx, NOW))
    assert (mark.subject, mark.kind, mark.until) == (subject, MarkKind.SNOOZED, LATER)


@pytest.mark.parametrize(
    ("page", "word", "sentence"),
    [
        ("acne", "i1", "there is no page acne; known: acme"),
        ("acme", "API", "API may be several on acme: give an id of component/c1, component/c2"),
        ("acme", "Slow AP", "nothing on acme is called Slow AP; there: Slow API"),
    ],
)
def test_nothing_is_guessed(store: Store, page: str, word: str, sentence: str) -> None:
    assert obeyed(store, SetMark(page, word, MarkKind.ACKNOWLEDGED)) == (False, sentence)


def test_an_impact_of_ones_own_is_said_and_taken_back(store: Store) -> None:
    said = SetMark("acme", "i1", MarkKind.OVERRIDE, impact=Impact.CRITICAL)

    assert obeyed(store, said) == (True, "Slow API is overridden as critical for good")
    assert obeyed(store, DropMark("acme", "i1", MarkKind.OVERRIDE)) == (True, "Slow API is not overridden any more")
    assert obeyed(store, DropMark("acme", "i1", MarkKind.OVERRIDE)) == (False, "Slow API is not overridden")
