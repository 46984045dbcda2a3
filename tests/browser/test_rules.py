"""A route is made in the browser, tried over what was heard, saved, and tells the next hook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import Visit
from tests.e2e.running import PATIENCE_S, Running
from tests.e2e.waiting import wait_until

PATIENCE_MS = PATIENCE_S * 1000
CONFIG = """
pages: []
channels:
  book: {kind: file, path: told.log}
routes:
  - {channel: book, page: [nobody]}
"""


def hook(number: int, status: str = "investigating") -> dict[str, object]:
    incident = {"name": f"Outage {number}", "status": {"label": status}}
    return {"event_type": "incident", "data": {"id": f"i{number}", "incident": incident}}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    (tmp_path / "statuswire.yaml").write_text(CONFIG, "utf-8")
    with Running("run", "--config", "statuswire.yaml", "--port", "0", cwd=tmp_path) as running:
        yield running


def test_a_route_is_tried_saved_and_tells(service: Running, visit: Visit, tmp_path: Path) -> None:
    for number in range(3):
        assert service.post("/webhook/generic/acme", hook(number)).status == 202
    service.until_status("/incidents", lambda body: len(body["incidents"]) == 3)
    page = visit.page
    visit.open(f"{service.base_url}/rules")
    page.get_by_role("link", name="Make a route").click()
    page.locator("input[name=name]").fill("all-of-acme")
    page.get_by_role("group", name="Tell it on").get_by_label("book").check()
    page.locator("input[name=hold]").fill("0s")

    page.get_by_role("button", name="Try").click()
    trial = page.get_by_role("complementary", name="The last 90 days with this route")
    expect(trial.get_by_text("a week").first).to_be_visible(timeout=PATIENCE_MS)
    expect(trial.get_by_text("3 incidents")).to_be_visible()
    visit.photograph("rules-tried")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("rowheader", name="all-of-acme")).to_be_visible(timeout=PATIENCE_MS)

    assert service.post("/webhook/generic/acme", hook(7)).status == 202
    book = tmp_path / "told.log"
    wait_until(lambda: book.exists() and "Outage 7" in book.read_text("utf-8"), "the outage in the file", PATIENCE_S)
    assert "Outage 1" not in book.read_text("utf-8")
