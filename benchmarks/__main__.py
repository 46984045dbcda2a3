"""`make bench`: every benchmark in turn, each a process of its own, and one table of budgets at the end.

    python -m benchmarks [--only NAME]... [--full]

The short form takes a few minutes; `--full` runs each with its own defaults, which is what docs/performance.md shows.
A missed budget is reported and is no failure, because machines differ; a benchmark that breaks ends with exit code 1.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
NO_BENCHMARKS = frozenset(
    {
        "__init__",
        "__main__",
        "bench",
        "child",
        "loopback",
        "hook_server",
        "stream_server",
        "big_store",
        "receiver",
        "noise",
        "counted",
        "teller",
        "database",
    }
)
"""What the benchmarks share: the measuring, and the servers they talk to. `noise` needs captures: `make noise`."""

SHORT: dict[str, tuple[str, ...]] = {
    "api": ("--seconds", "10"),
    "changed_feed": ("--rounds", "3"),
    "dispatch": ("--deliveries", "2000", "--rounds", "3", "--paced-s", "5"),
    "face": ("--rounds", "5"),
    "hooks": ("--requests", "1500", "--rounds", "3", "--paced-s", "3"),
    "hosts": ("--rounds", "5"),
    "poll_product": ("--rounds", "3"),
    "poll_unchanged": ("--rounds", "5"),
    "reading": ("--rounds", "3", "--operations", "5"),
    "replica_hooks": ("--hooks", "900", "--rounds", "2", "--paced-s", "3"),
    "replicas": ("--pages", "10000", "--polls", "20000", "--rounds", "1"),
    "replica_dispatch": ("--events", "500", "--rounds", "2"),
    "scheduling": ("--pages", "20000", "--rounds", "3"),
    "store_commit": ("--operations", "500", "--rounds", "3"),
    "streams": ("--subscribers", "300", "--events", "50", "--rounds", "3"),
    "tls_resumption": ("--rounds", "7"),
    "whole_process": ("--rounds", "3", "--idle-s", "20"),
}
"""Options of the short form; a benchmark that is not here has only one form."""

_JUDGED = re.compile(r"^\s+(?P<name>\S.*?)\s{2,}.*?(?P<budget>[<>]= ?\S+(?: \w+)?)(?: (?P<word>ok|OVER|MISSED))?$")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one benchmark ended: its lines that stand beside a budget, and how long it took."""

    name: str
    judged: tuple[str, ...]
    seconds: float
    is_broken: bool


def names() -> tuple[str, ...]:
    """Every benchmark of the folder, by the name of its file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NO_BENCHMARKS))


def measure(name: str, options: Sequence[str]) -> Outcome:
    """Run one benchmark, its output shown as it comes. Exit code 1 without a missed budget means that it broke."""
    command = [sys.executable, str(FOLDER / f"{name}.py"), *options]
    print(f"\n== {name} {' '.join(options)}".rstrip(), flush=True)
    started_s = time.monotonic()
    judged: list[str] = []
    has_missed = False
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if _JUDGED.match(line.rstrip()):
                judged.append(line.strip())
                has_missed |= line.rstrip().endswith(("OVER", "MISSED"))
    is_broken = process.returncode not in (0, 1) or (process.returncode == 1 and not (has_missed or judged))
    return Outcome(name, tuple(judged), time.monotonic() - started_s, is_broken)


def report(outcomes: Sequence[Outcome]) -> str:
    """One table: a line for each figure that has a budget."""
    column = max(len(one.name) for one in outcomes)
    lines = ["", "Summary (a ratio or figure, its spread where there is one, its budget)"]
    for one in outcomes:
        rows = ("BROKEN",) if one.is_broken else one.judged or ("no budget of its own",)
        lines += [f"  {one.name if not index else '':{column}}  {row}" for index, row in enumerate(rows)]
        lines.append(f"  {'':{column}}  ({one.seconds:.0f} s)")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run the benchmarks in turn.")
    parser.add_argument("--only", action="append", choices=names(), metavar="NAME", help=", ".join(names()))
    parser.add_argument("--full", action="store_true", help="each with its own defaults; takes much longer")
    asked = parser.parse_args()
    chosen = asked.only or names()
    outcomes = [measure(name, () if asked.full else SHORT.get(name, ())) for name in chosen]
    print(report(outcomes))
    return 1 if any(one.is_broken for one in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
