"""The markdown of Google's status pages as plain text: headings, bold type, escapes; checked 2026-11."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from statuswire.platforms.reading import plain, title

_TITLE_LINE: Final = re.compile(r"\s*\*{0,2}title:?\*{0,2}:?\s*", re.IGNORECASE)
_HEADING: Final = re.compile(r"^[ \t]*(?:\\?#){1,6}[ \t]+(?:\\?#[\\#]*[ \t]+)?", re.MULTILINE)
_ESCAPE: Final = re.compile(r"\\([#*_\-.\[\]()>`~+!|])|\\$", re.MULTILINE)


def headline(description: str) -> str:
    """The headline of a description in markdown: its first line, on Workspace the one below `**Title:**`."""
    found = _TITLE_LINE.match(description)
    rest = description[found.end() :] if found else description
    first = next((line for line in rest.splitlines() if line.strip()), "")
    return title(plain_markdown(first))


def plain_markdown(written: str) -> str:
    """The text without the marks of headings and bold type, without escapes, and without the line `**Title:**`."""
    return _plain_markdown(written) if len(written) <= _MEMORABLE else _without_marks(written)


_MEMORABLE: Final = 16_384


@lru_cache(maxsize=1024)
def _plain_markdown(written: str) -> str:
    """Of a document that changed, most texts did not."""
    return _without_marks(written)


def _without_marks(written: str) -> str:
    found = _TITLE_LINE.match(written)
    rest = written[found.end() :] if found and found[0].strip().startswith("*") else written
    if "#" in rest:
        rest = _HEADING.sub("", rest)
    if "\\" in rest:
        rest = _ESCAPE.sub(r"\1", rest)
    return plain(rest.replace("**", ""))[0]
