"""What the reader of an output stream can show: colour, links and width, or plain lines for a pipe."""

from __future__ import annotations

import os
from datetime import UTC, tzinfo
from typing import TextIO

from statuswire.channels.terminal import Style


def style_of(stream: TextIO, *, wants_colour: bool, tz: tzinfo = UTC) -> Style:
    """A terminal gets colour and links, unless the user wants none, and its width; anything else gets plain lines."""
    if not stream.isatty():
        return Style(tz=tz)
    return Style(tz=tz, colour=wants_colour, links=wants_colour, width=_width(stream))


def _width(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except OSError:
        return 80
