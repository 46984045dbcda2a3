"""A process of a benchmark's own, which says one line when it is ready and answers each line with a line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LIMIT_S = 120.0


@dataclass(frozen=True, slots=True)
class Child:
    """`ready` is its first line."""

    process: subprocess.Popen[str]
    ready: str

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def ask(self, line: str = "") -> str:
        self.tell(line)
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@contextmanager
def child(script: str, *arguments: object) -> Iterator[Child]:
    """A script of this folder; it ends when its standard input does."""
    command = [sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield Child(process, process.stdout.readline().strip())
    finally:
        process.stdin.close()
        process.wait(timeout=LIMIT_S)
