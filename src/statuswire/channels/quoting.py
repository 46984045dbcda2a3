"""Provider text on its way into a medium: without what obeys nobody, and cut to the limit that the medium has.

Limits are counted in the unit of the medium: UTF-16 code units (Telegram documents them so, Slack and Discord do not
say; they are never fewer than code points, so they are safe everywhere), or bytes of JSON. A cut falls between
graphemes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from statuswire.channels.phrasing import shortened
from statuswire.channels.terminal import one_line

_BLANK_LINES: Final = re.compile(r"\n{3,}")


def paragraphs(text: str) -> str:
    """The text in its own lines, each safe as `one_line` makes it; more than one empty line in a row becomes one."""
    return _BLANK_LINES.sub("\n\n", "\n".join(one_line(line) for line in text.splitlines())).strip()


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def json_bytes(text: str) -> int:
    """Bytes of the text inside a JSON string."""
    return len(msgspec.json.encode(text)) - 2


def within(text: str, limit: int, size: Callable[[str], int] = units) -> str:
    """The text, or the longest beginning of it whose size is at most `limit`, then ended by `…`."""
    if size(text) <= limit:
        return text
    longest = bisect_right(range(min(len(text), limit) + 1), limit, key=lambda length: size(shortened(text, length)))
    return shortened(text, longest - 1)


def escaped(text: str, limit: int, escape: Callable[[str], str]) -> str:
    """The text as `escape` writes it, cut so that what is written is at most `limit` long."""
    return escape(within(text, limit, lambda cut: units(escape(cut))))


def substituting(table: Mapping[str, str]) -> Callable[[str], str]:
    """An escape that writes single letters differently."""
    letters = str.maketrans(dict(table))
    return lambda text: text.translate(letters)
