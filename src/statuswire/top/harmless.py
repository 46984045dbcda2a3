"""The last look at what is drawn: whatever a screen forgot to clean, no terminal is told to do anything by it."""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, directions of writing, and halves of letters, of which no terminal shows one."""


class Harmless(LineFilter):
    """Puts a visible mark for every character that is obeyed instead of shown."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [one if one.control else one._replace(text=cleaned(one.text)) for one in segments]


def cleaned(text: str) -> str:
    return text if text.isprintable() else _OBEYED.sub("\N{REPLACEMENT CHARACTER}", text)
