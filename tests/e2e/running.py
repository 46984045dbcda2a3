"""The real command in a process of its own, its output read line by line, spoken to over real HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

PATIENCE_S = 30.0
LISTENING = re.compile(r"Listening on: (http://\S+)")


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Running:
    """`statuswire ARGUMENTS`, killed at the end if it has not ended by itself. `lines` is standard output so far.

    `within` is a command that becomes ours in the same process, such as setpriv(1) with its options. `patience_s` is
    how long its output is waited for.
    """

    def __init__(
        self,
        *arguments: str,
        cwd: Path,
        environ: Mapping[str, str] | None = None,
        within: Sequence[str] = (),
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._patience_s = patience_s
        clean = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
        self.process = subprocess.Popen(
            [*within, sys.executable, "-m", "statuswire", *arguments],
            cwd=cwd,
            env=clean | {"PYTHONUNBUFFERED": "1"} | dict(environ or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._news = threading.Condition()
        self._readers = [self._reader(self.process.stdout, self.lines), self._reader(self.process.stderr, self.errors)]

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def _reader(self, stream: Any, into: list[str]) -> threading.Thread:
        def read() -> None:
            for line in stream:
                with self._news:
                    into.append(line.rstrip("\n"))
                    self._news.notify_all()
            with self._news:
                self._news.notify_all()

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    # --- output ---------------------------------------------------------------------------------------------------

    def until(self, is_reached: Callable[[list[str]], bool], what: str) -> list[str]:
        """Wait until standard output satisfies `is_reached`."""
        with self._news:
            reached = self._news.wait_for(
                lambda: is_reached(self.lines) or self.process.poll() is not None, self._patience_s
            )
            if not (reached and is_reached(self.lines)):
                shown = "\n".join([*self.lines[-30:], "--- stderr", *self.errors[-30:]])
                raise AssertionError(f"waited in vain for {what}:\n{shown}")
            return list(self.lines)

    def until_line(self, text: str) -> list[str]:
        return self.until(lambda lines: any(text in line for line in lines), repr(text))

    def until_error(self, pattern: str) -> str:
        """Wait until a line of standard error has this; what its first group is."""
        with self._news:
            self._news.wait_for(
                lambda: any(re.search(pattern, line) for line in self.errors) or self.process.poll() is not None,
                self._patience_s,
            )
            found = next(filter(None, (re.search(pattern, line) for line in self.errors)), None)
            assert found, "\n".join(self.errors)
            return found[1]

    @property
    def base_url(self) -> str:
        """The address in the banner, as soon as it is printed."""
        lines = self.until(lambda lines: any(map(LISTENING.search, lines)), "the banner")
        found = next(match for match in map(LISTENING.search, lines) if match)
        return found[1]

    @property
    def records(self) -> list[tuple[str, str]]:
        """The console records so far: the line in brackets and the status line after it."""
        pairs = zip(self.lines, self.lines[1:], strict=False)
        return [(first, second) for first, second in pairs if first.startswith("[") and second.startswith("Status: ")]

    # --- HTTP -----------------------------------------------------------------------------------------------------

    def get(self, path: str) -> Reply:
        return self._ask(urllib.request.Request(self.base_url + path))

    def post(self, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        """`body` is sent as JSON, bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        given = {"Content-Type": "application/json"} | dict(headers or {})
        return self._ask(urllib.request.Request(self.base_url + path, data=data, headers=given, method="POST"))

    def _ask(self, request: urllib.request.Request) -> Reply:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return Reply(answer.status, answer.read(), dict(answer.headers))
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.read(), dict(error.headers))

    def until_status(self, path: str, is_reached: Callable[[Any], bool]) -> Any:
        """Ask for a JSON page until it satisfies `is_reached`; its body then."""
        deadline = time.monotonic() + PATIENCE_S
        pause = threading.Event()
        while time.monotonic() < deadline:
            body = self.get(path).json
            if is_reached(body):
                return body
            pause.wait(0.05)
        raise AssertionError(f"{path} never got there: {body}")

    # --- the end --------------------------------------------------------------------------------------------------

    def stop(self) -> int:
        """Ask it to end, as an init system does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
