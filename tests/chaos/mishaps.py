"""What happens to the town, a table: each mishap lasts a while and is over when the next begins."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from tests.chaos.town import Replica, Town


@dataclass(frozen=True, slots=True)
class Mishap:
    """`lasts` seconds at most; `share` is how often it comes, compared with the others."""

    name: str
    happen: Callable[[Town], AbstractContextManager[object]]
    lasts: float
    share: int = 1


def _one(town: Town) -> Replica:
    return town.dice.choice(town.replicas)


@contextmanager
def killed_replica(town: Town) -> Iterator[None]:
    replica = _one(town)
    replica.kill()
    yield
    town.start(replica)


@contextmanager
def restarted_replica(town: Town) -> Iterator[None]:
    """As a rolling upgrade does it."""
    replica = _one(town)
    if replica.address:
        assert replica.end() == 0, "it ends well when it is asked to"
    else:
        replica.kill()
    town.start(replica)
    yield


@contextmanager
def stopped_replica(town: Town) -> Iterator[None]:
    replica = _one(town)
    still = town.receiver.stand_still(replica.life, time.monotonic())
    replica.signal(signal.SIGSTOP)
    yield
    still.until = time.monotonic()
    replica.signal(signal.SIGCONT)


@contextmanager
def partitioned_replica(town: Town) -> Iterator[None]:
    replica = _one(town)
    replica.wire.cut()
    yield
    replica.wire.mend()


@contextmanager
def crashed_database(town: Town) -> Iterator[None]:
    town.server.stop("immediate")
    yield
    town.server.start()


@contextmanager
def stopped_database(town: Town) -> Iterator[None]:
    town.server.signal_all(signal.SIGSTOP)
    yield
    town.server.signal_all(signal.SIGCONT)


@contextmanager
def killed_redis(town: Town) -> Iterator[None]:
    town.cache.kill()
    yield
    town.cache.start()


@contextmanager
def flushed_redis(town: Town) -> Iterator[None]:
    town.cache.flush()
    yield


@contextmanager
def stopped_redis(town: Town) -> Iterator[None]:
    town.cache.pause()
    yield
    town.cache.resume()


@contextmanager
def nothing(town: Town) -> Iterator[None]:
    """Time to come to rest."""
    yield


MISHAPS = (
    Mishap("a replica is killed", killed_replica, 20.0, 4),
    Mishap("a replica is restarted", restarted_replica, 3.0, 2),
    Mishap("a replica stands still", stopped_replica, 25.0, 3),
    Mishap("a replica is cut off from the database", partitioned_replica, 25.0, 3),
    Mishap("the database crashes", crashed_database, 6.0, 3),
    Mishap("the database stands still", stopped_database, 8.0, 1),
    Mishap("Redis is killed", killed_redis, 10.0, 1),
    Mishap("Redis is emptied", flushed_redis, 1.0, 1),
    Mishap("Redis stands still", stopped_redis, 10.0, 1),
    Mishap("nothing", nothing, 5.0, 2),
)


def drawn(dice: random.Random) -> Mishap:
    return dice.choices(MISHAPS, [one.share for one in MISHAPS])[0]


def undergo(town: Town, one: Mishap) -> float:
    """How long it lasted, in seconds."""
    lasts = one.lasts * town.dice.choice((0.1, 0.3, 1.0)) * (0.5 + town.dice.random() / 2)
    with one.happen(town):
        threading.Event().wait(lasts)
    return lasts
