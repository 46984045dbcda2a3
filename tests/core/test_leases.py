"""Shares of the work: fair, reached in small steps, and never without an owner for long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from statuswire.core.leases import MOST_GIVEN_UP, SHARDS, balance, fair_share, shard_of


def test_pages_of_one_host_share_a_shard_however_the_host_is_written() -> None:
    assert shard_of("Status.Acme.example") == shard_of("status.acme.example")


def test_the_shard_of_a_host_is_the_same_for_ever() -> None:
    assert [shard_of(one) for one in ("status.acme.example", "127.0.0.1:8081", "")] == [13, 252, 20]


def test_hosts_are_spread_over_all_shards() -> None:
    counts = [0] * SHARDS
    for number in range(25_600):
        counts[shard_of(f"status.{number}.example")] += 1

    assert min(counts) > 50
    assert max(counts) < 160


@given(st.integers(1, 400))
def test_shares_together_are_everything_and_hardly_more(live: int) -> None:
    assert SHARDS <= fair_share(live) * live < SHARDS + live


@given(st.sets(st.integers(0, SHARDS - 1)), st.integers(0, 20))
def test_a_process_takes_or_gives_up_and_gives_up_little_at_a_time(held: set[int], live: int) -> None:
    decided = balance(held, live)

    assert not (decided.take and decided.give_up)
    assert len(decided.give_up) <= MOST_GIVEN_UP
    assert held.issuperset(decided.give_up)
    assert len(held) + decided.take <= max(fair_share(live), len(held))


class Cluster:
    """Processes that take turns with a table of leases, as the database has them."""

    def __init__(self) -> None:
        self.owner: dict[int, int | None] = dict.fromkeys(range(SHARDS))
        self.live: set[int] = set()

    def held(self, who: int) -> set[int]:
        return {shard for shard, owner in self.owner.items() if owner == who}

    def turn(self, who: int) -> int:
        """One turn of one process; how many shards it gave up."""
        decided = balance(self.held(who), len(self.live))
        for shard in decided.give_up:
            self.owner[shard] = None
        for shard in [shard for shard, owner in self.owner.items() if owner is None][: decided.take]:
            self.owner[shard] = who
        return len(decided.give_up)

    def die(self, who: int) -> None:
        self.live.discard(who)
        for shard in self.held(who):
            self.owner[shard] = None

    def settle(self) -> int:
        """Turns until nothing moves; the most that one process gave up at once."""
        most = 0
        for _ in range(10 * SHARDS):
            before = dict(self.owner)
            most = max([most, *(self.turn(who) for who in sorted(self.live))])
            if before == self.owner:
                return most
        raise AssertionError("shards never come to rest")


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=12))
def test_every_shard_comes_to_one_live_process_whoever_comes_and_goes(story: list[tuple[bool, int]]) -> None:
    cluster = Cluster()
    cluster.live.add(99)
    for comes, who in story:
        if comes:
            cluster.live.add(who)
        else:
            cluster.die(who)
        for other in sorted(cluster.live)[:3]:
            cluster.turn(other)

    most = cluster.settle()

    assert most <= MOST_GIVEN_UP
    assert set(cluster.owner.values()) <= cluster.live
    assert max(len(cluster.held(who)) for who in cluster.live) <= fair_share(len(cluster.live))
