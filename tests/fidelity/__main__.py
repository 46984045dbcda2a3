"""`python -m tests.fidelity [FOLDER]`: read every captured document, replay every series, and report it.

Exit code 0: everything is as it should be; 1: a document is refused that must be read, is taken for another platform's
or has words that no table knows, or a replay differs from its truth; 2: there are no captures.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .documents import Reading, captures_in, read
from .replays import differences, replayed, series_in

COLUMNS = ("documents", "components", "incidents", "updates", "problems", "unknown words")


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else _default_folder()
    if not (folder / "MANIFEST.csv").is_file():
        print(f"no captured documents at {folder}: name the folder, or set STATUSWIRE_CAPTURES", file=sys.stderr)
        return 2
    console = Console(width=120, highlight=False)
    readings = [read(capture) for capture in captures_in(folder)]
    console.print(_by_platform(readings))
    console.print(_problems(readings))
    console.print(_refusals(readings))
    faults = [one.fault for one in readings if one.fault]
    for path in series_in(folder):
        faults += _replay(console, path, str(path.relative_to(folder)))
    for fault in faults:
        console.print(f"WRONG: {fault}", markup=False)
    console.print(f"{len(readings)} documents, {len(series_in(folder))} series, {len(faults)} faults")
    return 1 if faults else 0


def _default_folder() -> Path:
    default = Path(__file__).resolve().parents[3] / "shared" / "captures"
    return Path(os.environ.get("STATUSWIRE_CAPTURES", default))


def _by_platform(readings: Sequence[Reading]) -> Table:
    table = Table("platform", title="read", title_justify="left")
    for column in COLUMNS:
        table.add_column(column, justify="right")
    rows: dict[str, Counter[str]] = {}
    for one in readings:
        if one.snapshot is not None:
            rows.setdefault(one.snapshot.platform, Counter()).update(_counts(one))
    for platform, counts in sorted(rows.items()):
        table.add_row(platform, *(str(counts[column]) for column in COLUMNS))
    return table


def _counts(one: Reading) -> dict[str, int]:
    assert one.snapshot is not None
    incidents, problems = one.snapshot.incidents, one.snapshot.problems
    counts = (1, len(one.snapshot.components), len(incidents), sum(len(incident.updates) for incident in incidents))
    return dict(zip(COLUMNS, (*counts, len(problems), len(one.unknown_words)), strict=True))


def _problems(readings: Sequence[Reading]) -> Table:
    table = Table("document", "problem", "times", title="problems", title_justify="left")
    for one in readings:
        problems = one.snapshot.problems if one.snapshot else ()
        for reason, count in Counter(problem.reason for problem in problems).most_common():
            table.add_row(one.capture.path, reason, str(count))
    return table


def _refusals(readings: Sequence[Reading]) -> Table:
    table = Table("document", "why it need not be read", "refused with", title="refused", title_justify="left")
    for one in readings:
        if one.snapshot is None:
            table.add_row(one.capture.path, one.capture.refusal or "IT MUST BE READ", one.error)
    return table


def _replay(console: Console, path: Path, name: str) -> list[str]:
    began = time.perf_counter()
    result = replayed(path, history=True)
    wrong = [f"{name}: {difference}" for difference in differences(path, result)]
    verdict = "differs from the truth" if wrong else "agrees with the truth"
    seconds = time.perf_counter() - began
    console.print(f"{name} {verdict}, in {seconds:.1f} s: {' / '.join(result.summary.splitlines()[:2])}", markup=False)
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
