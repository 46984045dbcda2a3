"""Lines at the end of a file that begins anew when it is large: whole or not at all, and on the disk when they count.

A line is written by one call to a file opened for appending and then fsynced. What a full disk has cut short is taken
back; what a crash has cut short is closed with a line end before the next line.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

from statuswire.errors import DeliveryError, DeliveryReason
from statuswire.model import Line

_PERMANENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG})


class Files:
    """Knows which files are being written to, so that a write that its caller no longer waits for and the next one do
    not turn over the same file at once."""

    def __init__(self) -> None:
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def append(self, line: Line) -> None:
        """Blocks; call it in a thread. Raises DeliveryError (FILE)."""
        with self._guard:
            lock = self._locks.setdefault(line.path, threading.Lock())
        with lock:
            try:
                _append(line)
            except OSError as error:
                message = f"{line.path}: {error.strerror or 'cannot be written'}"
                is_permanent = error.errno in _PERMANENT
                raise DeliveryError(DeliveryReason.FILE, message, is_permanent=is_permanent) from error


def _append(line: Line) -> None:
    path, text = Path(line.path), f"{line.text}\n".encode()
    is_new = _rotate(path, len(text), line)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        size = os.fstat(descriptor).st_size
        is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        _write(descriptor, b"\n" + text if is_torn else text, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        _sync_folder(path.parent)


def _write(descriptor: int, text: bytes, size: int, write: Callable[[int, bytes], int] = os.write) -> None:
    """All of the text after the first `size` bytes of the file, or none of it."""
    try:
        written = write(descriptor, text)
        while written < len(text):
            written += write(descriptor, text[written:])
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _rotate(path: Path, added: int, line: Line) -> bool:
    """Make room: `events.jsonl` becomes `.1`, `.1` becomes `.2`, and what is older than `keep` goes. Returns whether
    the line begins a new file."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return True
    if not line.rotate_bytes or size == 0 or size + added <= line.rotate_bytes:
        return False
    if line.keep < 1:
        path.unlink()
        return True
    for number in range(line.keep - 1, 0, -1):
        older = _numbered(path, number)
        if older.exists():
            older.replace(_numbered(path, number + 1))
    path.replace(_numbered(path, 1))
    return True


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")


def _sync_folder(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
