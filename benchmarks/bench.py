"""Side-by-side measuring: contenders take turns in one run, and what is reported is a ratio.

Machines differ and other programs run beside us, so a number of seconds says little. Each round runs every
contender once; a round yields one ratio to the baseline, and the median of these ratios is the result. What is
counted is the CPU time of this process (all its threads, `time.process_time`); a server that a benchmark talks to
lives in a process of its own and is not counted.

    comparison = compare({"bare": bare, "ours": ours}, operations=2_000, baseline="bare")
    show("unchanged poll", comparison, budgets={"ours": at_most(1.15)})

A contender is a function of the number of operations, plain or `async`; async ones share one uvloop.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import inspect
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import uvloop

Contender = Callable[[int], None] | Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Budget:
    """A ratio to reach: `at_most(1.3)` or `at_least(20)`, each of CPU time relative to the baseline."""

    limit: float
    is_ceiling: bool = True

    def holds(self, ratio: float) -> bool:
        return ratio <= self.limit if self.is_ceiling else ratio >= self.limit

    def __str__(self) -> str:
        return f"{'<=' if self.is_ceiling else '>='} {self.limit:g}"


def at_most(limit: float) -> Budget:
    return Budget(limit)


def at_least(limit: float) -> Budget:
    return Budget(limit, is_ceiling=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """CPU seconds per 1,000 operations of each contender, one figure a round, in the order of the rounds."""

    baseline: str
    cpu: Mapping[str, tuple[float, ...]]

    def ratios(self, name: str) -> tuple[float, ...]:
        """One ratio to the baseline per round."""
        pairs = zip(self.cpu[name], self.cpu[self.baseline], strict=True)
        return tuple(own / base if base else float("inf") for own, base in pairs)

    def ratio(self, name: str) -> float:
        return median(self.ratios(name))


def compare(contenders: Mapping[str, Contender], *, operations: int, baseline: str, rounds: int = 9) -> Comparison:
    """Run every contender once to warm up and then `rounds` times in turn; the order is reversed each round."""
    return uvloop.run(compare_async(contenders, operations=operations, baseline=baseline, rounds=rounds))


async def compare_async(
    contenders: Mapping[str, Contender], *, operations: int, baseline: str, rounds: int = 9
) -> Comparison:
    """The same for a caller that already has a loop and clients living on it."""
    cpu: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for name in order:
        await _run(contenders[name], max(operations // 5, 1))
    for _ in range(rounds):
        for name in order:
            cpu[name].append(await _run(contenders[name], operations))
        order.reverse()
    return Comparison(baseline, {name: tuple(figures) for name, figures in cpu.items()})


async def _run(contender: Contender, operations: int) -> float:
    gc.collect()
    started = time.process_time()
    pending = contender(operations)
    if inspect.isawaitable(pending):
        await pending
    return (time.process_time() - started) / operations * 1000


def show(title: str, comparison: Comparison, budgets: Mapping[str, Budget] | None = None) -> bool:
    """Print a table (or one JSON object with `--json`); return whether every budget holds."""
    budgets = budgets or {}
    rows = [_row(name, comparison, budgets.get(name)) for name in comparison.cpu]
    if _wants_json():
        print(json.dumps({"title": title, "baseline": comparison.baseline, "rows": rows}))
    else:
        _print_table(title, rows)
    return all(row["ok"] is not False for row in rows)


def _row(name: str, comparison: Comparison, budget: Budget | None) -> dict[str, object]:
    ratios = comparison.ratios(name)
    return {
        "name": name,
        "cpu_s_per_1000": round(median(comparison.cpu[name]), 6),
        "ratio": round(median(ratios), 4),
        "low": round(min(ratios), 4),
        "high": round(max(ratios), 4),
        "budget": str(budget) if budget else "",
        "ok": budget.holds(median(ratios)) if budget else None,
    }


def _print_table(title: str, rows: Sequence[Mapping[str, object]]) -> None:
    width = max(len(str(row["name"])) for row in rows)
    print(f"\n{title}")
    print(f"  {'':{width}}  {'CPU s/1000':>11}  {'ratio':>8}  {'of rounds':>17}  budget")
    for row in rows:
        spread = f"{row['low']:.3f}..{row['high']:.3f}"
        verdict = {True: "ok", False: "OVER", None: ""}[_verdict(row["ok"])]
        print(
            f"  {row['name']!s:{width}}  {row['cpu_s_per_1000']:>11.5f}  {row['ratio']:>8.3f}  {spread:>17}  "
            f"{row['budget']} {verdict}".rstrip()
        )


def _verdict(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _wants_json() -> bool:
    return "--json" in sys.argv


def arguments(description: str | None, **defaults: int) -> argparse.Namespace:
    """What was asked of a benchmark with the usual command line."""
    return command_line(description, **defaults).parse_args()


def command_line(description: str | None, **defaults: int) -> argparse.ArgumentParser:
    """The usual command line: one integer option per keyword, and `--json`."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    for name, value in defaults.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=value, help=f"default {value}")
    return parser


def finish(*verdicts: bool) -> None:
    """End the process with 1 when a budget was missed, so that a script can tell."""
    raise SystemExit(0 if all(verdicts) else 1)


def run(main: Callable[[], Awaitable[bool]]) -> None:
    """Run an async benchmark on uvloop and end with its verdict."""

    async def call() -> bool:
        return await main()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        verdict = runner.run(call())
    finish(verdict)
