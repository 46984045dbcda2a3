"""Signing in, who may what, and a page elsewhere that would like to: the real service in a real browser."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visiting import Visit
from tests.e2e.running import Running
from tests.e2e.site import Site

CONFIG = """
pages: []
auth: {required: true}
"""
PASSWORD = "correct horse battery"
HOOK = {"event_type": "incident", "data": {"id": "i1", "incident": {"name": "Down", "status": {"label": "down"}}}}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, CONFIG)
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    yield made
    made.close()


@pytest.fixture
def service(site: Site) -> Iterator[Running]:
    """A service with an operator, a viewer and one open incident."""
    with site.run() as running:
        assert running.post("/webhook/generic/acme", HOOK).status == 202
        for name, role in (("otto", "operator"), ("vera", "viewer")):
            done = site.command("user", "add", name, "--role", role, "--password-file", str(site.folder / "password"))
            assert done.returncode == 0, done.stderr
        yield running


def sign_in(visit: Visit, base: str, name: str, password: str = PASSWORD) -> None:
    visit.open(f"{base}/")
    visit.page.get_by_label("Name").fill(name)
    visit.page.get_by_label("Password").fill(password)
    visit.page.get_by_role("button", name="Sign in").click()


def test_whoever_is_not_signed_in_comes_to_the_sign_in_and_from_there_to_where_they_went(
    service: Running, visit: Visit
) -> None:
    visit.open(f"{service.base_url}/wall")
    assert visit.page.url.startswith(f"{service.base_url}/sign-in")

    visit.page.get_by_label("Name").fill("vera")
    visit.page.get_by_label("Password").fill("wrong")
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("alert")).to_be_visible()
    assert visit.violations() == []
    visit.page.get_by_label("Name").fill("vera")
    visit.page.get_by_label("Password").fill(PASSWORD)
    visit.page.keyboard.press("Enter")

    visit.page.wait_for_url(f"{service.base_url}/wall")
    expect(visit.page.get_by_text("Down").first).to_be_visible()


def test_a_viewer_sees_and_is_offered_nothing_more(service: Running, visit: Visit) -> None:
    sign_in(visit, service.base_url, "vera")
    visit.page.get_by_text("Down").first.click()
    visit.page.wait_for_url("**/incidents/**")

    expect(visit.page.locator("form[action^='/pages/']")).to_have_count(0)


def test_an_operator_acknowledges_and_signs_out(service: Running, visit: Visit) -> None:
    sign_in(visit, service.base_url, "otto")
    visit.page.get_by_text("Down").first.click()
    visit.page.wait_for_url("**/incidents/**")

    visit.page.locator("summary", has_text="Acknowledge").first.click()
    visit.page.locator("form[action$='/acknowledge'] button").first.click()
    expect(visit.page.get_by_text("Acknowledged by otto").first).to_be_visible()
    visit.page.get_by_role("button", name="Sign out").click()
    visit.open(f"{service.base_url}/")

    assert visit.page.url.startswith(f"{service.base_url}/sign-in")


@contextmanager
def evil(base: str) -> Iterator[str]:
    """A page of somebody else that posts to us, in the name of whoever looks at it."""
    page = f"""<!doctype html><title>x</title><form method="post" action="{base}/pages/acme/incidents/i1/acknowledge">
<input name="reason" value="evil"></form><script>document.forms[0].submit()</script>"""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nobody need hear of it."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("is_open", [False, True], ids=["signed-in", "open-on-loopback"])
def test_U3_a_page_elsewhere_can_do_nothing_in_our_name(
    browser: Browser, site: Site, tmp_path: Path, is_open: bool
) -> None:
    (tmp_path / "statuswire.yaml").write_text("pages: []\n" if is_open else CONFIG, encoding="utf-8")
    with site.run() as service, evil(service.base_url) as elsewhere, Visit(browser).begun() as visit:
        assert service.post("/webhook/generic/acme", HOOK).status == 202
        if not is_open:
            words = ("user", "add", "otto", "--role", "operator", "--password-file", str(site.folder / "password"))
            assert site.command(*words).returncode == 0
            sign_in(visit, service.base_url, "otto")
            expect(visit.page.get_by_text("Down").first).to_be_visible()

        with visit.page.expect_response("**/acknowledge") as answer:
            visit.page.goto(elsewhere)

        assert answer.value.status in (401, 403)
        visit.open(f"{service.base_url}/pages/acme/incidents/i1")
        expect(visit.page.get_by_text("evil")).to_have_count(0)
