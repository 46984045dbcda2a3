"""`python -m tests.chaos [--minutes 20] [--seed N]`: chaos for so long, and the account as JSON in the last line.

Three replicas of the real command, hooks to any of them and pages that all of them watch, while replicas, the database
and Redis are killed, stopped, cut off and restarted in turn. At the end all is up again and works off what is left:
the log must hold the script and nothing else, every receiver every message, and each incident its order.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

import psycopg

from statuswire.store import open_store
from tests.chaos.mishaps import drawn, undergo
from tests.chaos.pages import Polled
from tests.chaos.town import PATIENCE_S, Town, town, working
from tests.e2e.waiting import wait_until
from tests.faults.ledger import Receipts, account
from tests.faults.providers import Provider, hooks_account, text_of
from tests.faults.receiver import PLAIN, QUIET


def run(folder: Path, minutes: float, seed: int) -> dict[str, object]:
    with town(folder, seed) as some:
        some.begin()
        happened: Counter[str] = Counter()
        with working(some) as is_over:
            until = time.monotonic() + minutes * 60
            while time.monotonic() < until:
                one = drawn(some.dice)
                lasted = undergo(some, one)
                happened[one.name] += 1
                print(f"{until - time.monotonic():6.0f} s left: {one.name} for {lasted:.1f} s", flush=True)
            _mend(some)
            is_over.set()
        work_off(some)
        codes = [replica.end() for replica in some.replicas]
        assert codes == [0, 0, 0], codes
        return report_of(some, happened)


def _mend(some: Town) -> None:
    """Everything is up again."""
    for replica in some.replicas:
        if replica.service is None or replica.service.process.poll() is not None:
            replica.kill()
            some.start(replica)
    try:
        wait_until(lambda: len(some.addresses) == len(some.replicas), "all replicas", PATIENCE_S)
    except AssertionError:
        for replica in some.replicas:
            print(replica.name, replica.address, replica.is_stopped, *replica.said(), sep="\n  ", flush=True)
        raise


def work_off(some: Town) -> None:
    wanted = sum(one.acknowledged for one in _all(some))
    print(f"working off what is left of {wanted} updates", flush=True)

    def is_done() -> bool:
        with suppress(psycopg.Error):
            return some.pending() == (0, 0, 0) and _texts(some) >= wanted
        return False

    try:
        wait_until(is_done, "the end of the work", PATIENCE_S)
    except AssertionError:
        _explain(some)
        raise


def _explain(some: Town) -> None:
    """What is missing, and what became of the hooks that brought it."""
    with closing(psycopg.connect(some.database)) as connection:
        bodies = [json.loads(row[0]) for row in connection.execute("SELECT body FROM event")]
        there = {body["update"]["text"] for body in bodies if body.get("update")}
        missing = [text_of(one.name, n) for one in _all(some) for n in range(one.acknowledged)]
        missing = [text for text in missing if text not in there]
        print(f"pending {some.pending()}, missing {missing}", flush=True)
        for text in missing[:5]:
            print(
                connection.execute(
                    "SELECT id, source, lane, state, attempts, claims, claimed_by, last_error FROM inbox"
                    " WHERE convert_from(body, 'utf8') LIKE %s",
                    (f'%{text}"%',),
                ).fetchall()
            )
            print(connection.execute("SELECT body FROM incident WHERE id = %s", (text.split()[0],)).fetchall())
            print(
                connection.execute(
                    "SELECT body FROM incident_update WHERE incident_id = %s ORDER BY seq", (text.split()[0],)
                ).fetchall()
            )


def _texts(some: Town) -> int:
    with closing(psycopg.connect(some.database)) as connection:
        row = connection.execute("SELECT COUNT(*) FROM event WHERE type LIKE 'incident.%'").fetchone()
    return 0 if row is None else int(row[0])


def _all(some: Town) -> list[Provider | Polled]:
    return [*some.hooking, *some.polled]


def report_of(some: Town, happened: Counter[str]) -> dict[str, object]:
    receiver = some.receiver
    plain = Receipts(sum((receiver.receipts[name].counts for name in PLAIN), Counter()))
    with closing(open_store(some.database)) as store:
        told = hooks_account(store, _all(some))
        sent = account(store, PLAIN, plain)
    return {
        "lives": some.lives,
        "mishaps": happened.total(),
        **told,
        **sent,
        "quiet": len(receiver.receipts[QUIET].counts),
        "quiet_twice": sum(len(names) > 1 for names in receiver.told.values()),
        "changed": len(receiver.changed),
        "put_off": receiver.put_off,
        "again": receiver.again.total(),
        "again_at_once": len(receiver.again_at_once),
        "polls": sum(one.reads for one in some.polled),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="chaos-") as temporary:
        report = run(given.folder or Path(temporary), given.minutes, given.seed)
    print(json.dumps(report))
    sys.exit(0 if is_clean(report) else 1)


WRONG = (
    "hooks_lost", "hooks_doubled", "hooks_foreign", "hooks_out_of_order", "lost", "foreign", "left", "out_of_order",
    "quiet_twice", "changed", "again_at_once",
)  # fmt: skip


def is_clean(report: Mapping[str, object]) -> bool:
    """Nothing lost, doubled, strange or out of order."""
    return not any(report[name] for name in WRONG) and report["events"] == report["hooks"] != 0


if __name__ == "__main__":
    main()
