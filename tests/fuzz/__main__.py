"""Coverage-guided fuzzing of everything that reads outside bytes: `python -m tests.fuzz --seconds 60 [--target NAME]`.

Each target runs for its seconds in a process of its own, under atheris (libFuzzer for Python), from the golden
documents and what earlier runs found worth keeping in the corpus folder. It prints executions, coverage and the
dearest single input. A crash leaves its input in `<corpus>/<target>.crashes/` and the command that replays it; the
exit code is 1 then. `make fuzz` installs what is needed; atheris 3.0 runs on CPython 3.11 to 3.13, checked 2026-11.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import TARGETS, Target

CORPUS = Path("build/fuzz")
MAX_INPUT_BYTES = 65_536
MEMORY_MIB = 1024
"""Of the whole fuzzing process, which also holds its corpus."""

_COVERAGE = re.compile(r"#\d+\s+(INITED|DONE|REDUCE|NEW|pulse)\s+cov: (\d+) ft: (\d+)")
_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one target's run came to."""

    name: str
    executions: int
    coverage: tuple[int, int]
    slowest_s: float
    growth_mib: float
    crashes: tuple[Path, ...]
    output: str
    exit_code: int

    def line(self) -> str:
        first, last = self.coverage
        return (
            f"{self.name:<16} {self.executions:>9} runs  coverage {first:>5} -> {last:<5}"
            f"  slowest {self.slowest_s * 1000:7.1f} ms  growth {self.growth_mib:6.1f} MiB  crashes {len(self.crashes)}"
        )


def fuzz(target: Target, seconds: int, corpus: Path) -> Outcome:
    """Run one target in a child process."""
    found, crashes = corpus / target.name, corpus / f"{target.name}.crashes"
    for folder in (found, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    known = set(crashes.iterdir())
    with tempfile.TemporaryDirectory() as scratch:
        figures, tokens = Path(scratch, "figures"), Path(scratch, "tokens")
        sown = _sown(target, Path(scratch, "seeds"))
        tokens.write_text("".join(map(_token, target.tokens)), encoding="ascii")
        options = [
            f"-max_total_time={seconds}", f"-max_len={MAX_INPUT_BYTES}", f"-rss_limit_mb={MEMORY_MIB}", "-timeout=10",
            f"-artifact_prefix={crashes}/", "-print_final_stats=1", str(found), str(sown),
            *([f"-dict={tokens}"] if target.tokens else ()),
        ]  # fmt: skip
        child = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.one", str(figures), target.name, *options],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        slowest_s, growth_kib = _figures(figures)
    output = child.stdout + child.stderr
    fresh = tuple(sorted(set(crashes.iterdir()) - known))
    runs = _RUNS.search(output)
    return Outcome(
        name=target.name,
        executions=int(runs[1]) if runs else 0,
        coverage=_coverage(output),
        slowest_s=slowest_s,
        growth_mib=growth_kib / 1024,
        crashes=fresh,
        output=output,
        exit_code=child.returncode,
    )


def _sown(target: Target, folder: Path) -> Path:
    folder.mkdir()
    for seed in target.seeds():
        Path(folder, hashlib.sha256(seed).hexdigest()[:20]).write_bytes(seed)
    return folder


def _token(token: bytes) -> str:
    """A line of libFuzzer's dictionary."""
    return (
        '"'
        + "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in token)
        + '"\n'
    )


def _coverage(output: str) -> tuple[int, int]:
    """Edges reached by the seeds and at the end."""
    marks = [(found[1], int(found[2])) for found in _COVERAGE.finditer(output)]
    first = next((edges for word, edges in marks if word == "INITED"), 0)
    return first, max((edges for _, edges in marks), default=0)


def _figures(path: Path) -> tuple[float, int]:
    if not path.is_file():
        return 0.0, 0
    last = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
    return last["slowest_s"], last["growth_kib"]


def report(outcome: Outcome, corpus: Path) -> None:
    print(outcome.line(), flush=True)
    if outcome.exit_code != 0 and not outcome.crashes:
        print(f"  ended with {outcome.exit_code} and no input to show:\n{outcome.output[-1500:]}")
    for crash in outcome.crashes:
        print(_story(outcome.output))
        print(f"  replay: python -m tests.fuzz --corpus {corpus} --target {outcome.name} --replay {crash}")


def _story(output: str) -> str:
    """The traceback, where Python told one, else libFuzzer's last words."""
    begin = output.find("=== Uncaught Python exception")
    end = output.find("\n==", begin + 4)
    return output[begin : end if end > begin else None][-4000:] if begin >= 0 else output[-1500:]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz what reads outside bytes.")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only this one; may be repeated")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="what is kept from run to run (build/fuzz)")
    parser.add_argument("--replay", type=Path, help="run one input through the one --target, without atheris")
    options = parser.parse_args(arguments)
    chosen = options.target or list(TARGETS)
    if options.replay:
        TARGETS[chosen[0]].run(options.replay.read_bytes())
        return 0
    if importlib.util.find_spec("atheris") is None:
        parser.error("atheris is not installed; `make fuzz` sets it up")
    outcomes = []
    for name in chosen:
        outcomes.append(fuzz(TARGETS[name], options.seconds, options.corpus))
        report(outcomes[-1], options.corpus)
    print(f"{sum(one.executions for one in outcomes)} runs of {len(outcomes)} targets")
    return 1 if any(one.exit_code != 0 for one in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
