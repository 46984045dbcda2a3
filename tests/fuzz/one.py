"""One fuzz target in a process of its own: `python -m tests.fuzz.one FIGURES TARGET [libFuzzer options] [corpus]`.

Atheris instruments what is imported under its eyes, so this module imports the targets itself and the runner, which
must work without atheris, starts it as a child. FIGURES is a file to which the slowest and the largest input are
written as JSON lines, for libFuzzer ends the process without asking Python.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["statuswire"]):
    from tests.fuzz.targets import TARGETS, Target

MAX_SECONDS = 1.0
"""CPU time of one input. Instrumented code is several times slower than the real one, so this is no lenient bound."""


class TooSlow(AssertionError):
    """An input took longer than any document may."""


class Watched:
    """A target that notes what its inputs cost."""

    def __init__(self, target: Target, figures: Path) -> None:
        self._run = target.run
        self._figures = figures
        self._slowest_s = 0.0
        self._most_kib = 0
        self._is_warm = False

    def __call__(self, material: bytes) -> None:
        before_kib, started_s = _peak_kib(), time.process_time()
        self._run(material)
        took_s, grew_kib = time.process_time() - started_s, _peak_kib() - before_kib
        if self._is_warm and (took_s > self._slowest_s * 1.2 or grew_kib > self._most_kib):
            self._note(took_s, grew_kib, len(material))
        self._is_warm = True  # the first input pays for caches, tables and compiled patterns
        if took_s > MAX_SECONDS:
            raise TooSlow(f"{took_s:.2f} s of CPU time for {len(material)} bytes")

    def _note(self, took_s: float, grew_kib: int, size: int) -> None:
        self._slowest_s, self._most_kib = max(took_s, self._slowest_s), max(grew_kib, self._most_kib)
        line = json.dumps({"slowest_s": self._slowest_s, "growth_kib": self._most_kib, "input_bytes": size})
        with self._figures.open("a", encoding="utf-8") as out:
            out.write(line + "\n")


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    _, figures, name, *options = sys.argv
    atheris.Setup([f"tests.fuzz:{name}", *options], Watched(TARGETS[name], Path(figures)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
