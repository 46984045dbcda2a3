"""Everybody: the database, Redis, three replicas, providers that post, pages that are polled, and who is told."""

from __future__ import annotations

import http.client
import json
import random
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.chaos.pages import Polled
from tests.chaos.wire import Wire
from tests.e2e.running import Running
from tests.e2e.waiting import wait_until
from tests.fake_provider import Script, ThreadedProvider
from tests.faults.kill_run import PENDING, config
from tests.faults.providers import Provider, providers
from tests.faults.receiver import Receiver
from tests.servers import postgres, redis

REPLICAS = ("ash", "beech", "cherry")
POLLED = ("maple", "oak", "pine", "rowan")
PATIENCE_S = 240.0


@dataclass
class Replica:
    """One process with a wire and a user of its own at the database. `life` is the how-manieth start it is, of all,
    `environ` what it finds beside the usual."""

    name: str
    folder: Path
    wire: Wire
    database: str
    service: Running | None = None
    address: str = ""
    is_stopped: bool = False
    environ: Mapping[str, str] = field(default_factory=dict)
    life: int = 0

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
        self.signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Its exit code, once it has ended as it was asked to."""
        service, self.service = self.service, None
        self.address = ""
        assert service is not None, "it does not run"
        with service:
            code = service.process.wait(PATIENCE_S)
        self._check(service)
        return code

    def said(self) -> list[str]:
        """The end of what it printed and logged."""
        return [] if self.service is None else [*self.service.lines[-5:], *self.service.errors[-25:]]

    def _check(self, service: Running) -> None:
        begins = next((at for at, line in enumerate(service.errors) if "Traceback" in line), None)
        assert begins is None, "\n".join(service.errors[max(begins - 10, 0) : begins + 80])


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
    urls: Mapping[str, str]
    edges: Mapping[str, ThreadedProvider]
    lives: int = 0
    with_redis: bool = True

    def config(self) -> str:
        """Of the next life."""
        self.lives += 1
        whole = json.loads(config(self.edge.url, self.lives))
        whole["pages"] = [
            {"slug": name, "url": url, "platform": "statuspage", "allow_private": True}
            for name, url in self.urls.items()
        ]
        whole["poll"] = {"interval": "1s", "while_open": "1s"}
        whole |= {"redis": {"url": self.cache.url}} if self.with_redis else {}
        return json.dumps(whole)

    def start(self, replica: Replica) -> None:
        replica.start(self.config())
        replica.life = self.lives

    def script(self, page: str, what: str, script: Script) -> None:
        """Let this answer for a document of a page."""
        place = urlsplit(self.urls[page])
        self.edges[place.hostname or ""].script(f"{place.path}/api/v2/{what}", script)

    def begin(self) -> None:
        """All replicas are up, and what all pages said at first is known: nothing of that would be told."""
        for replica in self.replicas:
            self.start(replica)
        wait_until(lambda: len(self.addresses) == len(self.replicas), "all replicas", PATIENCE_S)
        wait_until(lambda: self._known() == len(self.polled), "the first look at every page", PATIENCE_S)

    def _known(self) -> int:
        with closing(psycopg.connect(self.database)) as connection:
            row = connection.execute("SELECT COUNT(*) FROM page_state WHERE baseline_at IS NOT NULL").fetchone()
        return 0 if row is None else int(row[0])

    def end_connections(self, application: str) -> None:
        """Of all who call themselves so at the database."""
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        with closing(psycopg.connect(self.database, autocommit=True)) as connection:
            connection.execute(query, (application,))

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
def town(
    folder: Path, seed: int, names: Sequence[str] = REPLICAS, pages: Mapping[str, str] | None = None
) -> Iterator[Town]:
    """Everything is up when it is yielded, and nothing is left at the end. `pages` are those that are polled, by name,
    with the loopback address that each is at; whose address differs may be polled by different replicas."""
    dice = random.Random(seed)
    at = dict.fromkeys(POLLED, "127.0.0.1") if pages is None else pages
    with ExitStack() as stack:
        server = stack.enter_context(postgres.running(postgres.DURABLE))
        cache = stack.enter_context(redis.running())
        edges = {host: stack.enter_context(ThreadedProvider(host=host)) for host in {"127.0.0.1", *at.values()}}
        edge = edges["127.0.0.1"]
        database = server.new_database()
        path = database.rpartition("/")[2]
        wires = [stack.enter_context(Wire(("127.0.0.1", server.port))) for _ in names]
        replicas = [
            Replica(name, folder, wire, f"postgresql://{name}@127.0.0.1:{wire.port}/{path}")
            for name, wire in zip(names, wires, strict=True)
        ]
        _make_users(database, names)
        receiver = Receiver(random.Random(dice.random()))
        polled = [Polled(name, random.Random(dice.random())) for name in at]
        for name in receiver.receipts:
            edge.script(f"/{name}", receiver.play)
        for one in polled:
            for what in ("summary.json", "incidents.json", "scheduled-maintenances.json"):
                edges[at[one.name]].script(f"/{one.name}/api/v2/{what}", one.play)
        urls = {one.name: edges[at[one.name]].url(f"/{one.name}") for one in polled}
        made = Town(
            dice, folder, server, cache, database, replicas, providers(dice), polled, receiver, edge, urls, edges
        )
        try:
            yield made
        finally:
            for replica in replicas:
                with suppress(OSError):
                    replica.kill()


def _make_users(database: str, names: Sequence[str]) -> None:
    """So that the database knows which replica writes."""
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        for name in names:
            connection.execute(f"CREATE ROLE {name} SUPERUSER LOGIN".encode())


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
