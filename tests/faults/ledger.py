"""What was meant to be told, what arrived, and whether the two are the same: the account after many kills."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from statuswire.fingerprint import message_id
from statuswire.model import DeliveryState
from statuswire.store import Store

ROOT = Path(__file__).resolve().parents[2]


def reported(module: str, *words: object, timeout_s: float) -> dict[str, int]:
    """The report that `python -m MODULE WORDS` prints as JSON in its last line."""
    command = [sys.executable, "-m", module, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=timeout_s, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return report


@dataclass(frozen=True, slots=True)
class Meant:
    """A message that has to arrive. Those of one channel and thread arrive in the order of their events."""

    channel: str
    thread: str
    event_id: int


@dataclass
class Receipts:
    """Message ids as they arrived."""

    counts: Counter[str] = field(default_factory=Counter)

    def hear(self, name: str) -> bool:
        """Whether it was there before."""
        self.counts[name] += 1
        return self.counts[name] > 1

    @property
    def firsts(self) -> Iterable[str]:
        """Each id once, in the order of first receipts."""
        return self.counts


def check_file(store: Store) -> None:
    """The database is whole."""
    assert store.read(lambda tx: tx.all("PRAGMA integrity_check")) == [("ok",)]
    assert store.read(lambda tx: tx.all("PRAGMA foreign_key_check")) == []


def meant(store: Store, channels: Sequence[str]) -> dict[str, Meant]:
    """By message id: what a plain route tells these channels of the log, which is every event of an incident alone."""
    rows = store.read(
        lambda tx: tx.all("SELECT id, key, page_id, incident_id FROM event WHERE type LIKE 'incident.%' ORDER BY id")
    )
    return {
        message_id(channel, "event", [key]): Meant(channel, f"{page}/{incident}", id_)
        for id_, key, page, incident in rows
        for channel in channels
    }


def account(store: Store, channels: Sequence[str], receipts: Receipts) -> dict[str, int]:
    """Counts of what was meant, of what arrived, and of all that is wrong with it."""
    wanted = meant(store, channels)
    logged = store.read(lambda tx: tx.all("SELECT message_id, state FROM delivery_log"))
    delivered = {name for name, state in logged if state == DeliveryState.DELIVERED}
    placed = ", ".join(f"'{channel}'" for channel in channels)
    waiting = f"SELECT 1 FROM delivery WHERE channel IN ({placed})"
    return {
        "events": len({one.event_id for one in wanted.values()}),
        "messages": len(wanted),
        "sent": receipts.counts.total(),
        "lost": len(wanted.keys() - receipts.counts.keys()) + len(wanted.keys() - delivered),
        "foreign": len(receipts.counts.keys() - wanted.keys()),
        "left": len(store.read(lambda tx: tx.all(waiting))),
        "out_of_order": out_of_order(wanted, receipts),
    }


def out_of_order(wanted: Mapping[str, Meant], receipts: Receipts) -> int:
    """In how many threads of a channel a later event arrived for the first time before an earlier one."""
    arrived: dict[tuple[str, str], list[int]] = {}
    for name in receipts.firsts:
        if one := wanted.get(name):
            arrived.setdefault((one.channel, one.thread), []).append(one.event_id)
    return sum(ids != sorted(ids) for ids in arrived.values())
