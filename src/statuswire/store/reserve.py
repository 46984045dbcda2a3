"""Spare room on the disk: a file beside the database that is dropped when the disk is full.

On a full disk SQLite cannot even delete; the room of the dropped file lets an operator or the janitor make space. So
that room is not for new facts: they are let in again when the disk has this much free and a little more, or when as
much was freed inside the database file. Then the file comes back, as large as half of what is free allows: a disk that
soon fills again has lost half of the rest by then, and does not go to and fro between full and not full.
"""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

from statuswire.store.faults import FULL_BYTES

log = logging.getLogger(__name__)

SHARE = 2
"""The file takes at most one part in so many of what is free."""

LEAST = 16
"""A file smaller than one part in so many of the wanted size is of no use."""


class Reserve:
    """The file and its wanted size. Size 0 means that there is none, and none is missed."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self._path = path
        self._size_bytes = size_bytes
        self._dropped_bytes = 0
        self._spare_bytes = 0

    @property
    def is_held(self) -> bool:
        return self._size_bytes == 0 or self._held_bytes() > 0

    @property
    def wanted(self) -> str:
        """How much must be free for new facts to be let in, for people."""
        return f"{self._wanted_bytes / (1 << 20):.3g} MiB"

    @property
    def _wanted_bytes(self) -> int:
        return self._dropped_bytes + FULL_BYTES

    def drop(self, spare_bytes: int = 0) -> None:
        """Give the room free; `spare_bytes` is what is free inside the database file by now.

        Raises OSError only where the folder cannot be written.
        """
        held_bytes = self._held_bytes()
        self._path.unlink(missing_ok=True)
        if held_bytes:
            self._dropped_bytes = held_bytes
        self._spare_bytes = spare_bytes

    def has_room(self, spare_bytes: int = 0) -> bool:
        """Whether new facts may be tried again: on the disk or inside the database file there is room that was made
        since the reserve was dropped."""
        if spare_bytes - self._spare_bytes >= FULL_BYTES:
            return True
        return _free_bytes(self._path.parent) >= self._wanted_bytes

    def take(self) -> bool:
        """Hold as much as the disk allows; whether any is held now. What was dropped before is forgotten."""
        self._dropped_bytes = 0
        held_bytes = self._held_bytes()
        try:
            size_bytes = min(self._size_bytes, (_free_bytes(self._path.parent) + held_bytes) // SHARE)
            if size_bytes > held_bytes and size_bytes * LEAST >= self._size_bytes:
                self._allocate(size_bytes)
        except OSError as error:
            log.warning("no reserve path=%s error=%s", self._path, error.strerror)
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
        return self.is_held

    def _held_bytes(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def _allocate(self, size_bytes: int) -> None:
        fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(fd, 0, size_bytes)
        finally:
            os.close(fd)


def _free_bytes(folder: Path) -> int:
    """A folder that cannot be looked at has no room."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return 0
    return disk.f_bavail * disk.f_frsize
