"""What one replica records is on the streams of the others within a second, whatever carries the hint; the same hook at
two replicas is one event; and a Redis that is killed or emptied under load costs nothing."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from statuswire.store import open_store
from tests.chaos.town import Replica, Town, town, working
from tests.e2e.waiting import wait_until
from tests.faults.observed import Observer, observing
from tests.faults.providers import hooks_account
from tests.faults.test_lost_database import NOT_WRONG
from tests.faults.test_lost_replicas import asked, in_db

pytestmark = pytest.mark.usefixtures("servers")
PATIENCE_S = 60.0
BOUND_S = 1.0
HINTS = b"statuswire hints"
"""What the connection for hints says of itself when it begins."""


class Stream:
    """Titles of incidents with the moments (seconds of this machine's clock) at which they came on a stream."""

    def __init__(self, replica: Replica) -> None:
        self.came: dict[str, float] = {}
        self._connection = http.client.HTTPConnection(replica.address, timeout=PATIENCE_S)
        self._connection.request("GET", "/api/v1/stream")
        self._answer = self._connection.getresponse()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while line := self._answer.readline():
                if line.startswith(b"data: ") and "incident" in (event := json.loads(line[6:])):
                    self.came[event["incident"]["title"]] = time.time()
        except (OSError, ValueError, AttributeError):
            pass  # it was closed, which ends it

    def close(self) -> None:
        self._connection.close()


@contextmanager
def streamed(replica: Replica) -> Iterator[Stream]:
    stream = Stream(replica)
    try:
        yield stream
    finally:
        stream.close()


def hook(title: str) -> bytes:
    update = {"id": title, "status": "investigating", "body": title}
    return json.dumps(
        {"incident": {"uuid": title, "title": title, "state": "investigating", "updates": [update]}}
    ).encode()


def slowest(seen: Observer, way: str, count: int = 8) -> float:
    """Of events that come of hooks, how late the latest was on both replicas' streams, in seconds after it was
    recorded by one of them."""
    ash, beech = seen.town.replicas
    wanted = {f"{way} {number}" for number in range(count)}
    with streamed(ash) as one, streamed(beech) as other:
        for title in sorted(wanted):
            assert asked(ash, "POST", f"/webhook/generic/{way}", hook(title))[0] == 202
            time.sleep(0.15)
        wait_until(lambda: wanted <= one.came.keys() & other.came.keys(), f"the events by {way}", PATIENCE_S)
    recorded = seen.recorded()
    late = [max(one.came[title], other.came[title]) - recorded[title] for title in wanted]
    print(f"{way}: median {statistics.median(late):.3f} s, slowest {max(late):.3f} s")
    return max(late)


def is_within_bound(seen: Observer, way: str, rounds: int = 3) -> bool:
    """Whether all events of a round were in time; a machine that runs other tests beside this one may spoil a round."""
    return any(slowest(seen, f"{way}{number}") <= BOUND_S for number in range(rounds))


def at_once(some: Town, count: int = 12) -> None:
    """The same hook at both replicas at the same time, with an id and without."""
    ash, beech = some.replicas
    for number in range(count):
        posts = [
            threading.Thread(target=asked, args=(one, "POST", "/webhook/generic/twice", hook(f"twice {number}")))
            for one in (ash, beech)
        ]
        for post in posts:
            post.start()
        for post in posts:
            post.join()


def titles(some: Town, provider: str) -> list[str]:
    query = "SELECT body FROM event WHERE type = 'incident.created' ORDER BY id"
    with closing(open_store(some.database)) as store:
        bodies = [json.loads(row[0]) for row in store.read(lambda tx: tx.all(query))]
    found = [body["incident"]["title"] for body in bodies]
    return [title for title in found if title.startswith(provider)]


def test_events_are_on_the_other_replicas_stream_within_a_second_by_every_way(tmp_path: Path) -> None:
    with town(tmp_path, 8, ("ash", "beech")) as some:
        some.begin()
        seen = observing(some)

        assert is_within_bound(seen, "redis")
        some.cache.kill()
        assert is_within_bound(seen, "notify")
        for one in some.replicas:
            one.wire.refuse(HINTS)
        some.end_connections("statuswire hints")
        assert is_within_bound(seen, "table")

        at_once(some)
        wait_until(lambda: some.pending() == (0, 0, 0), "the end of the work", PATIENCE_S)
        assert titles(some, "twice") == [f"twice {number}" for number in range(12)]
        assert [one.end() for one in some.replicas] == [0, 0]


def test_redis_killed_and_emptied_under_load_changes_nothing_of_the_log(tmp_path: Path) -> None:
    with town(tmp_path, 9, ("ash", "beech")) as some:
        some.begin()
        everybody = [*some.hooking, *some.polled]
        with working(some):
            for _ in range(3):
                some.cache.flush()
                time.sleep(0.5)
                some.cache.kill()
                time.sleep(1.0)
                some.cache.start()
                time.sleep(0.5)
        wait_until(lambda: in_db(some) >= sum(one.acknowledged for one in everybody), "the events", PATIENCE_S)
        wait_until(lambda: some.pending() == (0, 0, 0), "the end of the work", PATIENCE_S)
        assert [one.end() for one in some.replicas] == [0, 0]
        with closing(open_store(some.database)) as store:
            told = hooks_account(store, everybody)

    assert {count for name, count in told.items() if name not in NOT_WRONG} == {0}, told
    assert told["hooks_refused"] == 0
