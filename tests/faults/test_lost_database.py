"""F2, F15, W15: a database that crashes or stays away under load costs no acknowledged hook and no replica, and
everything goes on by itself as soon as it is back.

Nothing is polled: what begins and ends while nobody can read its page is told from histories, and of a short time not
at all (tests/engine/test_poller_history.py).
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from statuswire.store import open_store
from tests.chaos.town import Town, town, working
from tests.e2e.waiting import BUSY_S, wait_until
from tests.faults.observed import seconds_until
from tests.faults.providers import hooks_account
from tests.faults.test_lost_replicas import asked, in_db

pytestmark = pytest.mark.usefixtures("servers")
BOUND_S = 5.0
PATIENCE_S = 90.0
NOT_WRONG = ("hooks", "hooks_again", "hooks_refused")


def acknowledged(some: Town) -> int:
    return sum(one.acknowledged for one in some.hooking)


def back(some: Town) -> float:
    """Start it again; how long after that the first hook was acknowledged, in seconds."""
    before = acknowledged(some)
    some.server.start()
    return seconds_until(lambda: acknowledged(some) > before, time.monotonic(), BOUND_S)


def crashed(some: Town, away_s: float) -> float:
    """The same for a crash."""
    before = acknowledged(some)
    wait_until(lambda: acknowledged(some) > before, "work under way", PATIENCE_S)
    some.server.stop("immediate")
    time.sleep(away_s)
    return back(some)


def check_refusals(some: Town) -> None:
    """How every replica answers while there is no database."""
    hook = json.dumps({"incident": {"uuid": "x1", "title": "Not kept", "state": "investigating"}}).encode()
    for replica in some.replicas:
        status, headers, took_s = asked(replica, "POST", "/webhook/generic/nobody", hook)
        assert (status, "retry-after" in headers) == (503, True)
        assert took_s < 1.0 + BUSY_S
        assert [asked(replica, "GET", path)[0] for path in ("/health", "/")] == [503, 503]
        assert asked(replica, "GET", "/health/live")[0] == 200


def work_off(some: Town, pids: Sequence[int]) -> dict[str, int]:
    """The account, once all that was acknowledged is an event; the replicas are those of the beginning."""
    everybody = [*some.hooking, *some.polled]
    wait_until(lambda: in_db(some) >= sum(one.acknowledged for one in everybody), "the events", PATIENCE_S)
    wait_until(lambda: some.pending() == (0, 0, 0), "the end of the work", PATIENCE_S)
    assert [one.service.process.pid for one in some.replicas if one.service] == list(pids)
    assert [one.end() for one in some.replicas] == [0] * len(pids)
    with closing(open_store(some.database)) as store:
        return hooks_account(store, everybody)


def pids_of(some: Town) -> list[int]:
    return [one.service.process.pid for one in some.replicas if one.service]


@pytest.mark.parametrize("crashes", [3, pytest.param(15, marks=pytest.mark.nightly)])
def test_F2_crashes_of_the_database_under_load_lose_no_acknowledged_hook(tmp_path: Path, crashes: int) -> None:
    with town(tmp_path, 6, ("ash", "beech"), pages={}) as some:
        some.begin()
        pids = pids_of(some)
        with working(some):
            first_s = [round(crashed(some, 0.3), 2) for _ in range(crashes)]
        told = work_off(some, pids)
        print(json.dumps({"first acknowledgement after": first_s, **told}))

    assert {count for name, count in told.items() if name not in NOT_WRONG} == {0}, told


@pytest.mark.parametrize("away_s", [8.0, pytest.param(600.0, marks=pytest.mark.nightly)])
def test_F15_a_database_that_stays_away_is_answered_for_and_found_again(tmp_path: Path, away_s: float) -> None:
    with town(tmp_path, 7, ("ash", "beech"), pages={}) as some:
        some.begin()
        pids = pids_of(some)
        with working(some):
            wait_until(lambda: acknowledged(some) > 10, "work under way", PATIENCE_S)
            some.server.stop("immediate")
            until = time.monotonic() + away_s
            check_refusals(some)
            while time.monotonic() < until:
                time.sleep(1.0)
            check_refusals(some)
            first_s = back(some)
            seconds_until(lambda: _are_well(some), time.monotonic(), 2 * BOUND_S)
        told = work_off(some, pids)
        print(json.dumps({"first acknowledgement after": round(first_s, 2), **told}))

    assert {count for name, count in told.items() if name not in NOT_WRONG} == {0}, told


def _are_well(some: Town) -> bool:
    return all(asked(one, "GET", "/health")[0] == 200 for one in some.replicas)
