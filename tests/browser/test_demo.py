"""The demo in a real browser: the script's outages play live on a page that is never loaded again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import Visit
from tests.e2e.running import Running

SOON_MS = 1_000
LAST = "Orders are delayed"
"""What only a hook tells: its provider has no page that could be polled."""
TOLD = {"Slow payments": "incident.created", "A cache is being rebuilt.": "incident.updated", LAST: "incident.created"}
"""What the script tells by hook, as the page shows it, and the event that it makes."""

WATCH = """texts => {
  window.seen = {};
  const look = () => texts.forEach(text => {
    if (!(text in window.seen) && document.body.textContent.includes(text)) window.seen[text] = Date.now();
  });
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
  look();
  return Date.now();
}"""
"""Notes when each text is first there; the moment from which it looks. By the clock that the service has too."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Running]:
    """At double speed, so that the last of the hooks comes nine seconds after the curtain."""
    with Running("demo", "--speed", "2", "--port", "0", cwd=tmp_path) as running:
        yield running


def posted_ms(demo: Running) -> dict[str, float]:
    """When the provider posted each text that a hook told first. Provider and hook have one moment in the script; one
    that tells no time is as old as its receipt."""
    told: dict[str, float] = {}
    for event in demo.get("/api/v1/events?limit=500").json["items"]:
        for text in (event["incident"]["title"], event["update"]["text"]) if is_by_hook(event) else ():
            if TOLD.get(text) == event["type"]:
                told[text] = datetime.fromisoformat(event["at"]).timestamp() * 1000
    return told


def is_by_hook(event: Mapping[str, Any]) -> bool:
    return event["source"] == "hook" and "update" in event


def test_the_demos_outages_are_seen_without_a_reload_within_a_second_of_their_hooks(
    demo: Running, visit: Visit
) -> None:
    visit.open(demo.base_url + "/")
    expect(visit.page.get_by_text("Live", exact=True)).to_be_visible()
    began_ms: float = visit.page.evaluate(WATCH, list(TOLD))

    visit.page.wait_for_function("text => window.seen && text in window.seen", arg=LAST, timeout=30_000)
    visit.photograph("demo-live")

    seen_ms: dict[str, float] = visit.page.evaluate("window.seen")  # gone, had the page been loaded again
    told_ms = {text: at for text, at in posted_ms(demo).items() if at >= began_ms}
    assert LAST in told_ms
    assert {text: seen_ms[text] - at for text, at in told_ms.items() if seen_ms[text] - at > SOON_MS} == {}
