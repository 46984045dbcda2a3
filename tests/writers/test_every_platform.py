"""Every platform has a writer."""

from __future__ import annotations

from statuswire.platforms import PLATFORMS

from .found import WRITERS


def test_every_platform_has_a_writer() -> None:
    assert {writer.platform.name for writer in WRITERS} == set(PLATFORMS)
