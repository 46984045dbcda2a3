"""Writing to standard output from a thread of its own: a reader who pauses (a full pipe, a terminal on hold) or a disk
that is full holds up only what waits for it, never the event loop.
"""

from __future__ import annotations

import errno
import os
import select
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TextIO

ATOMIC_BYTES = select.PIPE_BUF
"""So much a pipe that has room takes whole and at once (pipe(7), checked 2026-11): a stop cuts no line in two."""

LOOK_MS = 100
"""How long a reader who pauses is waited for before looking whether to stop, and a full disk before trying again."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""No room for now: what is written to a file waits until there is some."""


Write = Callable[[str], bool]
"""Writes a text; False where a stop came first."""


class Printing:
    """Some texts on their way out. `done` is resolved when they are out, or have been given up, and carries the
    OSError or ValueError of a stream that cannot be written to. `printed` counts the texts that are out."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.done: Future[None] = Future()
        self.done.set_running_or_notify_cancel()  # who stops waiting takes nothing back
        self.printed = 0


class Printer:
    """Writes texts in the order in which they are put, until `stop`.

    It writes to the descriptor, not through the buffer of the stream: a thread that hangs in the buffer would keep its
    lock and thereby the process from ending. So whoever else writes to the stream flushes it. A stream without a
    descriptor is written to as it is.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._jobs: SimpleQueue[Printing | None] = SimpleQueue()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def put(self, texts: Sequence[str]) -> Printing:
        """Have the texts written, a line end after each; empty ones count as written. Returns at once."""
        if self._thread is None:
            # A daemon, since nothing can end a write that nobody takes.
            self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
            self._thread.start()
        printing = Printing(texts)
        self._jobs.put(printing)
        return printing

    def stop(self) -> None:
        """Begin nothing more: what is under way is done soon, but for a write that hangs in the kernel."""
        self._stopping.set()
        self._jobs.put(None)

    def _run(self) -> None:
        write = self._write_of(self._out)
        while (printing := self._jobs.get()) is not None:
            try:
                self._print(printing, write)
            except (OSError, ValueError) as error:
                printing.done.set_exception(error)
            else:
                printing.done.set_result(None)

    def _print(self, printing: Printing, write: Write) -> None:
        for text, count in _grouped(printing.texts):
            if self._stopping.is_set() or not write(text):
                return
            printing.printed += count

    def _write_of(self, out: TextIO) -> Write:
        try:
            descriptor = out.fileno()
        except (OSError, ValueError):
            return lambda text: _to_stream(out, text)
        encoding, errors = out.encoding or "utf-8", out.errors or "backslashreplace"
        return lambda text: self._to_descriptor(descriptor, text.encode(encoding, errors))

    def _to_descriptor(self, descriptor: int, body: bytes) -> bool:
        """All of it, each part when there is room, also where whoever shares the descriptor made it non-blocking."""
        room = select.poll()
        room.register(descriptor, select.POLLOUT)
        while body:
            while not room.poll(LOOK_MS):
                if self._stopping.is_set():
                    return False
            try:
                body = body[os.write(descriptor, body) :]
            except BlockingIOError:
                continue
            except OSError as error:
                if error.errno not in FULL:
                    raise
                if self._stopping.wait(LOOK_MS / 1000):
                    return False
        return True


def _grouped(texts: Iterable[str]) -> Iterable[tuple[str, int]]:
    """Lines joined as far as a pipe takes them whole, with the number of texts in each group: every write gives up the
    interpreter's lock and has to get it back, which a busy loop makes slow."""
    group, size, count = "", 0, 0
    for text in texts:
        line = f"{text}\n" if text else ""
        room = len(line.encode(errors="replace"))
        if size and size + room > ATOMIC_BYTES:
            yield group, count
            group, size, count = "", 0, 0
        group, size, count = group + line, size + room, count + 1
    if count:
        yield group, count


def _to_stream(out: TextIO, text: str) -> bool:
    out.write(text)
    out.flush()
    return True
