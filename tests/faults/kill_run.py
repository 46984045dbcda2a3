"""`statuswire run` killed under load, again and again: `python -m tests.faults.kill_run FOLDER KILLS SEED`.

Providers post hooks, each update until it is acknowledged, and a receiver takes what is told of them, sometimes slowly
and sometimes not at first. Meanwhile the command is killed by SIGKILL, at random moments of its start and of its work,
and started again on the same database. At the end it works off what is left, and a report is printed as JSON.
"""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from statuswire.store import Store, open_store
from tests.e2e.running import Running
from tests.e2e.waiting import wait_until
from tests.fake_provider import ThreadedProvider
from tests.faults.ledger import Receipts, account, check_file
from tests.faults.providers import Provider, hooks_account, posting, providers
from tests.faults.receiver import LIFE, PLAIN, QUIET, Receiver

PATIENCE_S = 420.0
"""On a busy machine nothing here is quick, and a delivery of which three processes in a row died is put off, at most
for five minutes."""

PENDING = """
SELECT (SELECT COUNT(*) FROM inbox WHERE state = 'waiting'),
       (SELECT last FROM log_head) - (SELECT event_id FROM follower WHERE name = 'planner'),
       (SELECT COUNT(*) FROM delivery WHERE state = 'waiting')
"""


def config(url: Callable[[str], str], life: int) -> str:
    """JSON, which is YAML too. `url` gives the addresses of the receiver."""
    plain = {"hold": "0s", "settle": "0s", "flap": "0s", "gate": False, "group": False, "gather": False}
    webhook = {"kind": "webhook", "allow_private": True, "rate": 1000, "headers": {LIFE: str(life)}}
    channels: dict[str, dict[str, object]] = {name: webhook | {"url": url(f"/{name}")} for name in (*PLAIN, QUIET)}
    channels["flat"]["style"] = "flat"
    everything = {"name": "plain", "channel": list(PLAIN), "type": "incident.*", "during_maintenance": "tell"}
    return json.dumps(
        {
            "pages": [],
            "storm": False,
            "correlate": False,
            "channels": channels,
            "routes": [everything | plain, {"name": "quiet", "channel": QUIET}],
        }
    )


# --- lives and deaths -----------------------------------------------------------------------------------------------


@dataclass
class Scene:
    """A folder with the configuration and the database, and everybody around it."""

    folder: Path
    providers: list[Provider]
    receiver: Receiver
    url: Callable[[str], str]
    dice: random.Random
    lives: int = 0
    early: int = 0

    @property
    def database(self) -> Path:
        return self.folder / "killed.db"

    def started(self) -> Running:
        self.lives += 1
        (self.folder / "statuswire.yaml").write_text(config(self.url, self.lives), encoding="utf-8")
        where = ("--config", "statuswire.yaml", "--database", f"sqlite:///{self.database}", "--port", "0")
        return Running("run", *where, cwd=self.folder, patience_s=PATIENCE_S)

    def live_and_die(self) -> None:
        """One in five is killed while it starts, the others soon after something was received, or whenever it is."""
        with self.started() as service:
            if self.dice.random() < 0.2:
                self.early += 1
                self._die(service, self.dice.random() * 1.2)
            else:
                with posting(self.providers, service.base_url):
                    self._work(service)
        assert service.process.returncode == -signal.SIGKILL
        assert not any("Traceback" in line for line in service.errors), "\n".join(service.errors[-60:])

    def _work(self, service: Running) -> None:
        before = self.receiver.count
        if self.dice.random() < 0.5:
            more = self.dice.randrange(1, 60)
            wait_until(lambda: self.receiver.count >= before + more or not is_up(service), "messages", PATIENCE_S)
        self._die(service, self.dice.choice((0.005, 0.05, 0.3, 1.0, 2.0)) * self.dice.random())

    def _die(self, service: Running, after_s: float) -> None:
        """By our hand, after so long, and not by itself."""
        threading.Event().wait(after_s)
        assert is_up(service), "\n".join(["it ended by itself", *service.errors[-30:]])
        service.kill()

    def end_well(self) -> None:
        """What is owed is posted, what is pending is worked off, and the service ends when asked to."""
        with self.started() as service:
            with posting(self.providers, service.base_url) as is_over:
                is_over.set()
            wait_until(lambda: pending(self.database) == (0, 0, 0), "the end of the work", PATIENCE_S)
            assert service.stop() == 0


def is_up(service: Running) -> bool:
    return service.process.poll() is None


def pending(database: Path) -> tuple[int, ...]:
    """Hooks that are not read, events that are not planned, deliveries that wait."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found: tuple[int, ...] = connection.execute(PENDING).fetchone()
        return found


def report(store: Store, scene: Scene, kills: int) -> dict[str, int]:
    receiver = scene.receiver
    plain = Receipts(sum((receiver.receipts[name].counts for name in PLAIN), Counter()))
    return {
        "kills": kills,
        "early": scene.early,
        **hooks_account(store, scene.providers),
        **account(store, PLAIN, plain),
        "quiet": len(receiver.receipts[QUIET].counts),
        "quiet_twice": sum(len(names) > 1 for names in receiver.told.values()),
        "changed": len(receiver.changed),
        "put_off": receiver.put_off,
        "again": receiver.again.total(),
        "most_again": max(receiver.again.values(), default=0),
        "again_at_once": len(receiver.again_at_once),
    }


def main(folder: Path, kills: int, seed: int) -> None:
    dice = random.Random(seed)
    receiver = Receiver(random.Random(dice.random()))
    with ThreadedProvider() as edge:
        scene = Scene(folder, providers(dice), receiver, edge.url, dice)
        for name in receiver.receipts:
            edge.script(f"/{name}", receiver.play)
        for number in range(kills):
            scene.live_and_die()
            edge.seen.clear()
            print(
                f"seed {seed} kill {number + 1} sent {receiver.count} again {receiver.again.total()}",
                *receiver.again_at_once,
                flush=True,
            )
        scene.end_well()
    with closing(open_store(f"sqlite:///{scene.database}")) as store:
        check_file(store)
        print(json.dumps(report(store, scene, kills)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
