"""Pages of the dashboard beside a store of a busy installation: 1,000 pages, 20,000 components, 200,000 events.

    python benchmarks/face.py [--database big.db] [--rounds 9]

The service is a process of its own and is asked for one page at a time; counted is the CPU time that it takes for the
whole answer, all its threads. The first answer of each page, for which its view is loaded, is not counted. Sizes are
those that leave the service, without compression.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from api import FOLDER, cpu_s, server
from bench import finish
from child import Child

CPU_MS = 150.0
SIZE_KB = 200.0
PAGES: Mapping[str, str] = {
    "now": "/",
    "wall": "/wall",
    "a page": "/pages/{page}",
    "an incident": "/pages/{page}/incidents/{incident}",
    "history": "/history",
    "history of a page": "/history?page={page}",
    "maintenance": "/maintenance",
    "reports of a page": "/reports?page={page}",
    "reports": "/reports",
}
BUDGETED = frozenset({"now"})
"""What is looked at most, and grows with the installation."""


@dataclass(frozen=True, slots=True)
class Seen:
    """CPU in milliseconds of each answer, and its size."""

    cpu_ms: tuple[float, ...]
    size_bytes: int


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:
        body: bytes = answer.read()
        return body


def names(base: str) -> dict[str, str]:
    """The newest incident, and its page."""
    (incident,) = json.loads(fetch(f"{base}/api/v1/incidents?limit=1"))["items"]
    return {"page": incident["page"]["slug"], "incident": incident["id"]}


def look(process: Child, url: str, rounds: int) -> Seen:
    size_bytes = len(fetch(url))
    taken = []
    for _ in range(rounds):
        before_s = cpu_s(process)
        fetch(url)
        taken.append((cpu_s(process) - before_s) * 1000)
    return Seen(tuple(taken), size_bytes)


def show(name: str, seen: Seen) -> bool:
    """One line for each figure; whether it is within its budget, where it has one."""
    spread = f"{min(seen.cpu_ms):.0f}..{max(seen.cpu_ms):.0f}"
    verdicts = [
        line(name, median(seen.cpu_ms), CPU_MS, "ms", spread),
        line(f"{name}, size", seen.size_bytes / 1000, SIZE_KB, "KB"),
    ]
    return all(verdicts) or name not in BUDGETED


def line(what: str, figure: float, limit: float, unit: str, spread: str = "") -> bool:
    is_held = figure <= limit
    budget = f"<= {limit:g} {unit} {'ok' if is_held else 'OVER'}" if what.partition(",")[0] in BUDGETED else ""
    print(f"  {what:26}  {figure:8.1f} {unit}  {spread:>12}  {budget}".rstrip())
    return is_held


@contextmanager
def store(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with TemporaryDirectory() as folder:
        database = Path(folder) / "big.db"
        subprocess.run([sys.executable, str(FOLDER / "big_store.py"), str(database)], check=True)
        yield database


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=Path, help="one that big_store.py made; made anew when left out")
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    with store(asked.database) as database, server(database) as (process, base):
        known = names(base)
        print("the dashboard")
        verdicts = [
            show(name, look(process, base + path.format(**known), asked.rounds)) for name, path in PAGES.items()
        ]
    finish(*verdicts)


if __name__ == "__main__":
    main()
