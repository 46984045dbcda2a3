"""Where the entries of an XML feed stand in its bytes, so that one which has not changed can be known again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

_NAMES: Final = (b"item", b"entry")
_AFTER_NAME: Final = b" \t\r\n>"


def written_elements(body: bytes, elements: Sequence[etree._Element]) -> list[bytes] | None:
    """The bytes of each entry, in order; None where they cannot be told for certain.

    For certain means: UTF-8, no prefix before the name, as many as the parser found, and nothing but white space
    between them, so that no comment, CDATA section or entry within an entry can have misled the search.
    """
    if not elements or (elements[0].getroottree().docinfo.encoding or "UTF-8").upper() not in ("UTF-8", "ASCII"):
        return None
    name = next((name for name in _NAMES if str(elements[0].tag).endswith(name.decode())), None)
    found = list(_found(body, name)) if name else []
    return found if len(found) == len(elements) else None


def _found(body: bytes, name: bytes) -> Iterator[bytes]:
    opening, closing = b"<" + name, b"</" + name + b">"
    start = _opening(body, opening, 0)
    while start >= 0:
        end = body.find(closing, start) + len(closing)
        following = _opening(body, opening, start + 1)
        is_last = following < 0
        if end < len(closing) or (not is_last and (following < end or body[end:following].strip())):
            return
        yield body[start : len(body) if is_last and body.find(closing, end) >= 0 else end]
        start = following


def _opening(body: bytes, opening: bytes, start: int) -> int:
    """Where the next start tag is; `<items>` is another name."""
    place = body.find(opening, start)
    while place >= 0 and body[place + len(opening) : place + len(opening) + 1] not in _AFTER_NAME:
        place = body.find(opening, place + 1)
    return place
