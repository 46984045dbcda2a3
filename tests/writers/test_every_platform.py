"""Every platform has a writer, or a reason for having none."""

from __future__ import annotations

from statuswire.platforms import PLATFORMS

from .found import WRITERS

EXCUSED: dict[str, str] = {
    "email": "one mail is one update in anybody's words, and no document shows where an incident stands",
    "generic": "a body of any shape: there is no format to write",
}


def test_every_platform_has_a_writer_or_is_excused() -> None:
    written = {writer.platform.name for writer in WRITERS}

    assert set(PLATFORMS) - written == set(EXCUSED)
