"""One daemon per database: a lock file beside it that holds the owner's process id.

The lock is the kernel's (`flock`), so it ends with the process, however it dies; the file itself stays.
"""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path

from statuswire.errors import StoreError, StoreReason

LOCKS_TABLE = Path("/proc/locks")
"""Every file lock of the machine (proc(5), checked 2026-11); absent outside Linux."""

_OPEN_REASONS = {
    errno.EROFS: StoreReason.READ_ONLY,
    errno.EACCES: StoreReason.READ_ONLY,
    errno.EPERM: StoreReason.READ_ONLY,
    errno.ENOSPC: StoreReason.FULL,
    errno.EDQUOT: StoreReason.FULL,
}


class LockFile:
    """A held lock. Raises StoreError(LOCKED) naming the holder's process id, or READ_ONLY / IO."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = _open(path)
        try:
            self._take()
        except BaseException:
            os.close(self._fd)
            raise

    @property
    def fd(self) -> int:
        """For a child process that must hold the lock too."""
        return self._fd

    def release(self) -> None:
        """The file is emptied and not removed: removing it would let two processes lock two files of one name."""
        if self._fd >= 0:
            with suppress(OSError):
                os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = -1

    def _take(self) -> None:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(StoreReason.LOCKED, self._refusal(), is_permanent=True) from error
        except OSError as error:
            raise StoreError(StoreReason.IO, f"cannot lock {self.path}: {error.strerror}", is_permanent=True) from error
        # On a full disk the lock holds all the same; only the next process cannot say whose it is.
        with suppress(OSError):
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def _refusal(self) -> str:
        holder = os.pread(self._fd, 32, 0).decode("ascii", "replace").strip()
        who = f"process {holder}" if holder.isdecimal() else "another process"
        return f"the database is in use by {who} ({self.path}): stop it, or name another with `database`"


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason = _OPEN_REASONS.get(error.errno or 0, StoreReason.IO)
        raise StoreError(reason, f"cannot write {path}: {error.strerror}", is_permanent=True) from error


def lock_holders(*paths: Path) -> list[int]:
    """Process ids, other than ours, that hold a lock on any of these files; empty where the system does not tell."""
    try:
        wanted = {(path.stat().st_dev, path.stat().st_ino) for path in paths if path.exists()}
        table = LOCKS_TABLE.read_text("ascii")
    except OSError:
        return []
    return sorted({pid for pid, file in _locks(table) if file in wanted and pid not in (os.getpid(), -1)})


def _locks(table: str) -> list[tuple[int, tuple[int, int]]]:
    """Rows such as `1: POSIX  ADVISORY  WRITE 4711 08:01:131 0 EOF`; a waiting one has `->` in second place."""
    found = []
    for line in table.splitlines():
        fields = line.split()
        if len(fields) == 8 and fields[1] != "->":
            major, minor, inode = fields[5].split(":")
            device = os.makedev(int(major, 16), int(minor, 16))
            found.append((int(fields[4]), (device, int(inode))))
    return found
