"""The widget and badges in a page of elsewhere, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from statuswire.model import Status
from statuswire.web.asgi import Answer, Receive, Scope, Send, send_answer
from tests.browser.serving import served
from tests.browser.visiting import Scheme, Visit
from tests.web.filling import blind, component, incident, put, update
from tests.web.parts import Site

BADGES = ("fine", "broken", "blind", "nobody")


@pytest.fixture(scope="module")
def wire() -> Iterator[str]:
    site = Site()
    parts = [component("k1", "API", Status.MAJOR_OUTAGE), component("k2", "A name of sixty characters " * 2)]
    put(site.store, "fine", "Acme Relay")
    put(
        site.store,
        "broken",
        "Zenith",
        status=Status.MAJOR_OUTAGE,
        components=parts,
        incidents=[incident("i1", "Slow API", updates=[update("u1", "Looking.")])],
    )
    put(site.store, "blind", "Hidden Lake", components=parts, health=blind())
    with served(site.call) as base:
        yield base
    site.store.close()


@pytest.fixture(scope="module")
def elsewhere(wire: str) -> Iterator[str]:
    """A page of another origin with everything of ours that can be put into one."""
    frames = "".join(f'<iframe src="{wire}/widget/{name}" title="{name}" width="360"></iframe>' for name in BADGES[:3])
    images = "".join(f'<img src="{wire}/badge/{name}.svg" alt="{name}">' for name in BADGES)
    body = f'<!doctype html><html lang="en"><title>Elsewhere</title><main>{images}{frames}</main>'.encode()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send_answer(send, Answer(200, body, b"text/html; charset=utf-8"))

    with served(app) as base:
        yield base


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_of_elsewhere_shows_widgets_and_badges(
    browser: Browser, wire: str, elsewhere: str, scheme: Scheme
) -> None:
    with Visit(browser, scheme, scripts=False).begun() as visit:
        visit.hosts.add(wire.removeprefix("http://"))
        visit.open(elsewhere)
        visit.photograph("embedded")

        states = [
            visit.page.frame_locator(f'iframe[title="{name}"]').locator(".state").inner_text() for name in BADGES[:3]
        ]

        assert [one.strip() for one in states] == ["Operational", "Major outage", "Unknown"]
        visit.was_clean()


def test_a_badge_is_an_image_with_a_size_also_where_there_is_no_such_page(
    browser: Browser, wire: str, elsewhere: str
) -> None:
    with Visit(browser).begun() as visit:
        visit.hosts.add(wire.removeprefix("http://"))
        visit.open(elsewhere)

        sizes = visit.page.evaluate("[...document.images].map(one => [one.naturalWidth > 60, one.naturalHeight])")

        assert sizes == [[True, 20]] * len(BADGES)
        visit.was_clean()
