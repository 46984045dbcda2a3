"""What one host has to bear, and when it is we who are offline."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from statuswire.engine.hosts import Host, Hosts, host_of

GAP_S, BURST, TICK_S = 0.5, 4, 0.25


def reserve(host: Host[str], now: float) -> float:
    return host.reserve(now, GAP_S, GAP_S * (BURST - 1), TICK_S)


def test_a_rested_host_bears_polls_a_tick_apart_until_its_bucket_is_empty_and_then_two_a_second() -> None:
    host: Host[str] = Host("acme.example")

    starts = [reserve(host, 10.0) for _ in range(10)]

    assert starts[:7] == [10.0, 10.25, 10.5, 10.75, 11.0, 11.25, 11.5]
    assert starts[7:] == [12.0, 12.5, 13.0]


def test_a_pause_holds_for_everything_that_comes_later() -> None:
    host: Host[str] = Host("acme.example")
    reserve(host, 10.0)
    host.pause(400.0)
    host.pause(100.0)

    assert reserve(host, 11.0) == 400.0
    assert reserve(host, 11.0) == 400.25


@given(st.lists(st.floats(0, 30), min_size=1, max_size=80))
def test_whatever_is_asked_the_bucket_holds(waits: list[float]) -> None:
    host: Host[str] = Host("acme.example")
    now, starts = 0.0, []
    for wait in waits:
        now += wait
        starts.append(reserve(host, now))
        assert starts[-1] >= now

    assert all(later - earlier >= TICK_S - 1e-9 for earlier, later in pairwise(starts))
    for first, last in zip(starts, starts[BURST:], strict=False):
        assert last - first >= GAP_S - 1e-9
    for first, last in zip(starts, starts[3 * BURST :], strict=False):
        assert last - first >= GAP_S * (2 * BURST + 1) - 1e-9


def test_who_waits_for_a_host_is_served_in_turn() -> None:
    host: Host[str] = Host("acme.example")
    for name in ("first", "second"):
        host.wait(name)

    assert [host.next_waiting() for _ in range(3)] == ["first", "second", None]


def test_a_host_is_its_name_and_port() -> None:
    assert host_of("https://Status.Acme.example/api/v2/summary.json") == "status.acme.example"
    assert host_of("http://user@127.0.0.1:8081/x") == "127.0.0.1:8081"
    assert host_of("http://[::1") == ""


def test_feeds_of_one_host_share_it_until_the_last_one_leaves() -> None:
    hosts: Hosts[str] = Hosts()
    one, two = hosts.join("https://acme.example/a"), hosts.join("https://acme.example/b")
    assert one is two

    hosts.leave(one)
    assert len(hosts) == 1
    hosts.leave(two)
    assert len(hosts) == 0


def test_N11_hosts_that_left_do_not_count_as_unreachable() -> None:
    hosts: Hosts[str] = Hosts()
    all_hosts = [hosts.join(f"https://h{number}.example/") for number in range(6)]
    for host in all_hosts[:4]:
        hosts.note(host, is_down=True)
    assert hosts.is_offline

    for host in all_hosts[:2]:
        hosts.leave(host)
        hosts.note(host, is_down=True)
    assert (hosts.down, len(hosts)) == (2, 4)
    assert not hosts.is_offline


def test_a_host_that_others_ask_too_is_given_our_part_of_its_rate() -> None:
    class Rate:
        others = 1.0

        def stretch(self, host: str) -> float:
            return self.others if host == "shared.example" else 1.0

    rate = Rate()
    hosts: Hosts[str] = Hosts(rate)
    shared, own = hosts.join("https://shared.example/a"), hosts.join("https://own.example/a")
    rate.others = 3.0
    hosts.restretch()

    starts = {host.name: [host.reserve(0.0, 0.5, 0.0, 0.25) for _ in range(3)] for host in (shared, own)}

    assert starts == {"shared.example": [0.0, 1.5, 3.0], "own.example": [0.0, 0.5, 1.0]}
    assert hosts.join("https://shared.example/b").stretch == 3.0
