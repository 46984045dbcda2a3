"""P1: `kill -9` at any moment leaves a database that opens, has what was acknowledged, and tells nothing twice."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from statuswire.store import Store, open_store, queries
from tests.faults.kill_writer import OPTIONS, record
from tests.faults.ledger import ROOT, check_file


@dataclass
class Acknowledged:
    """Everything that any of the killed processes said was committed."""

    hooks: set[str] = field(default_factory=set)
    events: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def hear(self, line: str) -> None:
        kind, *words = line.split()
        if kind == "hook":
            self.hooks.add(words[0])
        else:
            self.events[words[-1]] = tuple(int(word) for word in words[:-1])


def kill_after(path: Path, name: str, answers: int, acknowledged: Acknowledged) -> None:
    """Let a writer run until it has answered so often, then kill it wherever it is."""
    with subprocess.Popen(_command(path, name), stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        for _ in range(answers):
            acknowledged.hear(writer.stdout.readline())
        writer.kill()
        _hear_the_rest(writer.stdout.read(), acknowledged)
    assert writer.returncode == -signal.SIGKILL


def kill_at(path: Path, name: str, statement: int, acknowledged: Acknowledged) -> None:
    """Let a writer kill itself in place of one of its statements."""
    writer = subprocess.run(
        _command(path, name, str(statement)), stdout=subprocess.PIPE, text=True, cwd=ROOT, timeout=60, check=False
    )
    _hear_the_rest(writer.stdout, acknowledged)
    assert writer.returncode == -signal.SIGKILL


def _command(path: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "tests.faults.kill_writer", str(path), *words]


def _hear_the_rest(text: str, acknowledged: Acknowledged) -> None:
    for line in text.splitlines(keepends=True):
        if line.endswith("\n"):
            acknowledged.hear(line)


def check(path: Path, acknowledged: Acknowledged) -> None:
    """Open the database and look for anything lost, torn or told twice."""
    with closing(open_store(f"sqlite:///{path}", options=OPTIONS)) as store:
        check_file(store)
        _check_hooks(store, acknowledged)
        _check_events(store, acknowledged)


def _check_hooks(store: Store, acknowledged: Acknowledged) -> None:
    kept = {row[0] for row in store.read(lambda tx: tx.all("SELECT message_id FROM inbox"))}
    assert acknowledged.hooks - kept == set()


def _check_events(store: Store, acknowledged: Acknowledged) -> None:
    rows = store.read(lambda tx: tx.all("SELECT id, key FROM event ORDER BY id"))
    last = store.read(queries.last_event_id)
    keys = {row[0] for row in store.read(lambda tx: tx.all("SELECT key FROM event_key"))}
    assert [row[0] for row in rows] == list(range(1, last + 1)), "ids have no gap"
    assert len({row[1] for row in rows}) == len(rows), "nothing is told twice"
    assert {row[1] for row in rows} == keys, "a key is taken exactly where its event is"
    by_key = {row[1]: row[0] for row in rows}
    for key, ids in acknowledged.events.items():
        assert (by_key[f"{key}-a"], by_key[f"{key}-b"]) == ids
    _check_state(store, len(rows))


def _check_state(store: Store, events: int) -> None:
    """State and events are written in one transaction, so they tell of the same recordings."""
    row = store.read(lambda tx: tx.one("SELECT ver FROM page_state"))
    updates = store.read(lambda tx: tx.one("SELECT COUNT(*) FROM incident_update"))
    version = 0 if row is None else row[0]
    assert (version, events) == (updates and updates[0], 2 * version)


def run_rounds(path: Path, seed: int, rounds: int) -> Acknowledged:
    dice = random.Random(seed)
    acknowledged = Acknowledged()
    for number in range(rounds):
        name = f"{seed}.{number}"
        if dice.random() < 0.5:
            kill_after(path, name, dice.randrange(400), acknowledged)
        else:
            kill_at(path, name, dice.randrange(1, 600), acknowledged)
        if path.exists():
            check(path, acknowledged)
    return acknowledged


def test_P1_ten_kills_lose_nothing_and_tell_nothing_twice(tmp_path: Path) -> None:
    acknowledged = run_rounds(tmp_path / "statuswire.db", seed=7, rounds=10)

    assert len(acknowledged.hooks) > 100
    assert acknowledged.events


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(8))
def test_P1_two_hundred_kills_lose_nothing_and_tell_nothing_twice(tmp_path: Path, seed: int) -> None:
    acknowledged = run_rounds(tmp_path / "statuswire.db", seed=1000 + seed, rounds=25)

    assert len(acknowledged.hooks) > 100


@pytest.mark.nightly
@pytest.mark.parametrize("statement", range(1, 90))
def test_P1_a_kill_at_each_statement_of_the_first_transactions(tmp_path: Path, statement: int) -> None:
    path = tmp_path / "statuswire.db"
    acknowledged = Acknowledged()

    kill_at(path, "once", statement, acknowledged)

    check(path, acknowledged)


def test_P1_a_recording_repeated_after_a_kill_tells_only_what_was_not_told(tmp_path: Path) -> None:
    path = tmp_path / "statuswire.db"
    acknowledged = Acknowledged()
    kill_after(path, "first", 60, acknowledged)

    with closing(open_store(f"sqlite:///{path}", options=OPTIONS)) as store:
        before = store.read(queries.last_event_id)
        again = [store.write(lambda tx, key=key: record(tx, key)) for key in acknowledged.events]
        fresh = store.write(lambda tx: record(tx, "fresh"))

    assert acknowledged.events
    assert set(again) == {()}
    assert fresh == (before + 1, before + 2)


def test_P1_a_kill_while_the_schema_is_made_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    for statement in (1, 6, 12, 24, 40):
        path = tmp_path / f"{statement}.db"
        kill_at(path, "first", statement, Acknowledged())

        open_store(f"sqlite:///{path}", options=OPTIONS).close()

        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT COUNT(*) FROM log_head").fetchone() == (1,)
