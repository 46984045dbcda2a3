"""The documentation as a site, in a real browser: nobody else is asked, pictures show, it fits, the search finds."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visiting import DESK, PHONE, Scheme, Visit
from tests.test_docs import ROOT

PAGES = ("index.html", "tutorial.html", "how-to/use-the-dashboard.html", "reference/configuration.html")
UNSEEN = "Array.from(document.images).filter(one => !one.complete || one.naturalWidth === 0).map(one => one.src)"


class Quiet(SimpleHTTPRequestHandler):
    """Files of one folder, and no word about it."""

    def log_message(self, format: str, *arguments: object) -> None:
        return


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("manual")
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, env=quiet, check=True, capture_output=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")])
def test_pages_ask_nobody_else_fit_and_show_their_pictures(
    browser: Browser, manual: str, width: int, scheme: Scheme
) -> None:
    with Visit(browser, scheme=scheme, width=width).begun() as visit:
        for page in PAGES:
            assert visit.open(f"{manual}/{page}") == 200

            assert visit.overflow() <= 0, page
            assert visit.page.evaluate(UNSEEN) == [], page
            visit.photograph(f"manual-{page.replace('/', '-').removesuffix('.html')}")

        visit.was_clean()


def test_the_search_finds_a_page_without_asking_anybody_else(browser: Browser, manual: str) -> None:
    with Visit(browser).begun() as visit:
        visit.open(f"{manual}/index.html")

        visit.page.get_by_placeholder("Search").click()
        visit.page.get_by_placeholder("Search").press_sequentially("overrun_after")

        expect(visit.page.locator(".md-search-result__item").first).to_contain_text("overrun_after")
        visit.was_clean()
