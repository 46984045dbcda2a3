"""Channels that are disabled, signs of life, and an end in good order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from statuswire.engine import dispatcher as sending
from statuswire.engine.heartbeats import standing_of
from statuswire.engine.overview import Overview
from statuswire.model import Delivered, MessageKind, Refused
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


def test_nothing_watched_is_told_as_unknown() -> None:
    standing = standing_of(Overview((), None), FakeClock().now())

    assert (standing.state, standing.message, standing.last_title) == ("unknown", "No pages are watched.", "")
