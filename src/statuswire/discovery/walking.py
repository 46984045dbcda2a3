"""A tree of files, the nearest first, within bounds of number and time. No link is followed, so none can lead in a
circle or out of the tree."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from statuswire.discovery import tables
from statuswire.discovery.seen import Unread

MAX_FILES = 200_000


@dataclass(slots=True)
class Walk:
    """One walk over a tree. Afterwards: how many files were `met`, what could not be listed, and whether the walk ended
    before the tree did (`cut`: why)."""

    root: Path
    is_over: Callable[[], bool]
    met: int = 0
    cut: str = ""
    unread: list[Unread] = field(default_factory=list)

    def files(self) -> Iterator[tuple[str, Path]]:
        """(path below the root with `/`, where it is) of every plain file, folder by folder."""
        waiting = deque([(self.root, "")])
        while waiting:
            folder, below = waiting.popleft()
            for name, entry in self._entries(folder, below):
                if self._must_end():
                    return
                if entry.is_dir(follow_symlinks=False):
                    if name.lower() not in tables.words("skipped"):
                        waiting.append((Path(entry.path), f"{below}{name}/"))
                elif entry.is_file(follow_symlinks=False):
                    self.met += 1
                    yield f"{below}{name}", Path(entry.path)

    def _entries(self, folder: Path, below: str) -> list[tuple[str, os.DirEntry[str]]]:
        try:
            with os.scandir(folder) as found:
                return sorted(((entry.name, entry) for entry in found), key=lambda pair: pair[0])
        except OSError as error:
            self.unread.append(Unread(below or ".", f"cannot be listed: {error.strerror or 'no reason given'}"))
            return []

    def _must_end(self) -> bool:
        if self.met >= MAX_FILES:
            self.cut = f"there are more than {MAX_FILES:,} files"
        elif self.is_over():
            self.cut = "the time was over"
        return bool(self.cut)
