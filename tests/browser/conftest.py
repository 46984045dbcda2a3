"""A real Chromium, where there is one; the suite says plainly what it left out, and fails where one is promised."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visiting import Visit

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where the browser is: `STATUSWIRE_CHROMIUM`, else on the path."""
    return os.environ.get("STATUSWIRE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ended with the last test of this folder: as long as it is there, no other test of the thread has a loop."""
    path = chromium()
    if path is None:
        sentence = "no Chromium here: install Debian's `chromium`, or set STATUSWIRE_CHROMIUM to one"
        if os.environ.get("TESTS_NEED_BROWSER"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    """A visitor with a clean browser; at the end, no page has done what it should not."""
    with Visit(browser).begun() as begun:
        yield begun
        begun.was_clean()
