"""`python -m tests.archive.killed_move SOURCE TARGET LINES`: a move that kills itself after so many lines of progress.

It goes row by row, so that it dies within tables too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

from statuswire.archive import moving
from statuswire.store.tables import TABLES

ROW_BY_ROW = tuple(replace(one, at_once=1) for one in TABLES)


def kill_move(source: str, target: str, lines: int) -> int:
    """How a move from URL to URL ended that dies after so many lines of progress."""
    command = [sys.executable, "-m", "tests.archive.killed_move", source, target, str(lines)]
    return subprocess.run(command, check=False).returncode


def main(source: str, target: str, lines: str) -> None:
    said: list[str] = []

    def die(line: str) -> None:
        said.append(line)
        if len(said) == int(lines):
            os.kill(os.getpid(), signal.SIGKILL)

    moving.migrate(source, target, datetime.now(UTC), die, tables=ROW_BY_ROW)


if __name__ == "__main__":
    main(*sys.argv[1:])
