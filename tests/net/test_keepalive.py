"""Who may keep an idle connection."""

from __future__ import annotations

from statuswire.net.keepalive import KeepAlive


def poll(keep_alive: KeepAlive, origin: str, now: float, *, fresh: bool) -> bool:
    """One exchange; whether the connection was to be kept."""
    kept = keep_alive.begin(origin, now)
    if kept is not None:
        keep_alive.end(origin, kept, was_fresh=fresh)
    return kept is not None


def test_a_host_that_reuses_keeps_its_place() -> None:
    keep_alive = KeepAlive(1)

    assert all(poll(keep_alive, "a", now, fresh=now == 0) for now in range(100))


def test_two_disappointments_in_a_row_cost_the_place_for_a_while() -> None:
    keep_alive = KeepAlive(1)

    kept = [poll(keep_alive, "a", now, fresh=True) for now in range(24)]

    assert kept == [True] * 3 + [False] * 16 + [True] * 3 + [False] * 2


def test_one_disappointment_is_forgiven() -> None:
    keep_alive = KeepAlive(1)

    assert all(poll(keep_alive, "a", now, fresh=now % 2 == 0) for now in range(50))


def test_a_failed_exchange_teaches_nothing() -> None:
    keep_alive = KeepAlive(1)
    poll(keep_alive, "a", 0, fresh=True)
    for now in range(1, 10):
        keep_alive.begin("a", now)

    assert all(poll(keep_alive, "a", now, fresh=False) for now in range(10, 20))


def test_an_exchange_beside_another_expects_no_idle_connection() -> None:
    keep_alive = KeepAlive(1)
    poll(keep_alive, "a", 0, fresh=True)
    for now in range(1, 20):
        first, second = keep_alive.begin("a", now), keep_alive.begin("a", now)
        assert first is not None
        assert second is not None
        keep_alive.end("a", second, was_fresh=True)
        keep_alive.end("a", first, was_fresh=False)


def test_places_are_limited_and_first_come_first_kept() -> None:
    keep_alive = KeepAlive(2)

    rounds = [[poll(keep_alive, origin, now, fresh=now == 0) for origin in "abc"] for now in range(5)]

    assert rounds == [[True, True, False]] * 5


def test_the_place_of_a_host_no_longer_asked_is_given_away() -> None:
    keep_alive = KeepAlive(1)
    poll(keep_alive, "a", 0, fresh=True)

    assert not poll(keep_alive, "b", 800, fresh=True)
    assert poll(keep_alive, "b", 1_000, fresh=True)


def test_without_places_nobody_keeps() -> None:
    assert not poll(KeepAlive(0), "a", 0, fresh=True)
