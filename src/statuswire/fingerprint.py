"""Stable, versioned digests of content: when two texts are the same text, and when two facts are the same fact.

Everything here must give the same answer on every machine, in every process, whatever the hash seed or the locale,
because the results are stored and compared by other replicas and later versions.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

VERSION = "1"
"""Changing what any function here returns for old input means changing this."""

FOLD_LENGTH = 200
"""Providers cut feed texts and add footers; the beginning tells two updates apart."""

_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
_MARKDOWN_MARK = re.compile(r"[*_`~]+|^[^\S\n]*(?:#{1,6}|[-+•]|\d+[.)])\s+", re.MULTILINE)
"""The blanks before a mark are those of its own line: over all blank lines the search would be quadratic."""
_BARE_URL = re.compile(r"<?https?://[^\s<>]+>?")
_SEPARATOR = "\x1f"


def fold_text(text: str, length: int = FOLD_LENGTH) -> str:
    """The form in which two texts of one update are equal, whatever source they came through.

    Markup that one source renders and another keeps (Markdown marks, links) is dropped, white space folded, dots at
    the end removed, and only the first `length` characters count.
    """
    if "](" in text:
        text = _MARKDOWN_LINK.sub(r"\1", text)
    if "://" in text:
        text = _BARE_URL.sub(" ", text)
    text = _MARKDOWN_MARK.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    folded = " ".join(text.split())
    return folded[:length].rstrip(".… ")


def digest(*parts: str) -> str:
    """A short stable name for a tuple of texts: 20 bytes of SHA-256 in hexadecimal."""
    joined = _SEPARATOR.join((VERSION, *parts)).encode("utf-8", "replace")
    return hashlib.sha256(joined).hexdigest()[:40]


def revision(text: str) -> str:
    """The name of one wording of an update, to its last word: equal for copies, different after an edit."""
    return digest("revision", fold_text(text, len(text)))[:16]


def minute(moment: datetime | None) -> str:
    """The moment as far as feeds show it: `2026-05-04T10:22`, empty for None."""
    return "" if moment is None else moment.isoformat()[:16]


def derived_update_id(phase: str, fold: str, at: datetime | None) -> str:
    """The id of an update whose provider gives none; the same from every source that shows its minute."""
    return "d-" + digest("update", phase, fold, minute(at))[:16]


def event_key(page: str, *parts: str) -> str:
    """What makes an event happen once. `page` is the slug, the parts name the fact within the page."""
    return digest("event", page, *parts)


TEMPLATE_VERSION = "1"
"""Part of every message id: moving it on lets everything be told anew, so it moves with a change of meaning alone."""


def message_id(channel: str, kind: str, keys: Sequence[str]) -> str:
    """The name of one message to one channel, the same after retry, restart, takeover and restore: `msg_` and the
    SHA-256 of what it tells in base32."""
    joined = _SEPARATOR.join((TEMPLATE_VERSION, channel, kind, *keys)).encode("utf-8", "replace")
    return "msg_" + base64.b32encode(hashlib.sha256(joined).digest()).decode().rstrip("=").lower()
