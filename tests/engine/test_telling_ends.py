"""Channels that are disabled, signs of life, and an end in good order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from statuswire.engine import dispatcher as sending
from statuswire.engine.heartbeats import Beat, standing_of
from statuswire.engine.overview import Overview
from statuswire.engine.planner import Planner
from statuswire.engine.posting import Rules
from statuswire.errors import DeliveryError, DeliveryReason
from statuswire.metrics import Metrics
from statuswire.model import (
    Action,
    Delivered,
    Escalation,
    Filter,
    Later,
    MessageKind,
    Outcome,
    Quiet,
    Refused,
    Reply,
    Route,
)
from statuswire.store import queries
from statuswire.store.queries import Claim
from tests.fakes import FakeClock

from .telling import Receiver, Stage

GONE = Refused("HTTP 410", disables=True)


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(20):
            await scene()

    asyncio.run(main())


# --- trouble -----------------------------------------------------------------------------------------------------


def test_a_disabled_channel_is_told_on_the_channels_named_for_trouble() -> None:
    async def scene() -> None:
        receiver = Receiver()
        ops, pager = receiver.outlet("ops", lambda: GONE), receiver.outlet("pager", Delivered)
        stage = Stage([ops, pager], receiver, trouble=["pager", "ops"])
        stage.put("ops")

        await stage.dispatcher.send_new()
        await stage.dispatcher.send_new()

        first, notice = receiver.messages
        assert first.kind is MessageKind.EVENT
        assert notice.kind is MessageKind.NOTICE and notice.event.incident is None
        assert notice.wording is not None
        assert notice.wording.title == "Channel ops is disabled"
        assert "HTTP 410" in notice.wording.body and "deliveries enable ops" in notice.wording.body
        stage.close()

    run(scene)


def test_without_such_channels_nothing_is_told() -> None:
    async def scene() -> None:
        receiver = Receiver()
        stage = Stage([receiver.outlet("ops", lambda: GONE)], receiver)
        stage.put("ops")

        await stage.dispatcher.send_new()

        assert stage.states() == {"msg_1": "failed"}
        stage.close()

    run(scene)


# --- the end -----------------------------------------------------------------------------------------------------


def test_an_end_waits_for_what_is_under_way_and_begins_nothing() -> None:
    async def scene() -> None:
        receiver = Receiver()
        receiver.is_open.clear()
        stage = Stage([receiver.outlet("ops", Delivered)], receiver)
        stage.put("ops", "msg_1")
        stage.put("ops", "msg_2")
        loop = asyncio.create_task(stage.dispatcher.run())
        await receiver.has_begun.wait()

        finishing = asyncio.create_task(stage.dispatcher.finish())
        await asyncio.sleep(0)
        receiver.is_open.set()
        await finishing

        assert stage.states() == {"msg_1": "delivered", "msg_2": "waiting"}
        assert claimable(stage) == 1
        loop.cancel()
        stage.close()

    run(scene)


def test_what_takes_too_long_is_broken_off_and_free_for_the_next_process() -> None:
    """Neither has the next process to wait for the lease, nor does the delivery look like one that kills."""

    async def scene() -> None:
        receiver = Receiver()
        receiver.is_open.clear()
        stage = Stage([receiver.outlet("ops", Delivered)], receiver)
        stage.put("ops")
        loop = asyncio.create_task(stage.dispatcher.run())
        await receiver.has_begun.wait()

        await stage.dispatcher.finish(patience_s=0)

        assert stage.states() == {"msg_1": "waiting"}
        assert claimable(stage) == 1
        loop.cancel()
        stage.close()

    run(scene)


def claimable(stage: Stage) -> int:
    """How many lanes another process can have at once, none of them after a crash."""
    now = stage.clock.now()
    claim = Claim("other", now, now + sending.LEASE, now + sending.FAR)
    lanes = stage.store.write(lambda tx: queries.claim_lanes(tx, claim, 9, {"ops"}))
    assert all(lane.crashes == 0 for lane in lanes)
    return len(lanes)


# --- heartbeats --------------------------------------------------------------------------------------------------


def test_a_heartbeat_tells_how_everything_stands_and_is_not_stored() -> None:
    async def scene() -> None:
        receiver = Receiver()
        stage = Stage([receiver.outlet("own", Delivered)], receiver)

        assert await stage.heartbeats(timedelta(seconds=60)).beat(stage.outlets["own"])

        (message,) = receiver.messages
        assert message.kind is MessageKind.HEARTBEAT
        assert message.standing is not None and message.standing.label == "UNKNOWN"
        assert stage.states() == {}
        stage.close()

    run(scene)


def test_what_a_heartbeat_leaves_is_there_for_the_next_and_what_is_open_where_it_is_wanted() -> None:
    async def scene() -> None:
        receiver = Receiver()
        left = {"pages": "acme"}
        plain = receiver.outlet("own", lambda: Delivered(left))
        renewing = replace(plain, name="again", channel=replace(plain.channel, renews=True))
        stage = Stage([plain, renewing], receiver)
        story = {"open": "yes", "alerts": "[]"}
        for name in ("own", "again"):
            stage.store.write(lambda tx, name=name: queries.save_thread(tx, name, "a/b/c", story, stage.clock.now()))
        heartbeats = stage.heartbeats(timedelta(seconds=60))

        for name in ("own", "own", "again", "again"):
            assert await heartbeats.beat(stage.outlets[name])

        assert [message.state for message in receiver.messages] == [{}, left, {}, left]
        assert [message.kept for message in receiver.messages] == [(), (), (story,), (story, left)]
        stage.close()

    run(scene)


def test_a_channel_that_renews_is_told_which_pages_its_routes_mean_by_the_rules_of_now() -> None:
    async def scene() -> None:
        receiver = Receiver()
        plain = receiver.outlet("own", Delivered)
        stage = Stage([replace(plain, channel=replace(plain.channel, renews=True))], receiver)
        meant, other = Filter(pages=("acme*",)), Filter(pages=("brook",))
        later = Quiet(escalation=Escalation(timedelta(hours=1), ("own",)))
        planner = Planner(stage.store, stage.clock, Rules((Route("all", ("own",), meant),)))
        heartbeats = replace(stage.heartbeats(timedelta(seconds=60)), may_tell=planner.may_tell)

        for routes in (
            (Route("all", ("own",), meant),),
            (Route("all", ("own",), other), Route("others", ("elsewhere",), meant)),
            (Route("others", ("elsewhere",), meant, later),),
        ):
            planner.adopt(Rules(routes))
            assert await heartbeats.beat(stage.outlets["own"])

        told = [[page.is_told for page in one.standing.pages] for one in receiver.messages if one.standing]
        assert told == [[True], [False], [True]]
        stage.close()

    run(scene)


def test_a_disabled_channel_gets_no_heartbeat() -> None:
    async def scene() -> None:
        receiver = Receiver()
        stage = Stage([receiver.outlet("own", lambda: GONE)], receiver)
        stage.put("own")
        await stage.dispatcher.send_new()
        receiver.messages.clear()

        assert not await stage.heartbeats(timedelta(seconds=60)).beat(stage.outlets["own"])

        assert receiver.messages == []
        stage.close()

    run(scene)


ENDS: dict[str, Outcome] = {"later": Later("HTTP 503"), "refused": Refused("HTTP 400"), "delivered": Delivered()}


@pytest.mark.parametrize("word", ENDS)
def test_it_is_counted_and_remembered_how_a_heartbeat_ended(word: str) -> None:
    async def scene() -> None:
        receiver = Receiver()
        stage = Stage([receiver.outlet("own", lambda: ENDS[word])], receiver)
        metrics = Metrics(CollectorRegistry(), version="1", channel_kinds=("console",))
        heartbeats = replace(stage.heartbeats(timedelta(seconds=60)), metrics=metrics)

        await heartbeats.beat(stage.outlets["own"])

        at = stage.clock.now()
        assert heartbeats.beats == {"own": Beat(word, at, at if word == "delivered" else None)}
        counted = f'statuswire_heartbeats_total{{channel="console",outcome="{word}"}} 1.0'
        assert counted in metrics.text().decode()
        stage.close()

    run(scene)


def test_when_a_heartbeat_last_arrived_is_remembered_through_failures() -> None:
    async def scene() -> None:
        receiver = Receiver()
        outcomes: list[Outcome] = [Delivered(), Refused("HTTP 400")]
        stage = Stage([receiver.outlet("own", lambda: outcomes.pop(0))], receiver)
        heartbeats = stage.heartbeats(timedelta(seconds=60))
        arrived_at = stage.clock.now()

        await heartbeats.beat(stage.outlets["own"])
        await stage.clock.advance(60)
        await heartbeats.beat(stage.outlets["own"])

        assert heartbeats.beats["own"] == Beat("refused", stage.clock.now(), arrived_at)
        stage.close()

    run(scene)


def test_a_heartbeat_that_does_not_leave_is_remembered_as_not_sent() -> None:
    class Cut(Receiver):
        async def send(self, action: Action) -> Reply:
            raise DeliveryError(DeliveryReason.CONNECT, "no line")

    async def scene() -> None:
        receiver = Cut()
        stage = Stage([receiver.outlet("own", Delivered)], receiver)
        heartbeats = stage.heartbeats(timedelta(seconds=60))

        await heartbeats.beat(stage.outlets["own"])

        assert heartbeats.beats["own"].outcome == "not_sent"
        stage.close()

    run(scene)


def test_nothing_watched_is_told_as_unknown() -> None:
    standing = standing_of(Overview((), None), FakeClock().now())

    assert (standing.state, standing.message, standing.last_title) == ("unknown", "No pages are watched.", "")
