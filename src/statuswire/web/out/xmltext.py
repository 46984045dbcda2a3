"""Text as XML may hold it."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot say (section 2.2)."""


def for_xml(text: str) -> str:
    """The text with a mark in the place of what cannot be said; to be escaped all the same."""
    return _NOT_XML.sub("\ufffd", text)
