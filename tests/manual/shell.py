"""A shell in a folder, given one command after another as a person would, and programs that go on beside it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.e2e.waiting import wait_until

PATIENCE_S = 180.0
"""Long, since a page is a session of many programs: only what hangs is to be noticed."""


class Shell:
    """bash. Variables and functions that a command sets are there for the next one."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder, self._environ, self._count = folder, dict(environ), 0
        self._logs = folder.parent / f"{folder.name}.logs"
        self._logs.mkdir()
        self._beside: list[Beside] = []
        self._bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=self._environ, stdin=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Shell:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._beside:
            one.kill()
        self._bash.kill()
        self._bash.communicate()

    def run(self, text: str, typed: str = "") -> tuple[int, str]:
        """One command to its end: its exit code, and all that it printed. `typed` is its standard input."""
        log = self._log()
        given, code = log.with_suffix(".in"), log.with_suffix(".code")
        given.write_text(typed, encoding="utf-8")
        assert self._bash.stdin is not None
        self._bash.stdin.write(f"{{ {text}\n}} >{log} 2>&1 <{given}\necho $? >{code}.new; mv {code}.new {code}\n")
        self._bash.stdin.flush()
        wait_until(code.exists, text, PATIENCE_S)
        return int(code.read_text(encoding="utf-8")), log.read_text(encoding="utf-8")

    def begin(self, text: str) -> Beside:
        """A command that goes on until it is told to end."""
        beside = Beside(text, self._log(), self.folder, self._environ)
        self._beside.append(beside)
        return beside

    def _log(self) -> Path:
        self._count += 1
        return self._logs / f"{self._count:02}.log"


class Beside:
    """A program in a terminal of its own, as it were: its output, and CTRL+C."""

    def __init__(self, text: str, log: Path, folder: Path, environ: Mapping[str, str]) -> None:
        self.text, self._log = text, log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                ["bash", "-c", f"{text}\n"],
                cwd=folder,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8")

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def until(self, text: str) -> None:
        """Wait until it printed this."""
        wait_until(lambda: text in self.output or self.has_ended, f"{text!r} of {self.text}", PATIENCE_S)
        assert text in self.output, f"{self.text}:\n{self.output}"

    def interrupt(self) -> int:
        """CTRL+C, which the whole foreground gets; its exit code."""
        if not self.has_ended:
            os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        if not self.has_ended:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
