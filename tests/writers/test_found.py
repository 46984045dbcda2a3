"""Whose documents the rules are asked of."""

from __future__ import annotations

from statuswire.platforms import VENDORS

from .found import WRITERS


def test_every_page_that_a_vendor_made_itself_has_a_writer() -> None:
    assert set(VENDORS) - {writer.platform.name for writer in WRITERS} == set()
