"""From the last schema of SQLite that one process alone had to now, with the real command: nothing is lost or told
twice."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from statuswire.store import schema
from statuswire.store.plain import open_place
from tests.e2e.running import Running
from tests.e2e.waiting import wait_until
from tests.fake_provider import ThreadedProvider
from tests.faults.kill_run import config
from tests.faults.providers import statuspage_body
from tests.faults.receiver import Receiver

WRITTEN = (Path(__file__).parent / "schema_0005.sql").read_text("utf-8")
WRITTEN_AT = datetime(2026, 11, 29, 21, 25, 12, tzinfo=UTC)
WAITING = {
    "msg_un4wmzhjkwc2se7zfbov7uedo3fgdua32q5c5xxjxpdbd53lpkeq",
    "msg_f7dfpbfx6msjvd5gptekyuenp35nm4cypnyqcocracditgd7ozla",
}
LASTING = ("page", "incident_update", "event_key", "event", "inbox", "verdict", "setting")
"""Tables whose rows are the same afterwards, and some come to them."""


def make_old(path: Path) -> None:
    """A database of schema 0005, as it was a minute ago."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    text = WRITTEN.replace(f"{WRITTEN_AT:%Y-%m-%dT%H:%M:%S}", f"{at:%Y-%m-%dT%H:%M:%S}")
    text = text.replace(f"{WRITTEN_AT.timestamp():.0f}", f"{at.timestamp():.0f}")
    with closing(open_place(f"sqlite:///{path}", alone=True, is_writer=True, is_new=True)) as place:
        place.write(partial(schema.create, head="0005"))
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(text)


def columns(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: ", ".join(row[1] for row in connection.execute(f"PRAGMA table_info({table})")) for table in LASTING
        }


def rows(path: Path, of: dict[str, str]) -> dict[str, set[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {table: set(connection.execute(f"SELECT {some} FROM {table}")) for table, some in of.items()}


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: tuple[int] = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
        return found[0]


def test_a_database_of_the_version_before_replicas_is_used_with_all_that_is_in_it(tmp_path: Path) -> None:
    path, receiver = tmp_path / "old.db", Receiver(random.Random(0))
    make_old(path)
    old_columns = columns(path)
    before = rows(path, old_columns)
    with ThreadedProvider() as edge:
        edge.script("/w", receiver.play)
        whole = json.loads(config(edge.url, 1))
        whole["channels"] = {"w": whole["channels"]["standard"] | {"url": edge.url("/w")}}
        whole["routes"] = [whole["routes"][0] | {"name": "r", "channel": "w"}]
        (tmp_path / "c.yaml").write_text(json.dumps(whole), "utf-8")
        receiver.receipts["w"] = receiver.receipts.pop("standard")
        told = receiver.receipts["w"].counts
        with Running("run", "--config", "c.yaml", "--database", f"sqlite:///{path}", "--port", "0", cwd=tmp_path) as it:
            replies = [it.post("/webhook/statuspage", statuspage_body("alder", number)).status for number in (3, 6)]
            wait_until(lambda: len(told) == 3 and count(path, "delivery_log") == 3, "what waited, and one more")
            code = it.stop()

    assert (replies, code) == ([202, 202], 0)
    assert not any("Traceback" in line for line in it.errors), it.errors
    assert set(told) > WAITING
    after = rows(path, old_columns)
    assert {name: before[name] - after[name] for name in LASTING if not before[name] <= after[name]} == {}
    assert count(path, "event") == len(before["event"]) + 1, "what was known is not told again"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (schema.HEAD,)
