"""`python -m tests.archive.killed_move SOURCE TARGET LINES`: a move that kills itself after so many lines of progress.

It goes row by row, so that it dies within tables too.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from statuswire.archive import moving
from statuswire.store.tables import TABLES
from tests.archive.filling import url_of

ROW_BY_ROW = tuple(replace(one, at_once=1) for one in TABLES)


def main(source: str, target: str, lines: str) -> None:
    said: list[str] = []

    def die(line: str) -> None:
        said.append(line)
        if len(said) == int(lines):
            os.kill(os.getpid(), signal.SIGKILL)

    moving.migrate(url_of(Path(source)), url_of(Path(target)), datetime.now(UTC), die, tables=ROW_BY_ROW)


if __name__ == "__main__":
    main(*sys.argv[1:])
