"""Planners and dispatchers of two processes on one PostgreSQL: nothing is doubled, lost or told out of order."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from prometheus_client import CollectorRegistry

from statuswire.channels.base import ChannelSettings
from statuswire.engine.dispatcher import FAR, LEASE, Dispatcher, Outlet
from statuswire.engine.noting import Attempt, turn
from statuswire.engine.planner import Planner, plan_batch
from statuswire.engine.planning import begin
from statuswire.engine.together import Together
from statuswire.errors import DeliveryError, DeliveryReason
from statuswire.fingerprint import message_id
from statuswire.metrics import Metrics
from statuswire.model import Action, Delivered, Delivery, DeliveryState, Event, MessageKind, Reply, Request, Route
from statuswire.store import Queue, Tx, queries
from statuswire.store.queries import Claim, Lane
from tests.core.told import incident_event
from tests.engine.counter import QUICK
from tests.engine.desk import rules
from tests.engine.interleaving import Halt, Process
from tests.fakes import FakeClock

ALL = rules(Route("all", ("ops",)), Route("log", ("log",)))
HOUR = timedelta(hours=1)


@pytest.fixture
def processes(processes: tuple[Process, Process]) -> tuple[Process, Process]:
    """With a place in the log."""
    processes[0].write(begin)
    return processes


def happen(store: Process, count: int, page: str = "acme") -> list[Event]:
    """Put so many incidents of a page into the log."""

    def work(tx: Tx) -> list[Event]:
        known = queries.page_by_slug(tx, page) or queries.upsert_page(
            tx, slug=page, name=page, url="", platform="statuspage", origin="config"
        )
        first = queries.last_event_id(tx)
        return list(queries.append_events(tx, known.id, [_event(page, first + n) for n in range(count)]))

    return store.write(work)


def _event(page: str, number: int) -> Event:
    event = incident_event(page=page)
    assert event.incident is not None
    return replace(event, key=f"{page}-{number}", incident=replace(event.incident, id=f"i{number}"))


def put(store: Process, count: int, *, channel: str = "ops", lanes: int = 1) -> list[str]:
    """Put so many deliveries in, round about; their message ids in order."""
    events = happen(store, count, "shop")
    names = [message_id(channel, "event", [event.key]) for event in events]

    def work(tx: Tx) -> None:
        for n, (event, name) in enumerate(zip(events, names, strict=True)):
            lane = f"{n % lanes}"
            one = Delivery(0, channel, lane, name, MessageKind.EVENT, (event.id,), f"t{lane}", route="all")
            queries.add_delivery(tx, one, "webhook", FakeClock().now())

    store.write(work)
    return names


def ended(store: Process) -> dict[str, DeliveryState]:
    since = FakeClock().now() - 999 * HOUR
    listed = store.read(lambda tx: queries.delivery_list(tx, since=since, limit=10_000))
    return {one.delivery.message_id: one.delivery.state for one in listed}


def claim(store: Process, owner: str, limit: int = 10) -> list[Lane]:
    """As the dispatcher does it."""

    def work(tx: Tx) -> list[Lane]:
        now = tx.now() or FakeClock().now()
        return queries.claim_lanes(tx, Claim(owner, now, now + LEASE, now + FAR), limit, {"ops", "log"})

    return store.write(work, queue=Queue.SEND)


class Receiver:
    """Notes what arrives; waits with the answer as long as it is told to."""

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.begun = asyncio.Event()
        self.answers = asyncio.Event()
        self.answers.set()
        self.reply: Reply | DeliveryError = Reply(200)

    async def send(self, action: Action) -> Reply:
        assert isinstance(action, Request)
        self.log.append(action.body.decode())
        self.begun.set()
        await self.answers.wait()
        if isinstance(self.reply, DeliveryError):
            raise self.reply
        return self.reply


def dispatcher(store: Process, owner: str, receiver: Receiver, metrics: Metrics | None = None) -> Dispatcher:
    outlets = {name: Outlet.of(name, QUICK, ChannelSettings()) for name in ("ops", "log")}
    return Dispatcher(store, FakeClock(), outlets, receiver, owner, metrics)


def metrics() -> Metrics:
    return Metrics(CollectorRegistry(), version="1", platforms=("test",))


def leases(made: Metrics, change: str) -> float:
    return float(made._leases.labels(change)._value.get())


# --- planners --------------------------------------------------------------------------------------------------------


def test_of_two_planners_one_waits_for_the_other_and_finds_all_planned(processes: tuple[Process, Process]) -> None:
    one, two = processes
    happen(one, 5)
    one.halt = Halt("INSERT INTO delivery")
    first = one.submit(partial(plan_batch, rules=ALL, now=FakeClock().now()), queue=Queue.PLAN)
    one.halt.wait()

    second = two.submit(partial(plan_batch, rules=ALL, now=FakeClock().now()), queue=Queue.PLAN)
    two.until_waiting()
    one.halt.go()

    assert (first.result().events, second.result().events) == (5, 0)
    assert len(ended(one)) == 10


def test_a_process_begins_while_another_one_plans(processes: tuple[Process, Process]) -> None:
    one, two = processes
    happen(one, 2)
    one.halt = Halt("INSERT INTO delivery")
    busy = one.submit(partial(plan_batch, rules=ALL, now=FakeClock().now()), queue=Queue.PLAN)
    one.halt.wait()

    asyncio.run(Planner(two, FakeClock(), ALL).begin())

    assert not busy.done()
    one.halt.go()
    assert busy.result().events == 2


def test_two_planners_at_once_tell_each_event_once(processes: tuple[Process, Process]) -> None:
    one, two = processes
    events = [event for n in range(6) for event in happen(one, 50, f"p{n}")]

    async def both() -> None:
        planners = [Planner(store, FakeClock(), rules(Route("log", ("log",)), storm=None)) for store in processes]
        await asyncio.gather(*(planner.plan_new() for planner in planners))

    asyncio.run(both())

    assert len(ended(two)) == len(events) == 300
    assert one.read(lambda tx: queries.follower(tx, "planner")) == events[-1].id


def test_the_place_of_a_new_planner_is_taken_by_whoever_comes_first(processes: tuple[Process, Process]) -> None:
    one, two = processes
    one.write(partial(queries.drop_follower, name="planner"))
    one.halt = Halt("INSERT INTO follower")
    late = one.submit(begin)
    one.halt.wait()
    happen(two, 3)
    two.write(begin)
    happen(two, 2)
    one.halt.go()

    assert late.result() == 3
    assert two.read(lambda tx: queries.follower(tx, "planner")) == 3


def test_messages_have_the_same_ids_whoever_plans_them(processes: tuple[Process, Process]) -> None:
    one, two = processes
    happen(one, 2)
    sent = one.write(lambda tx: _planned_and_undone(tx))

    two.write(partial(plan_batch, rules=ALL, now=FakeClock().now()))

    assert sorted(sent) == sorted(ended(two))


def _planned_and_undone(tx: Tx) -> list[str]:
    tx.execute("SAVEPOINT planned")
    plan_batch(tx, ALL, FakeClock().now())
    ids = [row[0] for row in tx.all("SELECT message_id FROM delivery")]
    tx.execute("ROLLBACK TO planned")
    return ids


# --- between planners and dispatchers ----------------------------------------------------------------------------


def test_what_is_planned_while_its_lane_is_let_go_is_not_left_lying(processes: tuple[Process, Process]) -> None:
    one, two = processes
    (name,) = put(one, 1, channel="log", lanes=1)
    one.write(lambda tx: tx.execute("UPDATE lane SET lane = '0'"))
    (lane,) = claim(one, "one")
    (delivery,) = one.read(lambda tx: queries.oldest(tx, lane, 1))
    one.halt = Halt("SET lease_until = NULL")
    attempt = Attempt(delivery, Delivered({}))
    noting = one.submit(lambda tx: turn(tx, lane, attempt, FakeClock().now()), queue=Queue.SEND)
    one.halt.wait()

    late = two.submit(lambda tx: _put_late(tx), queue=Queue.PLAN)
    two.until_waiting()
    one.halt.go()

    assert noting.result() is not None
    late.result()
    assert ended(one)[name] is DeliveryState.DELIVERED
    assert [one.name for one in claim(two, "two")] == ["0"]


def _put_late(tx: Tx) -> None:
    one = Delivery(0, "log", "0", "msg_late", MessageKind.EVENT, (1,), "t")
    queries.add_delivery(tx, one, "webhook", FakeClock().now())


def test_a_message_that_is_just_being_ended_is_not_put_in_again(processes: tuple[Process, Process]) -> None:
    one, two = processes
    (name,) = put(one, 1)
    (lane,) = claim(one, "one")
    (delivery,) = one.read(lambda tx: queries.oldest(tx, lane, 1))
    one.halt = Halt("SET lease_until = NULL")
    attempt = Attempt(delivery, Delivered({}))
    noting = one.submit(lambda tx: turn(tx, lane, attempt, FakeClock().now()), queue=Queue.SEND)
    one.halt.wait()

    def put_again(tx: Tx) -> bool:
        is_put = queries.put_delivery(tx, delivery, FakeClock().now())
        return is_put and not queries.remove_logged(tx, [delivery.message_id], FakeClock().now())

    again = two.submit(put_again, queue=Queue.PLAN)
    two.until_waiting()
    one.halt.go()

    assert noting.result() is not None
    assert again.result() is False
    assert ended(two) == {name: DeliveryState.DELIVERED}


def test_planner_and_dispatcher_never_wait_for_each_other(processes: tuple[Process, Process]) -> None:
    """A group of works has all its lanes before the first channel, as the planner has."""
    one, two = processes
    put(one, 8, lanes=8)
    lanes = claim(one, "one")
    deliveries = {lane: one.read(lambda tx, lane=lane: queries.oldest(tx, lane, 1))[0] for lane in lanes}
    one.write(lambda tx: queries.set_follower(tx, "planner", queries.last_event_id(tx)))
    happen(two, 1, "zeta")
    runs: list[str] = []

    def planning(tx: Tx) -> int:
        runs.append("planned")
        return plan_batch(tx, rules(Route("r", ("ops",))), FakeClock().now()).deliveries

    async def noted() -> None:
        together = Together(one, FakeClock(), Queue.SEND)
        first = asyncio.ensure_future(together.write(lambda tx, *, now: runs.append("began")))
        turns = [
            together.write(partial(_noted, runs, lane, deliveries[lane]), ("ops", lane.name))
            for lane in reversed(lanes)
        ]
        noting = asyncio.gather(*turns)
        await first
        await asyncio.to_thread(halt.wait)
        planned = two.submit(planning, queue=Queue.PLAN)
        await asyncio.to_thread(two.until_waiting)
        halt.go()
        assert None not in await noting
        assert await asyncio.wrap_future(planned) == 1

    halt = one.halt = Halt("SELECT wakes", after=1)
    asyncio.run(noted())

    assert sorted(runs) == ["began", *["noted"] * 8, "planned"]
    (planned,) = two.read(lambda tx: tx.all("SELECT lane FROM delivery"))
    assert planned != ("0",), "the planner needs a lane that comes late in the group"


def _noted(runs: list[str], lane: Lane, delivery: Delivery, tx: Tx, *, now: datetime) -> object:
    runs.append("noted")
    return turn(tx, lane, Attempt(delivery, Delivered({})), now)


# --- dispatchers -----------------------------------------------------------------------------------------------------


def test_two_dispatchers_claim_different_lanes_and_do_not_wait(processes: tuple[Process, Process]) -> None:
    one, two = processes
    put(one, 6, lanes=6)
    one.halt = Halt("UPDATE lane SET crashes")
    first = one.submit(lambda tx: _claimed(tx, "one", 4), queue=Queue.SEND)
    one.halt.wait()

    second = two.write(lambda tx: _claimed(tx, "two", 6), queue=Queue.SEND)
    one.halt.go()

    assert (len(first.result()), len(second)) == (4, 2)
    assert not {lane.name for lane in first.result()} & {lane.name for lane in second}


def _claimed(tx: Tx, owner: str, limit: int) -> list[Lane]:
    now = tx.now()
    assert now is not None
    return queries.claim_lanes(tx, Claim(owner, now, now + LEASE, now + FAR), limit, {"ops", "log"})


def test_a_channel_that_failed_is_tried_by_one_of_two_dispatchers(processes: tuple[Process, Process]) -> None:
    one, two = processes
    put(one, 4, lanes=4)
    past = FakeClock().now() - HOUR
    one.write(lambda tx: queries.note_failure(tx, "ops", 3, past, "HTTP 500", past))
    one.halt = Halt("UPDATE lane SET crashes")
    first = one.submit(lambda tx: _claimed(tx, "one", 4), queue=Queue.SEND)
    one.halt.wait()

    second = two.submit(lambda tx: _claimed(tx, "two", 4), queue=Queue.SEND)
    one.halt.go()

    probes = first.result() + second.result()
    assert [lane.is_probe for lane in probes] == [True]


def test_two_dispatchers_send_each_message_once_and_each_lane_in_order(processes: tuple[Process, Process]) -> None:
    names = put(processes[0], 120, lanes=12)
    sent: list[str] = []

    async def both() -> None:
        dispatchers = [dispatcher(store, f"d{n}", Receiver(sent)) for n, store in enumerate(processes)]
        await asyncio.gather(*(one.send_new() for one in dispatchers))

    asyncio.run(both())

    assert sorted(sent) == sorted(names)
    by_lane: dict[int, list[int]] = defaultdict(list)
    for name in sent:
        by_lane[names.index(name) % 12].append(names.index(name))
    assert all(order == sorted(order) for order in by_lane.values())
    assert set(ended(processes[0]).values()) == {DeliveryState.DELIVERED}


def test_the_end_that_a_stale_dispatcher_brings_is_dropped_and_counted(processes: tuple[Process, Process]) -> None:
    one, two = processes
    names = put(one, 2)
    made = metrics()
    sent: list[str] = []

    async def scene() -> None:
        frozen, quick = Receiver(sent), Receiver(sent)
        frozen.answers.clear()
        stale = dispatcher(one, "stale", frozen, made)
        await stale._take_lanes()
        await frozen.begun.wait()
        two.write(lambda tx: tx.execute("UPDATE lane SET lease_until = 1"))
        await dispatcher(two, "fresh", quick).send_new()
        frozen.answers.set()
        await asyncio.gather(*stale._tasks)

    asyncio.run(scene())

    assert sent == [names[0], *names]
    assert ended(one) == dict.fromkeys(names, DeliveryState.DELIVERED)
    assert leases(made, "lost") == 1


def test_the_epoch_of_a_lane_cannot_change_while_an_end_is_noted(processes: tuple[Process, Process]) -> None:
    one, two = processes
    put(one, 1)
    (lane,) = claim(one, "one")
    (delivery,) = one.read(lambda tx: queries.oldest(tx, lane, 1))
    one.write(lambda tx: tx.execute("UPDATE lane SET lease_until = 1"))
    one.halt = Halt("INSERT INTO delivery_log")
    attempt = Attempt(delivery, Delivered({}))
    noting = one.submit(lambda tx: turn(tx, lane, attempt, FakeClock().now()), queue=Queue.SEND)
    one.halt.wait()

    assert claim(two, "two") == []
    one.halt.go()

    assert noting.result() is not None
    assert claim(two, "two") == []
    assert list(ended(one).values()) == [DeliveryState.DELIVERED]


def test_lanes_of_one_channel_that_fail_at_once_are_one_failure(processes: tuple[Process, Process]) -> None:
    put(processes[0], 2, lanes=2)

    async def both() -> None:
        dispatchers = [dispatcher(store, f"d{n}", Receiver([])) for n, store in enumerate(processes)]
        for one in dispatchers:
            assert isinstance(one.sender, Receiver)
            one.sender.reply = DeliveryError(DeliveryReason.CONNECT, "refused")
            one.sender.answers.clear()
        lanes = claim(processes[0], "nobody", 1)
        await dispatchers[1]._take_lanes()
        processes[0].write(lambda tx: queries.let_go(tx, lanes[0], FakeClock().now(), FakeClock().now()))
        await dispatchers[0]._take_lanes()
        for one in dispatchers:
            assert isinstance(one.sender, Receiver)
            one.sender.answers.set()
        await asyncio.gather(*(task for one in dispatchers for task in one._tasks))

    asyncio.run(both())

    state = processes[1].read(lambda tx: queries.channel_state(tx, "ops"))
    assert state is not None
    assert state.failures == 1


def test_a_deadlock_costs_time_and_nothing_else(processes: tuple[Process, Process]) -> None:
    one, two = processes
    now = FakeClock().now()
    for name in ("a", "b"):
        one.write(lambda tx, name=name: queries.wake_lane(tx, "ops", name, now))

    def waking(first: str, second: str) -> list[int]:
        runs: list[int] = []

        def work(tx: Tx) -> None:
            runs.append(1)
            queries.wake_lane(tx, "ops", first, now)
            tx.execute("SELECT 1 AS between_the_two")
            queries.wake_lane(tx, "ops", second, now)

        store = one if first == "a" else two
        store.halt = Halt("between_the_two") if not runs else None
        done.append(store.submit(work))
        return runs

    done: list[object] = []
    runs = [waking("a", "b"), waking("b", "a")]
    for store in processes:
        assert store.halt is not None
        store.halt.wait()
    for store in processes:
        assert store.halt is not None
        store.halt.go()
    for future in done:
        future.result()  # type: ignore[attr-defined]

    assert max(len(one) for one in runs) > 1
    assert one.read(lambda tx: tx.all("SELECT wakes FROM lane ORDER BY lane")) == [(3,), (3,)]
