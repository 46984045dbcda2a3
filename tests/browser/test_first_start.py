"""The first minutes: nothing is watched, a page of the catalog is added in the browser, and it is there at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import Visit
from tests.e2e.running import PATIENCE_S, Running

PATIENCE_MS = PATIENCE_S * 1000
OWN_CATALOG = "slug,name,page_url,platform\nhollow-lake,Hollow Lake,http://127.0.0.1/,statuspage\n"
"""A provider that cannot be read: nobody but the file may send us to an address of this machine."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    (tmp_path / "statuswire.yaml").write_text("pages: []\n", "utf-8")
    (tmp_path / "statuswire-catalog.csv").write_text(OWN_CATALOG, "utf-8")
    with Running("run", "--config", "statuswire.yaml", "--port", "0", cwd=tmp_path) as running:
        yield running


def test_a_page_is_added_from_the_catalog_and_is_unknown_until_it_was_read(service: Running, visit: Visit) -> None:
    page = visit.page
    visit.open(f"{service.base_url}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.locator("main").get_by_role("link", name="Add a page").click()

    page.get_by_label("Or search the catalog").fill("hollow")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Hollow Lake")).to_be_visible()
    page.get_by_role("button", name="Look at it").last.click()
    expect(page.get_by_role("button", name="Watch it")).to_be_visible(timeout=PATIENCE_MS)
    visit.photograph("first-start-looked")
    assert visit.violations() == []
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_role("status").filter(has_text="is watched from now on")).to_be_visible(timeout=PATIENCE_MS)
    visit.photograph("first-start-added")

    visit.open(f"{service.base_url}/")
    cell = page.locator("#grid li", has_text="Hollow Lake")
    expect(cell).to_be_visible(timeout=PATIENCE_MS)
    visit.photograph("first-start-now")
    expect(page.locator("#grid .is-unknown, #grid .hatch").filter(has_text="Hollow Lake").first).to_be_visible()
    expect(page.locator("main .is-operational")).to_have_count(0)
    assert visit.violations() == []
