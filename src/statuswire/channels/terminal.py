"""Text that is safe to show on one line of a terminal, and the colour and links a terminal may be given.

Provider text is hostile: an escape sequence can move the cursor, retitle the window, write a link that lies or (on
some terminals) type; bidirectional controls can make a line read as its opposite. Nothing here does I/O.

Sources: ECMA-48 section 5.4 (CSI), xterm's control sequences (OSC, DCS), the OSC 8 link convention, Unicode TR36
and CVE-2021-42574 (bidirectional controls); checked 2026-11.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, tzinfo
from urllib.parse import quote, urlsplit

from statuswire.model import Status

_SEQUENCES = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c\x9d]*(?:\x07|\x1b\\|\x9c)"  # OSC: titles, links, clipboard
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c\x90\x98\x9e\x9f]*(?:\x1b\\|\x9c)"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colour, cursor, erase
    r"|\x1b[ -/]*[0-~]"  # every other escape
)
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINK_LENGTH = 2083
"""Longer addresses are not made links: terminals drop or mangle them (VTE's own limit)."""

_COLOURS: dict[Status, str] = {
    Status.OPERATIONAL: "38;5;108",
    Status.DEGRADED: "38;5;178",
    Status.PARTIAL_OUTAGE: "38;5;208",
    Status.MAJOR_OUTAGE: "1;38;5;203",
    Status.MAINTENANCE: "38;5;75",
    Status.UNKNOWN: "38;5;247",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How to show times and whether the reader is a terminal. `width` 0 is unlimited; it limits tables and rules,
    never the console lines, which a terminal folds by itself and scripts read whole."""

    tz: tzinfo = UTC
    colour: bool = False
    links: bool = False
    width: int = 0


PLAIN = Style()


def one_line(text: str) -> str:
    """The text on one line without anything that a terminal would obey instead of show.

    White space of every kind becomes one blank; escape sequences go as a whole, stray control, bidirectional and
    invisible characters one by one, and lone surrogates become U+FFFD. Idempotent.
    """
    if text.isascii() and text.isprintable():
        return text if "  " not in text and text == text.strip() else " ".join(text.split())
    return _fold(_without_sequences(text))


def safe_url(url: str) -> str:
    """The address as it may stand in a terminal link or a line, percent-encoded; empty unless http or https."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    if scheme not in ("http", "https") or len(url) > _LINK_LENGTH:
        return ""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~", errors="replace")


def paint(text: str, status: Status | None, style: Style) -> str:
    """The text in the colour of a level, or unchanged."""
    if not style.colour or status is None or not text:
        return text
    return f"\x1b[{_COLOURS[status]}m{text}\x1b[0m"


def link(text: str, url: str, style: Style) -> str:
    """The text as an OSC 8 link, or unchanged."""
    address = safe_url(url) if style.links and text else ""
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if address else text


def display_width(text: str) -> int:
    """Columns that a terminal needs for the text: wide East Asian letters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def clip(text: str, width: int) -> str:
    """The text cut to so many columns, with an ellipsis where something was cut; width 0 is unlimited."""
    if width <= 0 or display_width(text) <= width:
        return text
    kept, used = [], 1
    for letter in text:
        used += _columns(letter)
        if used > width:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def rule(style: Style, mark: str = "-", length: int = 70) -> str:
    return mark * (min(length, style.width) if style.width else length)


def _without_sequences(text: str) -> str:
    return _SEQUENCES.sub("", text) if not text.isprintable() else text


def _fold(text: str) -> str:
    """Controls are removed after folding, because some of them are white space, and once more folded."""
    folded = _INVISIBLE.sub("", " ".join(text.split()))
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", " ".join(folded.split()))


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
