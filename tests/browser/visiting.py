"""A person at a browser: opens pages of one service, and whatever a page does that it should not is remembered."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request

PATIENCE_MS = 60_000
"""When to give up where everything runs at once; how fast something should be is said where it matters."""
PHONE, DESK = 360, 1280
Scheme = Literal["light", "dark"]

_PLAIN = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""The browser's own remark upon an answer that a test has asked for."""

_SHIFT = """() => new Promise((told) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => told(sum))));
})"""


@dataclass
class Visit:
    """One browser context. `wrongs` are requests to other places, errors of scripts, violated policies and dialogs."""

    browser: Browser
    scheme: Scheme = "light"
    width: int = DESK
    scripts: bool = True
    zone: str = "UTC"
    wrongs: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    @contextmanager
    def begun(self) -> Iterator[Visit]:
        context: BrowserContext = self.browser.new_context(
            color_scheme=self.scheme,
            viewport={"width": self.width, "height": 900 if self.width > PHONE else 780},
            java_script_enabled=self.scripts,
            timezone_id=self.zone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrongs.append(f"error: {error}"))
        self.page.on("dialog", self._asked)
        self.page.on("request", self._requested)
        try:
            yield self
        finally:
            context.close()

    def open(self, url: str) -> int:
        """Go there; the status."""
        self.hosts.add(urlsplit(url).netloc)
        answer = self.page.goto(url, wait_until="load")
        assert answer is not None
        return answer.status

    def was_clean(self) -> None:
        assert self.wrongs == []

    def overflow(self) -> int:
        """How many pixels the page is wider than the screen."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return wide

    def narrowest(self, selector: str) -> float:
        """The width in pixels of the narrowest that the selector finds; infinite for none."""
        widths: list[float] = self.page.locator(selector).evaluate_all(
            "some => some.map(one => one.getBoundingClientRect().width)"
        )
        return min(widths, default=inf)

    def shift(self) -> float:
        """How far things have moved by themselves since the page was opened: the sum of the browser's layout shifts."""
        moved: float = self.page.evaluate(_SHIFT)
        return moved

    def violations(self) -> list[str]:
        """What axe finds serious or critical, a line each."""
        found: Mapping[str, Any] = Axe().run(self.page).response
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    def photograph(self, name: str) -> None:
        """Kept where STATUSWIRE_PHOTOGRAPHS says, for people to look at."""
        folder = os.environ.get("STATUSWIRE_PHOTOGRAPHS")
        if folder:
            path = Path(folder) / f"{name}-{self.scheme}-{self.width}.png"
            self.page.screenshot(path=path, full_page=True)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _PLAIN.match(message.text):
            self.wrongs.append(f"console: {message.text}")

    def _asked(self, dialog: Dialog) -> None:
        self.wrongs.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _requested(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme not in ("data", "blob") and place.netloc not in self.hosts:
            self.wrongs.append(f"request: {request.url}")
