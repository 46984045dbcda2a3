"""Spare room on the disk: a file beside the database that is dropped when the disk is full.

On a full disk SQLite cannot even delete; the room of the dropped file lets an operator or the janitor make space.
"""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

MARGIN = 2
"""The file comes back only when twice its size is free, so that a disk at its edge does not drop it again at once."""


class Reserve:
    """The file and its size. Size 0 means that there is none, and none is missed."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self._path = path
        self._size_bytes = size_bytes

    @property
    def is_held(self) -> bool:
        if self._size_bytes == 0:
            return True
        try:
            return self._path.stat().st_size >= self._size_bytes
        except OSError:
            return False

    @property
    def wanted(self) -> str:
        """How much must be free for the file to come back, for people."""
        return f"{MARGIN * self._size_bytes / (1 << 20):g} MiB"

    def drop(self) -> None:
        """Give the room free. Raises OSError only where the folder cannot be written."""
        self._path.unlink(missing_ok=True)

    def take(self, margin: int = MARGIN) -> bool:
        """Hold the room again if the disk has it; whether it is held now."""
        if self.is_held:
            return True
        if _free_bytes(self._path.parent) < margin * self._size_bytes:
            return False
        try:
            self._allocate()
        except OSError as error:
            log.warning("no reserve path=%s size=%d error=%s", self._path, self._size_bytes, error.strerror)
            with contextlib.suppress(OSError):
                self.drop()
            return False
        return True

    def _allocate(self) -> None:
        fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(fd, 0, self._size_bytes)
        finally:
            os.close(fd)


def _free_bytes(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize
