"""How quiet the default settings are: messages a week beside a plain route, over captured time series.

`python benchmarks/noise.py [FOLDER]` runs the real planner over every series of documents below the folder (else
$STATUSWIRE_CAPTURES, else ../shared/captures), by the backtest. The plain route tells every event by itself; the quiet
one is what a channel gets whose routes say nothing. Exit code 1 where the quiet one never told an incident that
reached `major`; 2 where there are no series.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from statuswire.backtest.counting import Report, RouteReport
from statuswire.backtest.running import over_series
from statuswire.core.calendar import CalendarRule
from statuswire.core.routing import USUAL_TYPES
from statuswire.engine.planner import KnownChannel, Rules
from statuswire.model import Filter, Impact, Quiet, Route
from statuswire.model.rules import PLAIN_QUIET

SUFFIX = ".series.jsonl.xz"
RULES = Rules(
    routes=(
        Route("plain", ("plain",), quiet=PLAIN_QUIET),
        Route("quiet", ("quiet",), Filter(types=USUAL_TYPES), Quiet()),
    ),
    channels={name: KnownChannel("console") for name in ("plain", "quiet")},
)


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else _default_folder()
    paths = sorted(folder.rglob(f"*{SUFFIX}"))
    if not paths:
        print(f"no series at {folder}: name the folder, or set STATUSWIRE_CAPTURES", file=sys.stderr)
        return 2
    reports = {str(path.relative_to(folder)).removesuffix(SUFFIX): _run(path) for path in paths}
    Console(width=140, highlight=False).print(_table(reports))
    missed = [(name, one) for name, report in reports.items() for one in _quiet(report).missed]
    for name, one in missed:
        print(f"MISSED: {name}: {one.title} ({one.impact}): {one.reason}")
    return 1 if missed else 0


def _default_folder() -> Path:
    return Path(os.environ.get("STATUSWIRE_CAPTURES", Path(__file__).resolve().parents[2] / "shared" / "captures"))


def _run(path: Path) -> Report:
    began = time.process_time()
    report = over_series((path,), (), rules=RULES, reminding=CalendarRule(), impact=Impact.MAJOR)
    print(f"{path.name}: {time.process_time() - began:.1f} s of CPU", file=sys.stderr)
    return report


def _table(reports: dict[str, Report]) -> Table:
    table = Table("series", title="messages a week", title_justify="left")
    for column in ("weeks", "incidents", ">= major", "plain", "quiet", "plain/week", "quiet/week", "missed"):
        table.add_column(column, justify="right")
    for name, report in reports.items():
        table.add_row(name, *_row([report]))
    table.add_section()
    table.add_row("all", *_row(list(reports.values())))
    return table


def _row(reports: Sequence[Report]) -> list[str]:
    weeks = sum(report.weeks for report in reports)
    plain = sum(report.routes[0].messages for report in reports)
    quiet = sum(_quiet(report).messages for report in reports)
    missed = sum(len(_quiet(report).missed) for report in reports)
    incidents = sum(report.incidents for report in reports)
    reached = sum(report.reached for report in reports)
    rates = (f"{plain / weeks:.1f}", f"{quiet / weeks:.1f}")
    return [f"{weeks:.1f}", f"{incidents:,}", f"{reached:,}", f"{plain:,}", f"{quiet:,}", *rates, str(missed)]


def _quiet(report: Report) -> RouteReport:
    return report.routes[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
