"""`.env` files: the names of the variables, and nothing of their values.

A value in quotes may go on over several lines, each of which may look like a variable; so the quotes are followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from statuswire.discovery.seen import Kind, Seen

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]{0,80})\s*[=:]\s*(.*)$")


def names(text: str) -> Iterator[Seen]:
    """Of names in capitals alone: what has small letters in it is rather the rest of a value. Where a quote is never
    closed, nothing after it is believed."""
    quote = ""
    for number, line in enumerate(text.splitlines(), 1):
        if quote:
            quote = "" if _closes(line, quote) else quote
            continue
        found = _LINE.match(line)
        if not found:
            continue
        value = found[2]
        if value[:1] in ("'", '"', "`") and not _closes(value[1:], value[0]):
            quote = value[0]
        if found[1].isupper():
            yield Seen(Kind.ENVIRONMENT, found[1], number)


def _closes(text: str, quote: str) -> bool:
    """Whether the quote ends here; a backslash protects a double quote."""
    return quote in (re.sub(r"\\.", "", text) if quote == '"' else text)
