"""Reading a tree: every file that may say something, once, within bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from statuswire.discovery import matching
from statuswire.discovery.kinds import Way, way_of
from statuswire.discovery.matching import Findings
from statuswire.discovery.seen import Unread
from statuswire.discovery.walking import Walk
from statuswire.errors import ConfigError

MAX_UNREAD = 100


@dataclass(slots=True)
class Search:
    """What came of a search. `files` were met, `read` read; `cut` says why it ended early, if it did."""

    findings: Findings = field(default_factory=Findings)
    unread: list[Unread] = field(default_factory=list)
    files: int = 0
    read: int = 0
    cut: str = ""


def tree(root: Path, is_over: Callable[[], bool]) -> Search:
    """What a folder, or one file, names. Raises ConfigError where there is nothing."""
    found = Search()
    if root.is_file():
        found.files = 1
        _file(found, root.name, root)
        return found
    if not root.is_dir():
        raise ConfigError("there is no such folder or file", where=str(root))
    walk = Walk(root, is_over)
    for name, path in walk.files():
        _file(found, name, path)
    found.files, found.cut = walk.met, walk.cut
    found.unread = (walk.unread + found.unread)[:MAX_UNREAD]
    return found


def _file(found: Search, name: str, path: Path) -> None:
    matching.of_name(found.findings, name)
    way = way_of(name)
    if way is None:
        return
    try:
        text = _text(path, way)
        if text is None:
            return
        found.read += 1
        matching.of_file(found.findings, name, text, way.read(text))
    except ConfigError as error:
        if len(found.unread) < MAX_UNREAD:
            found.unread.append(Unread(name, str(error)))


def _text(path: Path, way: Way) -> str | None:
    """The text; None for what is none. Raises ConfigError for what is too large or cannot be read."""
    try:
        with path.open("rb") as stream:
            body = stream.read(way.max_bytes + 1)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or 'no reason given'}") from None
    if len(body) > way.max_bytes:
        raise ConfigError(f"is larger than {way.max_bytes // 1024**2} MiB")
    return None if b"\0" in body[:4096] else body.decode("utf-8", errors="replace")
