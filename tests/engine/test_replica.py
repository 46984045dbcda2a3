"""Processes come to equal shares, take over from those that die, and stop by themselves when they cannot renew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import pytest

from statuswire.core.leases import MOST_GIVEN_UP, SHARDS
from statuswire.engine.duties import Duty
from statuswire.engine.fence import LeaseLost
from statuswire.engine.replica import Terms
from statuswire.errors import StoreError, StoreReason
from statuswire.model import ReplicaRole
from statuswire.store import Store, queries
from tests.engine.sharing import (
    Member,
    assert_each_shard_has_one_owner,
    opened,
    owners,
    rounds,
)
from tests.fakes import FakeClock

Story = Callable[[Store], Awaitable[None]]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres_database")
    with opened(url) as store:
        yield store


def play(story: Story, store: Store) -> None:
    asyncio.run(story(store))  # type: ignore[arg-type]  # a coroutine, as every async function gives


# --- shares ------------------------------------------------------------------------------------------------------


def test_one_process_takes_everything_after_it_has_made_itself_known(store: Store) -> None:
    async def story(store: Store) -> None:
        one = Member(store, "one")

        await one.step(0)
        known, taken = one.shards, one.duties.held
        await one.step(1)

        assert (known, set(taken)) == (frozenset(), set(Duty))
        assert_each_shard_has_one_owner(one)
        assert one.reader.shards == one.shards
        assert one.counted("shard", "claimed") == SHARDS

    play(story, store)


def test_processes_that_start_together_share_at_once(store: Store) -> None:
    async def story(store: Store) -> None:
        three = [Member(store, name) for name in ("one", "two", "three")]

        await rounds(*three, count=2, seconds=1)

        assert_each_shard_has_one_owner(*three)
        assert max(len(one.shards) for one in three) == 86

    play(story, store)


def test_from_one_to_two_to_three_and_back_to_one(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two, three = (Member(store, name) for name in ("one", "two", "three"))
        await rounds(one, count=2)

        await rounds(one, two, count=20)
        halves = [len(one.shards), len(two.shards)]
        await rounds(one, two, three, count=20)
        thirds = [len(member.shards) for member in (one, two, three)]
        assert_each_shard_has_one_owner(one, two, three)
        for gone in (two, three):
            await gone.replica.hand_over()
        await rounds(one, count=2, seconds=1)

        assert halves == [128, 128]
        assert max(thirds) <= 86
        assert_each_shard_has_one_owner(one)

    play(story, store)


def test_no_more_than_a_few_are_given_up_in_a_round_and_their_pages_are_put_down_first(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two = Member(store, "one"), Member(store, "two")
        await rounds(one, count=2)
        await rounds(two, count=1)

        await one.clock.advance(5)
        await one.replica.look()
        left = one.holdings.leaving
        still_in_the_table = owners(store)
        await one.replica.settle()
        await one.replica.look()

        assert 0 < len(left) <= MOST_GIVEN_UP
        assert set(still_in_the_table.values()) == {"one"}
        assert len(one.reader.handed_over) == MOST_GIVEN_UP
        assert len(owners(store)) == SHARDS + len(Duty) - MOST_GIVEN_UP
        assert one.counted("shard", "given_up") == MOST_GIVEN_UP
        assert one.counted("shard", "lost") == 0

    play(story, store)


def test_only_those_that_poll_share_the_pages(store: Store) -> None:
    async def story(store: Store) -> None:
        one = Member(store, "one", roles=[ReplicaRole.POLL])
        two = Member(store, "two", roles=[ReplicaRole.HOOKS, ReplicaRole.WEB], may_do=[Duty.MAIL])

        await rounds(two, one, count=3, seconds=1)

        assert_each_shard_has_one_owner(one)
        assert two.shards == frozenset()
        assert two.duties.held == ("mail",)
        assert {live.about.id for live in one.replica.live} == {"one", "two"}

    play(story, store)


# --- the end of a process ----------------------------------------------------------------------------------------


def test_whoever_hands_over_leaves_everything_for_the_next_look_of_another(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two = Member(store, "one"), Member(store, "two")
        await rounds(one, two, count=2, seconds=1)

        await one.replica.hand_over()
        await two.step(1)

        assert_each_shard_has_one_owner(two)
        assert two.duties.held == tuple(Duty)
        assert two.counted("shard", "taken_over") == 0
        assert one.duties.held == ()
        assert not one.holdings.may_begin(one.clock.monotonic())

    play(story, store)


def test_whoever_has_handed_over_takes_nothing_any_more(store: Store) -> None:
    async def story(store: Store) -> None:
        one = Member(store, "one")
        await rounds(one, count=2, seconds=1)
        await one.replica.hand_over()

        await one.replica.turn()

        assert owners(store) == {}
        assert store.read(lambda tx: tx.all("SELECT id FROM replica")) == []

    play(story, store)


def test_what_a_killed_process_held_is_taken_over_once_its_leases_end(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two = Member(store, "one"), Member(store, "two")
        await rounds(one, two, count=2, seconds=1)
        before = len(two.shards)

        await two.step(1)
        early = len(two.shards)
        one.run_out()
        await two.step(1)

        assert early == before
        assert_each_shard_has_one_owner(two)
        assert two.counted("shard", "taken_over") == SHARDS - before
        assert two.duties.held == tuple(Duty)

    play(story, store)


def test_a_look_comes_when_the_first_lease_of_another_ends_and_not_a_look_later(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two = Member(store, "one"), Member(store, "two")
        await rounds(one, two, count=2, seconds=1)
        two.replica._terms = Terms(look_every=timedelta(minutes=1))

        one.run_out_in(timedelta(seconds=14))
        await two.step(1)
        until_end = two.replica._until_next_look()
        await two.clock.advance(15)
        after_that = two.replica._until_next_look()

        assert 0 < until_end <= 14.01
        assert after_that == 60

    play(story, store)


def test_whoever_renews_in_place_of_a_look_knows_when_the_next_leases_end(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two, three = (Member(store, name) for name in ("one", "two", "three"))
        await rounds(one, two, three, count=2)
        three.replica._terms = Terms(look_every=timedelta(minutes=1))

        one.run_out()
        two.run_out_in(timedelta(seconds=14))
        await three.step(5)

        assert three.counted("shard", "taken_over") > 0
        assert 0 < three.replica._until_next_look() <= 14.01

    play(story, store)


def test_the_others_are_told_of_what_was_let_go_once_it_is_free(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two = Member(store, "one"), Member(store, "two")
        await rounds(one, count=2)
        await rounds(two, count=1)
        await rounds(one, count=1)
        told_before = one.freed
        await one.replica.look()
        told_of_few = one.freed
        await one.replica.hand_over()

        assert (told_before, told_of_few, one.freed, two.freed) == (0, 1, 2, 0)

    play(story, store)


def test_leases_of_a_clock_that_was_far_ahead_are_taken_over_at_once(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two = Member(store, "one"), Member(store, "two")
        await rounds(one, two, count=2, seconds=1)

        one.set_clock_ahead()
        await two.step(1)

        assert_each_shard_has_one_owner(two)

    play(story, store)


# --- the deadline ------------------------------------------------------------------------------------------------


def test_nothing_is_begun_after_the_deadline_which_lies_before_the_end_of_the_leases(store: Store) -> None:
    async def story(store: Store) -> None:
        one = Member(store, "one")
        await rounds(one, count=2, seconds=1)
        renewed_at = one.clock.monotonic()

        assert one.holdings.may_begin(renewed_at + 12.9)
        assert not one.holdings.may_begin(renewed_at + 13)

    play(story, store)


def test_a_process_that_was_stopped_finds_its_share_gone_and_writes_nothing(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two = Member(store, "one"), Member(store, "two")
        await rounds(one, two, count=2, seconds=1)
        shard, fence = next(iter(one.holdings.shards.items()))
        had = one.shards

        one.run_out()
        await two.step(1)
        one.clock.freeze(60)
        may_begin = one.holdings.may_begin(one.clock.monotonic())
        with pytest.raises(LeaseLost):
            store.write(fence.guards(lambda tx: pytest.fail("written")))
        await one.step(0)

        assert not may_begin
        assert one.holdings.fence(shard) is None
        assert len(one.reader.dropped) == len(had)
        assert one.counted("shard", "lost") == len(had)
        assert one.duties.held == ()
        assert_each_shard_has_one_owner(two)

    play(story, store)


def test_who_could_not_renew_goes_on_with_what_nobody_has_taken(store: Store) -> None:
    async def story(store: Store) -> None:
        one = Member(store, "one")
        await rounds(one, count=2, seconds=1)
        before = dict(one.holdings.shards)

        one.run_out()
        one.clock.freeze(60)
        await one.step(0)

        assert one.holdings.shards == before
        assert one.holdings.may_begin(one.clock.monotonic())
        assert one.duties.held == tuple(Duty)

    play(story, store)


class Unreachable:
    """A database that is away."""

    def __init__(self, real: Store) -> None:
        self.real = real
        self.is_away = False

    def submit(self, *args: object, **named: object) -> object:
        if self.is_away:
            raise StoreError(StoreReason.UNAVAILABLE, "the database is away")
        return self.real.submit(*args, **named)  # type: ignore[arg-type]

    def read(self, work: object) -> object:
        if self.is_away:
            raise StoreError(StoreReason.UNAVAILABLE, "the database is away")
        return self.real.read(work)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


def test_duties_end_with_the_deadline_while_the_database_is_away_and_come_back_with_it() -> None:
    async def story(store: Store) -> None:
        away = Unreachable(store)
        one = Member(away, "one")  # type: ignore[arg-type]
        running = asyncio.create_task(one.replica.run())
        await _until(one, lambda: len(one.shards) == SHARDS)
        away.is_away = True

        await _pass(one, 12)
        held_until_then = one.duties.held
        await _pass(one, 3)
        held_after = one.duties.held, one.holdings.may_begin(one.clock.monotonic())
        away.is_away = False
        await _until(one, lambda: bool(one.duties.held))
        running.cancel()

        assert held_until_then == tuple(Duty)
        assert held_after == ((), False)
        assert len(one.shards) == SHARDS

    with opened("sqlite://") as store:
        play(story, store)


async def _pass(member: Member, seconds: int) -> None:
    for _ in range(seconds):
        await _turn(member)


async def _turn(member: Member) -> None:
    """A second passes, and what was asked of the database comes back."""
    await member.clock.advance(1)
    for _ in range(20):
        await asyncio.sleep(0.001)


async def _until(member: Member, is_so: Callable[[], bool]) -> None:
    for _ in range(100):
        if is_so():
            return
        await _turn(member)
    raise AssertionError("it never came to be so")


# --- hosts that several ask, wishes ------------------------------------------------------------------------------


def test_a_host_that_all_may_ask_is_asked_by_each_for_its_part_only(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two = Member(store, "one"), Member(store, "two")
        store.write(lambda tx: queries.share_host(tx, "api.example"))
        await rounds(one, count=2, seconds=1)
        alone = one.holdings.stretch("api.example")

        await rounds(two, one, count=2)

        assert alone == 1.0
        assert (one.holdings.stretch("api.example"), one.holdings.stretch("own.example")) == (2.0, 1.0)
        assert one.rates >= 2

    play(story, store)


def test_a_wish_reaches_the_process_that_polls_the_page(store: Store) -> None:
    async def story(store: Store) -> None:
        one, two = Member(store, "one"), Member(store, "two")
        await rounds(one, two, count=2, seconds=1)
        shard = next(iter(one.shards))
        page = store.write(
            lambda tx: queries.upsert_page(tx, slug="acme", name="Acme", url="", platform="", origin="config")
        )
        store.write(lambda tx: queries.place_pages(tx, {page.id: shard}))

        store.write(lambda tx: queries.wish_poll(tx, page.id, FakeClock().now()))
        await rounds(one, two, count=2, seconds=1)
        store.write(lambda tx: None)  # after what was written on that queue

        assert set(one.polled) == {(page.id, None)}
        assert two.polled == []
        assert store.read(lambda tx: queries.poll_wishes(tx, [shard], 10)) == {}

    play(story, store)


def test_a_page_that_moved_to_another_shard_is_looked_for(store: Store) -> None:
    async def story(store: Store) -> None:
        one = Member(store, "one")
        await rounds(one, count=3, seconds=1)
        one.reader.shards = frozenset()
        one.replica._settling._has_rung = False

        page = store.write(
            lambda tx: queries.upsert_page(tx, slug="acme", name="Acme", url="", platform="", origin="config")
        )
        store.write(lambda tx: queries.place_pages(tx, {page.id: 1}))
        await one.replica.look()
        is_quiet = not one.replica._settling._has_rung
        store.write(lambda tx: queries.place_pages(tx, {page.id: 2}))
        store.write(queries.count_page_move)
        await one.replica.look()

        assert is_quiet
        assert one.replica._settling._has_rung

    play(story, store)
