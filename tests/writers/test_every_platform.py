"""Every platform has a writer, or a reason for having none."""

from __future__ import annotations

from statuswire.platforms import PLATFORMS

from .found import WRITERS

EXCUSED: dict[str, str] = {
    "email": "one mail is one update in anybody's words, and no document shows where an incident stands",
    "generic": "a body of any shape: there is no format to write",
    "metanet": "free notices in German, whose beginnings and ends are guessed from their words",
    "rackspace": "free notices whose phase follows their window, not anybody's word",
    "signal": "one sentence, of which only the wording of a good day was ever seen",
    "squadcast": "the shape of its hooks is not published, and the generic reader reads them",
    "wedos": "known from one client, which does not say what its list shows",
}


def test_every_platform_has_a_writer_or_is_excused() -> None:
    written = {writer.platform.name for writer in WRITERS}

    assert set(PLATFORMS) - written == set(EXCUSED)
