"""From deliveries to their receivers: in order, at least once, again and again, and never in each other's way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from statuswire.channels.base import ChannelSettings, Conversation, read_http, single
from statuswire.core.retry import STEPS
from statuswire.engine import dispatcher as dispatcher_module
from statuswire.engine.dispatcher import LEASE, Bucket
from statuswire.engine.together import Timed
from statuswire.errors import DeliveryError, DeliveryReason, StoreError, StoreReason
from statuswire.model import DeliveryState, Message, Outcome, Reply, Request, Wording
from statuswire.store import Tx, queries
from statuswire.store.queries import Claim, Lane
from tests.engine.counter import OK, QUICK, Counter

DELIVERED, WAITING, FAILED = DeliveryState.DELIVERED, DeliveryState.WAITING, DeliveryState.FAILED
DOWN = Reply(503)
HOUR = 3_600.0


def always(reply: Reply | DeliveryError | None) -> Callable[[str], Reply | DeliveryError | None]:
    return lambda message_id: reply


@pytest.fixture(params=["sqlite", "postgresql"])
def counter(request: pytest.FixtureRequest) -> Iterator[Counter]:
    shared = request.getfixturevalue("postgres_process") if request.param == "postgresql" else None
    made = Counter(shared=shared)
    yield made
    made.close()


@pytest.fixture
def alone() -> Iterator[Counter]:
    """For stories of days, which are looked at every second."""
    made = Counter()
    yield made
    made.close()


# --- order and independence --------------------------------------------------------------------------------


def test_a_lane_is_sent_in_order_one_at_a_time(counter: Counter) -> None:
    names = [counter.put() for _ in range(20)]
    counter.edge.takes_s = lambda name: 1.0

    async def story() -> None:
        await counter.clock.advance(30)

    counter.play(story)

    assert counter.edge.names() == names
    assert [
        later - sooner >= 1 for sooner, later in zip(counter.edge.times(), counter.edge.times()[1:], strict=False)
    ] == [True] * 19
    assert counter.states() == [DELIVERED] * 20


def test_a_later_message_of_a_thread_knows_what_the_earlier_left(counter: Counter) -> None:
    for _ in range(3):
        counter.put(thread="t")

    counter.only(counter.new_dispatcher().send_new())

    assert counter.store.read(lambda tx: queries.thread(tx, "ops", "t")) == {"count": "3"}


def test_O1_a_dead_channel_delays_no_other() -> None:
    counter = Counter(channels={"dead": QUICK, "alive": QUICK})
    dead = {counter.put("dead", f"{lane}") for lane in range(300)}
    counter.edge.answer = lambda name: None if name in dead else OK

    async def story() -> None:
        await counter.clock.advance(1)
        counter.put("alive")
        counter.dispatcher.notify()
        await counter.clock.advance(1)

    counter.play(story)

    assert counter.states("alive") == [DELIVERED]


def test_O4_a_slow_channel_delays_no_other() -> None:
    counter = Counter(channels={"slow": QUICK, "quick": QUICK})
    slow = {counter.put("slow", f"{lane}") for lane in range(200) for _ in range(2)}
    counter.edge.takes_s = lambda name: 14.0 if name in slow else 0.0

    async def story() -> None:
        for _ in range(10):
            counter.put("quick")
            counter.dispatcher.notify()
            await counter.clock.advance(1)
            assert counter.states("quick") == [DELIVERED] * len(counter.states("quick"))

    counter.play(story)


# --- trying again --------------------------------------------------------------------------------------------


def test_O1_a_target_that_is_down_is_tried_by_the_steps_and_given_up_after_75_hours(alone: Counter) -> None:
    alone.put()
    alone.edge.answer = always(DOWN)

    async def story() -> None:
        await alone.clock.advance(77 * HOUR)

    alone.play(story, look_every_s=1_800)

    times = alone.edge.times()
    waits = [later - sooner for sooner, later in pairwise(times)]
    assert [round(wait) for wait in waits] == [step.total_seconds() for step in STEPS[: len(waits)]]
    assert alone.states() == [FAILED]
    assert times[-1] >= 75 * HOUR


def test_O1_what_waits_behind_is_given_up_when_it_is_as_old(alone: Counter) -> None:
    for lane in range(3):
        alone.put(lane=f"{lane}")
        alone.put(lane=f"{lane}")
    alone.edge.answer = always(DOWN)

    async def story() -> None:
        await alone.clock.advance(77 * HOUR)
        alone.put()
        alone.edge.answer = always(OK)
        await alone.clock.advance(48 * HOUR)

    alone.play(story, look_every_s=1_800)

    assert alone.states() == [FAILED] * 6 + [DELIVERED]


def test_jitter_makes_the_wait_up_to_a_quarter_longer(counter: Counter) -> None:
    counter.put()
    counter.edge.answer = always(DOWN)

    async def story() -> None:
        dispatcher = counter.new_dispatcher(jitter=lambda: 0.8)
        task = asyncio.create_task(dispatcher.run())
        await counter.clock.advance(8)
        await counter.kill(task)

    counter.only(story())

    assert [round(at, 1) for at in counter.edge.times()] == [0, 6]


def test_O1_many_lanes_that_fail_at_once_are_one_failure(counter: Counter) -> None:
    for lane in range(8):
        counter.put(lane=f"{lane}")
    counter.edge.answer = always(DOWN)
    counter.edge.takes_s = lambda name: 0.5

    async def story() -> None:
        await counter.clock.advance(3)
        assert counter.channel().failures == 1
        counter.edge.answer = always(OK)
        await counter.clock.advance(8)

    counter.play(story)

    assert counter.states() == [DELIVERED] * 8
    assert counter.channel().failures == 0


def test_O1_while_a_channel_fails_one_delivery_is_tried_at_each_step(counter: Counter) -> None:
    for lane in range(8):
        counter.put(lane=f"{lane}")
    counter.edge.answer = always(DOWN)

    async def story() -> None:
        await counter.clock.advance(1)
        before = len(counter.edge.sent)
        await counter.clock.advance(STEPS[0].total_seconds())
        assert len(counter.edge.sent) == before + 1
        await counter.clock.advance(STEPS[1].total_seconds())
        assert len(counter.edge.sent) == before + 2

    counter.play(story)


def test_O1_what_comes_while_a_channel_rests_waits_and_is_sent_when_it_is_back(counter: Counter) -> None:
    counter.put()
    counter.edge.answer = always(DOWN)

    async def story() -> None:
        await counter.clock.advance(1)
        later = counter.put(lane="5")
        counter.dispatcher.notify()
        await counter.clock.advance(1)
        assert later not in counter.edge.names()
        counter.edge.answer = always(OK)
        await counter.clock.advance(5)

    counter.play(story)

    assert counter.states() == [DELIVERED] * 2


def test_O2_retry_after_is_obeyed(alone: Counter) -> None:
    alone.put()
    alone.edge.answer = lambda name: OK if len(alone.edge.sent) > 1 else Reply(429, {"Retry-After": "1234"})

    async def story() -> None:
        await alone.clock.advance(2_000)

    alone.play(story)

    assert [round(at) for at in alone.edge.times()] == [0, 1_234]
    assert alone.states() == [DELIVERED]


def test_O2_a_channel_gets_no_more_than_its_rate() -> None:
    counter = Counter(channels={"ops": replace(QUICK, rate_per_s=2.0, burst=3)})
    for lane in range(8):
        for _ in range(2):
            counter.put(lane=f"{lane}")

    async def story() -> None:
        await counter.clock.advance(20)

    counter.play(story)

    times = counter.edge.times()
    assert len(times) == 16
    assert all(len([at for at in times if begin <= at < begin + 1]) <= 3 + 2 for begin in times)
    assert 6 <= times[-1] <= 10


def test_a_rate_slower_than_a_lease_keeps_no_lane_waiting() -> None:
    counter = Counter(channels={"ops": replace(QUICK, rate_per_s=0.01, burst=1)})
    for _ in range(3):
        counter.put()

    async def story() -> None:
        await counter.clock.advance(50)
        assert counter.lanes()[0][1] == "", "nobody holds the lane"
        await counter.clock.advance(250)

    counter.play(story)

    assert [round(at) for at in counter.edge.times()] == [0, 100, 200]


def test_a_token_that_is_given_back_can_be_taken_again() -> None:
    bucket = Bucket(1.0, 1)

    assert bucket.wait_s(0.0) == 0
    assert bucket.wait_s(0.0) == 1
    bucket.give_back()
    assert bucket.wait_s(0.0) == 1


# --- refused and disabled ------------------------------------------------------------------------------------


def test_O3_a_bad_request_is_given_up_at_once_and_the_next_is_sent(counter: Counter) -> None:
    bad = counter.put()
    counter.put()
    counter.edge.answer = lambda name: Reply(400) if name == bad else OK

    counter.only(counter.new_dispatcher().send_new())

    assert counter.states() == [FAILED, DELIVERED]


def test_O3_410_disables_the_channel_until_it_is_enabled(counter: Counter) -> None:
    for lane in range(3):
        counter.put(lane=f"{lane}")
        counter.put(lane=f"{lane}")
    counter.edge.answer = always(Reply(410))
    counter.edge.takes_s = lambda name: 0.5

    async def story() -> None:
        await counter.clock.advance(10)
        assert len(counter.edge.sent) == 3, "what was under way, and nothing after it"
        assert counter.channel().disabled_at is not None
        counter.edge.answer = always(OK)
        await counter.clock.advance(HOUR)
        assert counter.states() == [FAILED, WAITING] * 3
        counter.store.write(lambda tx: queries.enable_channel(tx, "ops"))
        counter.dispatcher.notify()
        await counter.clock.advance(2)

    counter.play(story, look_every_s=1_800)

    assert counter.states() == [FAILED, DELIVERED] * 3


@pytest.mark.parametrize("status", [401, 403, 404])
def test_O3_three_refusals_in_a_row_disable(counter: Counter, status: int) -> None:
    counter.put()
    counter.edge.answer = always(Reply(status))

    async def story() -> None:
        await counter.clock.advance(24 * HOUR)

    counter.play(story, look_every_s=1_800)

    assert len(counter.edge.sent) == 3
    assert counter.channel().disabled_at is not None
    assert "3 times in a row" in counter.channel().disabled_reason
    assert counter.states() == [WAITING], "it is sent when an operator has mended the channel"


def test_O3_one_404_in_a_long_outage_does_not_disable(counter: Counter) -> None:
    counter.put()
    counter.edge.answer = lambda name: Reply(404) if len(counter.edge.sent) == 4 else DOWN

    async def story() -> None:
        await counter.clock.advance(20 * HOUR)

    counter.play(story, look_every_s=1_800)

    assert counter.channel().disabled_at is None


def test_O1_a_channel_that_failed_for_five_days_is_disabled(alone: Counter) -> None:
    alone.edge.answer = always(DOWN)

    async def story() -> None:
        for _ in range(15):
            alone.put()
            await alone.clock.advance(12 * HOUR)

    alone.play(story, look_every_s=1_800)

    assert alone.channel().disabled_reason.startswith("HTTP 503 (for 5 days")


def test_an_enabled_channel_does_not_wait_for_its_last_step(counter: Counter) -> None:
    counter.put()
    counter.edge.answer = always(DOWN)

    async def story() -> None:
        await counter.clock.advance(10 * HOUR)
        counter.edge.answer = always(OK)
        counter.store.write(lambda tx: queries.enable_channel(tx, "ops"))
        counter.dispatcher.notify()
        await counter.clock.advance(2)

    counter.play(story, look_every_s=1_800)

    assert counter.states() == [DELIVERED]


# --- what cannot be sent ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("is_permanent", "state"), [(True, FAILED), (False, WAITING)])
def test_an_edge_without_a_reply_fails_for_now_or_for_good(
    counter: Counter, is_permanent: bool, state: DeliveryState
) -> None:
    counter.put()
    counter.edge.answer = always(DeliveryError(DeliveryReason.CONNECT, "refused", is_permanent=is_permanent))

    counter.only(counter.new_dispatcher().send_new())

    assert counter.states() == [state]
    assert counter.deliveries()[0].last_error == "connect: refused"


def test_a_bug_of_the_edge_loses_nothing(counter: Counter) -> None:
    counter.put()

    def broken(name: str) -> Reply:
        raise ZeroDivisionError

    counter.edge.answer = broken
    counter.only(counter.new_dispatcher().send_new())

    assert counter.states() == [WAITING]


def test_O12_a_template_that_fails_costs_its_wording_and_not_the_message(counter: Counter) -> None:
    counter.put()

    def words(route: str, message: Message) -> Wording | None:
        raise ValueError("bad template")

    counter.only(counter.new_dispatcher(words=words).send_new())

    assert counter.states() == [DELIVERED]


def test_O12_what_cannot_be_rendered_with_a_template_is_rendered_without() -> None:
    def picky(message: Message, settings: ChannelSettings, now: object) -> Conversation:
        if message.wording is not None:
            raise ValueError("too odd")
        return (yield from single(Request("POST", "", body=message.id.encode()), counter.clock.now()))

    counter = Counter(channels={"ops": replace(QUICK, converse=picky)})
    counter.put()

    counter.only(counter.new_dispatcher(words=lambda route, message: Wording("a", "b")).send_new())

    assert counter.states() == [DELIVERED]


def test_what_cannot_be_rendered_at_all_is_refused_and_the_next_is_sent() -> None:
    def broken(message: Message, settings: ChannelSettings, now: object) -> Conversation:
        if message.id == bad:
            raise ValueError("never")
        return (yield from single(Request("POST", "", body=message.id.encode()), counter.clock.now()))

    counter = Counter(channels={"ops": replace(QUICK, converse=broken)})
    bad = counter.put()
    counter.put()

    counter.only(counter.new_dispatcher().send_new())

    assert counter.states() == [FAILED, DELIVERED]
    assert counter.deliveries()[0].last_error == "could not be rendered: ValueError"


def test_a_delivery_whose_events_are_pruned_is_refused_with_the_reason(counter: Counter) -> None:
    counter.put()
    counter.store.write(lambda tx: tx.execute("DELETE FROM event"))

    counter.only(counter.new_dispatcher().send_new())

    assert counter.states() == [FAILED]
    assert counter.deliveries()[0].last_error == "its events are no longer kept"
    assert counter.edge.sent == []


def test_a_delivery_that_cannot_be_read_keeps_nothing_waiting(counter: Counter) -> None:
    counter.put()
    counter.store.write(lambda tx: tx.execute("UPDATE event SET body = '{}'"))
    counter.put()
    counter.put(lane="1")

    counter.only(counter.new_dispatcher().send_new())

    assert counter.states() == [FAILED, DELIVERED, DELIVERED]
    assert "cannot be read" in counter.deliveries()[0].last_error


def test_O11_a_reply_that_is_lost_is_answered_by_the_same_message_id(counter: Counter) -> None:
    name = counter.put()
    counter.edge.answer = lambda name: (
        OK if len(counter.edge.sent) > 1 else DeliveryError(DeliveryReason.RESET, "no reply")
    )

    async def story() -> None:
        await counter.clock.advance(6)

    counter.play(story)

    assert counter.edge.names() == [name, name]
    assert counter.states() == [DELIVERED]


# --- leases ------------------------------------------------------------------------------------------------------


def test_P1_what_a_killed_process_had_under_way_is_taken_over_when_its_lease_ends(counter: Counter) -> None:
    name = counter.put()

    async def story() -> None:
        counter.edge.answer = always(None)
        first = asyncio.create_task(counter.new_dispatcher("one").run())
        await counter.clock.advance(1)
        await counter.kill(first)
        counter.edge.answer = always(OK)
        second = asyncio.create_task(counter.new_dispatcher("two").run())
        await counter.clock.advance(LEASE.total_seconds() - 3)
        assert counter.edge.names() == [name]
        await counter.clock.advance(5)
        await counter.kill(second)

    counter.only(story())

    assert counter.edge.names() == [name, name]
    assert counter.states() == [DELIVERED]


def test_P1_where_only_one_process_can_be_the_next_does_not_wait_for_the_lease(counter: Counter) -> None:
    counter.put()

    async def story() -> None:
        counter.edge.answer = always(None)
        first = asyncio.create_task(counter.new_dispatcher("one").run())
        await counter.clock.advance(1)
        await counter.kill(first)
        counter.edge.answer = always(OK)
        counter.store.write(lambda tx: queries.end_leases(tx, counter.clock.now()))
        await counter.new_dispatcher("one").send_new()

    counter.only(story())

    assert counter.states() == [DELIVERED]


def test_a_lane_is_kept_as_long_as_it_is_served(counter: Counter) -> None:
    counter.put()
    counter.edge.takes_s = lambda name: 50.0

    async def story() -> None:
        first = asyncio.create_task(counter.new_dispatcher("one").run())
        second = asyncio.create_task(counter.new_dispatcher("two").run())
        await counter.clock.advance(60)
        await counter.kill(first)
        await counter.kill(second)

    counter.only(story())

    assert len(counter.edge.sent) == 1


def test_the_result_of_a_holder_that_was_frozen_beyond_its_lease_is_dropped(counter: Counter) -> None:
    name = counter.put()
    now = counter.clock.now()

    def claimed(owner: str, at: float) -> Lane:
        moment = now + timedelta(seconds=at)
        claim = Claim(owner, moment, moment + LEASE, moment + 2 * LEASE)
        (lane,) = counter.store.write(lambda tx: queries.claim_lanes(tx, claim, 10, {"ops"}))
        return lane

    frozen = claimed("one", 0)
    taken = claimed("two", 16)

    assert note(counter, frozen, name) is False
    assert counter.states() == [WAITING]
    assert note(counter, taken, name) is True
    assert counter.states() == [DELIVERED]


def note(counter: Counter, lane: Lane, name: str) -> bool:
    """Whether a delivered message could be noted in the name of this holder."""

    def work(tx: Tx) -> bool:
        (one,) = queries.oldest(tx, lane, 1)
        outcome: Outcome = read_http(OK, counter.clock.now())
        attempt = dispatcher_module.Attempt(one, outcome)
        return dispatcher_module.noting.turn(tx, lane, attempt, counter.clock.now()) is not None

    return counter.store.write(work)


def test_P10_a_clock_that_is_set_an_hour_on_sends_nothing_twice(counter: Counter) -> None:
    for lane in range(5):
        counter.put(lane=f"{lane}")
    counter.edge.takes_s = lambda name: 10.0

    async def story() -> None:
        await counter.clock.advance(1)
        counter.clock.set_by(HOUR)
        counter.dispatcher.notify()
        await counter.clock.advance(15)

    counter.play(story)

    assert len(counter.edge.sent) == 5
    assert counter.states() == [DELIVERED] * 5


def test_P10_a_clock_that_is_set_an_hour_back_keeps_nothing_waiting(counter: Counter) -> None:
    counter.put()
    counter.edge.takes_s = lambda name: 10.0

    async def story() -> None:
        await counter.clock.advance(1)
        counter.put(lane="1")
        counter.clock.set_by(-HOUR)
        counter.put(lane="2")
        counter.dispatcher.notify()
        await counter.clock.advance(15)

    counter.play(story)

    assert counter.states() == [DELIVERED] * 3
    assert len(counter.edge.sent) == 3


def test_P10_a_lease_given_by_a_clock_that_was_wrong_ends_when_the_clock_is_right(counter: Counter) -> None:
    counter.put()
    future = counter.clock.now() + timedelta(hours=1)
    claim = Claim("wrong", future, future + LEASE, future + 2 * LEASE)
    counter.store.write(lambda tx: queries.claim_lanes(tx, claim, 10, {"ops"}))

    counter.only(counter.new_dispatcher().send_new())

    assert counter.states() == [DELIVERED]


# --- O13: what ends the process ----------------------------------------------------------------------------------


def crash(counter: Counter, times: int) -> None:
    """Processes that end while the lane is theirs, one after the other."""
    for _ in range(times):
        now = counter.clock.now()
        claim = Claim("one", now, now + LEASE, now + 2 * LEASE)
        counter.store.write(lambda tx: queries.claim_lanes(tx, claim, 10, {"ops"}))  # noqa: B023 - called at once
        counter.store.write(lambda tx: queries.end_leases(tx, now))  # noqa: B023


def test_O13_a_delivery_that_ended_three_processes_is_put_off_and_the_others_are_sent(counter: Counter) -> None:
    counter.put(lane="0")
    crash(counter, 3)
    counter.put(lane="1")

    async def story() -> None:
        await counter.clock.advance(1)
        assert counter.states() == [WAITING, DELIVERED]
        assert "ended the process" in counter.deliveries()[0].last_error
        await counter.clock.advance(STEPS[0].total_seconds())

    counter.play(story)

    assert counter.states() == [DELIVERED] * 2, "it was not its fault this time"


def test_O13_a_delivery_that_keeps_ending_processes_is_tried_ever_later_and_given_up(counter: Counter) -> None:
    counter.put()
    put_off: list[timedelta] = []

    async def story() -> None:
        while counter.states() == [WAITING]:
            crash(counter, 3)
            await counter.new_dispatcher().send_new()
            (one,) = counter.deliveries()
            put_off.append((one.next_at or counter.clock.now()) - counter.clock.now())
            counter.clock.set_by(put_off[-1].total_seconds() + 1)

    counter.only(story())

    assert counter.edge.sent == []
    assert counter.states() == [FAILED]
    assert put_off[:-1] == list(STEPS[: len(put_off) - 1])


def test_O13_crashes_of_which_others_got_through_do_not_count(counter: Counter) -> None:
    counter.put()
    counter.put()
    crash(counter, 2)
    counter.only(counter.new_dispatcher().send_new())

    assert counter.states() == [DELIVERED] * 2
    assert [lane[-1] for lane in counter.lanes()] == [0]


# --- stopping, waking ----------------------------------------------------------------------------------------------


def test_P2_what_is_under_way_is_finished_and_the_rest_is_left_to_the_next(counter: Counter) -> None:
    for _ in range(3):
        counter.put()
    counter.edge.takes_s = lambda name: 10.0

    async def story() -> None:
        task = asyncio.create_task(counter.new_dispatcher().run())
        dispatcher = counter.new_dispatcher()
        task.cancel()
        running = asyncio.create_task(dispatcher.run())
        await counter.clock.advance(1)
        await dispatcher.finish()
        await asyncio.wait_for(running, 1)

    counter.only(story())

    assert counter.states() == [DELIVERED, WAITING, WAITING]
    assert counter.lanes()[0][1:3] == ("", None), "the lane is free at once"


def test_P2_what_does_not_end_in_25_seconds_is_left_free_for_the_next(counter: Counter) -> None:
    counter.put()
    counter.edge.answer = always(None)

    async def story() -> None:
        dispatcher = counter.new_dispatcher()
        running = asyncio.create_task(dispatcher.run())
        await counter.clock.advance(1)
        began = counter.clock.monotonic()
        await dispatcher.finish()
        assert 25 <= counter.clock.monotonic() - began < 26
        await asyncio.wait_for(running, 1)

    counter.only(story())

    assert counter.states() == [WAITING]
    assert counter.lanes()[0][1:3] == ("", None)


def test_P2_nothing_is_claimed_after_the_end(counter: Counter) -> None:
    async def story() -> None:
        dispatcher = counter.new_dispatcher()
        await dispatcher.finish()
        counter.put()
        await dispatcher.run()

    counter.only(story())

    assert counter.states() == [WAITING]
    assert counter.lanes()[0][1] == ""


def test_what_is_put_in_while_a_lane_is_let_go_is_not_overlooked(counter: Counter) -> None:
    """The hint comes to nobody: only the look of the table may find it, and it must."""
    for _ in range(50):
        counter.put()
    sent_before = 0

    async def story() -> None:
        nonlocal sent_before
        for _ in range(50):
            counter.store.before = lambda: counter.put() if len(counter.deliveries()) < 200 else None
            await counter.clock.advance(1)
        counter.store.before = lambda: None
        await counter.clock.advance(3)

    counter.play(story)

    assert set(counter.states()) == {DELIVERED}
    assert len(counter.edge.names()) == len(set(counter.edge.names()))


def test_a_delivery_is_sent_when_it_is_told_of_and_not_at_the_next_look(counter: Counter) -> None:
    async def story() -> None:
        await counter.clock.advance(0.5)
        counter.put()
        counter.dispatcher.notify()
        await counter.clock.advance(0.01)
        assert counter.states() == [DELIVERED]

    counter.play(story)


def test_lanes_of_channels_that_are_not_configured_keep_nothing_waiting(counter: Counter) -> None:
    for lane in range(600):
        counter.put("gone", f"{lane}")
    counter.put()

    async def story() -> None:
        await counter.clock.advance(2)

    counter.play(story)

    assert counter.states() == [DELIVERED]


def test_P4_a_store_that_cannot_write_loses_nothing(counter: Counter) -> None:
    counter.put()
    counter.edge.takes_s = lambda name: 1.0

    async def story() -> None:
        await counter.clock.advance(0.5)
        counter.store.refusal = StoreError(StoreReason.FULL, "disk full")
        await counter.clock.advance(60)
        counter.store.refusal = None
        await counter.clock.advance(30)

    counter.play(story)

    assert counter.states() == [DELIVERED]
    assert len(set(counter.edge.names())) == 1


def test_one_faulty_write_does_not_harm_those_beside_it(counter: Counter) -> None:
    async def story() -> None:
        together = counter.dispatcher._together

        def faulty(tx: Tx, *, now: datetime) -> int:
            raise LookupError("mine")

        first = asyncio.ensure_future(together.write(lambda tx, *, now: 0))
        works: list[Timed[int]] = [lambda tx, *, now: 1, faulty, lambda tx, *, now: 3]
        rest = [asyncio.ensure_future(together.write(work)) for work in works]
        assert await first == 0
        results = await asyncio.gather(*rest, return_exceptions=True)
        assert [results[0], type(results[1]), results[2]] == [1, LookupError, 3]

    counter.play(story)


# --- where other processes have the database too ------------------------------------------------------------------


@pytest.fixture
def shared(counter: Counter) -> Counter:
    """The dispatcher thinks that others could claim its lanes."""
    counter.store.is_shared = True
    return counter


def test_a_lane_whose_lease_cannot_be_renewed_is_left_before_the_lease_ends(shared: Counter) -> None:
    shared.put()
    shared.put()
    shared.edge.takes_s = lambda name: 60.0

    async def story() -> None:
        await shared.clock.advance(1)
        shared.store.refusal = StoreError(StoreReason.UNAVAILABLE, "the database is away")
        await shared.clock.advance(LEASE.total_seconds() - 1)
        assert not shared.dispatcher._tasks
        await shared.clock.advance(60)

    shared.play(story)

    assert len(shared.edge.sent) == 1


def test_a_lane_that_is_renewed_is_served_for_as_long_as_it_takes(shared: Counter) -> None:
    shared.put()
    shared.edge.takes_s = lambda name: 60.0

    async def story() -> None:
        await shared.clock.advance(70)

    shared.play(story)

    assert shared.states() == [DELIVERED]
    assert len(shared.edge.sent) == 1


def test_who_was_frozen_beyond_the_lease_sends_nothing_more(shared: Counter) -> None:
    shared.put()
    shared.put()
    shared.edge.takes_s = lambda name: 2.0

    async def story() -> None:
        await shared.clock.advance(1)
        shared.store.real.write(lambda tx: tx.execute("UPDATE lane SET owner = 'another', epoch = epoch + 1"))
        shared.store.real.write(lambda tx: tx.execute("UPDATE lane SET lease_until = lease_until + 20000000"))
        shared.clock.freeze(20)
        await shared.clock.advance(5)

    shared.play(story)

    assert len(shared.edge.sent) == 1
    assert shared.states() == [WAITING, WAITING]


def test_an_end_is_noted_as_soon_as_the_database_is_back_and_nothing_is_sent_twice(shared: Counter) -> None:
    name = shared.put()
    shared.edge.takes_s = lambda name: 1.0

    async def story() -> None:
        await shared.clock.advance(0.5)
        shared.store.refusal = StoreError(StoreReason.UNAVAILABLE, "the database is away")
        await shared.clock.advance(6)
        shared.store.refusal = None
        await shared.clock.advance(30)

    shared.play(story)

    assert shared.edge.names() == [name]
    assert shared.states() == [DELIVERED]


def test_an_end_is_noted_however_long_the_database_was_away_as_long_as_nobody_took_the_lane(shared: Counter) -> None:
    name = shared.put()
    following = shared.put()
    shared.edge.takes_s = lambda name: 1.0

    async def story() -> None:
        await shared.clock.advance(0.5)
        shared.store.refusal = StoreError(StoreReason.UNAVAILABLE, "the database is away")
        await shared.clock.advance(3 * LEASE.total_seconds())
        shared.store.refusal = None
        await shared.clock.advance(30)

    shared.play(story)

    assert shared.edge.names() == [name, following]
    assert shared.states() == [DELIVERED, DELIVERED]


def test_a_lease_that_could_not_be_renewed_twice_is_renewed_as_soon_as_the_database_is_back(shared: Counter) -> None:
    name = shared.put()
    shared.edge.takes_s = lambda name: 20.0

    async def story() -> None:
        await shared.clock.advance(5.5)
        shared.store.refusal = StoreError(StoreReason.UNAVAILABLE, "the database is away")
        await shared.clock.advance(6.2)
        shared.store.refusal = None
        await shared.clock.advance(30)

    shared.play(story)

    assert shared.edge.names() == [name]
    assert shared.states() == [DELIVERED]


def test_leases_are_kept_while_what_is_under_way_is_waited_for_at_the_end(shared: Counter) -> None:
    shared.put()
    shared.edge.takes_s = lambda name: 20.0

    async def story() -> None:
        await shared.clock.advance(1)
        await shared.dispatcher.finish()

    shared.play(story)

    assert shared.states() == [DELIVERED]
    assert shared.lanes()[0][1] == ""
