"""The pictures of the documentation can be taken anew, and are those that it shows."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.photographs import PICTURES, take
from tests.test_docs import ROOT


def test_every_picture_can_be_taken(browser: Browser, tmp_path: Path) -> None:
    take(browser, tmp_path)

    taken = {one.name for one in tmp_path.iterdir()}
    assert taken == {f"{one.name}.png" for one in PICTURES}
    assert taken <= {one.name for one in (ROOT / "docs" / "images").iterdir()}
