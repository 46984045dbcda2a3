"""The real service in a real browser: what happens is seen without a reload, as soon as its hook is answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import Visit
from tests.e2e.running import Running

SOON_MS = 1_000


def hook(title: str, status: str = "investigating") -> dict[str, object]:
    return {"event_type": "incident", "data": {"id": "i1", "incident": {"name": title, "status": {"label": status}}}}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    config = tmp_path / "statuswire.yaml"
    config.write_text("pages: []\n", "utf-8")
    with Running("run", "--config", str(config), "--port", "0", cwd=tmp_path) as running:
        yield running


def test_an_outage_is_seen_without_a_reload_within_a_second_of_its_hook(service: Running, visit: Visit) -> None:
    visit.open(service.base_url + "/")
    expect(visit.page.get_by_text("Live", exact=True)).to_be_visible()
    visit.page.evaluate("window.isTheSame = true")

    assert service.post("/webhook/generic/acme", hook("Checkout is down")).status == 202
    expect(visit.page.get_by_text("Checkout is down").first).to_be_visible(timeout=SOON_MS)
    assert service.post("/webhook/generic/acme", hook("Checkout is down", "resolved")).status == 202
    expect(visit.page.get_by_text("Checkout is down")).to_have_count(0, timeout=SOON_MS)

    assert visit.page.evaluate("window.isTheSame")


def test_a_signal_of_our_own_side_stands_on_the_page_a_quarter_of_a_minute_later(
    service: Running, visit: Visit
) -> None:
    assert service.post("/webhook/generic/acme", hook("Checkout is down")).status == 202
    (address,) = service.get("/api/v1/signals/addresses?page=acme").json["items"]
    visit.page.clock.install()
    visit.open(service.base_url + "/pages/acme")
    expect(visit.page.get_by_text("Live", exact=True)).to_be_visible()
    visit.page.evaluate("window.isTheSame = true")

    signal = {"state": "firing", "title": "One in ten checkouts fails"}
    assert service.post(address["path"], signal).status == 202
    visit.page.clock.run_for(15_000)

    expect(visit.page.get_by_text("One in ten checkouts fails").first).to_be_attached()
    assert visit.page.evaluate("window.isTheSame")


def test_the_page_says_when_it_has_lost_the_service(service: Running, visit: Visit) -> None:
    visit.open(service.base_url + "/")
    expect(visit.page.get_by_text("Live", exact=True)).to_be_visible()

    service.process.kill()

    expect(visit.page.get_by_text("Live", exact=True)).to_be_hidden()
    visit.wrongs.clear()  # the browser's own complaints about the connection


def test_keys_lead_everywhere(service: Running, visit: Visit) -> None:
    assert service.post("/webhook/generic/acme", hook("Checkout is down")).status == 202
    visit.open(service.base_url + "/")
    expect(visit.page.get_by_text("Checkout is down").first).to_be_visible()

    visit.page.keyboard.press("?")
    expect(visit.page.locator("dialog[open]")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("dialog[open]")).to_have_count(0)
    visit.page.keyboard.press("j")
    expect(visit.page.locator("a.go:focus")).to_have_count(1)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/incidents/**")
    visit.page.keyboard.press("g")
    visit.page.keyboard.press("n")
    visit.page.wait_for_url(service.base_url + "/")
    visit.page.keyboard.press("/")

    assert visit.page.evaluate("document.activeElement.id") == "q"
    visit.open(service.base_url + "/rules")
    visit.page.keyboard.press("/")
    visit.page.wait_for_url(service.base_url + "/#q")
    expect(visit.page.locator("#q:focus")).to_have_count(1)
