"""Where links of the pages lead, in the repository and on the site. The site's root is docs/; what pages link to beside
docs/, such as the files of deploy/, is put on the site under the path that it has in the repository."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
INDEX = "README.md"

_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>(?!\w+:|#)[^)\s#]+)(?P<rest>[^)]*)\)")


def targets(text: str) -> Iterator[str]:
    """What the text links to by relative paths, without what stands behind a `#`."""
    return (link["target"] for link in _LINK.finditer(text))


def linked_from_outside(pages: Iterable[Path]) -> set[str]:
    """Files outside of docs/ that pages link to, and those that these link to in turn, by their path from here."""
    found: set[str] = set()
    waiting = list(pages)
    while waiting:
        page = waiting.pop()
        for aim in (_aim(target, page.parent) for target in targets(page.read_text(encoding="utf-8"))):
            path = os.path.relpath(aim, ROOT)
            if aim.is_file() and not aim.is_relative_to(DOCS) and path not in {*found, INDEX}:
                found.add(path)
                waiting += [aim] if aim.suffix == ".md" else []
    return found


def as_on_the_site(text: str, folder: Path) -> str:
    """The text of a page in this folder, its links as the site has them. One to a folder, or to what only the
    forge has, becomes its name alone."""

    def moved(link: re.Match[str]) -> str:
        aim = _aim(link["target"], folder)
        if aim.is_dir() or not aim.is_relative_to(ROOT):
            return link["text"]
        if aim.is_relative_to(DOCS) and folder.is_relative_to(DOCS):
            return link[0]
        return f"[{link['text']}]({os.path.relpath(_place(aim), _place(folder))}{link['rest']})"

    return _LINK.sub(moved, text)


def _aim(target: str, folder: Path) -> Path:
    return Path(os.path.normpath(folder / target))


def _place(path: Path) -> Path:
    return path.relative_to(DOCS if path.is_relative_to(DOCS) else ROOT)
