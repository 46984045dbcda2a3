"""Where a SQLite database lies: its URL as a path, and whether that place can carry one."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote

from statuswire.errors import ConfigError, StoreError, StoreReason

SCHEME = "sqlite://"
MEMORY = ":memory:"

NETWORK_DISKS = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.ceph", "fuse.davfs2", "fuse.gcsfuse",
        "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs",
        "nfs", "nfs4", "ocfs2", "orangefs", "smb3", "smbfs",
    }
)  # fmt: skip
"""File systems on which SQLite's locks or its shared memory do not work (https://sqlite.org/wal.html, 2026-11)."""

MOUNTS = Path("/proc/self/mountinfo")


def database_path(url: str) -> Path | None:
    """The path in a URL such as `sqlite:///statuswire.db` or `sqlite:////var/lib/statuswire/db`; None for a database in
    memory (`sqlite://`, `sqlite:///:memory:`). Raises ConfigError."""
    if not url.startswith(SCHEME):
        raise ConfigError(
            f"the database must be sqlite:///PATH or postgresql://HOST/NAME, not {_without_secret(url)}",
            where="database",
        )
    rest = url.removeprefix(SCHEME)
    if rest in ("", "/", f"/{MEMORY}"):
        return None
    if not rest.startswith("/") or "?" in rest or "#" in rest or "\x00" in unquote(rest):
        raise ConfigError(
            f"{_without_secret(url)} is not sqlite:///relative/path or sqlite:////absolute/path", where="database"
        )
    try:
        return Path(os.path.realpath(Path(unquote(rest[1:])).expanduser()))
    except RuntimeError as error:
        raise ConfigError(f"there is no such user as in {_without_secret(url)}", where="database") from error


def _without_secret(url: str) -> str:
    """The URL without what may stand before an `@`."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def beside(path: Path, suffix: str) -> Path:
    """The companion file of a database: `statuswire.db` and `-wal` give `statuswire.db-wal`."""
    return path.with_name(path.name + suffix)


def check_place(path: Path, *, allow_network_disk: bool) -> None:
    """Raises StoreError where no database can be kept at this path."""
    folder = path.parent
    if not folder.is_dir():
        raise _refused(StoreReason.UNAVAILABLE, f"the folder {folder} does not exist: make it, or change `database`")
    if path.is_dir():
        raise _refused(StoreReason.UNAVAILABLE, f"{path} is a folder, not a database")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _refused(StoreReason.READ_ONLY, f"no permission to write in the folder {folder}")
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise _refused(StoreReason.READ_ONLY, f"no permission to write {path}")
    disk = None if allow_network_disk else network_disk(folder)
    if disk is not None:
        raise _refused(
            StoreReason.UNAVAILABLE,
            f"{folder} is on a network disk ({disk}), where SQLite can lose data: use a local one, or PostgreSQL",
        )


def _refused(reason: StoreReason, message: str) -> StoreError:
    return StoreError(reason, message, is_permanent=True)


def network_disk(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of network file system that the folder is on; None for a local or an unknown one."""
    try:
        table = mounts.read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    kind, longest = "", -1
    for line in table.splitlines():
        point, name = _mount(line)
        if folder.is_relative_to(point) and len(point.parts) >= longest:
            kind, longest = name, len(point.parts)
    return kind if kind in NETWORK_DISKS else None


def _mount(line: str) -> tuple[Path, str]:
    """Mount point and type of a row such as `36 35 98:0 / /mnt rw shared:1 - ext4 /dev/sda1 rw` (proc(5))."""
    left, _, right = line.partition(" - ")
    point = left.split(" ")[4]
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(code, character)
    return Path(point), right.split(" ")[0]
