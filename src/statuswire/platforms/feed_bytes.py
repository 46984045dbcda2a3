"""Where the entries of an XML feed stand in its bytes, so that one which has not changed can be known again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lxml import etree

_NAMES: Final = (b"item", b"entry")
_AFTER_NAME: Final = b" \t\r\n>"
_HIDING: Final = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"), (b"<?", b"?>"))
"""Between these a tag is none."""


def written_elements(body: bytes, elements: Sequence[etree._Element]) -> list[bytes] | None:
    """The bytes of each entry, in order; None where they cannot be told for certain.

    For certain means: UTF-8, no prefix before the name, as many as the parser found, nothing but white space between
    them, and in each of them as many ends of comments, CDATA sections and the like as beginnings, so that none of
    those, and no entry within an entry, can have misled the search.
    """
    if not elements or (elements[0].getroottree().docinfo.encoding or "UTF-8").upper() not in ("UTF-8", "ASCII"):
        return None
    name = next((name for name in _NAMES if str(elements[0].tag).endswith(name.decode())), None)
    found = _found(body, name) if name else None
    return found if found and len(found) == len(elements) else None


def _found(body: bytes, name: bytes) -> list[bytes] | None:
    opening, closing = b"<" + name, b"</" + name + b">"
    found = []
    end = 0
    start = _opening(body, opening, 0)
    while start >= 0:
        end = body.find(closing, start) + len(closing)
        following = _opening(body, opening, start + 1)
        written = body[start:end]
        if end < len(closing) or (following >= 0 and (following < end or body[end:following].strip())):
            return None
        if (b"<!" in written or b"<?" in written) and not _is_closed(written):
            return None
        found.append(written)
        start = following
    return None if body.find(closing, end) >= 0 else found


def _is_closed(written: bytes) -> bool:
    return all(written.count(begin) == written.count(end) for begin, end in _HIDING)


def _opening(body: bytes, opening: bytes, start: int) -> int:
    """Where the next start tag is; `<items>` is another name."""
    place = body.find(opening, start)
    while place >= 0 and body[place + len(opening) : place + len(opening) + 1] not in _AFTER_NAME:
        place = body.find(opening, place + 1)
    return place
