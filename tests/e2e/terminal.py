"""A real terminal: a pseudo-terminal with a program in it, and an emulator that shows what the program drew."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

from .running import PATIENCE_S

PIECE = 65_536


class Terminal:
    """`statuswire ARGUMENTS` on a terminal of this size, killed at the end if it has not ended. `raw` is all that it
    wrote."""

    def __init__(
        self,
        *arguments: str,
        cwd: Path,
        environ: Mapping[str, str] | None = None,
        size: tuple[int, int] = (80, 24),
    ) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        clean = {name: text for name, text in os.environ.items() if not name.startswith(("STATUSWIRE_", "NO_COLOR"))}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "statuswire", *arguments],
            cwd=cwd,
            env=clean | {"TERM": "xterm-256color", "COLUMNS": "", "LINES": ""} | dict(environ or {}),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def until(self, *words: str, gone: str = "") -> str:
        """What is shown as soon as all of these are, and the other one is not."""
        self._read_until(lambda: all(one in self.text for one in words) and not (gone and gone in self.text), words)
        return self.text

    def ends(self) -> int:
        """The exit code, once it has ended."""
        self._read_until(lambda: self.process.poll() is not None, ["the end"])
        while self._read(0.05):
            pass
        return self.process.wait()

    def _read_until(self, is_reached: Callable[[], bool], what: Sequence[str]) -> None:
        end_at = time.monotonic() + 2 * PATIENCE_S
        while not is_reached():
            assert time.monotonic() < end_at, f"waited in vain for {what}:\n{self.text}"
            self._read(0.1)

    def _read(self, patience_s: float) -> bool:
        if not select.select([self._ours], [], [], patience_s)[0]:
            return False
        try:
            part = os.read(self._ours, PIECE)
        except OSError:  # Linux says so when the last one has closed the other end
            return False
        self.raw += part
        self._stream.feed(part)
        return bool(part)
