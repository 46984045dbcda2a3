"""What a reader's output can show."""

from __future__ import annotations

import io
import os
from datetime import UTC

from statuswire.channels.terminal import Style
from statuswire.screen import style_of


def test_a_pipe_gets_plain_lines() -> None:
    assert style_of(io.StringIO(), wants_colour=True) == Style(tz=UTC)


def test_a_terminal_gets_colour_links_and_its_width_unless_the_user_wants_none() -> None:
    ours, theirs = os.openpty()
    try:
        with os.fdopen(theirs, "w", closefd=False) as terminal:
            wanted = style_of(terminal, wants_colour=True)
            plain = style_of(terminal, wants_colour=False)
    finally:
        os.close(ours)
        os.close(theirs)

    assert wanted.colour and wanted.links
    assert not plain.colour and not plain.links
