"""Everybody: the database, Redis, three replicas, providers that post, pages that are polled, and who is told."""

from __future__ import annotations

import http.client
import json
import random
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.chaos.pages import Polled
from tests.chaos.wire import Wire
from tests.e2e.running import Running
from tests.fake_provider import ThreadedProvider
from tests.faults.kill_run import PENDING, config
from tests.faults.providers import Provider, providers
from tests.faults.receiver import Receiver
from tests.servers import postgres, redis

REPLICAS = ("ash", "beech", "cherry")
POLLED = ("maple", "oak", "pine", "rowan")
PATIENCE_S = 240.0


@dataclass
class Replica:
    """One process with a wire of its own to the database. `environ` is what it finds beside the usual."""

    name: str
    folder: Path
    wire: Wire
    database: str
    service: Running | None = None
    address: str = ""
    is_stopped: bool = False
    environ: Mapping[str, str] = field(default_factory=dict)
    ends: list[int] = field(default_factory=list)

    def start(self, whole_config: str) -> None:
        """Begin it; its address is known once it listens."""
        (self.folder / f"{self.name}.yaml").write_text(whole_config, encoding="utf-8")
        self.service = Running(
            "run", "--config", f"{self.name}.yaml", "--port", "0", cwd=self.folder, patience_s=PATIENCE_S,
            environ={"STATUSWIRE_DATABASE": self.database, **self.environ},
        )  # fmt: skip
        self.address = ""
        threading.Thread(target=self._learn_address, args=(self.service,), daemon=True).start()

    def _learn_address(self, service: Running) -> None:
        with suppress(AssertionError):  # it was killed before it listened
            self.address = urlsplit(service.base_url).netloc

    def signal(self, number: int) -> None:
        if self.service is not None and self.service.process.poll() is None:
            self.service.process.send_signal(number)
            self.is_stopped = number == signal.SIGSTOP

    def kill(self) -> None:
        """Its traceless end; it says what it logged of errors that nobody foresaw."""
        service, self.service = self.service, None
        self.address = ""
        if service is None:
            return
        if self.is_stopped:
            service.process.send_signal(signal.SIGCONT)
            self.is_stopped = False
        with service:
            service.process.kill()
        self._check(service)

    def end(self) -> int:
        """Ask it to end; its exit code."""
        service, self.service = self.service, None
        self.address = ""
        assert service is not None, "it does not run"
        with service:
            service.process.send_signal(signal.SIGTERM)
            code = service.process.wait(PATIENCE_S)
        self._check(service)
        return code

    def said(self) -> list[str]:
        """The end of what it printed and logged."""
        return [] if self.service is None else [*self.service.lines[-5:], *self.service.errors[-25:]]

    def _check(self, service: Running) -> None:
        assert not any("Traceback" in line for line in service.errors), "\n".join(service.errors[-80:])


@dataclass
class Town:
    dice: random.Random
    folder: Path
    server: postgres.Server
    cache: redis.RedisServer
    database: str
    replicas: list[Replica]
    hooking: list[Provider]
    polled: list[Polled]
    receiver: Receiver
    edge: ThreadedProvider
    lives: int = 0

    def config(self) -> str:
        """Of the next life."""
        self.lives += 1
        whole = json.loads(config(self.edge.url, self.lives))
        whole["pages"] = [
            {"slug": one.name, "url": self.edge.url(f"/{one.name}"), "platform": "statuspage", "allow_private": True}
            for one in self.polled
        ]
        whole["poll"] = {"interval": "1s", "while_open": "1s"}
        whole["redis"] = {"url": self.cache.url}
        return json.dumps(whole)

    def start(self, replica: Replica) -> None:
        replica.start(self.config())

    @property
    def addresses(self) -> list[str]:
        return [one.address for one in self.replicas if one.address and not one.is_stopped]

    def pending(self) -> tuple[int, ...]:
        """Hooks that are not read, events that are not planned, deliveries that wait."""
        with closing(psycopg.connect(self.database)) as connection:
            found = connection.execute(PENDING.encode()).fetchone()
        assert found is not None
        return tuple(found)


@contextmanager
def town(folder: Path, seed: int) -> Iterator[Town]:
    """Everything is up when it is yielded, and nothing is left at the end."""
    dice = random.Random(seed)
    with ExitStack() as stack:
        server = stack.enter_context(postgres.running(postgres.DURABLE))
        cache = stack.enter_context(redis.running())
        edge = stack.enter_context(ThreadedProvider())
        database = server.new_database()
        path = database.rpartition("/")[2]
        wires = [stack.enter_context(Wire(("127.0.0.1", server.port))) for _ in REPLICAS]
        replicas = [
            Replica(name, folder, wire, f"postgresql://postgres@127.0.0.1:{wire.port}/{path}")
            for name, wire in zip(REPLICAS, wires, strict=True)
        ]
        receiver = Receiver(random.Random(dice.random()))
        polled = [Polled(name, random.Random(dice.random())) for name in POLLED]
        for name in receiver.receipts:
            edge.script(f"/{name}", receiver.play)
        for one in polled:
            for what in ("summary.json", "incidents.json", "scheduled-maintenances.json"):
                edge.script(f"/{one.name}/api/v2/{what}", one.play)
        made = Town(dice, folder, server, cache, database, replicas, providers(dice), polled, receiver, edge)
        try:
            yield made
        finally:
            for replica in replicas:
                with suppress(OSError):
                    replica.kill()


@contextmanager
def working(some: Town) -> Iterator[threading.Event]:
    """Providers post to whichever replica is up, and pages publish. What is yielded makes them end, once what is owed
    is acknowledged."""
    is_over = threading.Event()
    threads = [threading.Thread(target=_post_on, args=(one, some, is_over), daemon=True) for one in some.hooking]
    threads += [threading.Thread(target=one.publish_on, args=(is_over,), daemon=True) for one in some.polled]
    for thread in threads:
        thread.start()
    try:
        yield is_over
    finally:
        is_over.set()
        for thread in threads:
            thread.join(PATIENCE_S)


def _post_on(provider: Provider, some: Town, is_over: threading.Event) -> None:
    while provider.is_owed or not is_over.is_set():
        addresses = some.addresses
        if not addresses:
            is_over.wait(0.2)
            continue
        connection = http.client.HTTPConnection(provider.dice.choice(addresses), timeout=5.0)
        try:
            provider.post_once(connection)
        except (OSError, http.client.HTTPException):
            pass  # that replica is gone or stands still: another one is asked
        finally:
            connection.close()
        is_over.wait(provider.dice.choice((0.1, 0.2, 0.4, 0.6)))
