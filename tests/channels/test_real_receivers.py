"""The kinds that speak HTTP, from the event log over planner, dispatcher and the edge to a receiver that looks at all
that it is sent as its vendor would; and receivers that are busy, down, gone, slow, endless, elsewhere or private."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate
from typing import Any

import pytest

from statuswire.channels import CHANNELS
from statuswire.core.retry import STEPS
from statuswire.engine.dispatcher import Dispatcher
from statuswire.engine.planner import KnownChannel, Rules
from statuswire.model import Action, Delivery, DeliveryState, Digest, EventType, Quiet, Reply, Route
from statuswire.net.send import REPLY_BYTES, Patience, Sender
from statuswire.store import queries
from statuswire.store.queries import ChannelState
from tests.channels.hostile import HOSTILE
from tests.channels.vendor import Answer, Kind, Vendor
from tests.channels.vendors import ALL
from tests.engine.happening import START, Telling
from tests.fake_provider import FakeProvider, Script, Seen, in_turn, redirect, reply, silent, slowly
from tests.fakes import FakeClock
from tests.net.support import HASTY, KnownNames, on_the_servers_loop, quiet_listener, sending

CREATED, UPDATED, RESOLVED = EventType.INCIDENT_CREATED, EventType.INCIDENT_UPDATED, EventType.INCIDENT_RESOLVED
DELIVERED, FAILED, WAITING = DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.WAITING
USUAL_QUIET = Quiet()
HASTE = Patience(request=0.05)
SOON = 60.0
"""Seconds after which every kind may send again at its rate."""

CHATS = frozenset({"discord", "slack", "telegram"})

each_kind = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)


class Scene:
    """A page and its events, one channel `ops`, and its receiver on a port of its own."""

    def __init__(self, kind: Kind, provider: FakeProvider, sender: Sender, quiet: Quiet, host: str) -> None:
        self.provider = provider
        self.vendor = Vendor(kind)
        self.provider.otherwise = self.vendor.script
        self.clock = FakeClock(START)
        known = KnownChannel(kind.kind, is_pager=CHANNELS[kind.kind].is_pager)
        route = Route("all", ("ops",), quiet=quiet)
        self.telling = Telling(Rules(routes=(route,), channels={"ops": known}, storm=None, correlate=None))
        self.outlet = kind.outlet(provider.url(host=host), allow_private=not host)
        self.replies: list[Reply] = []
        self.sender = sender
        self.dispatcher = Dispatcher(self.telling.store, self.clock, {"ops": self.outlet}, self, owner="one")

    async def send(self, action: Action) -> Reply:
        """The edge, and what came back."""
        self.replies.append(await self.sender.send(action))
        return self.replies[-1]

    async def happens(self, type_: EventType, **about: Any) -> None:
        """An event, and all is sent that may be sent then."""
        self.telling.happens("acme", type_, **{"components": ("API",), **about})
        await self.dispatcher.send_new()

    async def wait(self, seconds: float) -> None:
        await self.clock.advance(seconds)
        self.telling.wait(self.clock.now() - self.telling.now)
        await self.dispatcher.send_new()

    async def live(self) -> None:
        """An incident begins, goes on and ends."""
        for type_ in (CREATED, UPDATED, RESOLVED):
            await self.happens(type_)
            await self.wait(SOON)

    @property
    def deliveries(self) -> list[Delivery]:
        """All of them, the oldest first."""
        listed = self.telling.store.read(
            lambda tx: queries.delivery_list(tx, since=START - timedelta(days=1), limit=1000)
        )
        return [one.delivery for one in reversed(listed)]

    @property
    def states(self) -> list[DeliveryState]:
        return [one.state for one in self.deliveries]

    @property
    def channel(self) -> ChannelState:
        found = self.telling.store.read(lambda tx: queries.channel_state(tx, "ops"))
        assert found is not None
        return found


@asynccontextmanager
async def scene(kind: Kind, quiet: Quiet = USUAL_QUIET, host: str = "", **edge: Any) -> AsyncIterator[Scene]:
    """A scene whose receiver has taken all that it was sent, in the end. With a `host` it is asked by that name, and
    private addresses are not allowed."""
    async with FakeProvider() as provider, sending(**edge) as sender:
        made = Scene(kind, provider, sender, quiet, host)
        try:
            yield made
            assert made.vendor.complaints == []
        finally:
            made.telling.close()


def noting(script: Script, times: list[float], clock: FakeClock) -> Script:
    """The same, with the moments of all requests."""

    async def play(request: Seen, writer: Any) -> bool:
        times.append(clock.monotonic())
        return await script(request, writer)

    return play


# --- all is well -------------------------------------------------------------------------------------------------


@each_kind
@on_the_servers_loop
async def test_an_incident_is_told_from_its_beginning_to_its_end_as_its_vendor_wishes(kind: Kind) -> None:
    async with scene(kind) as stage:
        await stage.live()

        assert stage.states == [DELIVERED] * 3
        assert [what for what, _ in stage.vendor.told] == list(kind.life)
        assert len({id_ for _, id_ in stage.vendor.told}) == (1 if kind.is_one else 3)


@each_kind
@on_the_servers_loop
async def test_two_incidents_at_once_are_two_threads(kind: Kind) -> None:
    async with scene(kind) as stage:
        for type_ in (CREATED, UPDATED, RESOLVED):
            for name in ("one", "two"):
                await stage.happens(type_, id_=name, title=f"Errors {name}")
                await stage.wait(SOON)

        assert stage.states == [DELIVERED] * 6
        if kind.is_one:
            first, *_ = ids = {id_: None for _, id_ in stage.vendor.told}
            assert len(ids) == 2
            assert [what for what, id_ in stage.vendor.told if id_ == first] == list(kind.life)


@each_kind
@on_the_servers_loop
async def test_a_digest_names_every_incident_in_it(kind: Kind) -> None:
    """A pager gets each by itself, so that each can end."""
    async with scene(kind, Quiet(digest=Digest(timedelta(hours=1)))) as stage:
        for name in ("Slow API", "Lost mail"):
            await stage.happens(CREATED, id_=name, title=name)
        assert stage.vendor.told == []

        await stage.wait(3600)

        assert stage.states.count(DELIVERED) == (2 if CHANNELS[kind.kind].is_pager else 1)
        written = str(stage.vendor.bodies)
        assert "Slow API" in written and "Lost mail" in written


@each_kind
@on_the_servers_loop
async def test_no_text_of_a_provider_is_more_than_the_vendor_takes(kind: Kind) -> None:
    async with scene(kind) as stage:
        for number, text in enumerate(HOSTILE):
            kept = text.encode("utf-8", "replace").decode()  # as a document is read; the store takes nothing else
            names = ("API", *(f"{name} {kept[:300]}" for name in ("East", "West")))
            for type_ in (CREATED, RESOLVED):
                await stage.happens(type_, id_=f"i{number}", title=kept[:2000], text=kept, components=names)
                await stage.wait(SOON)

        assert set(stage.states) == {DELIVERED}
        assert all(200 <= one.status < 300 for one in stage.replies)


@pytest.mark.parametrize("kind", [one for one in ALL if one.unformed], ids=lambda kind: kind.name)
@on_the_servers_loop
async def test_what_a_vendor_cannot_show_is_told_plainly(kind: Kind) -> None:
    async with scene(kind) as stage:
        assert kind.unformed is not None
        stage.provider.otherwise = in_turn(reply(kind.unformed.status, kind.unformed.encoded()), stage.vendor.script)
        await stage.happens(CREATED)

        assert stage.states == [DELIVERED]
        rich, plain = (request.body for request in stage.provider.seen)
        assert b"Errors" in plain and len(plain) < len(rich)


@pytest.mark.parametrize("kind", [one for one in ALL if one.kind in CHATS and one.is_one], ids=lambda kind: kind.name)
@on_the_servers_loop
async def test_when_somebody_deletes_the_first_message_the_rest_is_told_all_the_same(kind: Kind) -> None:
    async with scene(kind) as stage:
        await stage.happens(CREATED)
        stage.vendor.lost = 1
        for type_ in (UPDATED, RESOLVED):
            await stage.wait(SOON)
            await stage.happens(type_)

        assert stage.states == [DELIVERED] * 3
        assert [what for what, _ in stage.vendor.told[:2]] == ["posted", "posted"]
        assert stage.channel.failures == 0
        assert all(one.startswith("no such") for one in stage.vendor.complaints)
        stage.vendor.complaints.clear()


# --- all is not well ---------------------------------------------------------------------------------------------


@each_kind
@pytest.mark.parametrize(
    "written", [lambda now: "120", lambda now: format_datetime(now + timedelta(minutes=2), usegmt=True)]
)
@on_the_servers_loop
async def test_o2_a_busy_receiver_is_asked_again_when_it_wishes(kind: Kind, written: Callable[[datetime], str]) -> None:
    async with scene(kind) as stage:
        answer = Answer(429, kind.busy)
        busy = reply(429, answer.encoded(), {"Retry-After": written(stage.clock.now())})
        stage.provider.otherwise = busy
        await stage.happens(CREATED)
        stage.provider.otherwise = stage.vendor.script

        await stage.wait(119)
        assert (len(stage.provider.seen), stage.states) == (1, [WAITING])
        await stage.wait(1)

        assert (len(stage.provider.seen), stage.states) == (2, [DELIVERED])


@each_kind
@on_the_servers_loop
async def test_o1_a_receiver_that_is_down_for_hours_is_told_all_in_order_when_it_is_back(kind: Kind) -> None:
    times: list[float] = []
    async with scene(kind) as stage:
        stage.provider.otherwise = noting(reply(503, b"<html>down</html>"), times, stage.clock)
        for type_ in (CREATED, UPDATED, RESOLVED):
            await stage.happens(type_)
            await stage.wait(1)
        for step in STEPS[:5]:
            await stage.wait(step.total_seconds() - 3)
            await stage.wait(3)
        assert stage.states == [WAITING] * 3 and len(times) == 6

        stage.provider.otherwise = stage.vendor.script
        await stage.wait(STEPS[5].total_seconds())

        assert stage.states == [DELIVERED] * 3
        assert [what for what, _ in stage.vendor.told] == list(kind.life)


@each_kind
@on_the_servers_loop
async def test_o1_one_that_never_comes_back_is_tried_by_the_schedule_and_given_up(kind: Kind) -> None:
    times: list[float] = []
    async with scene(kind) as stage:
        stage.provider.otherwise = noting(reply(503), times, stage.clock)
        await stage.happens(CREATED)
        for step in STEPS:
            await stage.wait(step.total_seconds() - 1)
            await stage.wait(1)

        assert times == [0, *accumulate(step.total_seconds() for step in STEPS)]
        assert stage.states == [FAILED] and stage.channel.disabled_at is None


@each_kind
@on_the_servers_loop
async def test_o3_a_receiver_that_is_gone_is_left_alone(kind: Kind) -> None:
    async with scene(kind) as stage:
        stage.provider.otherwise = reply(410)
        await stage.happens(CREATED)
        await stage.happens(UPDATED)
        await stage.wait(3600)

        assert stage.channel.disabled_at is not None and "410" in stage.channel.disabled_reason
        assert (len(stage.provider.seen), stage.states) == (1, [FAILED, WAITING])


@each_kind
@on_the_servers_loop
async def test_o5_a_redirect_leads_nowhere(kind: Kind) -> None:
    async with quiet_listener() as (port, visitors), scene(kind) as stage:
        for status in (301, 302, 307, 308):
            stage.provider.otherwise = redirect(f"http://127.0.0.1:{port}/", status)
            await stage.happens(CREATED, id_=f"{status}")
            await stage.wait(SOON)

        assert (len(stage.provider.seen), visitors) == (4, [])
        assert stage.states == [FAILED] * 4 and stage.channel.disabled_at is None
        assert all("redirects are not followed" in one.last_error for one in stage.deliveries)


@each_kind
@on_the_servers_loop
async def test_o4_an_answer_that_takes_too_long_is_none_and_the_message_goes_again(kind: Kind) -> None:
    async with scene(kind) as stage, sending(patience=HASTE, limits=HASTY) as hasty:
        patient, stage.sender = stage.sender, hasty
        stage.provider.otherwise = in_turn(silent(), slowly(b"{}", pause=0.03))
        await stage.happens(CREATED)
        for failures, step in enumerate(STEPS[:2], 1):
            assert stage.states == [WAITING] and stage.channel.failures == failures
            assert stage.deliveries[0].last_error.startswith("timeout")
            if failures == 2:
                stage.provider.otherwise, stage.sender = stage.vendor.script, patient
            await stage.wait(step.total_seconds())

        assert stage.states == [DELIVERED]
        assert kind.is_timed or len({request.body for request in stage.provider.seen}) == 1


@each_kind
@on_the_servers_loop
async def test_o4_an_endless_answer_is_read_as_far_as_it_matters(kind: Kind) -> None:
    async with scene(kind) as stage:
        stage.provider.otherwise = stage.vendor.endless
        await stage.live()

        assert stage.states == [DELIVERED] * 3
        assert {len(one.body) for one in stage.replies} == {REPLY_BYTES}
        assert [what for what, _ in stage.vendor.told] == list(kind.life)


@each_kind
@pytest.mark.parametrize("host", ["127.0.0.1", "receiver.example"])
@on_the_servers_loop
async def test_o6_o8_a_private_address_is_refused_before_anything_connects(kind: Kind, host: str) -> None:
    async with scene(kind, host=host, resolver=KnownNames(receiver_example=["127.0.0.1"])) as stage:
        await stage.happens(CREATED)

        assert stage.provider.connections == 0
        assert stage.states == [FAILED] and stage.channel.disabled_at is None
        assert "not a public address" in stage.deliveries[0].last_error
